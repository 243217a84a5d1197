"""What an operator's Prometheus scrapes: the counters of every process, and how the jobs stand.

With PROMETHEUS_MULTIPROC_DIR set (the supervisor sets it) each process keeps its counters in files of that folder, and
whichever of them is asked answers for all. Jobs and workers are read from the database at each scrape.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from tongshang.platform.world import World

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Across merchants: sums only, no name of anybody.
STANDING = """select count(*) filter (where parked_at is null and due_at <= $1) as due,
  count(*) filter (where parked_at is not null) as parked,
  count(distinct merchant_id) filter (where parked_at is not null) as troubled,
  min(due_at) filter (where parked_at is null and due_at <= $1) as oldest,
  (select count(*) from worker where seen_at > $1 - interval '1 minute') as workers from job"""


@dataclass(frozen=True)
class Standing:
    """How the jobs of all merchants stand."""

    due: int
    parked: int
    troubled: int
    oldest: datetime | None
    workers: int


async def exposition(world: World) -> bytes:
    """Write everything down in Prometheus' text format."""
    registry = REGISTRY
    if folder := os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]  # the library leaves it unannotated
    async with world.system_tx() as tx:
        standing = await tx.first(Standing, STANDING, tx.now)
        now = tx.now
    assert standing is not None
    own = CollectorRegistry()
    own.register(_Gauges(standing, now))
    return generate_latest(registry) + generate_latest(own)


class _Gauges:
    """The figures of one scrape, as the library collects them."""

    def __init__(self, standing: Standing, now: datetime) -> None:
        self.standing, self.now = standing, now

    def collect(self) -> Iterator[Metric]:
        found = self.standing
        late = (self.now - found.oldest).total_seconds() if found.oldest else 0.0
        for name, words, value in (
            ("tongshang_jobs_due", "Jobs whose time has come", found.due),
            ("tongshang_jobs_parked", "Jobs that wait for a person", found.parked),
            ("tongshang_merchants_troubled", "Merchants with a job that waits for a person", found.troubled),
            ("tongshang_jobs_oldest_due_seconds", "How long the oldest due job has waited", late),
            ("tongshang_workers", "Workers seen within a minute", found.workers),
        ):
            yield GaugeMetricFamily(name, words, value)

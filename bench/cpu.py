"""CPU time of process trees, from the operating system's own accounting."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """CPU seconds (user and system) by group of processes, between two looks."""

    web: float
    worker: float
    database: float
    simulator: float
    generator: float

    @property
    def platform(self) -> float:
        """Give what the platform itself spent: web, worker and database together."""
        return self.web + self.worker + self.database

    def __sub__(self, before: "Spent") -> "Spent":
        """Give what was spent since another look."""
        return Spent(*(getattr(self, name) - getattr(before, name) for name in self.__dataclass_fields__))


def of_trees(roots: dict[str, int]) -> dict[str, float]:
    """Sum utime and stime of each root and its descendants; the dead count with the parent that reaped them."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # ended while we looked
        pid = int(stat.parent.name)
        parents[pid] = int(fields[1])
        ticks[pid] = sum(int(field) for field in fields[11:15])  # utime stime cutime cstime
    totals = dict.fromkeys(roots, 0)
    names = {pid: name for name, pid in roots.items()}
    for pid, spent in ticks.items():
        at = pid
        while at in parents and at not in names:
            at = parents[at]
        if at in names:
            totals[names[at]] += spent
    return {name: total / TICK for name, total in totals.items()}


def children(pid: int) -> list[int]:
    """List the direct children of a process."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for one in found for child in one.read_text().split()]


def servers(pid: int) -> list[int]:
    """List the children that serve, without the helper that Python starts beside them."""
    return [one for one in children(pid) if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]


def own_children() -> float:
    """Give the CPU seconds of this process's children that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system

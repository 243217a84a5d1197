"""Jobs: reactions still to come, claimed per merchant, finished in the effect's own transaction.

Discover by read under the system role, claim per merchant with SKIP LOCKED under the merchant's (so that
merchants are served fairly). `due_at` is world time; `leased_until` the database's. `attempts` is the fence:
whoever finishes deletes the row with the attempts it claimed, and deleting nothing rolls the effect back.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from tongshang.platform.db import Tx
from tongshang.platform.facts import MANY, Fact, Reaction
from tongshang.platform.world import World

LEASE_SECONDS = 60
TRIES = 12
log = structlog.get_logger("jobs")

DISCOVER = """
select merchant_id from job
where due_at <= $1 and parked_at is null and (leased_until is null or leased_until < now())
group by merchant_id order by min(due_at) limit $2"""

# An array, so that it is looked for once: the planner may run `in (select ...)` again for every row, and each time
# it locks as many others, so that one claim took hundreds and cost the square of it.
CLAIM = """
update job set attempts = attempts + 1, leased_until = now() + $4 * interval '1 second', locked_by = $3
where merchant_id = $1 and id = any(array(
  select id from job where merchant_id = $1 and due_at <= $2 and parked_at is null
    and (leased_until is null or leased_until < now())
  order by due_at limit $5 for update skip locked))
returning id, kind, fact_id, data, attempts"""

DONE_ALL = "delete from job where merchant_id = $1 and id = any($2) and locked_by = $3 and attempts = any($4)"

# Whoever waits in a batch holds much: it gives way long before a person's request, that may be waiting for it in
# turn, would be shot as a deadlock (after a second).
GIVE_WAY = "set local lock_timeout = '200ms'"

DONE = "delete from job where merchant_id = $1 and id = $2 and attempts = $3 and locked_by = $4"

APART = "insert into job (merchant_id, id, kind, data, due_at, created_at) values ($1, $2, $3, $4, $5, $5)"

PUT_OFF = """
update job set leased_until = null, locked_by = null, due_at = $5, attempts = attempts - $6, last_error = $7,
  parked_at = $8
where merchant_id = $1 and id = $2 and attempts = $3 and locked_by = $4"""


class Lapsed(Exception):
    """The lease ran out and somebody else has the job; our effect is rolled back."""


class Again(Exception):
    """Not done yet, and not a failure: look again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Claimed(msgspec.Struct, frozen=True):
    """A job in our hands."""

    id: UUID
    kind: str
    fact_id: UUID | None
    data: dict[str, Any]
    attempts: int


@dataclass(frozen=True)
class Job:
    """What an outside reaction is given: the world, and two doors to the merchant's database."""

    world: World
    merchant: UUID
    id: UUID
    attempts: int
    worker: str

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Open a transaction before, or between, reaching out."""
        async with self.world.hot_tx(self.merchant) as tx:
            yield tx

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[Tx]:
        """Open the transaction whose commit also ends the job."""
        async with self.world.hot_tx(self.merchant) as tx:
            await finish_in(tx, self.id, self.attempts, self.worker)
            yield tx


async def finish_in(tx: Tx, job: UUID, attempts: int, worker: str) -> None:
    """End a job in the effect's own transaction, or roll both back when the lease was lost."""
    if not await tx.run(DONE, tx.merchant, job, attempts, worker):
        raise Lapsed


async def discover(world: World, *, limit: int = 64) -> list[UUID]:
    """List merchants with due jobs, longest waiting first."""
    async with world.system_tx() as tx:
        found = await tx.value(f"select array(select merchant_id from ({DISCOVER}) d)", tx.now, limit)
    return list(found)


async def claim(world: World, merchant: UUID, *, worker: str, limit: int) -> list[Claimed]:
    """Take up to `limit` due jobs of one merchant."""
    async with world.hot_tx(merchant) as tx:
        return await tx.all(Claimed, CLAIM, merchant, tx.now, worker, LEASE_SECONDS, limit)


async def perform(world: World, merchant: UUID, claimed: Claimed, *, worker: str) -> bool:
    """Run one claimed job to its end, or put it off; say whether it was done."""
    reaction = world.registry.by_name.get(claimed.kind)
    context = structlog.contextvars.bind_contextvars(merchant=str(merchant), job=str(claimed.id), kind=claimed.kind)
    try:
        if reaction is None:
            raise LookupError(f"nobody is called {claimed.kind}")
        await _react(world, merchant, reaction, claimed, worker)
    except Lapsed:
        log.info("job.lapsed")
        return False
    except Again as again:
        await _put_off(world, merchant, claimed, worker, again)
        return False
    except Exception as error:  # the worker's edge: whatever went wrong is recorded and retried
        log.warning("job.failed", error=repr(error), attempts=claimed.attempts, exc_info=error)
        await _put_off(world, merchant, claimed, worker, error)
        return False
    finally:
        structlog.contextvars.reset_contextvars(**context)
    return True


async def perform_together(world: World, merchant: UUID, claimed: list[Claimed], *, worker: str) -> bool:
    """Run inside jobs of one merchant in one transaction, ends and effects together; False when that broke.

    Nothing is lost when it breaks: all of it is rolled back, and each is then run by itself.
    """
    known = [(job, world.registry.by_name.get(job.kind)) for job in claimed]
    if len(known) < 2 or any(reaction is None or reaction.outside for _, reaction in known):
        return False
    try:
        async with world.hot_tx(merchant) as tx:
            await tx.run(GIVE_WAY)
            ids = [job.id for job, _ in known]
            ended = await tx.run(DONE_ALL, merchant, ids, worker, list({job.attempts for job, _ in known}))
            if ended != len(ids):
                raise Lapsed
            for reaction, facts in _in_order(known):
                for some in [facts] if reaction.together else facts:
                    await reaction.run(tx, some)
    except Exception as error:  # noqa: BLE001 - one of them: each will tell by itself
        log.info("jobs.apart", error=repr(error), count=len(known))
        return False
    return True


def _in_order(known: Sequence[tuple[Claimed, Reaction | None]]) -> list[tuple[Reaction, list[Fact]]]:
    """Line up what is done in one transaction, so that two of them lock the rows they share in the same order.

    What takes sets comes first, each kind at once, as it happened; then the others, by whom they are about, and in the
    order in which it happened to him.
    """
    sets: dict[str, tuple[Reaction, list[Fact]]] = {}
    singles: list[tuple[Any, Reaction, Fact]] = []
    for job, reaction in sorted(known, key=lambda one: one[0].id):
        assert reaction is not None
        facts = facts_of(job, reaction)
        if reaction.together:
            sets.setdefault(reaction.name, (reaction, []))[1].extend(facts)
        else:
            singles += [((fact.subjects()[:1], job.id), reaction, fact) for fact in facts]
    ordered = [
        (reaction, sorted(facts, key=lambda fact: fact.subjects())) for _, (reaction, facts) in sorted(sets.items())
    ]
    return ordered + [(reaction, [fact]) for _, reaction, fact in sorted(singles, key=lambda one: one[0])]


async def drop_moot(world: World, merchant: UUID, claimed: list[Claimed], *, worker: str) -> list[Claimed]:
    """End, in one transaction, outside jobs that need not reach out any more; give those that must."""
    known = [(job, world.registry.by_name.get(job.kind)) for job in claimed]
    asked = [(job, reaction) for job, reaction in known if reaction is not None and reaction.moot is not None]
    if not asked:
        return claimed
    gone: set[UUID] = set()
    try:
        async with world.hot_tx(merchant) as tx:
            for name in sorted({reaction.name for _, reaction in asked}):
                reaction = world.registry.by_name[name]
                some = [job for job, of in asked if of is reaction]
                assert reaction.moot is not None
                over = await reaction.moot(tx, [msgspec.convert(job.data, reaction.fact) for job in some])
                gone |= {job.id for job, is_over in zip(some, over, strict=True) if is_over}
            # A lease that was lost meanwhile is no harm: the job is somebody else's, and as moot there as here.
            await tx.run(DONE_ALL, merchant, list(gone), worker, list({job.attempts for job, _ in asked}))
    except Exception as error:  # noqa: BLE001 - each will tell by itself
        log.info("jobs.moot_unknown", error=repr(error), count=len(asked))
        return claimed
    return [job for job in claimed if job.id not in gone]


def is_inside(world: World, job: Claimed) -> bool:
    """Say whether a job's reaction stays within the database."""
    reaction = world.registry.by_name.get(job.kind)
    return reaction is not None and not reaction.outside


async def _react(world: World, merchant: UUID, reaction: Reaction, claimed: Claimed, worker: str) -> None:
    fact, *others = facts_of(claimed, reaction)
    if others:
        await _scatter(world, merchant, claimed, worker)
        return
    if reaction.outside:
        job = Job(world, merchant, claimed.id, claimed.attempts, worker)
        await reaction.run(job, fact)
        # A reaction that found nothing to do need not open finish(); deleting twice is harmless.
        async with world.hot_tx(merchant) as tx:
            await tx.run(DONE, merchant, claimed.id, claimed.attempts, worker)
        return
    async with world.hot_tx(merchant) as tx:
        await finish_in(tx, claimed.id, claimed.attempts, worker)
        await reaction.run(tx, [fact] if reaction.together else fact)


def facts_of(claimed: Claimed, reaction: Reaction) -> list[Fact]:
    """Read what a job is about: one fact, or those of one commit that share it."""
    data: Any = claimed.data.get(MANY)
    return [msgspec.convert(one, reaction.fact) for one in ([claimed.data] if data is None else data)]


async def _scatter(world: World, merchant: UUID, claimed: Claimed, worker: str) -> None:
    """Give each fact of a job a job of its own: together with others they broke, and one must not hold up the rest."""
    async with world.hot_tx(merchant) as tx:
        await finish_in(tx, claimed.id, claimed.attempts, worker)
        rows = [(tx.merchant, tx.new_id(), claimed.kind, one, tx.now) for one in claimed.data[MANY]]
        await tx.run_many(APART, rows)


def backoff(attempts: int) -> timedelta:
    """Say how long to wait after the nth failure: 2, 4, 8 seconds and so on up to an hour."""
    return timedelta(seconds=min(3600, 2**attempts))


async def _put_off(world: World, merchant: UUID, claimed: Claimed, worker: str, why: Exception) -> None:
    # A quota that is used up is no failure, and the outside said when to come again.
    told = why.seconds if isinstance(why, Again) else getattr(why, "retry_after_seconds", None)
    calm = told is not None
    wait = timedelta(seconds=told) if told is not None else backoff(claimed.attempts)
    async with world.hot_tx(merchant) as tx:
        parked = tx.now if not calm and claimed.attempts >= TRIES else None
        error = None if calm else f"{type(why).__name__}: {why}"[:500]
        await tx.run(
            PUT_OFF,
            merchant,
            claimed.id,
            claimed.attempts,
            worker,
            tx.now + wait,
            1 if calm else 0,
            error,
            parked,
        )

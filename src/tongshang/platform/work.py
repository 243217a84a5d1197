"""The worker: finds due jobs and duties and does them, until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from tongshang.platform import jobs
from tongshang.platform.db import AWAY, Tx
from tongshang.platform.facts import Duty
from tongshang.platform.ids import NIL
from tongshang.platform.world import World

BATCH = 50
# What was claimed together is done in sets: a moment's rest lets more come together, and nobody waits noticeably.
REST_SECONDS = 0.05
SEEN = """
insert into worker (merchant_id, id, started_at, seen_at, done, failed) values ($1, $2, $3, $3, $4, $5)
on conflict (merchant_id, id) do update set seen_at = $3, done = $4, failed = $5"""
WORKERS = "select id, started_at, seen_at, done, failed from worker where merchant_id = $1 order by id"
FORGET = "delete from worker where merchant_id = $1 and seen_at < $2"
# Whoever moves the lease from free to ours does the duty; "done" is world time, the lease the database's.
TAKE_DUTY = """
insert into duty (merchant_id, name, done_until, leased_until, locked_by)
values ($1, $2, $3, now() + interval '60 seconds', $4)
on conflict (merchant_id, name) do update set leased_until = now() + interval '60 seconds', locked_by = $4
where duty.done_until <= $3 and (duty.leased_until is null or duty.leased_until < now())"""
DUTY_DONE = """
update duty set done_until = $3, leased_until = null
where merchant_id = $1 and name = $2 and locked_by = $4"""
HELD = "select array(select distinct merchant_id from job where locked_by = $1 and leased_until > now())"
FREE = """update job set leased_until = null, locked_by = null
where merchant_id = $1 and locked_by = $2 and leased_until > now()"""
FREE_DUTIES = "update duty set leased_until = null where merchant_id = $1 and locked_by = $2"
SEEN_EVERY_SECONDS = 5.0
AWAY_SECONDS = 0.5
log = structlog.get_logger("worker")


class WorkerView(msgspec.Struct, frozen=True):
    """A worker as the console shows it."""

    id: str
    started_at: datetime
    seen_at: datetime
    done: int
    failed: int


async def seen(tx: Tx) -> list[WorkerView]:
    """List the workers of the install and when each was last seen; in a transaction of the system's."""
    return await tx.all(WorkerView, WORKERS, NIL)


class Worker:
    """One worker process's hands: how many at once, and what it has done so far."""

    def __init__(self, world: World, *, name: str, hands: int = 8) -> None:
        self.world = world
        self.name = name
        self.done = 0
        self.failed = 0
        self._hands = asyncio.Semaphore(hands)
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look for jobs now rather than at the next poll."""
        self._woken.set()

    def stop(self) -> None:
        """Finish what is in hand, take nothing more."""
        self._stopping = True
        self._woken.set()

    async def run(self, *, poll_seconds: float = 0.25) -> None:
        """Work until stopped."""
        clock, last_seen, lost = asyncio.get_running_loop().time, -SEEN_EVERY_SECONDS, False
        # Beside the jobs: a duty may ask WeChat for a thousand accounts, and no order waits for that.
        duties: asyncio.Task[None] | None = None
        while not self._stopping:
            try:
                if clock() - last_seen >= SEEN_EVERY_SECONDS:
                    await self.report()
                    last_seen = clock()
                if duties is None or duties.done():
                    ended, duties = duties, asyncio.create_task(self.duties())
                    if ended is not None:
                        ended.result()
                done = await self.sweep()
                if lost:
                    await self.take_over()  # nothing is in hand, so what is leased to us is left from before
                    lost = False
            except AWAY as error:
                log.warning("worker.no_database", error=repr(error))
                lost = True
                await self._rest(AWAY_SECONDS)
                continue
            if 0 < done < BATCH and not self._stopping:
                await asyncio.sleep(REST_SECONDS)
            if done == 0 and not self._stopping:
                await self._rest(poll_seconds)
        if duties is not None:
            await asyncio.gather(duties, return_exceptions=True)

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            pass
        self._woken.clear()

    async def take_over(self) -> int:
        """Free what a process of this name still held when it was killed; say how many jobs that were."""
        async with self.world.system_tx() as tx:
            await tx.run(FREE_DUTIES, NIL, self.name)
            held: list[UUID] = await tx.value(HELD, self.name)
        freed = 0
        for merchant in held:
            async with self.world.tx(merchant) as tx:
                freed += await tx.run(FREE, merchant, self.name)
        return freed

    async def sweep(self, *, merchant: UUID | None = None) -> int:
        """Do what is due now, once over all merchants that have something, or over one; say how many were done."""
        merchants = [merchant] if merchant else await jobs.discover(self.world)
        return await _all(self._serve(merchant) for merchant in merchants)

    async def _serve(self, merchant: UUID) -> int:
        async with self._hands:
            claimed = await jobs.claim(self.world, merchant, worker=self.name, limit=BATCH)
        inside = [job for job in claimed if jobs.is_inside(self.world, job)]
        outside = [job for job in claimed if not jobs.is_inside(self.world, job)]
        return await _all([self._together(merchant, inside), self._outside(merchant, outside)])

    async def _outside(self, merchant: UUID, claimed: list[jobs.Claimed]) -> int:
        """Reach out for those jobs that must, at once."""
        async with self._hands:
            left = await jobs.drop_moot(self.world, merchant, claimed, worker=self.name)
        moot = len(claimed) - len(left)
        self.done += moot
        return moot + await _all(self._perform(merchant, job) for job in left)

    async def _together(self, merchant: UUID, claimed: list[jobs.Claimed]) -> int:
        """Do inside jobs in one transaction where that works, one by one where it does not."""
        async with self._hands:
            if await jobs.perform_together(self.world, merchant, claimed, worker=self.name):
                self.done += len(claimed)
                return len(claimed)
        return sum([await self._perform(merchant, job) for job in claimed])

    async def _perform(self, merchant: UUID, job: jobs.Claimed) -> bool:
        async with self._hands:
            done = await jobs.perform(self.world, merchant, job, worker=self.name)
        self.done += done
        self.failed += not done
        return done

    async def duties(self) -> None:
        """Do the duties whose time has come."""
        for duty in self.world.registry.duties:
            await self._duty(duty)

    async def _duty(self, duty: Duty) -> None:
        known: dict[str, datetime] = self.world.shelf.setdefault("duties", {})
        now = self.world.clock.now()
        # The clock may be turned back in a demo; then the row in the database decides again.
        if now < known.get(duty.name, now) and known[duty.name] - now <= duty.every:
            return
        async with self.world.system_tx() as tx:
            taken = await tx.run(TAKE_DUTY, NIL, duty.name, now, self.name)
        known[duty.name] = now + min(duty.every, timedelta(seconds=5))
        if not taken:
            return
        try:
            await duty.run(self.world, now)
        except Exception as error:  # the worker's edge: a duty that fails is tried again
            log.warning("duty.failed", duty=duty.name, error=repr(error), exc_info=error)
            return
        async with self.world.system_tx() as tx:
            await tx.run(DUTY_DONE, NIL, duty.name, now + duty.every, self.name)

    async def report(self) -> None:
        """Say that we are alive."""
        async with self.world.system_tx() as tx:
            await tx.run(SEEN, NIL, self.name, tx.now, self.done, self.failed)
            await tx.run(FORGET, NIL, tx.now - timedelta(days=1))


async def _all(doing: Iterable[Awaitable[int]]) -> int:
    """Do things at once, wait for all of them, then raise what the first raised that failed."""
    done = 0
    failed: BaseException | None = None
    for outcome in await asyncio.gather(*doing, return_exceptions=True):
        if isinstance(outcome, BaseException):
            failed = failed or outcome
        else:
            done += outcome
    if failed is not None:
        raise failed
    return done


async def settle(world: World, *, merchant: UUID | None = None, rounds: int = 200) -> int:
    """Do everything that is due, or all of one merchant's, and what that makes due, until nothing is (tests, seeds)."""
    worker = Worker(world, name="settle")
    total = 0
    for _ in range(rounds):
        if not (done := await worker.sweep(merchant=merchant)):
            return total
        total += done
    raise AssertionError("jobs wake each other for ever")

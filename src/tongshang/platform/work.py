"""The worker: finds due jobs and duties and does them, until it is told to stop."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from tongshang.platform import jobs
from tongshang.platform.facts import Duty
from tongshang.platform.ids import NIL
from tongshang.platform.world import World

BATCH = 50
# What was claimed together is done in sets: a moment's rest lets more come together, and nobody waits noticeably.
REST_SECONDS = 0.05
SEEN = """
insert into worker (merchant_id, id, started_at, seen_at, done, failed) values ($1, $2, $3, $3, $4, $5)
on conflict (merchant_id, id) do update set seen_at = $3, done = $4, failed = $5"""
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
log = structlog.get_logger("worker")


class WorkerView(msgspec.Struct, frozen=True):
    """A worker as the console shows it."""

    id: str
    started_at: datetime
    seen_at: datetime
    done: int
    failed: int


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
        last_seen = 0.0
        while not self._stopping:
            loop = asyncio.get_running_loop().time()
            if loop - last_seen > 5:
                await self.report()
                last_seen = loop
            await self.duties()
            done = await self.sweep()
            if 0 < done < BATCH and not self._stopping:
                await asyncio.sleep(REST_SECONDS)
            if done == 0 and not self._stopping:
                try:
                    await asyncio.wait_for(self._woken.wait(), poll_seconds)
                except TimeoutError:
                    pass
                self._woken.clear()

    async def sweep(self) -> int:
        """Do what is due now, once over all merchants that have something; say how many were done."""
        merchants = await jobs.discover(self.world)
        done = await asyncio.gather(*(self._serve(merchant) for merchant in merchants))
        return sum(done)

    async def _serve(self, merchant: UUID) -> int:
        async with self._hands:
            claimed = await jobs.claim(self.world, merchant, worker=self.name, limit=BATCH)
        inside = [job for job in claimed if jobs.is_inside(self.world, job)]
        outside = [job for job in claimed if not jobs.is_inside(self.world, job)]
        return sum(await asyncio.gather(self._together(merchant, inside), self._outside(merchant, outside)))

    async def _outside(self, merchant: UUID, claimed: list[jobs.Claimed]) -> int:
        """Reach out for those jobs that must, at once."""
        async with self._hands:
            left = await jobs.drop_moot(self.world, merchant, claimed, worker=self.name)
        moot = len(claimed) - len(left)
        self.done += moot
        return moot + sum(await asyncio.gather(*(self._perform(merchant, job) for job in left)))

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


async def settle(world: World, *, rounds: int = 200) -> int:
    """Do everything that is due, and what that makes due, until nothing is (tests and seeds)."""
    worker = Worker(world, name="settle")
    total = 0
    for _ in range(rounds):
        if not (done := await worker.sweep()):
            return total
        total += done
    raise AssertionError("jobs wake each other for ever")

"""Jobs: effects inside happen once, outside ones are retried then parked, and merchants are served fairly."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from make import worlds
from tongshang.platform import jobs
from tongshang.platform import parked as parked_jobs
from tongshang.platform.clock import ManualClock
from tongshang.platform.db import Tx
from tongshang.platform.facts import Fact, Reactions, Registry
from tongshang.platform.hints import Hints, listen
from tongshang.platform.jobs import TRIES, Again, Job
from tongshang.platform.pgserver import Server
from tongshang.platform.work import Worker, settle
from tongshang.platform.world import World
from weixin.errors import Unreachable

COUNT = """insert into counter (merchant_id, name, value) values ($1, $2, 1)
on conflict (merchant_id, name) do update set value = counter.value + 1"""
reactions = Reactions("test")


class Rang(Fact, frozen=True):
    kind: ClassVar[str] = "test.rang"
    how: str = ""


class Killed(BaseException):
    """The process dies here."""


state: dict[str, int] = {}


@reactions.inside(Rang)
async def count_inside(tx: Tx, fact: Rang) -> None:
    """Count, and die or fail the first time if told to."""
    await tx.run(COUNT, tx.merchant, "inside")
    state["inside"] = state.get("inside", 0) + 1
    if fact.how == "killed inside" and state["inside"] == 1:
        raise Killed


@reactions.outside(Rang)
async def call_outside(job: Job, fact: Rang) -> None:
    """Reach out, then record; the recording and the job's end are one commit."""
    state["outside"] = state.get("outside", 0) + 1
    if fact.how == "never":
        raise ConnectionError("nobody answers")
    if fact.how == "again" and state["outside"] < 3:
        raise Again(30)
    if fact.how == "used up" and state["outside"] < TRIES + 2:
        raise Unreachable("quota", errcode=45009, retry_after_seconds=3600)
    async with job.finish() as tx:
        await tx.run(COUNT, tx.merchant, "outside")
        if fact.how == "killed outside" and state["outside"] == 1:
            raise Killed


@reactions.inside(Rang, after=timedelta(hours=1))
async def count_later(tx: Tx, fact: Rang) -> None:
    """Count an hour later."""
    await tx.run(COUNT, tx.merchant, "later")


@pytest.fixture
def ringing(world: World) -> World:
    """A world in which only our own reactions react."""
    state.clear()
    world.registry = Registry([reactions])
    return world


async def ring(world: World, merchant: UUID, how: str = "") -> None:
    """Publish the fact."""
    async with world.tx(merchant) as tx:
        await tx.emit(Rang(how))


async def counted(world: World, merchant: UUID, name: str) -> int:
    """Say how often something took effect."""
    async with world.tx(merchant) as tx:
        sql = "select value from counter where merchant_id = $1 and name = $2"
        return await tx.value(sql, merchant, name) or 0


async def waiting(world: World, merchant: UUID) -> int:
    """Say how many jobs are left."""
    async with world.tx(merchant) as tx:
        return int(await tx.value("select count(*) from job where merchant_id = $1", merchant))


async def lapse(world: World, merchant: UUID) -> None:
    """Let every lease run out, as when their holder died a minute ago."""
    async with world.tx(merchant) as tx:
        await tx.run("update job set leased_until = now() - interval '1 second' where merchant_id = $1", merchant)


async def test_each_reaction_takes_effect_once_and_a_late_one_later(ringing: World) -> None:
    merchant = UUID(int=5)
    await ring(ringing, merchant)
    await settle(ringing)
    assert [await counted(ringing, merchant, name) for name in ("inside", "outside", "later")] == [1, 1, 0]
    assert isinstance(ringing.clock, ManualClock)
    ringing.clock.advance(timedelta(hours=1))
    await settle(ringing)
    assert await counted(ringing, merchant, "later") == 1
    assert await waiting(ringing, merchant) == 0


async def test_a_fact_that_was_rolled_back_wakes_nobody(ringing: World) -> None:
    merchant = UUID(int=5)
    with pytest.raises(ValueError, match="no"):
        async with ringing.tx(merchant) as tx:
            await tx.emit(Rang())
            raise ValueError("no")
    assert await waiting(ringing, merchant) == 0
    assert await settle(ringing) == 0


@pytest.mark.parametrize("place", ["inside", "outside"])
async def test_killed_between_the_effect_and_its_end_it_takes_effect_once(ringing: World, place: str) -> None:
    merchant = UUID(int=5)
    await ring(ringing, merchant, f"killed {place}")
    with pytest.raises(Killed):
        await settle(ringing)
    assert await counted(ringing, merchant, place) == 0
    await lapse(ringing, merchant)
    await settle(ringing)
    assert state[place] == 2
    assert await counted(ringing, merchant, place) == 1


async def test_two_workers_never_finish_one_job_twice(ringing: World) -> None:
    merchants = [UUID(int=n) for n in range(5, 11)]
    for merchant in merchants:
        for _ in range(5):
            await ring(ringing, merchant)
    workers = [Worker(ringing, name=f"w{n}") for n in range(3)]
    for _ in range(6):
        await asyncio.gather(*(worker.sweep() for worker in workers))
    for merchant in merchants:
        assert [await counted(ringing, merchant, name) for name in ("inside", "outside")] == [5, 5]


async def test_whose_lease_ran_out_may_not_finish(ringing: World) -> None:
    merchant = UUID(int=5)
    await ring(ringing, merchant)
    slow = await jobs.claim(ringing, merchant, worker="slow", limit=20)
    await lapse(ringing, merchant)
    quick = await jobs.claim(ringing, merchant, worker="quick", limit=20)
    assert {one.id for one in slow} == {one.id for one in quick}
    for one in slow:
        assert await jobs.perform(ringing, merchant, one, worker="slow") is False
    for one in quick:
        assert await jobs.perform(ringing, merchant, one, worker="quick") is True
    assert await counted(ringing, merchant, "inside") == 1


async def test_what_never_works_is_parked_and_can_be_given_a_fresh_start(ringing: World) -> None:
    merchant = UUID(int=5)
    await ring(ringing, merchant, "never")
    assert isinstance(ringing.clock, ManualClock)
    for _ in range(TRIES + 3):
        await settle(ringing)
        ringing.clock.advance(timedelta(minutes=61))
    assert state["outside"] == TRIES
    async with ringing.tx(merchant) as tx:
        (parked,) = await parked_jobs.troubled(tx)
        assert (parked.kind, parked.parked_at is not None) == ("test.call_outside", True)
        assert "nobody answers" in (parked.last_error or "")
        assert await parked_jobs.retry(tx, job=parked.id)
    await settle(ringing)
    assert state["outside"] == TRIES + 1


async def test_again_is_not_a_failure(ringing: World) -> None:
    merchant = UUID(int=5)
    await ring(ringing, merchant, "again")
    assert isinstance(ringing.clock, ManualClock)
    for _ in range(3):
        await settle(ringing)
        ringing.clock.advance(timedelta(seconds=30))
    assert await counted(ringing, merchant, "outside") == 1


async def test_a_busy_merchant_does_not_starve_a_quiet_one(ringing: World) -> None:
    busy, quiet = UUID(int=5), UUID(int=6)
    for _ in range(60):
        await ring(ringing, busy)
    await ring(ringing, quiet)
    await Worker(ringing, name="one").sweep()
    assert await counted(ringing, quiet, "inside") == 1
    assert await waiting(ringing, busy) > 60


async def test_a_worker_is_seen_and_wakes_at_a_commit(ringing: World) -> None:
    merchant = await worlds.make_merchant(ringing)
    worker = Worker(ringing, name="awake")
    ringing.wakers.append(worker.wake)
    running = asyncio.create_task(worker.run(poll_seconds=30))
    await asyncio.sleep(0.3)
    await ring(ringing, merchant)
    for _ in range(100):
        if await counted(ringing, merchant, "inside"):
            break
        await asyncio.sleep(0.05)
    worker.stop()
    await asyncio.wait_for(running, 10)
    assert await counted(ringing, merchant, "inside") == 1
    async with ringing.system_tx() as tx:
        assert await tx.value("select count(*) from worker where merchant_id = $1 and id = 'awake'", UUID(int=0)) == 1


async def test_a_claim_takes_no_more_than_it_was_told_to(ringing: World, merchant: UUID) -> None:
    for _ in range(30):
        await ring(ringing, merchant)
    claimed = await jobs.claim(ringing, merchant, worker="one", limit=5)
    assert len(claimed) == 5
    assert len(await jobs.claim(ringing, merchant, worker="two", limit=20)) == 20


async def test_what_became_moot_is_ended_without_reaching_out(ringing: World, merchant: UUID) -> None:
    group, called = Reactions("moot"), []

    async def over(tx: Tx, facts: Sequence[Rang]) -> list[bool]:
        return [fact.how == "over" for fact in facts]

    @group.outside(Rang, moot=over)
    async def call(job: Job, fact: Rang) -> None:
        called.append(fact.how)

    ringing.registry = Registry([group])
    for how in ("over", "open", "over"):
        await ring(ringing, merchant, how)
    assert await settle(ringing) == 3
    assert called == ["open"]
    async with ringing.tx(merchant) as tx:
        assert await tx.value("select count(*) from job where merchant_id = $1", merchant) == 0


async def test_what_says_when_to_come_again_waits_so_long_and_never_parks(ringing: World, merchant: UUID) -> None:
    clock = ringing.clock
    assert isinstance(clock, ManualClock)
    await ring(ringing, merchant, "used up")
    await settle(ringing)
    for seconds, tries in ((3599, 1), *((3601, n + 2) for n in range(TRIES + 1))):
        clock.advance(timedelta(seconds=seconds))
        await settle(ringing)
        assert state["outside"] == tries


async def test_who_comes_after_a_killed_worker_frees_what_it_held(ringing: World, merchant: UUID) -> None:
    for _ in range(3):
        await ring(ringing, merchant)
    held = len(await jobs.claim(ringing, merchant, worker="host:1", limit=4))
    other = len(await jobs.claim(ringing, merchant, worker="host:2", limit=1))
    assert (held, other) == (4, 1)
    assert await Worker(ringing, name="host:1").take_over() == 4
    assert await settle(ringing) == 5  # all but what the living one holds


async def test_a_hint_wakes_another_process(ringing: World) -> None:
    hints, woken = Hints(ringing.database), asyncio.Event()
    tasks = [asyncio.create_task(listen(ringing.database, woken.set)), asyncio.create_task(hints.send())]
    async with asyncio.timeout(10):
        while not woken.is_set():
            hints.tell()
            await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_worker_stays_when_the_database_goes_and_comes(ringing: World, merchant: UUID, pg: Server) -> None:
    assert isinstance(ringing.clock, ManualClock)
    worker = Worker(ringing, name="steady")
    running = asyncio.create_task(worker.run(poll_seconds=0.05))
    async with ringing.tx(merchant) as tx:
        name = await tx.value("select current_database()")
    for _ in range(5):
        await asyncio.to_thread(
            pg.psql, f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        )
        await asyncio.sleep(0.1)
    await ring(ringing, merchant)
    async with asyncio.timeout(20):
        while not await counted(ringing, merchant, "inside"):
            # What a dying connection broke is tried again two seconds later, and this clock does not go by itself.
            ringing.clock.advance(timedelta(seconds=3))
            await asyncio.sleep(0.05)
    assert not running.done()
    worker.stop()
    await running

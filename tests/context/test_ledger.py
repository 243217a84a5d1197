"""The ledger: whatever is posted, it balances; nothing is changed; snapshots plus sums are all postings."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from tongshang.payments import ledger, statements
from tongshang.platform.clock import ManualClock
from tongshang.platform.world import World


async def post(world: World, merchant: UUID, debit: str, credit: str, amount: int, source: UUID, kind: str) -> bool:
    async with world.tx(merchant) as tx:
        return await ledger.post(tx, debit=debit, credit=credit, amount=amount, kind=kind, source=source)


async def test_a_source_and_kind_is_booked_once_also_by_two_at_once(world: World, merchant: UUID) -> None:
    source = UUID(int=1)
    words = (world, merchant, ledger.CASH, ledger.SALES, 100, source, "payment")
    assert sorted(await asyncio.gather(*(post(*words) for _ in range(4)))) == [False, False, False, True]
    assert await post(world, merchant, ledger.FEES, ledger.CASH, 1, source, "fee")


@pytest.mark.parametrize(
    ("debit", "credit", "amount"), [("sales", "sales", 1), ("sales", "fees", 0), ("sales", "fees", -1)]
)
async def test_the_table_refuses_what_is_no_posting(
    world: World, merchant: UUID, debit: str, credit: str, amount: int
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await post(world, merchant, debit, credit, amount, UUID(int=1), "wrong")


async def test_nothing_is_booked_that_the_chart_does_not_know(world: World, merchant: UUID) -> None:
    for n, (debit, credit) in enumerate(zip(ledger.CHART, [*ledger.CHART][1:], strict=False)):
        assert await post(world, merchant, debit, credit, 1, UUID(int=n), "any")
    with pytest.raises(asyncpg.CheckViolationError):
        async with world.tx(merchant) as tx:
            row = ledger.Posting(
                UUID(int=9), "Gold!", ledger.CASH, 1, "x", UUID(int=9), None, ledger.today(tx.now), tx.now, ""
            )
            await tx.insert("posting", row)
    with pytest.raises(AssertionError):
        await post(world, merchant, "gold", ledger.CASH, 1, UUID(int=1), "wrong")
    with pytest.raises(AssertionError):
        await post(world, merchant, ledger.CASH, "gold", 1, UUID(int=1), "wrong")


CHANGES = ("update posting set amount_fen = 2", "delete from posting", "update ledger_snapshot set debit_fen = 2")


@pytest.mark.parametrize("sql", [*CHANGES, "delete from ledger_snapshot"])
async def test_nothing_posted_is_changed(world: World, merchant: UUID, sql: str) -> None:
    await post(world, merchant, ledger.CASH, ledger.SALES, 100, UUID(int=1), "payment")
    for door in (world.tx(merchant), world.system_tx()):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with door as tx:
                await tx.run(f"{sql} where merchant_id = $1", merchant)


async def test_snapshots_plus_sums_are_all_postings(world: World, merchant: UUID) -> None:
    clock = world.clock
    assert isinstance(clock, ManualClock)
    dice, books = random.Random(7), dict.fromkeys(ledger.CHART, 0)
    for n in range(60):
        debit, credit = dice.sample(list(ledger.CHART), 2)
        amount = dice.randint(1, 10**9)
        assert await post(world, merchant, debit, credit, amount, UUID(int=n), "any")
        books[debit] += amount
        books[credit] -= amount
        if n % 7 == 0:
            clock.advance(timedelta(days=1))
            async with world.tx(merchant) as tx:
                yesterday = ledger.today(tx.now) - timedelta(days=1)
                await ledger.snapshot(tx, day=yesterday)
                await ledger.snapshot(tx, day=yesterday)
    async with world.tx(merchant) as tx:
        trial = await ledger.trial_balance(tx)
        assert trial.agrees
        assert {one.account: one.balance_fen for one in trial.balances} == books
        assert await ledger.balances(tx) == trial.balances
        assert await ledger.quick_trial(tx) == trial
        # A statement of any account and period says what came before, what moved it, and what was then.
        day = ledger.today(tx.now)
        for account in (ledger.CASH, ledger.STORED_BONUS):
            for days in (0, 3, 400):
                said = await statements.of_account(tx, account=account, first=day - timedelta(days=days), last=day)
                assert said.closing_fen == books[account] == said.opening_fen + said.debit_fen - said.credit_fen
                assert sum(one.times for one in said.moved) or not (said.debit_fen or said.credit_fen)
        whole = statements.sheet(world, merchant, account="", first=day - timedelta(days=30), last=day, language="en")
        written = b"".join([piece async for piece in whole]).decode("utf-8-sig").splitlines()
        assert (len(written), written[0].split(",")[2]) == (61, "Debit")
        # A file that would leave something out is none; one of a day past says what was there then.
        await statements.check_size(tx, account="", first=ledger.NEVER, last=day, most=60)
        with pytest.raises(statements.TooManyPostings):
            await statements.check_size(tx, account="", first=ledger.NEVER, last=day, most=59)
        for then in (day, day - timedelta(days=3)):
            there = await ledger.balances_on(tx, day=then)
            assert there.agrees
            assert there.balances == await ledger.balances(tx, upto=then)
            rows = statements.trial_sheet(there, language="zh").decode("utf-8-sig").splitlines()
            assert len(rows) == 2 + len(ledger.CHART)
            _, *sums = rows[-1].split(",")
            assert (sums[0], sums[2]) == (sums[1], sums[3])
        early = await ledger.balances(tx, upto=ledger.today(tx.now) - timedelta(days=30))
        assert sum(one.debit_fen for one in early) == 0
        with pytest.raises(AssertionError):
            await ledger.snapshot(tx, day=ledger.today(tx.now))


async def test_a_posting_behind_a_snapshot_is_noticed(world: World, merchant: UUID) -> None:
    clock = world.clock
    assert isinstance(clock, ManualClock)
    await post(world, merchant, ledger.CASH, ledger.SALES, 100, UUID(int=1), "payment")
    clock.advance(timedelta(days=1))
    async with world.tx(merchant) as tx:
        await ledger.snapshot(tx, day=ledger.today(tx.now) - timedelta(days=1))
    clock.advance(timedelta(days=-1))
    await post(world, merchant, ledger.CASH, ledger.SALES, 100, UUID(int=2), "payment")
    clock.advance(timedelta(days=1))
    async with world.tx(merchant) as tx:
        assert not (await ledger.trial_balance(tx)).agrees
        assert not (await ledger.quick_trial(tx)).agrees


async def test_another_merchants_books_are_not_seen(world: World, merchant: UUID) -> None:
    await post(world, merchant, ledger.CASH, ledger.SALES, 100, UUID(int=1), "payment")
    async with world.tx(UUID(int=99)) as tx:
        assert (await ledger.postings(tx)).items == []
        assert {one.balance_fen for one in await ledger.balances(tx)} == {0}

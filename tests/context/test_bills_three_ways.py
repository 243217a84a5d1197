"""Three sides of one day: orders, ledger and WeChat's two bills; whoever lies is found, shown, settled at a click."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from make.tills import START, Shop, balances, open_shop
from tongshang.payments import ledger, refunds
from tongshang.payments.bills import days, proposals, settled
from tongshang.payments.bills.days import Found, Settled
from tongshang.payments.model import Charge
from tongshang.platform.work import Worker

DAY = date(2026, 11, 20)


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        yield opened


async def give_back(shop: Shop, charge: Charge, fen: int) -> None:
    """Refund some of a charge, to the end."""
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=fen, reason="少一包")
    await shop.wait(30, steps=3)


async def morning(shop: Shop, after: int = 1) -> None:
    """Sleep until the bill of the first day is there, and have it compared."""
    await shop.wait_until(START + timedelta(days=after, hours=1))
    await Worker(shop.world, name="duties").duties()
    await shop.settle()


async def run(shop: Shop) -> str:
    """Compare once more; gives the day's state."""
    async with shop.world.tx(shop.merchant) as tx:
        await days.ask(tx, day=DAY)
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        return (await days.one(tx, day=DAY)).state


async def open_ones(shop: Shop) -> list[Found]:
    """List what is not settled."""
    async with shop.world.tx(shop.merchant) as tx:
        return [one for one in await days.differences(tx, day=DAY) if one.state == "open"]


async def fix(shop: Shop, found: Found) -> str:
    """Do what is proposed; give its action."""
    done, _ = await proposals.fix(shop.world, shop.merchant, day=DAY, difference=found.id)
    with pytest.raises(Settled):
        await proposals.fix(shop.world, shop.merchant, day=DAY, difference=found.id)
    return done.action


async def lie(shop: Shop, what: str, **more: Any) -> None:
    """Make the fund-flow bill of the day lie."""
    await shop.sandbox.lie(shop.made["mchid"], DAY.isoformat(), what, bill="fund", **more)


async def test_an_honest_day_says_what_wechat_holds_and_paid_out(shop: Shop) -> None:
    charge = await shop.sell(10_000)
    await give_back(shop, charge, 1_000)
    await shop.sandbox.take_out(shop.made["mchid"], 5_000)
    await morning(shop)
    assert await open_ones(shop) == []
    async with shop.world.tx(shop.merchant) as tx:
        (one,) = await settled.month(tx, first=DAY, end=DAY + timedelta(days=1))
        held = await settled.holding(tx)
    assert (one.income_fen, one.refunds_fen, one.fees_fen, one.paid_out_fen) == (10_000, 994, 60, 5_000)
    assert (one.opening_fen, one.closing_fen) == (0, 3_946)
    assert (held.billed_fen, held.booked_fen, held.refunds_fen) == (3_946, 3_946, 0)
    assert (await balances(shop))["paid_out"] == 5_000
    # Fetched again, and the day after: booked once, and each day begins where the last one ended.
    await run(shop)
    await shop.sell(700)
    await morning(shop, after=2)
    async with shop.world.tx(shop.merchant) as tx:
        newest = (await settled.month(tx, first=DAY, end=DAY + timedelta(days=9)))[0]
    assert (newest.day, newest.opening_fen) == (DAY + timedelta(days=1), 3_946)
    assert (await balances(shop))["paid_out"] == 5_000
    async with shop.world.tx(shop.merchant) as tx:
        assert await days.differences(tx, day=newest.day) == []


@pytest.mark.parametrize(
    ("what", "more", "expected"),
    [
        ("drop", {}, {"fund_missing_there": "reported"}),
        ("add", {"fen": 2_500}, {"fund_missing_here": "booked"}),
        ("add", {"fen": 2_500, "kind": "保证金"}, {"fund_unknown": "booked"}),
        ("double", {}, {"fund_amount_differs": "booked", "fund_balance_breaks": "reported"}),
        ("reprice", {"fen": 9_000}, {"fund_amount_differs": "booked", "fund_balance_breaks": "reported"}),
    ],
)
async def test_a_fund_flow_bill_that_lies_is_found(
    shop: Shop, what: str, more: dict[str, Any], expected: dict[str, str]
) -> None:
    await shop.sandbox.set_merchant(shop.made["mchid"], rate="0.00%")
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run("update pay_account set fee_per_myriad = 0 where merchant_id = $1", tx.merchant)
    await shop.sell(8_800)
    charge = await shop.sell(10_000)
    number = charge.transaction_id if what in ("double", "reprice", "drop") else "STRANGER"
    await lie(shop, what, number=number, **more)
    await morning(shop)
    found = {one.kind.value: one for one in await open_ones(shop)}
    assert found.keys() == expected.keys()
    assert {kind: await fix(shop, one) for kind, one in found.items()} == expected
    assert await run(shop) == "agreed"
    worth = {"double": 10_000, "reprice": -1_000, "drop": 0}.get(what, 2_500)
    assert (await balances(shop)).get("suspense", 0) == -worth


async def test_the_account_is_the_witness_when_the_trade_bill_lies(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    await shop.sandbox.lie(shop.made["mchid"], DAY.isoformat(), "drop", number=charge.transaction_id or "")
    await shop.sandbox.lie(shop.made["mchid"], DAY.isoformat(), "add", number="STRANGER", fen=2_500)
    await morning(shop)
    found = {one.kind.value: one for one in await open_ones(shop)}
    lost, added = found["missing_there"], found["missing_here"]
    assert (lost.moved or {})["net_fen"] == 8_747
    assert (proposals.propose(lost).action, proposals.propose(added).action) == ("reported", "reported")
    assert added.moved == {"count": 0}


async def test_a_ledger_that_lost_or_invented_a_posting_is_found_and_mended(shop: Shop, database_url: str) -> None:
    charge = await shop.sell(8_800)
    await give_back(shop, charge, 800)
    direct = await asyncpg.connect(database_url)
    await direct.execute("delete from posting where kind in ('payment', 'refund_settled')")
    await direct.close()
    async with shop.world.tx(shop.merchant) as tx:
        words = {"kind": "payment", "source": shop.id()}
        await ledger.post(tx, debit=ledger.CASH, credit=ledger.SALES, amount=77, **words)  # type: ignore[arg-type]
    await morning(shop)
    found = {one.kind.value: one for one in await open_ones(shop)}
    assert found.keys() == {"ledger_differs", "refund_ledger_differs", "ledger_unknown"}
    assert {kind: await fix(shop, one) for kind, one in found.items()} == {
        "ledger_differs": "posted", "refund_ledger_differs": "posted", "ledger_unknown": "booked"}  # fmt: skip
    books = await balances(shop)
    assert books["cash_at_wechat"] == 8_800 - 800 - 53 + 5
    assert (books["suspense"], books["sales"]) == (77, -8_877)
    assert await run(shop) == "agreed"


async def test_a_click_asks_wechat_and_follows_its_answer(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose")
    charge = await shop.charge(700, window=timedelta(days=3))
    await shop.pay(await shop.prepare(charge))
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run("delete from job where merchant_id = $1", tx.merchant)
    await morning(shop)
    (lost,) = await open_ones(shop)
    assert (lost.kind.value, proposals.propose(lost).action) == ("state_differs", "asked")
    done, said = await proposals.fix(shop.world, shop.merchant, day=DAY, difference=lost.id)
    await shop.settle()
    assert (done.action, said) == ("asked", "SUCCESS")
    assert await open_ones(shop) == []
    assert (await balances(shop))["cash_at_wechat"] == 696


async def test_a_day_two_months_past_is_compared_all_three_ways(shop: Shop) -> None:
    await shop.sell(8_800)
    await shop.wait_until(START + timedelta(days=60))
    assert await run(shop) == "agreed"
    async with shop.world.tx(shop.merchant) as tx:
        assert [one.closing_fen for one in await settled.month(tx, first=DAY, end=DAY + timedelta(days=1))] == [8_747]

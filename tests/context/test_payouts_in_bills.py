"""Pay-outs against the fund-flow bill: a day that agrees, a bill that lies, a ledger that does."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from make.payouts import fan, give, look, take
from make.tills import START, Shop, balances, open_shop
from tongshang.payments import ledger
from tongshang.payments.bills import days, proposals
from tongshang.payments.bills.days import Found
from tongshang.platform.work import Worker

DAY = date(2026, 11, 20)


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        await opened.sell(8_800)
        yield opened


async def morning(shop: Shop) -> None:
    await shop.wait_until(START + timedelta(days=1, hours=1))
    await Worker(shop.world, name="duties").duties()
    await shop.settle()


async def found(shop: Shop) -> list[Found]:
    async with shop.world.tx(shop.merchant) as tx:
        return [one for one in await days.differences(tx, day=DAY) if one.state == "open"]


async def test_what_went_out_and_what_came_back_are_both_in_the_bill(shop: Shop) -> None:
    lily = await fan(shop)
    await take(shop, await give(shop, lily, 1_000))
    left = await give(shop, lily, 2_000)
    await morning(shop)
    async with shop.world.tx(shop.merchant) as tx:
        assert (await days.one(tx, day=DAY)).state == "agreed"
    assert (await look(shop, left)).state == "expired"
    await shop.wait(86_400)
    await Worker(shop.world, name="duties").duties()
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        assert (await days.one(tx, day=DAY + timedelta(days=1))).state == "agreed"
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 7_747, "payouts": 1_000, "fees": 53}


@pytest.mark.parametrize(
    ("lie", "kinds"),
    [
        ("drop", {"fund_missing_there"}),
        ("reprice", {"fund_amount_differs"}),
        ("double", {"fund_amount_differs"}),
        ("add", {"fund_missing_here"}),
    ],
)
async def test_a_bill_that_lies_of_pay_outs_is_found(shop: Shop, lie: str, kinds: set[str]) -> None:
    given = await give(shop, await fan(shop), 1_000)
    number = "STRANGER" if lie == "add" else given.number
    fen = -500
    await shop.sandbox.lie(
        shop.made["mchid"], DAY.isoformat(), lie, number=number, fen=fen, bill="fund", kind="商家转账"
    )
    await morning(shop)
    differences = {one.kind: one for one in await found(shop)}
    assert kinds <= set(differences) <= kinds | {"fund_balance_breaks", "summary_differs"}
    about = differences[next(iter(kinds))]  # type: ignore[index]
    assert about.number == (number if lie == "add" else given.wx_bill_no)
    assert (about.ours or {}).get("net_fen", -1_000) == -1_000


async def test_a_ledger_that_lies_of_pay_outs_is_found_and_mended(shop: Shop) -> None:
    # Given in the evening, it still waits when the day is compared.
    await shop.wait_until(START + timedelta(hours=8))
    given = await give(shop, await fan(shop), 1_000)
    async with shop.world.tx(shop.merchant) as tx:
        await ledger.post(
            tx, debit=ledger.CASH, credit=ledger.PAYOUTS_HELD, amount=1_000, kind="payout_back", source=given.id
        )
        await ledger.post(
            tx, debit=ledger.PAYOUTS_HELD, credit=ledger.CASH, amount=300, kind="payout_locked", source=shop.id()
        )
    await morning(shop)
    for one in await found(shop):
        await proposals.fix(shop.world, shop.merchant, day=DAY, difference=one.id)
        assert one.kind in ("payout_ledger_differs", "ledger_unknown")
    assert await found(shop) == []
    books = await balances(shop)
    assert (books["cash_at_wechat"], books["suspense"]) == (7_747, -300)

"""Shares three ways: promise, ledger and account; a ledger that lost or invented one is found and mended."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import asyncpg
import pytest

from make.sharings import agree, patiently, refund, split_of
from make.tills import START, Shop, balances, open_shop
from tongshang.payments import ledger
from tongshang.payments.bills import days, proposals
from tongshang.platform.work import Worker

DAY = date(2026, 11, 20)
both = pytest.mark.parametrize("shop", [False, True], ids=["direct", "partner"], indirect=True)


@pytest.fixture
async def shop(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account(partner=bool(getattr(request, "param", False)))
        yield opened


@both
async def test_a_ledger_that_lies_of_shares_is_found_and_mended(shop: Shop, database_url: str) -> None:
    await agree(shop)
    charge = await shop.sell(8_800)
    await patiently(shop)
    await refund(shop, charge, 4_400)
    await patiently(shop)
    honest = await balances(shop)
    direct = await asyncpg.connect(database_url)
    await direct.execute("delete from posting where kind in ('share_paid', 'share_returned')")
    await direct.close()
    async with shop.world.tx(shop.merchant) as tx:
        await ledger.post(tx, debit=ledger.SHARES_PAYABLE, credit=ledger.CASH, amount=77, kind="share_paid",
                          source=shop.id())  # fmt: skip
    await shop.wait_until(START + timedelta(days=1, hours=1))
    await Worker(shop.world, name="duties").duties()
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        found = await days.differences(tx, day=DAY)
    assert sorted(one.kind.value for one in found) == ["ledger_unknown", *["share_ledger_differs"] * 3]
    for one in found:
        done, _ = await proposals.fix(shop.world, shop.merchant, day=DAY, difference=one.id)
        assert done.action == ("booked" if one.kind == "ledger_unknown" else "posted")
    books, fees = await balances(shop), (await balances(shop))["fees"]
    assert books.pop("suspense") == -77
    books["shares_payable"] -= 77
    assert {name: fen for name, fen in books.items() if fen} == honest | {
        "fees": fees, "cash_at_wechat": honest["cash_at_wechat"] - fees,
    }  # fmt: skip
    async with shop.world.tx(shop.merchant) as tx:
        await days.ask(tx, day=DAY)
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        assert (await days.one(tx, day=DAY)).state == "agreed"


async def test_shares_of_which_no_answer_came_yet_are_not_called_missing(shop: Shop) -> None:
    await agree(shop)
    silent = await shop.sandbox.fault("GET /v3/profitsharing/orders/{out_order_no}", "lost")
    charge = await shop.sell(8_800)
    await patiently(shop)
    assert (await split_of(shop, charge)).state == "splitting"
    await shop.wait_until(START + timedelta(days=1, hours=1))
    await Worker(shop.world, name="duties").duties()
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        assert [one for one in await days.differences(tx, day=DAY) if one.state == "open"] == []
    await shop.sandbox.heal(silent)
    await patiently(shop, 86_400)
    assert (await split_of(shop, charge)).state == "done"

"""The daily bill of a service provider's merchant: its movements come closed, and are compared like anybody's."""

from datetime import date, timedelta
from pathlib import Path

from make.tills import START, Shop, balances, open_shop
from tongshang.payments import refunds
from tongshang.payments.bills import days, settled
from tongshang.payments.bills.days import BillDay, Found
from tongshang.payments.model import Charge
from tongshang.platform.work import Worker

DAY = date(2026, 11, 20)


async def give_back(shop: Shop, charge: Charge, amount: int) -> None:
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=amount, reason="少了")
    await shop.wait(65, steps=3)


async def next_morning(shop: Shop) -> None:
    await shop.wait_until(START + timedelta(days=1))
    await Worker(shop.world, name="morning").duties()
    await shop.settle()


async def run(shop: Shop) -> None:
    async with shop.world.tx(shop.merchant) as tx:
        await days.ask(tx, day=DAY)
    await shop.settle()


async def day(shop: Shop) -> BillDay:
    async with shop.world.tx(shop.merchant) as tx:
        return await days.one(tx, day=DAY)


async def differences(shop: Shop) -> list[Found]:
    async with shop.world.tx(shop.merchant) as tx:
        return await days.differences(tx, day=DAY)


async def test_a_service_providers_merchant_is_reconciled_too(database_url: str, tmp_path: Path) -> None:
    async with open_shop(database_url, tmp_path) as shop:
        await shop.open_account(partner=True)
        charge = await shop.sell(8_800)
        await give_back(shop, charge, 800)
        await next_morning(shop)
        report = await day(shop)
        assert (report.state, report.paid_fen, report.refund_fen) == ("agreed", 8_800, 800)
        bills = await shop.all("select kind from bill where merchant_id = $1 order by kind")
        assert [b["kind"] for b in bills] == ["fund", "trade"]
        made = await shop.sandbox.call("GET", f"/merchants/{shop.made['sub_mchid']}")
        assert (await balances(shop))["cash_at_wechat"] == made["balance_fen"]
        async with shop.world.tx(shop.merchant) as tx:
            (held,) = await settled.month(tx, first=DAY, end=DAY + timedelta(days=1))
        assert (held.closing_fen, held.income_fen, held.mchid) == (made["balance_fen"], 8_800, shop.made["mchid"])


async def test_movements_of_a_providers_merchant_that_lie_are_found(database_url: str, tmp_path: Path) -> None:
    async with open_shop(database_url, tmp_path) as shop:
        await shop.open_account(partner=True)
        charge = await shop.sell(8_800)
        # Without the product that shows them, two sides are compared, and the day says what lacks.
        await shop.sandbox.set_merchant(shop.made["mchid"], sub_funds=False)
        await next_morning(shop)
        assert ((await day(shop)).state, (await day(shop)).problem) == ("agreed", "SUB_FUNDS_CLOSED")
        await shop.sandbox.set_merchant(shop.made["mchid"], sub_funds=True)
        sub = shop.made["sub_mchid"]
        await shop.sandbox.lie(sub, DAY.isoformat(), "drop", number=charge.transaction_id or "", bill="fund")
        await run(shop)
        assert [one.kind for one in await differences(shop)] == ["fund_amount_differs"]
        assert (await day(shop)).problem == ""

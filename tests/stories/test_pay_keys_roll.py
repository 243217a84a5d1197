"""Every key of WeChat Pay changes while money is under way, and nothing is lost, refused or believed wrongly."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from make.tills import Shop, balances, open_shop
from tongshang.payments import accounts, paying, refunds
from tongshang.payments.model import Charge, ChargeState
from wxsandbox.pay.rows import PayOrder

PLACING = "POST /v3/pay/transactions/jsapi"
PARTNER = "POST /v3/pay/partner/transactions/jsapi"


@pytest.fixture(params=[False, True], ids=["direct", "partner"])
async def shop(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account(mode="certificate", partner=request.param)
        yield opened


async def at_wechat(shop: Shop, method: str, path: str) -> dict[str, Any]:
    """Do something to our merchant's keys, as its administrator does at WeChat's own desk."""
    return dict(await shop.sandbox.call(method, f"/merchants/{shop.made['mchid']}{path}"))


async def paid(shop: Shop, charge: Charge, bill: dict[str, str]) -> None:
    """Pay, and see that it was taken for paid by notice or by asking."""
    assert (await shop.pay(bill))["result"] == "ok"
    await shop.settle()
    await shop.wait(5)
    assert (await shop.look(charge)).state is ChargeState.PAID


async def under_way(shop: Shop) -> tuple[Charge, asyncio.Task[dict[str, str]]]:
    """Have an order on its way to WeChat, whose answer takes its time."""
    charge = await shop.charge(8_800)
    for call in (PLACING, PARTNER):
        await shop.sandbox.fault(call, "slow", seconds=0.4)
    task = asyncio.create_task(shop.prepare(charge))
    await asyncio.sleep(0)
    return charge, task


async def arrived(shop: Shop, task: "asyncio.Task[dict[str, str]]") -> dict[str, str]:
    """Wait for the answer; nothing is slow from here on."""
    bill = await task
    await shop.sandbox.heal()
    return bill


async def test_a_whole_rotation_with_money_under_way(shop: Shop) -> None:
    # WeChat Pay's certificate rolls while an order is on its way; then the old one ends.
    charge, task = await under_way(shop)
    first = (await at_wechat(shop, "GET", ""))["certificates"][0]["serial"]
    await at_wechat(shop, "POST", "/certificates")
    await paid(shop, charge, await arrived(shop, task))
    charge, task = await under_way(shop)
    await at_wechat(shop, "DELETE", f"/certificates/{first}")
    await paid(shop, charge, await arrived(shop, task))
    # Our own certificate rolls: what was signed with the old one is still good, and what was handed out can be paid.
    charge, task = await under_way(shop)
    before = shop.made["serial"]
    made = await at_wechat(shop, "POST", "/api-certificate")
    bill = await arrived(shop, task)
    async with shop.world.tx(shop.merchant) as tx:
        await accounts.save_keys(tx, private_key_pem=made["private_pem"], certificate_pem=made["certificate_pem"])
    fresh = await shop.charge(8_800)
    new_bill = await shop.prepare(fresh)
    await paid(shop, charge, bill)
    await at_wechat(shop, "DELETE", f"/api-certificate/{before}")
    await paid(shop, fresh, new_bill)
    # The change over to the public key: issued, then told to us, then callbacks move over by shares.
    made = await at_wechat(shop, "POST", "/public-key")
    charge, task = await under_way(shop)
    async with shop.world.tx(shop.merchant) as tx:
        words = {"public_key_id": made["public_key_id"], "public_key_pem": made["platform_public_pem"]}
        await accounts.save_keys(tx, **words)
    await paid(shop, charge, await arrived(shop, task))
    for share in (0.0, 0.5, 0.5, 1.0):
        await shop.sandbox.set_merchant(shop.made["mchid"], public_key_share=share)
        charge = await shop.charge(8_800)
        await paid(shop, charge, await shop.prepare(charge))
    # In the end the certificates are gone, refunds too go by the key, and nothing was ever parked or refused.
    for one in (await at_wechat(shop, "GET", ""))["certificates"]:
        await at_wechat(shop, "DELETE", f"/certificates/{one['serial']}")
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=800, reason="少一包")
    await shop.settle()
    await shop.wait(30, steps=3)
    sold = [row for row in shop.box.table(PayOrder) if row.state in ("SUCCESS", "REFUND")]
    assert len(sold) == 9
    books = await balances(shop)
    assert books == {"cash_at_wechat": 9 * 8_800 - 800, "sales": -9 * 8_800, "refunds": 800}
    assert await shop.parked() == []
    assert await shop.all("select * from pay_notice_refused where merchant_id = $1") == []


async def test_a_certificate_that_was_revoked_too_early_is_a_matter_of_keys_not_of_money(shop: Shop) -> None:
    charge = await shop.charge(8_800)
    before = shop.made["serial"]
    made = await at_wechat(shop, "POST", "/api-certificate")
    await at_wechat(shop, "DELETE", f"/api-certificate/{before}")
    with pytest.raises(paying.OrderRefused, match="作废"):
        await shop.prepare(charge)
    async with shop.world.tx(shop.merchant) as tx:
        await accounts.save_keys(tx, private_key_pem=made["private_pem"], certificate_pem=made["certificate_pem"])
    await paid(shop, charge, await shop.prepare(charge))

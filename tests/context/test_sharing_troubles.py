"""Shares that fail more than once, and answers of WeChat's that are not about what it was asked for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from make.sharings import agree, patiently, refund, split_of, wrong
from make.tills import Shop, open_shop
from tongshang.payments.sharing import splits
from wxsandbox.pay.rows_sharing import PaySharing

FEN, SHARED = 8_800, 880


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        yield opened
        assert await wrong(opened) == []


async def test_what_fails_twice_after_a_refund_is_still_its_part_of_what_is_left(shop: Shop) -> None:
    partners = await agree(shop)
    await partners.setting(partners.supplier, sharing_obstacle="RECEIVER_HIGH_RISK")
    charge = await shop.sell(FEN)
    await patiently(shop)
    await refund(shop, charge, FEN // 2)
    await patiently(shop, 7_200)
    stuck = await split_of(shop, charge)
    for obstacle in ("RECEIVER_HIGH_RISK", "RECEIVER_HIGH_RISK", ""):
        await partners.setting(partners.supplier, sharing_obstacle=obstacle)
        async with shop.world.tx(shop.merchant) as tx:
            await splits.again(tx, split_id=stuck.id)
        await patiently(shop)
        assert (await split_of(shop, charge)).shares[0].amount_fen == SHARED // 2
    await patiently(shop, 86_400)  # the rest is set free in its own time
    assert (await split_of(shop, charge)).state == "done"
    assert await partners.money(partners.supplier) == SHARED // 2


async def test_an_answer_about_other_shares_is_parked_and_asked_for_calmly(shop: Shop) -> None:
    await agree(shop)
    await shop.sandbox.set_merchant(shop.made["mchid"], sharing_seconds=300.0)
    charge = await shop.sell(FEN)
    await shop.wait(75, steps=3)
    table = shop.box.table(PaySharing)
    (asked,) = [row for row in table if not row.rest]
    asked.parts[0].amount_fen -= 1
    table.put(asked)
    await patiently(shop, 3_600)
    assert (await split_of(shop, charge)).state == "splitting"
    assert len(await shop.all("select id from pay_notice where merchant_id = $1 and state = 'suspicious'")) == 1
    assert await shop.parked() == []


@pytest.mark.parametrize(("outcome", "shared"), [("CLOSED", SHARED), ("SUCCESS", SHARED // 2)])
async def test_a_refund_under_way_is_waited_for_before_anything_is_shared(
    shop: Shop, outcome: str, shared: int
) -> None:
    partners = await agree(shop)
    await shop.sandbox.set_merchant(shop.made["mchid"], refund_seconds=600.0, refund_outcome=outcome)
    charge = await shop.sell(FEN)
    await refund(shop, charge, FEN // 2)
    await shop.wait(300, steps=10)
    assert (await split_of(shop, charge)).state == "waiting"
    await patiently(shop, 7_200)
    assert (await split_of(shop, charge)).state == "done"
    assert await partners.money(partners.supplier) == shared


async def test_what_is_set_free_late_is_asked_about_soon(shop: Shop) -> None:
    partners = await agree(shop)
    await partners.setting(partners.supplier, sharing_obstacle="RECEIVER_HIGH_RISK")
    charge = await shop.sell(FEN)
    await patiently(shop, 5 * 3_600)
    stuck = await split_of(shop, charge)
    assert stuck.state == "stuck"
    await shop.sandbox.set_merchant(shop.made["mchid"], sharing_seconds=60.0)
    async with shop.world.tx(shop.merchant) as tx:
        await splits.give_up(tx, split_id=stuck.id)  # hours after the shares were due, and that is no reason to wait
    await patiently(shop, 40)
    assert (await split_of(shop, charge)).state == "releasing"
    await patiently(shop, 120)
    assert (await split_of(shop, charge)).state == "done"

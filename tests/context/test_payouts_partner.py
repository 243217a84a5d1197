"""Pay-outs under a service provider: only once the merchant let it, of the merchant's own money, and in its books."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from make.payouts import call_off, fan, give, look, take
from make.tills import START, Shop, balances, open_shop
from tongshang.payments.bills import days
from tongshang.payments.payouts import grants
from tongshang.payments.payouts.grants import Grant, GrantRefused, NotGranted
from tongshang.payments.payouts.model import Face
from tongshang.payments.payouts.payouts import NoPackets
from tongshang.platform.work import Worker

DAY = date(2026, 11, 20)


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account(partner=True)
        await opened.sell(8_800)
        yield opened


async def standing(shop: Shop) -> str:
    """Say how the grant stands."""
    async with shop.world.tx(shop.merchant) as tx:
        return (await grants.current(tx)).state


async def answer(shop: Shop, grant: str) -> None:
    """Have the merchant's administrator answer at WeChat."""
    await shop.sandbox.set_merchant(shop.made["sub_mchid"], transfer_grant=grant)


async def agreed(shop: Shop) -> None:
    """Have the grant asked for and given."""
    await grants.ask(shop.world, shop.merchant)
    await answer(shop, "PASSED")
    await grants.look(shop.world, shop.merchant)


async def test_a_grant_is_asked_for_answered_taken_back_and_asked_for_again(shop: Shop) -> None:
    lily = await fan(shop)
    with pytest.raises(NotGranted):
        await give(shop, lily, 1_000)
    lost = await shop.sandbox.fault("POST /v3/fund-app/*", "error", code="NO_AUTH")
    with pytest.raises(GrantRefused):
        await grants.ask(shop.world, shop.merchant)
    assert await standing(shop) == "rejected"
    await shop.sandbox.heal(lost)
    for _ in range(2):
        assert (await grants.ask(shop.world, shop.merchant)).state == "invited"
    # Nobody tells us of the answer: it is asked after by itself.
    await answer(shop, "PASSED")
    await shop.wait(600, steps=4)
    assert await standing(shop) == "passed"
    await answer(shop, "CANCELED")
    stalled = await give(shop, lily, 1_000)
    assert (stalled.state, stalled.problem[:7]) == ("stalled", "NO_AUTH")
    assert (await grants.look(shop.world, shop.merchant)).state == "canceled"
    with pytest.raises(NotGranted):
        await give(shop, lily, 1_000)
    assert (await grants.ask(shop.world, shop.merchant)).state == "invited"
    # An invitation that nobody answers expires, and may be repeated.
    await shop.wait(8 * 86_400, steps=60)
    assert await standing(shop) == "expired"
    await agreed(shop)
    assert (await give(shop, lily, 1_000)).state == "waiting"
    assert await shop.parked() == []


async def test_it_is_the_merchants_money_taken_expired_called_off_and_agreed_with_the_bill(shop: Shop) -> None:
    await agreed(shop)
    lily = await fan(shop)
    with pytest.raises(NoPackets):
        await give(shop, lily, 1_000, face=Face.RED_PACKET)
    taken, left, called = await give(shop, lily, 1_000), await give(shop, lily, 500), await give(shop, lily, 300)
    assert {one.state for one in (taken, left, called)} == {"waiting"}
    assert (await take(shop, taken))["result"] == "ok"
    await call_off(shop, called)
    await shop.wait(30, steps=3)
    await shop.wait_until(START + timedelta(days=1, hours=1))
    await shop.wait(300)
    assert [(await look(shop, one)).state for one in (taken, left, called)] == ["paid", "expired", "canceled"]
    await shop.wait_until(START + timedelta(days=2, hours=1))
    await Worker(shop.world, name="duties").duties()
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        assert [(await days.one(tx, day=DAY + timedelta(days=n))).state for n in (0, 1)] == ["agreed", "agreed"]
    made = await shop.sandbox.merchant_now(shop.made["sub_mchid"])
    books = await balances(shop)
    assert books == {"sales": -8_800, "cash_at_wechat": made["balance_fen"], "payouts": 1_000, "fees": 53}
    assert await shop.parked() == []


async def test_a_merchant_with_a_number_of_his_own_needs_no_grant(database_url: str, tmp_path: Path) -> None:
    async with open_shop(database_url, tmp_path) as shop:
        await shop.open_account()
        assert await grants.ask(shop.world, shop.merchant) == Grant(False, "", None)
        assert await grants.look(shop.world, shop.merchant) == Grant(False, "", None)

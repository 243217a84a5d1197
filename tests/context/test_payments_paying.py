"""Paying: against the simulator over real HTTP, with notices that come, do not come, come twice, late or forged."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from make.tills import Shop, balances, open_shop
from tongshang.payments import charges, paying
from tongshang.payments.charges import AlreadyPaid, NotPayable
from tongshang.payments.model import ChargeState
from tongshang.payments.promises import StillClosing
from tongshang.platform.errors import Invalid, Mismatch, NotFound
from weixin.errors import Unreachable
from wxsandbox.pay import orders
from wxsandbox.pay.rows import PayOrder


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        yield opened


async def test_a_notice_pays_the_charge_once(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    assert charge.state is ChargeState.PAID
    assert charge.transaction_id
    paid = await shop.facts("charge.paid")
    assert [(f["amount_fen"], f["subject_id"]) for f in paid] == [(8_800, str(charge.subject_id))]
    assert await balances(shop) == {"cash_at_wechat": 8_800, "sales": -8_800}
    await shop.wait(3600)
    assert await shop.parked() == []
    assert len(await shop.facts("charge.paid")) == 1


async def test_a_lost_notice_is_made_up_for_by_asking(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose", times=1)
    charge = await shop.charge()
    await shop.pay(await shop.prepare(charge))
    await shop.settle()
    assert (await shop.look(charge)).state is ChargeState.OPEN
    await shop.wait(5)
    assert (await shop.look(charge)).state is ChargeState.PAID
    assert await balances(shop) == {"cash_at_wechat": 8_800, "sales": -8_800}


async def test_an_unpaid_charge_closes_at_wechat_before_it_says_so(shop: Shop) -> None:
    charge = await shop.charge(window=timedelta(minutes=15))
    bill = await shop.prepare(charge)
    await shop.wait(14 * 60, steps=10)
    assert (await shop.look(charge)).state is ChargeState.OPEN
    await shop.wait(120)
    assert (await shop.look(charge)).state is ChargeState.CLOSED
    assert [f["reason"] for f in await shop.facts("charge.closed")] == ["expired"]
    assert (await shop.pay(bill))["result"] == "fail"
    assert await shop.parked() == []


async def test_asking_twice_is_asking_once(shop: Shop) -> None:
    charge = await shop.charge()
    words = {
        "subject": charge.subject_id,
        "amount_fen": charge.amount_fen,
        "description": charge.description,
        "payer_openid": charge.payer_openid,
        "expires_at": charge.expires_at,
    }
    async with shop.world.tx(shop.merchant) as tx:
        assert await charges.open(tx, charge_id=charge.id, **words) == charge
    for change in ({"amount_fen": 1}, {"subject": shop.id()}, {"payer_openid": "other"}, {"description": "other"}):
        async with shop.world.tx(shop.merchant) as tx:
            with pytest.raises(Mismatch):
                await charges.open(tx, charge_id=charge.id, **{**words, **change})
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(Mismatch):
            await charges.open(tx, charge_id=shop.id(), **words)
        with pytest.raises(Invalid):
            await charges.open(tx, charge_id=shop.id(), **{**words, "amount_fen": 0})
        with pytest.raises(Invalid):
            await charges.open(tx, charge_id=shop.id(), **{**words, "expires_at": tx.now})
    assert len(await shop.facts("charge.opened")) == 1


async def test_what_wechat_gave_is_reused_while_it_is_good(shop: Shop) -> None:
    charge = await shop.charge(window=timedelta(hours=6))
    first = await shop.prepare(charge)
    assert (await shop.prepare(charge))["package"] == first["package"]
    await shop.wait(2 * 3600, steps=4)
    later = await shop.prepare(charge)
    assert later["package"] != first["package"]
    async with shop.world.tx(shop.merchant) as tx:
        assert len(await charges.attempts(tx, charge=charge.id)) == 1
    assert (await shop.pay(later))["result"] == "ok"


async def test_an_answer_lost_on_the_order_is_asked_again_under_the_same_number(shop: Shop) -> None:
    charge = await shop.charge()
    await shop.sandbox.fault("POST /v3/pay/transactions/jsapi", "lost", times=1)
    with pytest.raises(Unreachable):
        await shop.prepare(charge)
    assert (await shop.pay(await shop.prepare(charge)))["result"] == "ok"
    await shop.settle()
    assert (await shop.look(charge)).state is ChargeState.PAID
    assert len(list(shop.box.table(PayOrder))) == 1


async def test_an_answer_lost_on_closing_leaves_the_charge_closing_until_wechat_says(shop: Shop) -> None:
    charge = await shop.charge(window=timedelta(minutes=5))
    await shop.prepare(charge)
    await shop.sandbox.fault("POST /v3/pay/transactions/out-trade-no/*", "lost", times=1)
    await shop.wait(301)
    assert (await shop.look(charge)).state is ChargeState.CLOSING
    assert await shop.facts("charge.closed") == []
    with pytest.raises(StillClosing):
        await shop.prepare(charge)
    await shop.wait(120, steps=4)
    assert (await shop.look(charge)).state is ChargeState.CLOSED
    assert await shop.parked() == []
    with pytest.raises(NotPayable):
        await shop.prepare(charge)


async def test_wechat_away_for_hours_parks_nothing(shop: Shop) -> None:
    charge = await shop.charge(window=timedelta(minutes=5))
    await shop.prepare(charge)
    fault = await shop.sandbox.fault("* /v3/*", "status", status=503)
    await shop.wait(6 * 3600, steps=60)
    assert (await shop.look(charge)).state is ChargeState.OPEN
    await shop.sandbox.heal(fault)
    await shop.wait(60, steps=2)
    assert (await shop.look(charge)).state is ChargeState.CLOSED
    assert await shop.parked() == []


async def test_a_payment_in_the_last_moment_wins_over_the_closing(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose", times=1)
    charge = await shop.charge(window=timedelta(minutes=5))
    await shop.pay(await shop.prepare(charge))
    closed = await paying.close_out(shop.world, shop.merchant, charge=charge.id)
    assert closed.state is ChargeState.PAID
    assert await shop.facts("charge.closed") == []


async def test_cancelling_closes_at_wechat_first(shop: Shop) -> None:
    charge = await shop.charge()
    bill = await shop.prepare(charge)
    async with shop.world.tx(shop.merchant) as tx:
        assert (await charges.cancel(tx, charge=charge.id)).state is ChargeState.CLOSING
    assert await shop.facts("charge.closed") == []
    await shop.settle()
    assert [f["reason"] for f in await shop.facts("charge.closed")] == ["cancelled"]
    assert (await shop.pay(bill))["result"] == "fail"
    async with shop.world.tx(shop.merchant) as tx:
        assert (await charges.cancel(tx, charge=charge.id)).state is ChargeState.CLOSED


async def test_cancelling_what_nobody_began_to_pay_is_done_at_once(shop: Shop) -> None:
    charge = await shop.charge()
    async with shop.world.tx(shop.merchant) as tx:
        assert (await charges.cancel(tx, charge=charge.id, reason="changed")).state is ChargeState.CLOSED
    assert [f["reason"] for f in await shop.facts("charge.closed")] == ["changed"]


async def test_a_paid_charge_is_neither_prepared_nor_cancelled(shop: Shop) -> None:
    charge = await shop.sell()
    with pytest.raises(AlreadyPaid):
        await shop.prepare(charge)
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(AlreadyPaid):
            await charges.cancel(tx, charge=charge.id)
    assert await paying.confirm(shop.world, shop.merchant, subject=charge.subject_id)
    assert not await paying.confirm(shop.world, shop.merchant, subject=shop.id())
    with pytest.raises(NotFound):
        await shop.prepare(replace(charge, id=shop.id()))


async def test_an_expired_charge_is_not_prepared(shop: Shop) -> None:
    charge = await shop.charge(window=timedelta(minutes=5))
    await shop.box.scheduler.advance_to(shop.box.clock.now() + 301)
    with pytest.raises(NotPayable):
        await shop.prepare(charge)


async def test_wechats_refusal_is_told_and_kept(shop: Shop) -> None:
    charge = await shop.charge()
    await shop.sandbox.fault("POST /v3/pay/transactions/jsapi", "error", code="NO_AUTH", data={"message": "无权限"})
    with pytest.raises(paying.OrderRefused) as refused:
        await shop.prepare(charge)
    assert "无权限" in refused.value.sentence("zh")
    assert [(f["code"], f["message"]) for f in await shop.facts("charge.refused")] == [("NO_AUTH", "无权限")]


async def test_a_number_that_is_used_up_is_closed_and_another_tried(shop: Shop) -> None:
    charge = await shop.charge()
    bill = await shop.prepare(charge)
    (row,) = list(shop.box.table(PayOrder))
    orders.close(shop.box, row)
    assert (await shop.pay(bill))["result"] == "fail"
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run("update charge_attempt set prepay_until = $2 where merchant_id = $1", tx.merchant, tx.now)
    assert (await shop.pay(await shop.prepare(charge)))["result"] == "ok"
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        states = [one.state for one in await charges.attempts(tx, charge=charge.id)]
    assert states == ["closed", "paid"]


async def test_wechat_refusing_every_number_is_not_tried_for_ever(shop: Shop) -> None:
    charge = await shop.charge()
    await shop.sandbox.fault("POST /v3/pay/transactions/jsapi", "error", code="OUT_TRADE_NO_USED")
    with pytest.raises(paying.OrderRefused):
        await shop.prepare(charge)
    async with shop.world.tx(shop.merchant) as tx:
        assert len(await charges.attempts(tx, charge=charge.id)) == 3


async def test_paid_but_nobody_told_us_is_found_when_the_payer_tries_again(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose", times=1)
    charge = await shop.charge()
    await shop.pay(await shop.prepare(charge))
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run("update charge_attempt set prepay_until = $2 where merchant_id = $1", tx.merchant, tx.now)
    with pytest.raises(AlreadyPaid):
        await shop.prepare(charge)
    assert (await shop.look(charge)).state is ChargeState.PAID


async def test_the_ladder_of_looks(shop: Shop) -> None:
    charge = await shop.charge(window=timedelta(hours=3))
    opened = charge.opened_at
    looks, now = [], opened + timedelta(seconds=5)
    while now < charge.expires_at:
        looks.append((now - opened).total_seconds())
        now += timedelta(seconds=paying.next_look(charge, now))
    assert looks[:8] == [5, 30, 60, 180, 300, 600, 1800, 3600]
    assert now == charge.expires_at

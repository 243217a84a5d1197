"""Every way to pay, direct and as a service provider: one at a time, asked after, closed, and booked once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from make.tills import Shop, balances, open_shop
from tongshang.payments import charges, counter, offline, paying, refunds
from tongshang.payments.charges import AlreadyPaid, NotPayable
from tongshang.payments.model import By, Charge, ChargeState, Way
from tongshang.payments.offline import NotOffline, OtherAmount, Said
from tongshang.platform.errors import Invalid, Mismatch
from wxsandbox.client import Phone

FEN = 8_800
H5 = By(Way.H5, payer_ip="14.23.150.211")
ANN = Said("cash", "微信没电了，收了现金", UUID(int=7), "安")
both = pytest.mark.parametrize("shop", [False, True], ids=["direct", "partner"], indirect=True)


@pytest.fixture
async def shop(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account(partner=bool(getattr(request, "param", False)))
        yield opened


async def tried(shop: Shop, charge: Charge) -> list[tuple[str, str]]:
    """List a charge's tries: the way, and how it ended."""
    async with shop.world.tx(shop.merchant) as tx:
        return [(one.kind.value, one.state.value) for one in await charges.attempts(tx, charge=charge.id)]


async def scan(shop: Shop, charge: Charge, digits: str = "") -> Charge:
    """Scan the code on Lily's screen."""
    digits = digits or (await shop.sandbox.call("POST", "/people/lily/payment-code"))["auth_code"]
    return await counter.scan(shop.world, shop.merchant, charge=charge.id, by=counter.by_code(digits))


async def confirmed(shop: Shop, charge: Charge, password: str = "123456") -> dict[str, Any]:
    """Have Lily type the password she is asked for."""
    asked = await shop.sandbox.call("GET", "/people/lily/payment-requests")
    number = asked["items"][0]["out_trade_no"]
    return dict(await shop.sandbox.call("POST", f"/people/lily/payment-requests/{number}", {"password": password}))


@both
async def test_the_ways_take_turns_and_the_last_one_is_paid(shop: Shop) -> None:
    charge = await shop.charge(FEN)
    prepaid = await shop.prepare(charge)
    shown = await paying.prepare_attempt(shop.world, shop.merchant, charge=charge.id, by=By(Way.NATIVE))
    again = await paying.prepare_attempt(shop.world, shop.merchant, charge=charge.id, by=By(Way.NATIVE))
    assert again.attempt == shown.attempt
    went = await paying.prepare_attempt(shop.world, shop.merchant, charge=charge.id, by=H5)
    # What was given out before can be paid no more, and nothing that is closed is ever paid.
    assert (await shop.pay(prepaid))["message"] == "订单已关闭"
    assert (await shop.pay({"code_url": shown.attempt.code_url}))["message"] == "订单已关闭"
    phone = Phone(shop.sandbox, "lily")
    await phone.pay_h5(went.attempt.code_url)
    await phone.close()
    await shop.settle()
    assert (await shop.look(charge)).state is ChargeState.PAID
    assert await tried(shop, charge) == [("jsapi", "closed"), ("native", "closed"), ("h5", "paid")]
    with pytest.raises(AlreadyPaid):
        await scan(shop, charge)
    assert await balances(shop) == {"cash_at_wechat": FEN, "sales": -FEN}
    assert await shop.parked() == []


@both
async def test_a_code_at_the_counter_is_paid_at_once(shop: Shop) -> None:
    charge = await shop.charge(FEN)
    assert (await scan(shop, charge)).state is ChargeState.PAID
    await shop.wait(60, steps=6)
    assert await tried(shop, charge) == [("micropay", "paid")]
    assert await balances(shop) == {"cash_at_wechat": FEN, "sales": -FEN}
    # Its refund goes the way of any other.
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=800, reason="少一包")
    await shop.settle()
    await shop.wait(10, steps=5)
    assert await balances(shop) == {"cash_at_wechat": FEN - 800, "sales": -FEN, "refunds": 800}
    assert await shop.parked() == []


@both
async def test_a_password_is_awaited_half_a_minute_and_then_called_off(shop: Shop) -> None:
    charge = await shop.charge(200_000)
    assert (await scan(shop, charge)).state is ChargeState.OPEN
    await shop.wait(5)
    await confirmed(shop, charge)
    await shop.wait(5)
    assert (await shop.look(charge)).state is ChargeState.PAID
    # Nobody types: after half a minute the payment is called off, and the charge waits for another way.
    late = await shop.charge(200_000)
    await scan(shop, late)
    await shop.wait(40, steps=8)
    assert await tried(shop, late) == [("micropay", "closed")]
    assert (await shop.sandbox.call("GET", "/people/lily/payment-requests"))["items"] == []
    # A wrong password ends it sooner, and so does a code that is no good.
    await scan(shop, late)
    await confirmed(shop, late, "000000")
    await shop.wait(5)
    assert await tried(shop, late) == [("micropay", "closed")] * 2
    with pytest.raises(paying.OrderRefused, match="付款码无效"):
        await scan(shop, late, "13" + "0" * 16)
    with pytest.raises(Invalid):
        counter.by_code("163456789012345678")
    assert (await shop.pay(await shop.prepare(late)))["result"] == "ok"
    await shop.settle()
    assert await balances(shop) == {"cash_at_wechat": 400_000, "sales": -400_000}


async def test_an_answer_that_is_lost_at_the_counter_is_asked_for(shop: Shop) -> None:
    charge = await shop.charge(FEN)
    await shop.sandbox.fault("POST /v3/pay/transactions/codepay", "lost", times=1)
    await scan(shop, charge)
    await shop.wait(5)
    assert await tried(shop, charge) == [("micropay", "paid")]
    assert await balances(shop) == {"cash_at_wechat": FEN, "sales": -FEN}


@both
async def test_nobody_pays_in_time_and_every_way_is_closed_there_first(shop: Shop) -> None:
    for by in (By(Way.NATIVE), H5):
        charge = await shop.charge(window=timedelta(minutes=5))
        ready = await paying.prepare_attempt(shop.world, shop.merchant, charge=charge.id, by=by)
        await shop.wait(420, steps=14)
        assert (await shop.look(charge)).state is ChargeState.CLOSED
        assert await tried(shop, charge) == [(by.way.value, "closed")]
        assert (await shop.pay({"code_url": ready.attempt.code_url}))["result"] == "fail"
        with pytest.raises(NotPayable):
            await paying.prepare_attempt(shop.world, shop.merchant, charge=charge.id, by=by)
    assert len(await shop.facts("charge.closed")) == 2


@both
async def test_cash_is_recorded_with_who_and_why_and_goes_back_by_hand(shop: Shop) -> None:
    charge, id = await shop.charge(FEN), shop.id()
    bill = await shop.prepare(charge)

    async def take(fen: int, said: Said = ANN, id: UUID = id) -> Charge:
        return await offline.take(shop.world, shop.merchant, charge=charge.id, id=id, amount_fen=fen, said=said)

    with pytest.raises(OtherAmount):
        await take(FEN - 1)
    with pytest.raises(Invalid):
        await take(FEN, Said("cash", "  ", UUID(int=7), "安"))
    assert (await take(FEN)).state is ChargeState.PAID
    assert (await take(FEN)).state is ChargeState.PAID
    with pytest.raises(Mismatch):
        await take(FEN, Said("transfer", "改口", UUID(int=7), "安"))
    with pytest.raises(AlreadyPaid):
        await take(FEN, id=shop.id())
    # What was given out at WeChat before can be paid no more.
    assert (await shop.pay(bill))["message"] == "订单已关闭"
    assert await balances(shop) == {"offline": FEN, "sales": -FEN}
    refund = shop.id()
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=refund, subject=charge.subject_id, amount=800, reason="少一包")
    await shop.wait(3600, steps=3)
    assert [f["state"] for f in await shop.all("select state from refund where merchant_id = $1")] == ["requested"]
    for _ in range(2):
        async with shop.world.tx(shop.merchant) as tx:
            back = await offline.give_back(tx, refund=refund, said=ANN)
    assert (back.direction, back.amount_fen, back.staff_name) == ("out", 800, "安")
    assert await balances(shop) == {"offline": FEN - 800, "sales": -FEN, "refunds": 800}
    assert len(await shop.facts("refund.settled")) == 1
    assert [f["note"] for f in await shop.facts("charge.offline_paid")] == [ANN.note]
    assert await shop.parked() == []
    # What WeChat Pay took is not given back by hand.
    other = await shop.sell(FEN)
    by_wechat = shop.id()
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=by_wechat, subject=other.subject_id, amount=800, reason="少一包")
        with pytest.raises(NotOffline):
            await offline.give_back(tx, refund=by_wechat, said=ANN)


@both
async def test_money_that_comes_after_cash_was_taken_goes_back_by_itself(shop: Shop) -> None:
    charge = await shop.charge(FEN)
    bill = await shop.prepare(charge)
    # The payer is quicker than our closing: WeChat says paid, so there is nothing to take by hand.
    assert (await shop.pay(bill))["result"] == "ok"
    with pytest.raises(AlreadyPaid):
        await offline.take(shop.world, shop.merchant, charge=charge.id, id=shop.id(), amount_fen=FEN, said=ANN)
    await shop.settle()
    assert await balances(shop) == {"cash_at_wechat": FEN, "sales": -FEN}

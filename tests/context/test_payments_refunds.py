"""Refunds: promised once, sent under one number, followed to the end, and booked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from make.tills import Shop, balances, open_shop, told
from tongshang.payments import refunds
from tongshang.payments.model import Charge, Refund, RefundState
from tongshang.payments.refunds import NoSuchCharge, TooLate, TooManyParts, TooMuch
from tongshang.platform.errors import Invalid, Mismatch, NotFound
from tongshang.platform.machine import IllegalMove
from wxsandbox.pay.rows import PayRefund


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        yield opened


async def ask(shop: Shop, charge: Charge, amount: int, *, refund_id: UUID | None = None) -> Refund:
    async with shop.world.tx(shop.merchant) as tx:
        return await refunds.request(
            tx, refund_id=refund_id or shop.id(), subject=charge.subject_id, amount=amount, reason="茶叶受潮"
        )


async def look(shop: Shop, refund: Refund) -> Refund:
    async with shop.world.tx(shop.merchant) as tx:
        return await refunds.get(tx, refund=refund.id)


async def ending(shop: Shop, refund: Refund, status: str) -> None:
    async with shop.world.tx(shop.merchant) as tx:
        newest = (await refunds.tries(tx, refund=refund.id))[0]
    await shop.sandbox.call("POST", f"/refunds/{newest.wx_number}/ending", {"status": status})
    await shop.settle()


async def test_a_part_goes_back_once_however_often_it_is_asked(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    refund_id = shop.id()
    first = await ask(shop, charge, 1_900, refund_id=refund_id)
    assert await ask(shop, charge, 1_900, refund_id=refund_id) == first
    for other in (1_901, 1):
        with pytest.raises(Mismatch):
            await ask(shop, charge, other, refund_id=refund_id)
    assert await balances(shop) == {
        "cash_at_wechat": 8_800, "sales": -8_800, "refunds": 1_900, "refunds_payable": -1_900,
    }  # fmt: skip
    await shop.wait(20, steps=2)
    assert (await look(shop, first)).state is RefundState.SETTLED
    assert await balances(shop) == {"cash_at_wechat": 6_900, "sales": -8_800, "refunds": 1_900}
    assert [f["amount_fen"] for f in await shop.facts("refund.settled")] == [1_900]
    await shop.wait(3600, steps=4)
    assert await shop.parked() == []


async def test_no_more_goes_back_than_was_paid(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    await ask(shop, charge, 600)
    with pytest.raises(TooMuch) as refused:
        await ask(shop, charge, 401)
    assert refused.value.params["left"] == "4.00"
    with pytest.raises(Invalid):
        await ask(shop, charge, 0)
    unpaid = await shop.charge(1_000)
    with pytest.raises(NoSuchCharge):
        await ask(shop, unpaid, 1)


async def test_two_clerks_at_once_stand_in_line(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    said = await asyncio.gather(*(ask(shop, charge, 600) for _ in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in said) == ["Refund", "TooMuch", "TooMuch", "TooMuch"]


async def test_the_table_says_it_again(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    sql = "update charge_attempt set refunded_fen = 1001 where merchant_id = $1 and id = $2"
    with pytest.raises(asyncpg.CheckViolationError):
        async with shop.world.tx(shop.merchant) as tx:
            await tx.run(sql, tx.merchant, charge.paid_attempt_id)
    with pytest.raises(asyncpg.CheckViolationError):
        async with shop.world.tx(shop.merchant) as tx:
            await tx.run("update charge_attempt set paid_fen = 999 where merchant_id = $1", tx.merchant)
    with pytest.raises(asyncpg.CheckViolationError):
        async with shop.world.tx(shop.merchant) as tx:
            await tx.run("update charge set state = 'open' where merchant_id = $1", tx.merchant)


async def test_parts_of_one_payment_are_a_minute_apart(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    for _ in range(3):
        await ask(shop, charge, 100)
    await shop.settle()
    await shop.wait(20, steps=2)
    assert len(await shop.facts("refund.settled")) == 1
    await shop.wait(80, steps=4)
    assert len(await shop.facts("refund.settled")) == 2
    await shop.wait(90, steps=3)
    assert len(await shop.facts("refund.settled")) == 3
    assert await shop.parked() == []
    # We kept the minute: WeChat never had to say so.
    calls = await shop.sandbox.journal(kind="call", name="POST /v3/refund/domestic/refunds", limit=200)
    assert {one["status"] for one in calls} == {200}


async def test_whoever_is_told_to_slow_down_comes_back_and_has_not_failed(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    fault = await shop.sandbox.fault("POST /v3/refund/*", "error", code="FREQUENCY_LIMITED")
    refund = await ask(shop, charge, 1_000)
    await shop.wait(300, steps=15)  # more often than a job may fail
    assert await shop.parked() == []
    await shop.sandbox.heal(fault)
    await shop.wait(60, steps=4)
    assert (await look(shop, refund)).state is RefundState.SETTLED


async def test_fifty_parts_and_a_year_are_the_limit(shop: Shop) -> None:
    charge = await shop.sell(10_000)
    for _ in range(50):
        await ask(shop, charge, 1)
    with pytest.raises(TooManyParts):
        await ask(shop, charge, 1)
    other = await shop.sell(10_000)
    shop.box.clock.set(shop.box.clock.now() + timedelta(days=366).total_seconds())
    with pytest.raises(TooLate):
        await ask(shop, other, 1)


async def test_an_answer_lost_is_asked_for_before_it_is_repeated(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    await shop.sandbox.fault("POST /v3/refund/domestic/refunds", "lost", times=1)
    await shop.sandbox.fault("callback:pay.REFUND*", "lose", times=1)
    refund = await ask(shop, charge, 1_000)
    await shop.settle()
    assert (await look(shop, refund)).state is RefundState.REQUESTED
    await shop.wait(40, steps=2)
    assert (await look(shop, refund)).state is RefundState.SETTLED
    posts = await shop.sandbox.journal(name="POST /v3/refund/domestic/refunds")
    assert len(posts) == 1


async def test_a_request_that_never_arrived_is_sent_again_under_its_number(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    await shop.sandbox.fault("POST /v3/refund/domestic/refunds", "status", status=500, times=2)
    refund = await ask(shop, charge, 1_000)
    await shop.wait(120, steps=6)
    assert (await look(shop, refund)).state is RefundState.SETTLED
    assert (await look(shop, refund)).tries == 1


async def test_a_stuck_refund_waits_for_a_person_and_settles_when_he_mended_it(shop: Shop) -> None:
    await shop.sandbox.call("PUT", f"/merchants/{shop.made['mchid']}", {"refund_outcome": "ABNORMAL"})
    charge = await shop.sell(1_000)
    refund = await ask(shop, charge, 1_000)
    await shop.wait(20, steps=2)
    assert (await look(shop, refund)).state is RefundState.ABNORMAL
    assert [f["problem"] for f in await shop.facts("refund.stalled")] == ["ABNORMAL"]
    await shop.sandbox.fault("callback:pay.REFUND*", "lose")
    await ending(shop, refund, "SUCCESS")
    await shop.wait(7 * 3600, steps=4)
    assert (await look(shop, refund)).state is RefundState.SETTLED
    assert await balances(shop) == {"sales": -1_000, "refunds": 1_000}
    assert len(await shop.facts("refund.stalled")) == 1


async def test_stuck_then_closed_releases_the_promise_and_a_new_number_settles(shop: Shop) -> None:
    await shop.sandbox.call("PUT", f"/merchants/{shop.made['mchid']}", {"refund_outcome": "ABNORMAL"})
    charge = await shop.sell(1_000)
    refund = await ask(shop, charge, 1_000)
    await shop.wait(20, steps=2)
    await ending(shop, refund, "CLOSED")
    closed = await look(shop, refund)
    assert (closed.state, closed.problem) == (RefundState.CLOSED, "CLOSED")
    assert await balances(shop) == {"cash_at_wechat": 1_000, "sales": -1_000}
    await shop.sandbox.call("PUT", f"/merchants/{shop.made['mchid']}", {"refund_outcome": "SUCCESS"})
    await shop.wait(60)
    async with shop.world.tx(shop.merchant) as tx:
        assert (await refunds.again(tx, refund_id=refund.id)).tries == 2
    await shop.wait(40, steps=2)
    assert (await look(shop, refund)).state is RefundState.SETTLED
    async with shop.world.tx(shop.merchant) as tx:
        numbers = await refunds.tries(tx, refund=refund.id)
        with pytest.raises(IllegalMove):
            await refunds.again(tx, refund_id=refund.id)
    assert [(n.number, n.state) for n in numbers] == [(2, "settled"), (1, "closed")]
    assert len({n.wx_number for n in numbers}) == 2
    assert [f["number"] for f in await shop.facts("refund.requested")] == [1, 2]
    # The old number cannot come back to life: WeChat saying so is a contradiction, and a person looks.
    await contradict(shop, numbers[1].wx_number, 1_000)
    assert len(await shop.facts("pay.suspicious")) == 1


async def contradict(shop: Shop, number: str, total: int) -> None:
    (row,) = [one for one in shop.box.table(PayRefund) if one.out_refund_no == number]
    names = {"mchid": shop.made["mchid"], "out_refund_no": number, "refund_id": row.refund_id}
    amount = {"total": total, "refund": row.refund_fen, "payer_total": total, "payer_refund": row.refund_fen}
    told(shop, {**names, "refund_status": "SUCCESS", "amount": amount}, event="REFUND.SUCCESS")
    await shop.settle()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"amount": {"total": 1_000, "refund": 1}}, "refund_fen"),
        ({"amount": {"total": 1, "refund": 400}}, "total_fen"),
        ({"mchid": "1900000001"}, "mchid"),
        ({"out_refund_no": "0" * 32}, "unknown"),
        ({"out_refund_no": "other"}, "unknown"),
        ({"transaction_id": "42"}, "transaction_id"),
    ],
)
async def test_a_refund_notice_that_lies_is_parked(shop: Shop, change: dict[str, object], problem: str) -> None:
    charge = await shop.sell(1_000)
    await shop.sandbox.call("PUT", f"/merchants/{shop.made['mchid']}", {"refund_seconds": 3600})
    refund = await ask(shop, charge, 400)
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        (number,) = await refunds.tries(tx, refund=refund.id)
    honest = {
        "mchid": shop.made["mchid"],
        "out_refund_no": number.wx_number,
        "refund_id": number.wx_refund_id,
        "refund_status": "SUCCESS",
        "amount": {"total": 1_000, "refund": 400},
    }
    told(shop, {**honest, **change}, event="REFUND.SUCCESS")
    await shop.box.scheduler.settle()
    assert (await look(shop, refund)).state is RefundState.SENT
    (fact,) = await shop.facts("pay.suspicious")
    assert problem in fact["problem"]


async def test_an_empty_balance_stalls_until_there_is_money(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    mchid = shop.made["mchid"]
    balance = (await shop.sandbox.call("GET", f"/merchants/{mchid}"))["balance_fen"]
    await shop.sandbox.call("POST", f"/merchants/{mchid}/withdrawals", {"fen": balance})
    refund = await ask(shop, charge, 1_000)
    await shop.wait(60, steps=3)
    assert (await look(shop, refund)).state is RefundState.ABNORMAL
    assert "NOT_ENOUGH" in (await look(shop, refund)).problem
    await shop.sandbox.call("POST", f"/merchants/{mchid}/withdrawals", {"fen": -balance})
    await shop.wait(3600, steps=12)
    assert (await look(shop, refund)).state is RefundState.SETTLED
    assert await shop.parked() == []


async def test_what_wechat_refuses_for_good_is_closed_with_its_reason(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    fault = await shop.sandbox.fault("POST /v3/refund/*", "error", code="USER_ACCOUNT_ABNORMAL")
    refund = await ask(shop, charge, 1_000)
    await shop.settle()
    closed = await look(shop, refund)
    assert closed.state is RefundState.CLOSED
    assert "USER_ACCOUNT_ABNORMAL" in closed.problem
    await shop.sandbox.heal(fault)
    assert (await ask(shop, charge, 1_000)).state is RefundState.REQUESTED


async def test_a_refusal_that_a_person_can_mend_is_repeated_then_parked(shop: Shop) -> None:
    charge = await shop.sell(1_000)
    fault = await shop.sandbox.fault("POST /v3/refund/*", "error", code="NO_AUTH")
    refund = await ask(shop, charge, 1_000)
    await shop.settle()
    assert any("NO_AUTH" in why for why in await shop.parked())
    await shop.sandbox.heal(fault)
    await shop.wait(90, steps=6)
    assert (await look(shop, refund)).state is RefundState.SETTLED


async def test_unknown_refunds_are_not_found(shop: Shop) -> None:
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(NotFound):
            await refunds.get(tx, refund=shop.id())
        with pytest.raises(NotFound):
            await refunds.again(tx, refund_id=shop.id())

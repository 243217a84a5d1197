"""Pay-outs: promised once, held by WeChat for a day, taken or back, and booked; whatever goes wrong on the way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from make.payouts import WORDS, call_off, fan, give, look, take, there, why
from make.tills import Shop, balances, open_shop, told
from tongshang.payments.payouts import payouts, terms
from tongshang.payments.payouts.model import Face, PayoutState
from tongshang.payments.payouts.payouts import AnotherAccount, NameNeeded, OutOfLimits, TooLate
from tongshang.payments.payouts.terms import DayFull
from tongshang.platform.errors import Invalid, Mismatch
from tongshang.platform.machine import IllegalMove
from wxsandbox.pay import transfers

S = PayoutState
CALL = "POST /v3/fund-app/mch-transfer/transfer-bills"
SALE = {"sales": -8_800, "cash_at_wechat": 8_800}


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account(rate="0%")
        await opened.sell(8_800)
        yield opened


async def test_it_waits_a_day_is_taken_once_and_is_booked_in_three_steps(shop: Shop) -> None:
    lily = await fan(shop)
    given = await give(shop, lily, 5_000)
    assert (given.state, given.wx_state) == (S.WAITING, "WAIT_USER_CONFIRM")
    assert given.expires_at == given.locked_at + timedelta(hours=24)  # type: ignore[operator]
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 3_800, "payouts_held": 5_000}
    again = await give(shop, lily, 5_000, id=given.id)
    assert again == await look(shop, given)
    with pytest.raises(Mismatch):
        await give(shop, lily, 5_001, id=given.id)
    purse = await shop.sandbox.call("GET", "/people/lily/wallet")
    assert (await take(shop, given))["result"] == "ok"
    paid = await look(shop, given)
    assert (paid.state, paid.package) == (S.PAID, "")
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 3_800, "payouts": 5_000}
    assert (await shop.sandbox.call("GET", "/people/lily/wallet"))["balance_fen"] == purse["balance_fen"] + 5_000
    assert (await take(shop, given))["result"] == "fail"
    with pytest.raises(TooLate):
        await call_off(shop, given)
    await shop.wait(26 * 3600, steps=4)
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 3_800, "payouts": 5_000}
    assert len(await shop.facts("payout.paid")) == len(await shop.facts("payout.waiting")) == 1
    assert await shop.parked() == []


async def test_what_nobody_takes_is_back_after_a_day(shop: Shop) -> None:
    given = await give(shop, await fan(shop), 5_000)
    await shop.wait(23 * 3600, steps=3)
    assert (await look(shop, given)).state is S.WAITING
    await shop.wait(2 * 3600)
    assert await why(shop, given) == ("expired", "24 小时内没有收款，款项已退回")
    assert await balances(shop) == SALE
    assert (await shop.sandbox.merchant_now(shop.made["mchid"]))["balance_fen"] == 8_800
    assert [one["state"] for one in await shop.facts("payout.returned")] == ["expired"]
    assert (await take(shop, given))["result"] == "fail"


async def test_what_is_heard_of_late_ended_when_wechat_says(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.MCHTRANSFER.*", "lose")
    given = await give(shop, await fan(shop), 5_000)
    await shop.wait(33 * 3600)  # nobody looks for a day and more, as when the clock is turned or the worker is down
    back = await look(shop, given)
    assert back.state is S.EXPIRED
    assert back.locked_at is not None
    assert back.ended_at is not None
    assert abs((back.ended_at - back.locked_at).total_seconds() - 86_400) < 60  # the day of its bill


async def test_nothing_is_told_and_yet_everything_is_known(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.MCHTRANSFER.*", "lose")
    lily = await fan(shop)
    taken, left = await give(shop, lily, 1_000), await give(shop, lily, 2_000)
    await take(shop, taken)
    await shop.wait(3600, steps=2)
    assert (await look(shop, taken)).state is S.PAID
    await shop.wait(25 * 3600, steps=3)
    assert (await look(shop, left)).state is S.EXPIRED
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 7_800, "payouts": 1_000}


@pytest.mark.parametrize("effect", ["lost", "timeout"])
async def test_an_answer_that_is_lost_gives_nothing_twice(shop: Shop, effect: str) -> None:
    await shop.sandbox.fault(CALL, effect, times=2, seconds=0.2)
    given = await give(shop, await fan(shop), 5_000)
    await shop.wait(120, steps=4)
    now = await look(shop, given)
    assert (now.state, bool(now.package)) == (S.WAITING, True)
    assert len(await shop.sandbox.transfers()) == 1
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 3_800, "payouts_held": 5_000}


async def test_notices_that_are_doubled_forged_foreign_or_late_change_nothing(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.MCHTRANSFER.*", "repeat", count=3)
    given = await give(shop, await fan(shop), 5_000)
    waiting = transfers.resource(there(shop, given)) | {"state": "SUCCESS"}
    for lie in (
        {"transfer_amount": 4_999}, {"openid": "o-somebody-else"}, {"mch_id": "1900000009"},
        {"out_bill_no": shop.id().hex}, {"transfer_bill_no": "1330000000000"},
    ):  # fmt: skip
        told(shop, waiting | lie, event=transfers.EVENT)
        await shop.settle()
        assert (await look(shop, given)).state is S.WAITING, lie
    await shop.sandbox.fault("callback:pay.MCHTRANSFER.*", "forge", times=1)
    told(shop, waiting, event=transfers.EVENT)
    await shop.box.scheduler.settle()
    assert (await look(shop, given)).state is S.WAITING
    assert len(await shop.all("select 1 from pay_notice where merchant_id = $1 and state = 'suspicious'")) == 5
    assert len(await shop.all("select 1 from pay_notice_refused where merchant_id = $1 and why = 'signature'")) == 1


async def test_an_end_is_the_end_and_another_one_is_suspicious(shop: Shop) -> None:
    given = await give(shop, await fan(shop), 5_000)
    await take(shop, given)
    told(shop, transfers.resource(there(shop, given)) | {"state": "FAIL", "fail_reason": "OVERDUE_CLOSE"},
         event=transfers.EVENT)  # fmt: skip
    told(shop, transfers.resource(there(shop, given)), event=transfers.EVENT)
    await shop.settle()
    assert (await look(shop, given)).state is S.PAID
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 3_800, "payouts": 5_000}
    wrong = await shop.all("select problem from pay_notice where merchant_id = $1 and state = 'suspicious'")
    assert [row["problem"] for row in wrong] == ["ended as paid, now told FAIL"]


async def test_calling_off_waits_for_wechats_word_and_the_person_may_be_faster(shop: Shop) -> None:
    lily = await fan(shop)
    given, faster = await give(shop, lily, 5_000), await give(shop, lily, 1_000)
    await call_off(shop, given)
    await call_off(shop, given)
    assert (await look(shop, given)).state is S.CANCELING
    await shop.wait(15)
    assert (await look(shop, given)).state is S.CANCELED
    transfers.confirmed(shop.box, there(shop, faster))
    await call_off(shop, faster)
    await shop.wait(30, steps=3)
    assert (await look(shop, faster)).state is S.PAID
    assert await balances(shop) == {"sales": -8_800, "cash_at_wechat": 7_800, "payouts": 1_000}
    assert await shop.parked() == []


async def test_without_money_it_stalls_and_goes_on_under_its_own_number(shop: Shop) -> None:
    await shop.sandbox.take_out(shop.made["mchid"], 5_000)
    lily = await fan(shop)
    given = await give(shop, lily, 5_000)
    assert (given.state, given.problem.split()[0]) == (S.STALLED, "NOT_ENOUGH")
    assert await balances(shop) == SALE
    await shop.sandbox.take_out(shop.made["mchid"], -5_000)
    for _ in range(2):
        async with shop.world.tx(shop.merchant) as tx:
            await payouts.go_on(tx, payout=given.id)
    await shop.settle()
    assert (await look(shop, given)).state is S.WAITING
    assert len(await shop.sandbox.transfers()) == 1
    with pytest.raises(IllegalMove):
        async with shop.world.tx(shop.merchant) as tx:
            await payouts.go_on(tx, payout=given.id)
    other = await give(shop, lily, 8_000)
    await call_off(shop, other)
    assert (await look(shop, other)).state is S.CANCELED


async def test_while_funds_are_being_set_aside_nothing_is_booked(shop: Shop) -> None:
    await shop.sandbox.fault("transfer:lock", "hold", times=2)
    given = await give(shop, await fan(shop), 5_000)
    assert (given.state, given.wx_state) == (S.SENT, "PROCESSING")
    assert await balances(shop) == SALE
    await shop.wait(120, steps=4)
    assert (await look(shop, given)).state is S.WAITING


async def test_who_gets_much_is_named_and_the_name_is_checked_and_kept_sealed(shop: Shop) -> None:
    await shop.sandbox.take_out(shop.made["mchid"], -1_000_000)
    await shop.sandbox.set_merchant(shop.made["mchid"], transfer_most_fen=500_000)
    async with shop.world.tx(shop.merchant) as tx:
        await terms.save(tx, most_fen=500_000, day_fen=900_000)
    lily = await fan(shop)
    with pytest.raises(NameNeeded):
        await give(shop, lily, 200_000)
    wrong = await give(shop, lily, 200_000, name="王五")
    assert (await take(shop, wrong))["result"] == "fail"
    assert (await why(shop, wrong))[0] == "failed"
    right = await give(shop, lily, 200_000, name="lily")
    assert (await take(shop, right))["result"] == "ok"
    now = await look(shop, right)
    assert (now.state, now.name_sealed) == (S.PAID, None)
    assert (await give(shop, lily, 200_000, id=right.id, name="lily")).id == right.id
    assert b"lily" not in bytes(right.name_sealed or b"")
    assert there(shop, right).name == "lily"


async def test_limits_of_one_and_of_a_day_hold_even_for_two_at_once(shop: Shop) -> None:
    async with shop.world.tx(shop.merchant) as tx:
        await terms.save(tx, most_fen=5_000, day_fen=6_000)
    lily = await fan(shop)
    for amount in (9, 5_001):
        with pytest.raises(OutOfLimits):
            await give(shop, lily, amount)
    for more in (
        {"report": {"活动名称": "只有一项"}}, {"remark": ""}, {"reason": "gambling"}, {"remark": "长" * 33},
        {"reason": "compensation", "report": {"赔付原因": "破损"}, "face": Face.RED_PACKET},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            await give(shop, lily, 1_000, **more)

    async def one() -> bool:
        try:
            async with shop.world.tx(shop.merchant) as tx:
                await payouts.promise(tx, payout_id=shop.id(), fan_id=lily, amount_fen=4_000, **WORDS)
        except DayFull:
            return False
        return True

    assert sorted(await asyncio.gather(one(), one())) == [False, True]
    stranger = await shop.all("update fan set appid = 'wx-another' where merchant_id = $1 returning id")
    with pytest.raises(AnotherAccount):
        await give(shop, stranger[0]["id"], 1_000)

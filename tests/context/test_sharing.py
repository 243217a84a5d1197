"""Sharing payments, direct and as a service provider: shared once, returned before a refund, booked to the fen."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from make.sharings import SUPPLIER, agree, declare, patiently, refund, refund_state, split_of, wrong
from make.tills import Shop, balances, open_shop
from tongshang.payments import refunds
from tongshang.payments.model import By, Way
from tongshang.payments.paying import prepare_attempt
from tongshang.payments.sharing import queries, receivers, returns, settings, splits, splitting
from tongshang.payments.sharing.model import ReceiverKind, Relation
from tongshang.payments.sharing.returns import NotFailed
from tongshang.payments.sharing.settings import TooGenerous
from tongshang.payments.sharing.splits import NotStuck
from tongshang.platform.errors import Invalid, Mismatch
from wxsandbox.pay.rows import PayFlow, PayOrder
from wxsandbox.pay.rows_sharing import PaySharing, PaySharingReturn

FEN, FEE = 8_800, 53
SHARED, FOR_PROVIDER = 880, 174  # a tenth of 8,800; a fiftieth of 8,747 is 174.94, and the odd fen is nobody's
both = pytest.mark.parametrize("shop", [False, True], ids=["direct", "partner"], indirect=True)
CALLS = [f"POST /v3/profitsharing/{what}" for what in ("orders", "return-orders", "orders/unfreeze")]


@pytest.fixture
async def shop(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account(partner=bool(getattr(request, "param", False)))
        yield opened
        assert await wrong(opened) == []


def payer(shop: Shop) -> str:
    """Name whose money is shared."""
    return str(shop.made.get("sub_mchid") or shop.made["mchid"])


async def held(shop: Shop) -> int:
    """Say what WeChat holds for sharing."""
    return int((await shop.sandbox.merchant_now(payer(shop)))["held_fen"])


@both
async def test_a_payment_is_shared_once_and_the_rest_set_free(shop: Shop) -> None:
    partners = await agree(shop)
    charge = await shop.sell(FEN)
    assert (await split_of(shop, charge)).state == "waiting"
    assert await held(shop) == FEN - FEE
    await patiently(shop)
    split = await split_of(shop, charge)
    assert (split.state, [(one.amount_fen, one.state) for one in split.shares]) == (
        "done", [(SHARED, "paid"), (FOR_PROVIDER, "paid")],
    )  # fmt: skip
    assert await held(shop) == 0
    assert await partners.money(partners.supplier) == SHARED
    assert await partners.money(partners.provider) == FOR_PROVIDER
    assert await partners.money(payer(shop)) == FEN - FEE - SHARED - FOR_PROVIDER
    assert await balances(shop) == {
        "cash_at_wechat": FEN - SHARED - FOR_PROVIDER, "sales": -FEN, "partner_shares": SHARED,
        "platform_fee": FOR_PROVIDER,
    }  # fmt: skip
    assert len([row for row in shop.box.table(PaySharing) if not row.rest]) == 1
    assert await shop.parked() == []


@both
async def test_what_was_shared_comes_back_before_the_refund_goes(shop: Shop) -> None:
    partners = await agree(shop)
    charge = await shop.sell(FEN)
    await patiently(shop)
    part = await refund(shop, charge, 3_000)
    await patiently(shop)
    assert await refund_state(shop, part) == "settled"
    split = await split_of(shop, charge)
    # 1,054 shared of 8,800: of 3,000 that is 359 fen, and by the largest remainder 300 and 59 of the two.
    assert [(one.returned_fen, one.asked_back_fen) for one in split.shares] == [(300, 0), (59, 0)]
    assert await balances(shop) == {
        "cash_at_wechat": FEN - SHARED - FOR_PROVIDER + 359 - 3_000, "sales": -FEN, "refunds": 3_000,
        "partner_shares": SHARED - 300, "platform_fee": FOR_PROVIDER - 59,
    }  # fmt: skip
    rest = await refund(shop, charge, FEN - 3_000)
    await patiently(shop)
    assert await refund_state(shop, rest) == "settled"
    assert await balances(shop) == {"sales": -FEN, "refunds": FEN}
    assert await partners.money(partners.supplier) == await partners.money(partners.provider) == 0
    assert await partners.money(payer(shop)) == 0
    order = [flow.kind for flow in shop.box.table(PayFlow) if flow.mchid == payer(shop)]
    assert order[-3:] == ["分账", "分账", "退款"]
    assert await shop.parked() == []


@both
async def test_answers_that_are_lost_or_come_twice_share_and_return_once(shop: Shop) -> None:
    partners = await agree(shop)
    for call in CALLS:
        await shop.sandbox.fault(call, "lost", times=2)
    charge = await shop.sell(FEN)
    await patiently(shop, 3_600)
    assert (await split_of(shop, charge)).state == "done"
    part = await refund(shop, charge, 4_400)
    await patiently(shop, 3_600)
    assert await refund_state(shop, part) == "settled"
    assert await partners.money(partners.supplier) == SHARED - 440
    assert len(shop.box.table(PaySharing)) == 2
    assert len(shop.box.table(PaySharingReturn)) == 2
    before = await balances(shop)
    # A second worker after the same payment finds nothing left to do.
    (attempt,) = await shop.all("select attempt_id from sharing_split where merchant_id = $1")
    await splitting.pursue(shop.world, shop.merchant, attempt=attempt["attempt_id"])
    assert await balances(shop) == before


async def test_what_is_refunded_before_the_day_is_not_shared(shop: Shop) -> None:
    partners = await agree(shop, hold_days=3)
    charge, gone = await shop.sell(FEN), await shop.sell(FEN)
    part = await refund(shop, charge, 4_400)
    whole = await refund(shop, gone, FEN)
    await patiently(shop)
    assert [await refund_state(shop, one) for one in (part, whole)] == ["settled", "settled"]
    assert await partners.money(partners.supplier) == 0
    await shop.wait(3 * 86_400, steps=6)
    await patiently(shop)
    assert await partners.money(partners.supplier) == 440
    assert ((await split_of(shop, gone)).state, (await split_of(shop, gone)).shares) == ("done", [])
    # What went before asks nobody for anything; what goes now does.
    rest = await refund(shop, charge, 4_400)
    await patiently(shop)
    assert await refund_state(shop, rest) == "settled"
    assert await partners.money(partners.supplier) == await held(shop) == 0
    assert await balances(shop) == {"sales": -2 * FEN, "refunds": 2 * FEN}


async def test_a_share_nobody_takes_waits_for_a_person_and_is_repeated_or_given_up(shop: Shop) -> None:
    partners = await agree(shop)
    await partners.setting(partners.supplier, sharing_obstacle="RECEIVER_HIGH_RISK")
    first, second = await shop.sell(FEN), await shop.sell(FEN)
    await patiently(shop)
    stuck = await split_of(shop, first)
    assert (stuck.state, stuck.problem) == ("stuck", "RECEIVER_HIGH_RISK")
    assert [one.state for one in stuck.shares] == ["failed", "paid"]
    async with shop.world.tx(shop.merchant) as tx:
        assert (await queries.splits(tx, state="attention")).counts.stuck == 2
        assert len((await queries.splits(tx, state="attention")).items) == 2
    assert (await balances(shop)).get("shares_payable") is None
    await partners.setting(partners.supplier, sharing_obstacle="")
    async with shop.world.tx(shop.merchant) as tx:
        await splits.again(tx, split_id=stuck.id)
        await splits.give_up(tx, split_id=(await split_of(shop, second)).id)
    await patiently(shop)
    assert [one.state for one in (await split_of(shop, first)).shares] == ["paid", "paid"]
    assert [one.state for one in (await split_of(shop, second)).shares] == ["dropped", "paid"]
    assert await held(shop) == 0
    assert await partners.money(partners.supplier) == SHARED
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(NotStuck):
            await splits.again(tx, split_id=stuck.id)


async def test_a_share_that_does_not_come_back_stops_the_refund_until_somebody_decides(shop: Shop) -> None:
    partners = await agree(shop)
    charge, other = await shop.sell(FEN), await shop.sell(FEN)
    await patiently(shop)
    await shop.sandbox.take_out(partners.supplier, 2 * SHARED)
    asked, second = await refund(shop, charge, FEN), await refund(shop, other, FEN)
    await patiently(shop)
    assert [await refund_state(shop, one) for one in (asked, second)] == ["abnormal", "abnormal"]
    async with shop.world.tx(shop.merchant) as tx:
        assert "BALANCE_NOT_ENOUGH" in (await refunds.get(tx, refund=asked)).problem
    failed = [one for share in (await split_of(shop, charge)).shares for one in share.returns if one.state == "failed"]
    assert [(one.amount_fen, one.problem) for one in failed] == [(SHARED, "BALANCE_NOT_ENOUGH")]
    assert (await balances(shop))["shares_returning"] == 2 * SHARED
    # One is left with the partner, the other is asked for once more when he has money again.
    async with shop.world.tx(shop.merchant) as tx:
        await returns.leave(tx, return_id=failed[0].id)
        await returns.leave(tx, return_id=failed[0].id)
    await patiently(shop)
    assert await refund_state(shop, asked) == "settled"
    # The shop pays for what was left, too.
    await shop.sandbox.take_out(partners.supplier, -SHARED)
    await shop.sandbox.take_out(payer(shop), -SHARED)
    (share, _) = (await split_of(shop, other)).shares
    async with shop.world.tx(shop.merchant) as tx:
        await returns.again(tx, return_id=share.returns[0].id)
    await patiently(shop, 7_200)
    assert await refund_state(shop, second) == "settled"
    (share, _) = (await split_of(shop, charge)).shares
    assert (share.returned_fen, share.left_fen) == (0, SHARED)
    assert await balances(shop) == {
        "sales": -2 * FEN, "refunds": 2 * FEN, "partner_shares": SHARED, "cash_at_wechat": -SHARED,
    }  # fmt: skip
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(NotFailed):
            await returns.again(tx, return_id=failed[0].id)


async def test_a_person_keeps_a_share_and_every_way_to_pay_can_be_shared(shop: Shop) -> None:
    bob = await shop.person("bob")
    await agree(shop)
    await declare(shop, bob, "", 100, kind=ReceiverKind.PERSON, relation=Relation.STAFF, label="店员小包")
    charge = await shop.charge(FEN)
    shown = await prepare_attempt(shop.world, shop.merchant, charge=charge.id, by=By(Way.NATIVE))
    assert (await shop.pay({"code_url": shown.attempt.code_url}))["result"] == "ok"
    await patiently(shop)
    assert [one.amount_fen for one in (await split_of(shop, charge)).shares] == [SHARED, FOR_PROVIDER, 88]
    whole = await refund(shop, charge, FEN)
    await patiently(shop)
    assert await refund_state(shop, whole) == "abnormal"  # the shop has not the 88 fen that bob keeps
    await shop.sandbox.take_out(payer(shop), -88)
    await patiently(shop, 86_400)
    assert await refund_state(shop, whole) == "settled"
    person = (await split_of(shop, charge)).shares[2]
    assert (person.returned_fen, person.left_fen, person.returns[0].problem) == (0, 88, "PERSON")
    assert await balances(shop) == {
        "sales": -FEN, "refunds": FEN, "partner_shares": 88, "cash_at_wechat": -88,
    }  # fmt: skip


async def test_rules_that_give_too_much_or_name_nobody_are_refused(shop: Shop) -> None:
    partners = await agree(shop)
    with pytest.raises(TooGenerous):
        await declare(shop, "1900000001", "另一家公司", 1_801)
    with pytest.raises(Invalid):
        await declare(shop, "not a number", "另一家公司", 1)
    with pytest.raises(Invalid):
        await declare(shop, "1900000001", "", 1)
    with pytest.raises(receivers.AlreadyThere):
        await declare(shop, partners.supplier, SUPPLIER, 1)
    wrong = await declare(shop, "1900000001", "没有这家公司", 1)
    async with shop.world.tx(shop.merchant) as tx:
        refused = next(one for one in await receivers.everyone(tx) if one.id == wrong)
        assert (refused.state.value, "不存在" in refused.problem) == ("refused", True)
        known = (await queries.setup(tx)).receivers[0]
        assert (known.name_shown, "供应链" in str(known)) == ("茶******司", False)
    wish = receivers.Wish(
        ReceiverKind.MERCHANT, partners.provider, SUPPLIER, Relation.PARTNER, "", "x", refused.purpose, 1, refused.base
    )
    with pytest.raises(Mismatch):
        async with shop.world.tx(shop.merchant) as tx:
            await receivers.put(tx, receiver_id=partners.supplier_id, wish=wish)
    async with shop.world.tx(shop.merchant) as tx:
        await receivers.remove(tx, receiver=partners.supplier_id)
        await receivers.remove(tx, receiver=partners.provider_id)
    await shop.settle()
    async with shop.world.tx(shop.merchant) as tx:
        assert [one.state.value for one in await receivers.everyone(tx)] == ["refused"]
    # With nobody to share with, orders are not placed for sharing.
    await shop.sell(FEN)
    assert [row.sharing for row in shop.box.table(PayOrder)] == [False]


async def test_two_who_decide_at_once_decide_once(shop: Shop) -> None:
    partners = await agree(shop)
    await partners.setting(partners.supplier, sharing_obstacle="ACCOUNT_ABNORMAL")
    charge = await shop.sell(FEN)
    await patiently(shop)
    await partners.setting(partners.supplier, sharing_obstacle="")
    stuck = await split_of(shop, charge)

    async def decide(again: bool) -> str:
        try:
            async with shop.world.tx(shop.merchant) as tx:
                await (splits.again(tx, split_id=stuck.id) if again else splits.give_up(tx, split_id=stuck.id))
        except NotStuck:
            return "refused"
        return "done"

    outcomes = await asyncio.gather(*(decide(again) for again in (True, False, True, False)))
    assert sorted(outcomes) == ["done", "done", "refused", "refused"]
    await patiently(shop)
    assert {one.state for one in (await split_of(shop, charge)).shares} in ({"paid"}, {"paid", "dropped"})
    assert await held(shop) == 0


async def test_nobody_decides_and_the_month_ends(shop: Shop) -> None:
    partners = await agree(shop)
    await partners.setting(partners.supplier, sharing_obstacle="ACCOUNT_ABNORMAL")
    charge = await shop.sell(FEN)
    await patiently(shop)
    await shop.wait(30 * 86_400, steps=60)
    assert [one.state for one in (await split_of(shop, charge)).shares] == ["dropped", "paid"]
    assert ((await split_of(shop, charge)).state, await held(shop)) == ("done", 0)


async def test_switched_off_nothing_new_is_held_and_what_is_held_is_still_shared(shop: Shop) -> None:
    partners = await agree(shop, hold_days=1)
    charge = await shop.sell(FEN)
    async with shop.world.tx(shop.merchant) as tx:
        await settings.save(tx, enabled=False, hold_days=1, max_per_myriad=3_000)
    await shop.sell(FEN)
    assert sorted(row.sharing for row in shop.box.table(PayOrder)) == [False, True]
    await shop.wait(86_400, steps=4)
    await patiently(shop)
    assert (await split_of(shop, charge)).state == "done"
    assert await partners.money(partners.supplier) == SHARED

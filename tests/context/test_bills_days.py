"""The daily bill: fetched at ten, compared, its fees booked; every lie of it found, shown, settled, and healed."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from make.tills import START, Shop, balances, open_shop
from tongshang.payments import ledger, paying, refunds
from tongshang.payments.bills import days, proposals, resolving
from tongshang.payments.bills.days import NotOver, Settled
from tongshang.payments.model import Charge
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.work import Worker

DAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # ten in Shanghai


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        yield opened


async def give_back(shop: Shop, charge: Charge, amount: int) -> None:
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=amount, reason="少了")
    await shop.wait(65, steps=3)


async def next_morning(shop: Shop, moment: datetime = MORNING) -> None:
    await shop.box.scheduler.advance_to(moment.timestamp())
    shop.world.shelf.pop("duties", None)
    await Worker(shop.world, name="morning").duties()
    await shop.settle()


async def day(shop: Shop, which: date = DAY) -> days.BillDay:
    async with shop.world.tx(shop.merchant) as tx:
        return await days.one(tx, day=which)


async def differences(shop: Shop) -> list[days.Found]:
    async with shop.world.tx(shop.merchant) as tx:
        return await days.differences(tx, day=DAY)


async def run(shop: Shop, which: date = DAY) -> None:
    async with shop.world.tx(shop.merchant) as tx:
        await days.ask(tx, day=which)
    await shop.settle()


async def lie(shop: Shop, effect: str, **data: Any) -> str:
    return await shop.sandbox.fault("bill:trade", effect, data={"date": DAY.isoformat(), **data})


async def test_an_honest_day_agrees_and_its_fees_are_booked(shop: Shop) -> None:
    first, _ = await shop.sell(10_000), await shop.sell(333)
    await give_back(shop, first, 2_500)
    await next_morning(shop)
    report = await day(shop)
    assert (report.state, report.paid_fen, report.refund_fen, report.differences) == ("agreed", 10_333, 2_500, 0)
    assert report.fee_fen == 60 + 2 - 15
    made = await shop.sandbox.call("GET", f"/merchants/{shop.made['mchid']}")
    books = await balances(shop)
    assert books["cash_at_wechat"] == made["balance_fen"] == 10_333 - 2_500 - 47
    assert books["fees"] == 47
    bills = await shop.all("select kind, length(raw) as size, sha1 from bill where merchant_id = $1 order by kind")
    assert [b["kind"] for b in bills] == ["fund", "trade"]
    await run(shop)
    await next_morning(shop, MORNING + timedelta(minutes=20))
    assert await balances(shop) == books
    assert [f["state"] for f in await shop.facts("bill.compared")] == ["agreed", "agreed"]
    assert await shop.parked() == []


async def test_nothing_is_asked_before_ten_and_every_missed_day_after(shop: Shop) -> None:
    await shop.sell(100)
    await next_morning(shop, MORNING - timedelta(minutes=1))
    assert [b["day"] for b in await shop.all("select day from bill_day where merchant_id = $1")] == [date(2026, 11, 19)]
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(NotOver):
            await days.ask(tx, day=DAY)
    await next_morning(shop, MORNING + timedelta(days=3))
    states = await shop.all("select day::text, state from bill_day where merchant_id = $1 order by day")
    assert [(s["day"], s["state"]) for s in states] == [
        ("2026-11-19", "none"), ("2026-11-20", "agreed"), ("2026-11-21", "none"), ("2026-11-22", "none"),
        ("2026-11-23", "none"),
    ]  # fmt: skip


async def test_a_bill_still_being_made_is_asked_for_again(shop: Shop) -> None:
    await shop.sell(100)
    fault = await shop.sandbox.fault("GET /v3/bill/tradebill", "error", code="STATEMENT_CREATING")
    await next_morning(shop)
    assert (await day(shop)).state == "making"
    await shop.sandbox.heal(fault)
    away = await shop.sandbox.fault("GET /v3/bill/*", "status", status=502)
    await shop.wait(1801)
    report = await day(shop)
    assert (report.state, bool(report.problem)) == ("making", True)
    await shop.sandbox.heal(away)
    await shop.wait(601)
    assert (await day(shop)).state == "agreed"
    assert await shop.parked() == []


@pytest.mark.parametrize(
    ("effect", "data", "kinds"),
    [
        ("bill_drop", {}, ["missing_there"]),
        ("bill_add", {"fen": 4_321}, ["missing_here"]),
        ("bill_double", {}, ["duplicate_line"]),
        ("bill_reprice", {"fen": 9_999}, ["amount_differs"]),
    ],
)
async def test_a_lying_bill_is_caught_settled_and_healed(
    shop: Shop, effect: str, data: dict[str, Any], kinds: list[str]
) -> None:
    charge = await shop.sell(8_800)
    await shop.sell(500)
    assert charge.paid_attempt_id is not None
    number = {} if effect == "bill_add" else {"number": charge.paid_attempt_id.hex}
    rule = await lie(shop, effect, **number, **data)
    await next_morning(shop)
    (one,) = found = await differences(shop)
    assert [d.kind for d in found] == kinds
    assert (await day(shop)).state == "differences"
    assert (one.ours is None) == (effect == "bill_add")
    assert (one.theirs is None) == (effect == "bill_drop")
    books = await balances(shop)
    async with shop.world.tx(shop.merchant) as tx:
        done = await resolving.resolve(tx, day=DAY, difference=one.id, action="booked", note="按账单补记")
    assert done.state == "resolved"
    assert (await day(shop)).state == "agreed"
    # What a bill says came in came in less WeChat's fee.
    worth = {"bill_drop": -8_800, "bill_add": 4_295, "bill_double": 8_747, "bill_reprice": 1_139}[effect]
    assert (await balances(shop))["cash_at_wechat"] == books["cash_at_wechat"] + worth
    assert (await balances(shop))["suspense"] == -worth
    await run(shop)
    assert [d.state for d in await differences(shop)] == ["resolved"]
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(Settled):
            await resolving.resolve(tx, day=DAY, difference=one.id, action="explained", note="再看")
        assert await resolving.resolve(tx, day=DAY, difference=one.id, action="booked", note="按账单补记") == done
    # Mended at WeChat, the bill agrees: what was booked to follow it has to go back, and a click does it.
    await shop.sandbox.heal(rule)
    await run(shop)
    (again,) = await differences(shop)
    assert (again.state, again.healed, again.suspense_fen, (await day(shop)).state) == (
        "open", True, worth, "differences",
    )  # fmt: skip
    said, _ = await proposals.fix(shop.world, shop.merchant, day=DAY, difference=one.id)
    assert (said.action, (await day(shop)).state) == ("cleared", "agreed")
    await run(shop)
    assert ((await day(shop)).state, (await balances(shop)).get("suspense", 0)) == ("agreed", 0)
    made = await shop.sandbox.call("GET", f"/merchants/{shop.made['mchid']}")
    assert (await balances(shop))["cash_at_wechat"] == made["balance_fen"]
    assert len(await shop.facts("bill.difference_resolved")) == 2


async def test_a_difference_that_heals_is_gone(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    assert charge.paid_attempt_id is not None
    rule = await lie(shop, "bill_reprice", number=charge.paid_attempt_id.hex, fen=1)
    await next_morning(shop)
    (one,) = await differences(shop)
    assert "fees" not in await balances(shop)
    await shop.sandbox.heal(rule)
    await run(shop)
    assert await differences(shop) == []
    assert (await day(shop)).state == "agreed"
    assert (await balances(shop))["fees"] == 53
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(NotFound):
            await resolving.resolve(tx, day=DAY, difference=one.id, action="explained", note="x")


async def test_a_settled_difference_opens_again_when_the_bill_says_something_new(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    assert charge.paid_attempt_id is not None
    rule = await lie(shop, "bill_reprice", number=charge.paid_attempt_id.hex, fen=1)
    await next_morning(shop)
    (one,) = await differences(shop)
    async with shop.world.tx(shop.merchant) as tx:
        await resolving.resolve(tx, day=DAY, difference=one.id, action="reported", note="已反馈")
    await shop.sandbox.heal(rule)
    await lie(shop, "bill_reprice", number=charge.paid_attempt_id.hex, fen=2)
    await run(shop)
    assert [(d.state, d.action) for d in await differences(shop)] == [("open", "")]


async def test_what_is_booked_twice_is_booked_as_the_bill_says_last(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    assert charge.paid_attempt_id is not None
    number = charge.paid_attempt_id.hex
    for fen, worth in ((9_800, 941), (10_800, 1_935), (8_700, -152)):
        await shop.sandbox.heal()
        await lie(shop, "bill_reprice", number=number, fen=fen)
        await (run(shop) if worth != 941 else next_morning(shop))
        (one,) = await differences(shop)
        async with shop.world.tx(shop.merchant) as tx:
            await resolving.resolve(tx, day=DAY, difference=one.id, action="booked", note=f"账单写 {fen}")
        assert await balances(shop) == {"cash_at_wechat": 8_800 + worth, "sales": -8_800, "suspense": -worth}
    # Explained in the end: WeChat took the rest as a fee. Said twice, it is booked once.
    for _ in range(2):
        async with shop.world.tx(shop.merchant) as tx:
            done = await resolving.clear(tx, day=DAY, difference=one.id, to=ledger.FEES, note="微信多收了手续费")
    assert (done.action, done.suspense_fen) == ("cleared", 0)
    assert await balances(shop) == {"cash_at_wechat": 8_648, "sales": -8_800, "fees": 152}
    async with shop.world.tx(shop.merchant) as tx:
        assert await days.in_suspense(tx) == []
        with pytest.raises(resolving.NothingHeld):
            await resolving.clear(tx, day=DAY, difference=one.id, to=ledger.SALES, note="换个说法")
        with pytest.raises(Invalid):
            await resolving.clear(tx, day=DAY, difference=one.id, to=ledger.STORED_PRINCIPAL, note="不行")


async def test_resolving_wants_a_known_action_and_a_reason(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    assert charge.paid_attempt_id is not None
    await lie(shop, "bill_drop", number=charge.paid_attempt_id.hex)
    await next_morning(shop)
    (one,) = await differences(shop)
    for action, note in (("forget", "x"), ("explained", "  ")):
        async with shop.world.tx(shop.merchant) as tx:
            with pytest.raises(Invalid):
                await resolving.resolve(tx, day=DAY, difference=one.id, action=action, note=note)
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(NotFound):
            await resolving.resolve(tx, day=DAY, difference=shop.id(), action="explained", note="x")


async def test_a_payment_wechat_knows_and_we_do_not_is_shown(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose")
    charge = await shop.charge(700, window=timedelta(days=3))
    await shop.pay(await shop.prepare(charge))
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run("delete from job where merchant_id = $1", tx.merchant)
    await next_morning(shop)
    kinds = [(d.kind, d.number) for d in await differences(shop)]
    assert [kind for kind, _ in kinds] == ["state_differs"]
    assert await paying.confirm(shop.world, shop.merchant, subject=charge.subject_id)
    await run(shop)
    assert (await day(shop)).state == "agreed"


async def test_a_day_longer_ago_than_wechat_keeps_is_compared_from_what_was_kept(shop: Shop) -> None:
    await shop.sell(8_800)
    await next_morning(shop)
    await shop.box.scheduler.advance_to((START + timedelta(days=120)).timestamp())
    await run(shop)
    assert (await day(shop)).state == "agreed"
    assert await shop.parked() == []
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run("delete from bill where merchant_id = $1", tx.merchant)
    await run(shop)
    lost = await day(shop)
    assert (lost.state, lost.problem, await shop.parked()) == ("unavailable", "LOST", [])


async def test_a_day_says_why_wechat_refuses_its_bill(shop: Shop) -> None:
    await shop.sell(100)
    fault = await shop.sandbox.fault("GET /v3/bill/tradebill", "error", code="NO_AUTH")
    await next_morning(shop)
    report = await day(shop)
    assert (report.state, report.problem[:7]) == ("making", "NO_AUTH")
    await shop.sandbox.heal(fault)
    await run(shop)
    assert ((await day(shop)).state, (await day(shop)).problem) == ("agreed", "")


async def test_an_account_without_keys_has_no_bill(database_url: str, tmp_path: Path) -> None:
    async with open_shop(database_url, tmp_path) as shop:
        await shop.open_account()
        async with shop.world.tx(shop.merchant) as tx:
            await tx.run("update pay_account set serial = '' where merchant_id = $1", tx.merchant)
        await shop.box.scheduler.advance_to(MORNING.timestamp())
        await run(shop)
        assert (await day(shop)).state == "none"

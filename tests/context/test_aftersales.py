"""After-sales: asked once for what is left, answered by a person or a clock, paid once, and open to nobody else."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make import customers, shops
from make.customers import Till
from tongshang.aftersales.model import CASE, ENDED, S
from tongshang.aftersales.terms import HISTORY
from tongshang.app.seed import complaints

RETURN_TO = {"name": "张掌柜", "phone": "057187000000", "address": "杭州市西湖区龙井路 88 号"}
HOURS, DAY = 3_600, 24


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with customers.open_till(database_url, tmp_path) as opened:
        yield opened


async def bought(till: Till, quantity: int = 1, *, sent: bool = True, **more: Any) -> dict[str, Any]:
    """Let lily buy, and have it sent to her."""
    order = await till.sold(await till.goods(**more), quantity, delivery="express")
    if sent:
        parcel = {"company": "顺丰", "number": "SF1234567"}
        await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", parcel)
    return order


async def picture(till: Till, order: dict[str, Any]) -> str:
    upload = f"/api/store/tea/orders/{order['id']}/after-sale-pictures"
    form = {"file": io.BytesIO(shops.png("#a20"))}
    status, answer = await till.lily.browser("POST", upload, data=form, headers=till.lily.headers)
    assert status == 201, answer
    return str(answer["id"])


async def ask(till: Till, order: dict[str, Any], quantity: int = 1, **more: Any) -> tuple[int, Any]:
    """Ask for the first line's pieces; a return without a reason unless said otherwise."""
    case = more.pop("id", None) or uuid4()
    lines = [{"line_id": order["lines"][0]["id"], "quantity": quantity}]
    body = {"kind": "return_and_refund", "reason": "changed_mind", "lines": lines, **more}
    return await till.lily("PUT", f"/orders/{order['id']}/after-sales/{case}", body)


async def asked(till: Till, order: dict[str, Any], quantity: int = 1, **more: Any) -> dict[str, Any]:
    status, case = await ask(till, order, quantity, **more)
    assert status == 200, case
    return dict(case)


async def look(till: Till, case: dict[str, Any]) -> dict[str, Any]:
    return dict(await till.do("GET", f"/after-sales/{case['id']}"))


async def waited(till: Till, case: dict[str, Any], hours: float, *states: str) -> dict[str, Any]:
    """Let time pass, and then a little more until a case is where it should be; its owner logs in anew."""
    await till.shop.wait(hours * HOURS, steps=2)
    await till.owner.log_in("owner@tea")
    for _ in range(20):
        if (found := await look(till, case))["state"] in states:
            return found
        await till.shop.wait(300)
    raise AssertionError((found["state"], states))


async def promised(till: Till) -> list[int]:
    rows = await till.shop.all("select amount_fen from order_refund where merchant_id = $1 order by asked_at, id")
    return [row["amount_fen"] for row in rows]


def test_every_state_of_a_case_has_a_way_out_and_every_clock_leads_on() -> None:
    leaves = {a for moves in CASE.moves.values() for a, b in moves.items() if a != b}
    assert set(S) - leaves == set(ENDED) == CASE.ends()
    for start in S:  # from anywhere an end can be reached
        reached, more = {start}, {start}
        while more:
            more = {b for moves in CASE.moves.values() for a, b in moves.items() if a in reached} - reached
            reached |= more
        assert reached & set(ENDED), start
    # Where nobody else's word is awaited (WeChat's, the provider's), time alone leads on.
    for terms in HISTORY:
        assert {state for state in S if terms.clock(state) is None} == {*ENDED, S.REFUNDING, S.ARBITRATION}
        assert terms.sources


async def test_a_return_goes_its_way_once_however_often_it_is_asked(till: Till) -> None:
    order = await bought(till, 3, prices=(3_333,), stock=10)
    again = uuid4()
    for _ in range(2):  # the double click
        case = await asked(till, order, 2, id=again)
        assert (case["state"], case["amount_fen"], case["kind"]) == ("asked", 6_666, "return_and_refund")
    assert (await ask(till, order, 1, id=again))[1]["code"] == "idempotency.mismatch"
    assert (await ask(till, order, 2))[1]["code"] == "aftersale.nothing_left"  # two of three are spoken for
    one = await asked(till, order, 1)
    assert (await till.lily("PUT", f"/after-sales/{one['id']}/withdrawal"))[1]["state"] == "withdrawn"
    answer = f"/after-sales/{case['id']}/answer"
    assert (await till.console("PUT", answer, {"agreed": True}))[1]["code"] == "aftersale.no_return_address"
    await till.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    for _ in range(2):
        assert (await till.do("PUT", answer, {"agreed": True}))["state"] == "agreed"
    mine = await till.lily.do("GET", f"/after-sales/{case['id']}")
    assert (mine["return_to"]["address"], mine["note"]) == (RETURN_TO["address"], "")
    back = {"company": "中通", "number": "ZT556677"}
    for _ in range(2):
        assert (await till.lily.do("PUT", f"/after-sales/{case['id']}/parcel", back))["state"] == "returning"
    variant = (await till.shop.all("select variant_id from order_line where merchant_id = $1"))[0]["variant_id"]
    line = {"line_id": case["lines"][0]["line_id"]}
    check = {"condition": "good", "back": [{**line, "quantity": 1}], "words": "一罐完好，一罐已拆"}
    wrong = {**check, "back": [{**line, "quantity": 3}]}
    assert (await till.console("PUT", f"/after-sales/{case['id']}/check-in", wrong))[1]["field"] == "back"
    for _ in range(2):
        assert (await till.do("PUT", f"/after-sales/{case['id']}/check-in", check))["state"] == "refunding"
    assert await till.stock(variant) == (8, 0)  # 10 - 3 sold + 1 as good as new; the other is written off
    assert await promised(till) == [6_666]
    await till.shop.wait(240, steps=8)
    shown = await look(till, case)
    assert (shown["state"], shown["refund_state"], shown["due_at"]) == ("done", "settled", None)
    told = [one["what"] for one in shown["entries"]]
    assert told == ["asked", "agreed", "sent", "checked_in", "promised", "settled"]
    assert (await till.look(order["id"]))["lines"][0]["refunded_quantity"] == 2
    rest = await asked(till, order, 1)  # the piece that is left brings the rest
    assert rest["amount_fen"] == 3_333
    assert await till.shop.parked() == []
    counted = await till.do("GET", "/after-sales/counts")
    assert (counted["done"], counted["withdrawn"], counted["asked"]) == (1, 1, 1)
    figures = await till.do("GET", "/after-sales/statistics")
    assert figures["figures"]["back_fen"] == 6_666
    assert [(row["key"], row["cases"]) for row in figures["reasons"]] == [("changed_mind", 3)]
    found = await till.do("GET", f"/after-sales?q={shown['number']}")
    assert [one["id"] for one in found["items"]] == [case["id"]]


async def test_what_may_be_asked_depends_on_the_order_and_is_refused_in_clear_words(till: Till) -> None:
    order = await bought(till, sent=False)
    choices = await till.lily.do("GET", f"/orders/{order['id']}/after-sale-choices")
    assert (choices["kinds"], choices["sent"]) == (["refund_only"], False)
    assert (await ask(till, order))[1]["code"] == "aftersale.not_sent"
    early = {"kind": "refund_only", "reason": "not_wanted"}
    assert (await ask(till, order, **early | {"reason": "damaged"}))[1]["field"] == "reason"
    case = await asked(till, order, **early)
    assert case["amount_fen"] == order["total_fen"]  # nothing was sent, so the freight comes back, too
    stranger = await customers.enter(till.shop.world, till.shop.merchant, till.owner, name="mallory")
    assert (await stranger("GET", f"/after-sales/{case['id']}"))[0] == 404
    assert (await stranger("PUT", f"/after-sales/{case['id']}/withdrawal"))[0] == 404
    assert (await stranger("GET", f"/orders/{order['id']}/after-sale-choices"))[0] == 404
    sent = await bought(till)
    assert (await ask(till, sent, id=case["id"]))[1]["code"] == "idempotency.mismatch"
    assert (await ask(till, sent, reason="damaged"))[1]["field"] == "pictures"
    shown = await picture(till, sent)
    for field, wrong in (("pictures", {"pictures": [str(uuid4())]}), ("words", {"words": "长" * 501}),
                         ("amount_fen", {"amount_fen": 9_901}), ("lines.quantity", {"quantity": 0})):  # fmt: skip
        assert (await ask(till, sent, **{"reason": "damaged", "pictures": [shown], **wrong}))[1]["field"] == field
    every = [str(one["id"]) for one in await till.shop.all("select id from product where merchant_id = $1")]
    await till.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO, "exceptions": every})
    assert (await ask(till, sent))[1]["code"] == "aftersale.no_reason_over"
    choices = await till.lily.do("GET", f"/orders/{sent['id']}/after-sale-choices")
    assert "changed_mind" not in [one["code"] for one in choices["reasons"]]
    damaged = await asked(till, sent, reason="damaged", pictures=[shown])
    assert damaged["amount_fen"] == sent["total_fen"]  # the merchant's fault: the freight was for nothing
    assert [one["id"] for one in damaged["pictures"]] == [shown]


async def test_the_merchants_silence_is_a_yes_and_the_customers_lets_the_case_go(till: Till) -> None:
    await till.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    sent = await bought(till)
    unanswered, waits = await asked(till, sent), await bought(till, sent=False)
    unsent = await asked(till, waits, kind="refund_only", reason="not_wanted")
    await till.shop.wait(47 * HOURS, steps=2)
    assert [(await look(till, one))["state"] for one in (unanswered, unsent)] == ["asked", "asked"]
    await waited(till, unanswered, 1.5, "agreed")
    await waited(till, unsent, 0, "done")
    gone = await waited(till, unanswered, 7 * DAY, "closed")  # nothing was sent
    assert gone["ended_because"] == "expired"
    again = await asked(till, sent)
    await till.do("PUT", f"/after-sales/{again['id']}/answer", {"agreed": True})
    back = {"company": "中通", "number": "ZT556677"}
    await till.lily.do("PUT", f"/after-sales/{again['id']}/parcel", back)
    late = await waited(till, again, 7 * DAY, "done")  # nobody looked at it
    assert late["checked_at"] is None
    assert [one["actor"] for one in late["entries"] if one["what"] == "promised"] == ["clock"]
    checked = {"condition": "good", "back": [{"line_id": sent["lines"][0]["id"], "quantity": 1}]}
    done = await till.do("PUT", f"/after-sales/{again['id']}/check-in", checked)  # it was in the store-room
    assert (done["state"], done["condition"]) == ("done", "good")
    assert len(await promised(till)) == 2
    assert await till.shop.parked() == []


async def test_less_is_paid_only_when_the_customer_says_so(till: Till) -> None:
    order = await bought(till)
    proof = await picture(till, order)
    case = await asked(till, order, kind="refund_only", reason="damaged", pictures=[proof])
    offer = {"amount_fen": 3_000, "words": "外盒破损，茶叶完好"}
    assert (await till.console("PUT", f"/after-sales/{case['id']}/offer", {**offer, "amount_fen": 99_999}))[0] == 400
    for _ in range(2):
        shown = await till.do("PUT", f"/after-sales/{case['id']}/offer", offer)
        assert (shown["offer_fen"], shown["amount_fen"], shown["state"]) == (3_000, case["amount_fen"], "asked")
    path = f"/after-sales/{case['id']}/offer"
    assert (await till.lily("PUT", path, {"amount_fen": 2_000, "accepted": True}))[1]["code"] == "aftersale.no_offer"
    left = await till.lily.do("PUT", path, {"amount_fen": 3_000, "accepted": False})
    assert (left["offer_fen"], left["state"]) == (None, "asked")
    await till.do("PUT", f"/after-sales/{case['id']}/offer", {**offer, "amount_fen": 5_000})
    taken = await till.lily.do("PUT", path, {"amount_fen": 5_000, "accepted": True})
    assert (taken["state"], taken["amount_fen"]) == ("refunding", 5_000)
    assert await promised(till) == [5_000]
    message, words = uuid4(), {"words": "谢谢", "pictures": [proof]}
    for _ in range(2):
        said = await till.lily.do("PUT", f"/after-sales/{case['id']}/messages/{message}", words)
    assert [one["words"] for one in said["entries"] if one["what"] == "said"] == ["谢谢"]


async def test_a_replacement_is_sent_from_stock_and_an_order_refunded_elsewhere_ends_its_cases(till: Till) -> None:
    await till.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    variant = await till.goods(stock=5)
    order = await till.sold(variant, 2, delivery="express")
    parcel = {"company": "顺丰", "number": "SF1234567"}
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", parcel)
    case = await asked(till, order, kind="exchange", reason="size")
    path = f"/after-sales/{case['id']}"
    await till.do("PUT", f"{path}/answer", {"agreed": True})
    await till.lily.do("PUT", f"{path}/parcel", {"company": "中通", "number": "ZT556677"})
    line = {"line_id": order["lines"][0]["id"], "quantity": 1}
    assert (await till.do("PUT", f"{path}/check-in", {"condition": "good", "back": [line]}))["state"] == "received"
    shipment = uuid4()
    for _ in range(2):
        sent = await till.do("PUT", f"{path}/replacements/{shipment}", {**parcel, "number": "SF7654321"})
        assert sent["state"] == "replaced"
    assert await till.stock(variant) == (3, 0)  # 5 - 2 sold + 1 back - 1 sent instead
    numbers = {one["number"] for one in (await till.look(order["id"]))["shipments"]}
    assert numbers == {"SF1234567", "SF7654321"}
    assert (await till.lily.do("PUT", f"{path}/receipt"))["state"] == "done"
    assert await promised(till) == []
    other = await asked(till, order, 2)  # what was exchanged may be asked about again
    back = {"lines": [{**line, "quantity": 2}], "reason": "直接退款"}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", back)
    await till.shop.settle()
    assert (await look(till, other))["ended_because"] == "overtaken"


async def test_the_demos_customers_leave_something_of_every_kind_on_the_desk(till: Till) -> None:
    goods = await till.goods(stock=20)
    for n in range(6):
        order = await till.sold(goods, delivery="express")
        await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", {"company": "顺丰", "number": f"SF12345{n}"})
    assert await complaints.complain(till.shop.world, till.shop.merchant, regular=uuid4()) == 6
    counted = {state: n for state, n in (await till.do("GET", "/after-sales/counts")).items() if n}
    assert counted == {"asked": 3, "returning": 1, "arbitration": 1, "refunding": 1}


async def test_the_seller_gives_money_back_unasked_and_once(till: Till) -> None:
    order = await bought(till, 2)
    line, again = order["lines"][0]["id"], uuid4()
    given = {"lines": [{"line_id": line, "quantity": 1}], "reason": "goodwill", "words": "补偿", "amount_fen": 1_000}
    for _ in range(2):
        case = (await till.console("PUT", f"/orders/{order['id']}/after-sales/{again}", given))[1]
        assert (case["kind"], case["state"], case["amount_fen"]) == ("seller_initiated", "refunding", 1_000)
    assert await promised(till) == [1_000]
    wrong = {**given, "lines": [{"line_id": line, "quantity": 3}]}
    assert (await till.console("PUT", f"/orders/{order['id']}/after-sales/{uuid4()}", wrong))[1]["code"] == (
        "aftersale.nothing_left"
    )
    freight = {**given, "freight_fen": order["freight_fen"] + 1}
    assert (await till.console("PUT", f"/orders/{order['id']}/after-sales/{uuid4()}", freight))[0] == 400

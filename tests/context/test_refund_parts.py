"""Refunds of what belongs together: a gift goes with its goods, a bundle's part by itself, money without the goods."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import kinds
from make.customers import Till, open_till
from make.tills import balances
from tongshang.campaigns.promotions import declared
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.trade.prices.rules import Gift, Kind, Step

RETURN_TO = {"name": "张掌柜", "phone": "057187000000", "address": "杭州市西湖区龙井路 88 号"}
PARCEL = {"company": "顺丰", "number": "SF1234567"}
YEAR = 366 * 86_400


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def refund(till: Till, order: dict[str, Any], *lines: dict[str, Any], id: UUID | None = None, **more: Any) -> Any:
    body = {"lines": list(lines), "reason": "少了", **more}
    answer = await till.console("PUT", f"/orders/{order['id']}/refunds/{id or uuid4()}", body)
    await till.shop.settle()
    return answer


def of(order: dict[str, Any], nth: int, quantity: int, **more: Any) -> dict[str, Any]:
    return {"line_id": order["lines"][nth]["id"], "quantity": quantity, **more}


async def with_gift(till: Till, **more: Any) -> tuple[dict[str, Any], UUID, UUID]:
    """Sell two pieces with which a cup comes for nothing."""
    await till.do("PUT", "/shop/freight", {"flat_fen": 800})
    tea, cup = await till.goods(prices=(6_000,), stock=9), await till.goods(title="品茗杯", stock=3)
    asked = PromotionAsked(kind=Kind.GIFT, name="满赠", steps=[Step(min_pieces=2, gifts=[Gift(cup)])])
    async with till.shop.world.tx(till.shop.merchant) as tx:
        promotion = tx.new_id()
        await declared.put(tx, promotion=promotion, asked=asked)
        await declared.move(tx, promotion=promotion, what="start")
    order = await till.sold(tea, 2, delivery="express", **more)
    assert [(line["gift"], line["quantity"]) for line in order["lines"]] == [(False, 2), (True, 1)]
    return order, tea, cup


async def test_a_gift_goes_with_the_goods_it_came_with(till: Till) -> None:
    order, tea, cup = await with_gift(till)
    assert (await refund(till, order, of(order, 0, 1)))[0] == 202
    assert (await till.look(order["id"]))["state"] == "paid"
    assert await till.stock(cup) == (2, 0)  # a piece is still to be sent, and the cup with it
    again = uuid4()
    for _ in range(2):
        status, told = await refund(till, order, of(order, 0, 1), id=again)
        assert (status, told["amount_fen"], sum(step["fen"] for step in told["explanation"])) == (202, 6_000, 6_000)
    assert (await refund(till, order, of(order, 0, 1), of(order, 1, 1), id=again))[1]["code"] == "idempotency.mismatch"
    shown = await till.look(order["id"])
    # The freight was kept, but nothing waits to be sent: not even the cup.
    assert (shown["state"], [line["refunded"] for line in shown["lines"]]) == ("closed", [2, 1])
    assert (await till.stock(tea), await till.stock(cup)) == ((9, 0), (3, 0))


async def test_who_takes_all_of_it_back_before_it_is_sent_has_his_freight_too(till: Till) -> None:
    order, _, cup = await with_gift(till)
    body = {"kind": "refund_only", "reason": "not_wanted", "lines": [of(order, 0, 2)]}
    case = f"/after-sales/{uuid4()}"
    made = await till.lily.do("PUT", f"/orders/{order['id']}{case}", body)
    assert made["amount_fen"] == order["total_fen"] == 12_800
    await till.do("PUT", f"{case}/answer", {"agreed": True})
    assert ((await till.look(order["id"]))["state"], await till.stock(cup)) == ("closed", (3, 0))


async def test_a_gift_that_was_sent_comes_back_with_the_last_of_its_goods(till: Till) -> None:
    await till.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    order, tea, cup = await with_gift(till)
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL)
    choices = await till.lily.do("GET", f"/orders/{order['id']}/after-sale-choices")
    assert [(line["left"], line["there"], line["gifts"]) for line in choices["lines"]] == [(2, 2, ["品茗杯"])]
    case = f"/after-sales/{uuid4()}"
    body = {"kind": "return_and_refund", "reason": "changed_mind", "lines": [of(order, 0, 2)]}
    made = await till.lily.do("PUT", f"/orders/{order['id']}{case}", body)
    assert [(line["title"], line["quantity"], line["amount_fen"]) for line in made["lines"]] == [
        (order["lines"][0]["title"], 2, 12_000), ("品茗杯", 1, 0),
    ]  # fmt: skip
    await till.do("PUT", f"{case}/answer", {"agreed": True})
    await till.lily.do("PUT", f"{case}/parcel", PARCEL)
    await till.do("PUT", f"{case}/check-in", {"condition": "good", "back": [of(order, 0, 2), of(order, 1, 1)]})
    assert (await till.stock(tea), await till.stock(cup)) == ((9, 0), (3, 0))
    await till.shop.settle()
    shown = await till.look(order["id"])
    assert [(line["refunded"], line["refunded_fen"]) for line in shown["lines"]] == [(2, 12_000), (1, 0)]


async def bundle(till: Till, **more: Any) -> tuple[dict[str, Any], UUID, UUID]:
    """Sell two bundles of two packets of tea and a visit each."""
    _, tea = await kinds.goods(till, "physical", title="龙井", price_fen=3_000, stock=9)
    _, visit = await kinds.goods(till, "ticket", title="茶园一日", terms=kinds.TICKET, price_fen=4_000, stock=9)
    _, variant = await kinds.bundle(till, {tea: 2, visit: 1}, title="茶与茶园", price_fen=9_999)
    order = await till.sold(variant, 2, delivery="express", **more)
    return order, tea, visit


async def test_one_part_of_a_bundle_goes_back_by_itself(till: Till) -> None:
    order, tea, visit = await bundle(till)
    paid = order["lines"][0]["allocation"]["paid_fen"]
    assert (await refund(till, order, of(order, 0, 1, variant_id=str(tea))))[1]["code"] == "refund.travels_together"
    assert (await refund(till, order, of(order, 0, 1, variant_id=str(uuid4()))))[0] == 404
    status, told = await refund(till, order, of(order, 0, 1, variant_id=str(visit)))
    assert (status, told["amount_fen"], [s["kind"] for s in told["explanation"]]) == (202, 3_999, ["part"])
    shown = await till.look(order["id"])
    assert sorted(one["state"] for one in shown["tickets"]) == ["refunded", "valid"]
    assert (shown["lines"][0]["refunded"], await till.stock(visit)) == (0, (8, 0))
    # A whole bundle that goes is the broken one first: its money is what was left of it, and no second visit.
    status, told = await refund(till, order, of(order, 0, 1))
    assert (status, told["amount_fen"]) == (202, paid // 2 - 3_999)
    assert (await till.stock(tea), await till.stock(visit)) == ((7, 0), (8, 0))
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL)
    status, told = await refund(till, order, of(order, 0, 2, variant_id=str(tea)))
    assert status == 202  # it arrived: its money alone goes back, and what comes back is checked in elsewhere
    assert await till.stock(tea) == (7, 0)
    assert (await refund(till, order, of(order, 0, 1, variant_id=str(tea))))[1]["code"] == "refund.too_much"
    assert (await refund(till, order, of(order, 0, 1, variant_id=str(visit))))[0] == 202
    shown = await till.look(order["id"])
    line = shown["lines"][0]
    # Bundle by bundle, part by part: the last part brings the last fen, and the bundle is a whole one that went.
    assert (line["refunded_fen"], line["refunded"]) == (paid, 2)
    assert {one["state"] for one in shown["tickets"]} == {"refunded"}
    assert await till.stock(visit) == (9, 0)


async def test_money_for_goodwill_leaves_the_goods_where_they_are(till: Till) -> None:
    await till.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    tea = await till.goods(stock=9)
    order = await till.sold(tea, 2, delivery="express")
    for reason in ("goodwill", "price_gap"):
        given = {"lines": [of(order, 0, 2)], "reason": reason, "amount_fen": 100}
        await till.do("PUT", f"/orders/{order['id']}/after-sales/{uuid4()}", given)
    await till.shop.settle()
    shown = await till.look(order["id"])
    assert (shown["state"], shown["lines"][0]["refunded"], shown["lines"][0]["unsent"]) == ("paid", 0, 2)
    assert (shown["lines"][0]["refunded_fen"], await till.stock(tea)) == (200, (7, 0))
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL)
    choices = await till.lily.do("GET", f"/orders/{order['id']}/after-sale-choices")
    (line,) = choices["lines"]
    assert (line["left"], line["worth_fen"][-1]) == (2, order["lines"][0]["allocation"]["paid_fen"] - 200)


async def test_what_wechat_never_will_refund_is_given_back_by_hand(till: Till) -> None:
    order = await till.sold(await till.goods(prices=(5_000,)), 1)
    await till.shop.sandbox.set_merchant(till.shop.made["mchid"], refund_outcome="CLOSED")
    assert (await refund(till, order, of(order, 0, 1, amount_fen=1_000)))[0] == 202
    by_hand = {"method": "transfer", "note": "微信已关闭退款，转账退还"}
    (row,) = (await till.do("GET", "/refunds"))["items"]
    early = await till.console("PUT", f"/refunds/{row['id']}/offline-return", by_hand)
    assert (early[0], early[1]["code"]) == (409, "offline.not_offline")  # it may still go the way it came
    await till.shop.wait(3_600, steps=6)
    (row,) = (await till.do("GET", "/refunds?state=closed"))["items"]
    till.shop.box.clock.set(till.shop.box.clock.now() + YEAR)
    await till.owner.log_in("owner@tea")
    late = await till.console("PUT", f"/refunds/{row['id']}/repetition")
    assert (late[0], late[1]["code"]) == (409, "refund.too_late")
    for _ in range(2):
        given = await till.do("PUT", f"/refunds/{row['id']}/offline-return", by_hand)
        assert (given["direction"], given["amount_fen"]) == ("out", 1_000)
    await till.shop.settle()
    shown = await till.look(order["id"])
    assert [(one["amount_fen"], one["state"]) for one in shown["refunds"]] == [(1_000, "settled")]
    kept = await balances(till.shop)
    assert (kept["offline"], kept["refunds"], kept.get("refunds_payable", 0)) == (-1_000, 1_000, 0)
    assert (await till.console("PUT", f"/refunds/{row['id']}/repetition"))[0] == 409


async def test_silence_of_a_shop_without_a_return_address_is_not_the_customers_loss(till: Till) -> None:
    order = await till.sold(await till.goods(), 1, delivery="express")
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL)
    case = f"/after-sales/{uuid4()}"
    body = {"kind": "return_and_refund", "reason": "changed_mind", "lines": [of(order, 0, 1)]}
    await till.lily.do("PUT", f"/orders/{order['id']}{case}", body)
    answer = await till.console("PUT", f"{case}/answer", {"agreed": True})
    assert (answer[0], answer[1]["code"]) == (409, "aftersale.no_return_address")
    await till.shop.wait(49 * 3_600, steps=4)
    for _ in range(20):
        if (mine := await till.lily.do("GET", case))["state"] == "done":
            break
        await till.shop.wait(300)
    assert (mine["state"], mine["amount_fen"]) == ("done", order["lines"][0]["allocation"]["paid_fen"])
    assert "无需寄回" in str([one["words"] for one in mine["entries"]])

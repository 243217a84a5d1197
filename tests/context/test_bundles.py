"""Bundles and orders of several parts: stock is the parts' own, and the order ends with the last."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make import kinds
from make.customers import Till, open_till
from tongshang.campaigns.promotions import declared
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.trade.prices.rules import Gift, Kind, Step

PARCEL = {"company": "顺丰速运", "number": "SF12345678"}


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def test_a_bundle_is_as_many_as_its_scarcest_part(till: Till) -> None:
    _, tea = await kinds.goods(till, "physical", title="龙井", price_fen=6_000, stock=7)
    _, cup = await kinds.goods(till, "physical", title="盖碗", price_fen=3_000, stock=9)
    product, variant = await kinds.bundle(till, {tea: 2, cup: 1}, title="茶礼", price_fen=12_000)
    assert await kinds.left(till, product) == 3
    order = await till.lily.buy(variant, 2)
    assert (await till.stock(tea), await till.stock(cup)) == ((7, 4), (9, 2))
    assert await kinds.left(till, product) == 1
    await till.lily.buy(tea, 2)  # a part sold by itself is a bundle less
    assert await kinds.left(till, product) == 0
    quote = await till.lily.do("POST", "/quote", {"from": {"variant_id": str(variant)}, "delivery": "pickup"})
    assert [one["code"] for one in quote["problems"]] == ["basket.sold_out"]
    await till.pay(order["id"])
    assert (await till.stock(tea), await till.stock(cup)) == ((3, 2), (7, 0))
    seen = await till.look(order["id"])
    (part,) = seen["parts"]
    assert part["fulfilment"] == "pickup"
    assert [(one["title"], one["quantity"], one["paid_fen"]) for one in part["items"]] == [
        ("龙井", 4, 19_200), ("盖碗", 2, 4_800),
    ]  # fmt: skip
    await till.shop.wait(16 * 60)  # nobody paid for the tea
    assert await till.stock(tea) == (3, 0)
    assert (await kinds.refund(till, seen, 1))[0] == 202
    assert (await till.stock(tea), await till.stock(cup)) == ((5, 0), (8, 0))
    counter = await till.do("GET", f"/pickups/{seen['pickup_code']}")
    assert [(one["title"], one["quantity"]) for one in counter["lines"]] == [("龙井", 2), ("盖碗", 1)]
    assert (await till.do("PUT", f"/pickups/{seen['pickup_code']}/verification"))["state"] == "completed"


async def test_an_order_ends_with_the_last_of_its_parts(till: Till) -> None:
    _, tea = await kinds.goods(till, "physical", title="龙井")
    _, visit = await kinds.goods(till, "ticket", title="茶园一日", terms=kinds.TICKET)
    _, card = await kinds.goods(till, "virtual", title="茶话会员", stock=None)
    await till.do("POST", f"/variants/{card}/codes", {"codes": ["MEMBER-1"]})
    _, variant = await kinds.bundle(till, {tea: 1, visit: 1, card: 1}, title="全套")
    status, answer = await till.lily("POST", "/quote", {"from": {"variant_id": str(variant)}, "delivery": "none"})
    assert (status, answer["code"]) == (400, "order.needs_delivery")
    order = await till.sold(variant, delivery="express")
    states = {part["fulfilment"]: part["state"] for part in order["parts"]}
    assert (order["state"], states) == ("paid", {"express": "waiting", "ticket": "waiting", "virtual": "done"})
    assert await till.stock(tea) == (9, 0)
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL)
    await till.lily.do("PUT", f"/orders/{order['id']}/receipt")
    assert (await till.look(order["id"]))["state"] == "shipped"  # the visit is still owed
    await till.do("PUT", f"/tickets/{order['tickets'][0]['code']}/uses/{uuid4()}", {"count": 1})
    seen = await till.look(order["id"])
    assert (seen["state"], {part["state"] for part in seen["parts"]}) == ("completed", {"done"})


async def test_a_bundle_holds_goods_that_are_there_and_no_bundles(till: Till) -> None:
    _, tea = await kinds.goods(till, "physical", title="龙井")
    _, inner = await kinds.bundle(till, {tea: 1})
    for variant, quantity in ((inner, 1), (uuid4(), 1), (tea, 0)):
        parts = [{"variant_id": str(variant), "quantity": quantity}]
        body: dict[str, Any] = {"title": "茶礼", "kind": "bundle", "terms": {"parts": parts}}
        body["variants"] = [{"id": str(uuid4()), "price_fen": 100}]
        status, answer = await till.console("PUT", f"/products/{uuid4()}", body)
        assert (status, answer["code"]) == (400, "invalid")
        assert answer["field"].startswith("terms.parts")
    # Nor do goods become one, or a presale, once they are in a bundle.
    product, cup = await kinds.goods(till, "physical", title="盖碗")
    await kinds.bundle(till, {cup: 1})
    presale = {"deposit_fen": 1, "balance_from": "2026-12-01T00:00:00+08:00",
               "balance_until": "2026-12-03T00:00:00+08:00", "ships_by": "2026-12-20"}  # fmt: skip
    for kind, terms in (
        ("bundle", {"parts": [{"variant_id": str(tea), "quantity": 1}]}),
        ("physical", {"presale": presale}),
    ):
        body = {"title": "盖碗", "kind": kind, "terms": terms, "variants": [{"id": str(cup), "price_fen": 100}]}
        status, answer = await till.console("PUT", f"/products/{product}", body)
        assert (status, answer["code"]) == (409, "product.part_of_bundle")


async def test_goods_that_were_sold_stay_of_their_kind(till: Till) -> None:
    product, tea = await kinds.goods(till, "physical", title="龙井")
    await till.lily.buy(tea)
    body = {"title": "龙井", "kind": "ticket", "terms": kinds.TICKET, "variants": [{"id": str(tea), "price_fen": 100}]}
    status, answer = await till.console("PUT", f"/products/{product}", body)
    assert (status, answer["code"]) == (409, "product.kind_fixed")


async def test_what_was_asked_with_the_goods_is_kept_with_the_order(till: Till) -> None:
    form = [
        {"key": "name", "name": "刻字", "type": "text", "required": True},
        {"key": "day", "name": "到店日期", "type": "date"},
    ]
    _, cup = await kinds.goods(till, "physical", title="盖碗", form=form)
    quote = await till.lily.do("POST", "/quote", {"from": {"variant_id": str(cup)}, "delivery": "pickup"})
    asked = {"from": {"variant_id": str(cup)}, "delivery": "pickup", "quote_token": quote["quote_token"]}
    asked |= {"expected_total_fen": quote["total_fen"]}
    assert [(one["name"], one["required"]) for one in quote["form"]] == [("刻字", True), ("到店日期", False)]
    for given in ({}, {"f1": " "}, {"f1": "王", "f2": "明天"}):
        status, answer = await till.lily("PUT", f"/orders/{uuid4()}", asked | {"form": given})
        assert (status, answer["code"]) == (400, "form.wrong_answer")
    order = await till.lily.do("PUT", f"/orders/{uuid4()}", asked | {"form": {"f1": "王", "f9": "x"}})
    assert order["form"] == {"刻字": "王"}
    assert (await till.look(order["id"]))["form"] == {"刻字": "王"}


async def test_a_gift_that_travels_asks_where_to(till: Till) -> None:
    _, visit = await kinds.goods(till, "ticket", title="茶园一日", terms=kinds.TICKET)
    _, cup = await kinds.goods(till, "physical", title="盖碗", price_fen=3_000, stock=1)
    async with till.shop.world.tx(till.shop.merchant) as tx:
        gift = PromotionAsked(kind=Kind.GIFT, name="买赠", steps=[Step(min_pieces=1, gifts=[Gift(cup)])])
        await declared.put(tx, promotion=(promotion := tx.new_id()), asked=gift)
        await declared.move(tx, promotion=promotion, what="start")
    wanted = {"from": {"variant_id": str(visit)}, "delivery": "express"}
    quote = await till.lily.do("POST", "/quote", wanted)
    assert quote["delivery"] == "express"
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    status, answer = await till.lily("PUT", f"/orders/{uuid4()}", asked)
    assert (status, answer["code"]) == (400, "order.needs_address")
    first = await till.sold(visit)  # across the counter
    assert [(part["fulfilment"], part["state"]) for part in first["parts"]] == [
        ("pickup", "waiting"), ("ticket", "waiting"),
    ]  # fmt: skip
    second = await till.sold(visit, delivery="express", address_id=None)  # the gift is gone: nothing travels
    assert (second["delivery"], [part["fulfilment"] for part in second["parts"]]) == ("none", ["ticket"])


async def test_who_pays_for_the_last_ticket_too_late_has_his_money_back_and_none(till: Till) -> None:
    _, visit = await kinds.goods(till, "ticket", title="茶园一日", terms=kinds.TICKET, stock=1, deduct="paying")
    first, second = await till.lily.buy(visit), await till.lily.buy(visit)
    assert await till.stock(visit) == (1, 0)  # nothing is held until it is paid
    await till.pay(first["id"])
    await till.pay(second["id"])
    await till.shop.wait(60)
    seen = [await till.look(one["id"]) for one in (first, second)]
    assert [(one["state"], one["refund"], len(one["tickets"])) for one in seen] == [
        ("paid", "none", 1), ("closed", "all", 0),
    ]  # fmt: skip
    assert await till.stock(visit) == (0, 0)

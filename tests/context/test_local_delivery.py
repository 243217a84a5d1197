"""The shop's own people bring goods: only where it says, from what amount on, and somebody says when they arrived."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from make import shops
from make.customers import Till, open_till

NEAR = ["浙江省", "杭州市", "西湖区"]
FAR = ["浙江省", "宁波市", "鄞州区"]
LOCAL = {"enabled": True, "regions": ["330106", "330102"], "fee_fen": 600, "minimum_fen": 5_000,
         "free_over_fen": 20_000, "windows": ["今天 14:00–18:00", "明天上午"]}  # fmt: skip


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        assert await opened.do("PUT", "/shop/local-delivery", LOCAL) == LOCAL
        yield opened


async def asked(till: Till, variant: UUID, quantity: int, address: str) -> Any:
    source = {"variant_id": str(variant), "quantity": quantity}
    return await till.lily.do("POST", "/quote", {"from": source, "delivery": "local", "address_id": address})


async def test_it_is_offered_where_the_shop_goes_and_refused_in_words_elsewhere(till: Till) -> None:
    one = await till.goods(prices=(3_000,), stock=50)
    near, far = await till.lily.address(region=NEAR), await till.lily.address(region=FAR)
    quote = await asked(till, one, 2, near)
    assert (quote["delivery"], quote["freight_fen"], quote["total_fen"], quote["problems"]) == ("local", 600, 6_600, [])
    assert (quote["local"]["served"], quote["local"]["zh"]) == (
        True,
        "满 50.00 元起送，配送费 6.00 元，满 200.00 元免配送费",
    )
    assert (await asked(till, one, 7, near))["freight_fen"] == 0
    (problem,) = (await asked(till, one, 1, near))["problems"]
    assert (problem["code"], problem["zh"]) == ("local.too_little", "商品满 50.00 元起送，还差 20.00 元。")
    quote = await asked(till, one, 2, far)
    assert (quote["local"]["served"], quote["problems"][0]["code"]) == (False, "local.not_served")
    assert quote["problems"][0]["zh"].startswith("浙江省宁波市鄞州区不在商家配送范围内")
    wanted = {"from": {"variant_id": str(one), "quantity": 2}, "delivery": "local", "address_id": far,
              "window": LOCAL["windows"][0]}  # fmt: skip
    refused = await till.lily("PUT", f"/orders/{UUID(int=7)}", _order(wanted, quote))
    assert (refused[0], refused[1]["code"]) == (409, "local.not_served")
    quote = await asked(till, one, 2, near)
    for window in ("", "半夜"):
        refused = await till.lily(
            "PUT", f"/orders/{UUID(int=8)}", _order(wanted | {"address_id": near, "window": window}, quote)
        )
        assert (refused[0], refused[1]["code"]) == (400, "local.needs_window")
    # Express asks nothing of it, and a shop that stopped says so.
    quote = await till.lily.do("POST", "/quote", wanted | {"delivery": "express", "address_id": far})
    assert (quote["local"]["served"], quote["problems"]) == (False, [])
    await till.do("PUT", "/shop/local-delivery", LOCAL | {"enabled": False})
    quote = await asked(till, one, 2, near)
    assert (quote["local"], quote["problems"][0]["code"]) == (None, "local.off")


async def test_the_shops_first_page_says_that_it_brings_goods(till: Till) -> None:
    told = (await till.lily.do("GET", "/boot"))["shop"]["local"]
    assert (told["served"], told["fee_fen"], told["zh"]) == (
        None, 600, "满 50.00 元起送，配送费 6.00 元，满 200.00 元免配送费",
    )  # fmt: skip
    await till.do("PUT", "/shop/local-delivery", LOCAL | {"enabled": False})
    assert (await till.lily.do("GET", "/boot"))["shop"]["local"] is None


def _order(wanted: dict[str, Any], quote: dict[str, Any]) -> dict[str, Any]:
    return wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}


async def test_it_is_set_out_with_and_handed_over_without_any_number(till: Till) -> None:
    one = await till.goods(prices=(6_000,), stock=5)
    address = await till.lily.address(region=NEAR)
    order = await till.sold(one, 1, delivery="local", address_id=address, window="明天上午")
    assert (order["state"], order["delivery"], order["address"]["window"]) == ("paid", "local", "明天上午")
    desk = await till.do("GET", "/orders?state=to_deliver")
    assert ([row["id"] for row in desk["items"]], desk["counts"]["to_deliver"]) == ([order["id"]], 1)
    assert (await till.do("GET", "/orders?state=to_ship"))["items"] == []
    path = f"/orders/{order['id']}"
    parcel = await till.console("PUT", f"{path}/shipments/{UUID(int=5)}", {"company": "顺丰", "number": "SF1234"})
    assert (parcel[0], parcel[1]["code"]) == (409, "order.not_express")
    assert (await till.console("PUT", f"{path}/delivery/arrival"))[1]["code"] == "order.not_shipped"
    for _ in range(2):
        shown = await till.do("PUT", f"{path}/delivery", {"courier": "小王", "phone": "13900000000"})
        assert (shown["state"], shown["bringing"]["courier"]) == ("shipped", "小王")
    mine = await till.lily.do("GET", path)
    assert (mine["bringing"]["phone"], mine["bringing"]["delivered_at"]) == ("13900000000", None)
    for _ in range(2):
        shown = await till.do("PUT", f"{path}/delivery/arrival")
    assert (shown["state"], shown["bringing"]["delivered_at"] is None) == ("completed", False)
    assert [one["zh"] for one in shown["timeline"]].count("商家配送已出发 小王 13900000000") == 1


async def test_goods_and_a_ticket_are_one_order_of_two_parts(till: Till) -> None:
    one = await till.goods(prices=(6_000,), stock=5)
    _, (ticket,) = await shops.make_product(
        till.shop.world, till.shop.merchant, title="品茶券", kind="ticket", terms={"days": 30}
    )
    address = await till.lily.address(region=NEAR)
    for variant in (one, ticket):
        await till.lily.do("PUT", f"/cart/lines/{variant}", {"quantity": 1})
    order = await till.lily.order(delivery="local", address_id=address, window="明天上午")
    await till.pay(order["id"])
    await till.do("PUT", f"/orders/{order['id']}/delivery", {})
    shown = await till.do("PUT", f"/orders/{order['id']}/delivery/arrival")
    assert {part["fulfilment"]: part["state"] for part in shown["parts"]} == {"local": "done", "ticket": "waiting"}
    assert shown["state"] == "shipped"  # the ticket is still to be used


async def test_nonsense_is_refused_with_its_field(till: Till) -> None:
    wrongs: list[dict[str, Any]] = [
        {"regions": ["999999"]}, {"regions": []}, {"fee_fen": -1}, {"free_over_fen": 0}, {"windows": ["上午", "上午"]},
    ]  # fmt: skip
    for wrong in wrongs:
        (field,) = wrong
        status, answer = await till.console("PUT", "/shop/local-delivery", LOCAL | wrong)
        assert (status, answer["field"]) == (400, field)
    one = await till.goods(stock=5)
    order = await till.sold(one)
    assert (await till.console("PUT", f"/orders/{order['id']}/delivery", {}))[1]["code"] == "order.not_local"

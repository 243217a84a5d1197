"""Returns and exchanges of orders of which only a part has arrived: by parcel, over the counter, by the shop itself."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make import kinds
from make.customers import Till, open_till

RETURN_TO = {"name": "张掌柜", "phone": "057187000000", "address": "杭州市西湖区龙井路 88 号"}
DAY = 86_400
PARCEL = {"company": "顺丰", "number": "SF1234567"}
NEAR = ["浙江省", "杭州市", "西湖区"]
LOCAL = {
    "enabled": True, "regions": ["330106"], "fee_fen": 600, "minimum_fen": 100, "free_over_fen": 20_000, "windows": [],
}  # fmt: skip


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        await opened.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
        yield opened


async def ask(till: Till, order: dict[str, Any], quantity: int, *, nth: int = 0, **more: Any) -> tuple[int, Any]:
    lines = [{"line_id": order["lines"][nth]["id"], "quantity": quantity}]
    body = {"kind": "return_and_refund", "reason": "changed_mind", "lines": lines, **more}
    return await till.lily("PUT", f"/orders/{order['id']}/after-sales/{uuid4()}", body)


async def come_back(till: Till, order: dict[str, Any], case: dict[str, Any], quantity: int, *, nth: int = 0) -> None:
    """Have the goods of a case sent back, looked at, and put on the shelf."""
    path = f"/after-sales/{case['id']}"
    await till.do("PUT", f"{path}/answer", {"agreed": True})
    await till.lily.do("PUT", f"{path}/parcel", PARCEL)
    back = [{"line_id": order["lines"][nth]["id"], "quantity": quantity}]
    await till.do("PUT", f"{path}/check-in", {"condition": "good", "back": back})
    await till.shop.settle()


async def choices(till: Till, order: dict[str, Any]) -> list[tuple[int, int]]:
    found = await till.lily.do("GET", f"/orders/{order['id']}/after-sale-choices")
    assert ("return_and_refund" in found["kinds"]) == any(line["returns"] for line in found["lines"])
    return [(line["left"], line["there"]) for line in found["lines"]]


async def test_what_came_in_a_first_parcel_goes_back_and_the_rest_is_still_sent(till: Till) -> None:
    tea = await till.goods(stock=9)
    order = await till.sold(tea, 3, delivery="express")
    status, answer = await ask(till, order, 1)
    assert (status, answer["code"], await choices(till, order)) == (409, "aftersale.not_sent", [(3, 0)])
    first = [{"line_id": order["lines"][0]["id"], "quantity": 2}]
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL | {"lines": first})
    assert await choices(till, order) == [(3, 2)]
    assert (await ask(till, order, 3))[1]["code"] == "aftersale.not_sent"
    _, case = await ask(till, order, 1)
    assert case["state"] == "asked"
    await come_back(till, order, case, 1)
    shown = await till.look(order["id"])
    line = shown["lines"][0]
    # One of the two that were sent is back; the third still waits to be sent.
    assert (shown["state"], line["refunded"], line["shipped"], line["unsent"]) == ("paid", 1, 2, 1)
    assert await till.stock(tea) == (7, 0)
    assert await choices(till, order) == [(2, 1)]
    _, other = await ask(till, order, 1, kind="exchange", reason="size")
    assert other["state"] == "asked"
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL)
    shown = await till.look(order["id"])
    assert (shown["state"], shown["lines"][0]["unsent"]) == ("shipped", 0)
    assert await choices(till, order) == [(1, 1)]


async def test_what_was_fetched_goes_back_though_a_ticket_is_open(till: Till) -> None:
    tea = await till.goods(stock=9)
    _, visit = await kinds.goods(till, "ticket", title="茶园一日", terms=kinds.TICKET)
    await till.lily.agree()
    for variant in (tea, visit):
        await till.lily.do("PUT", f"/cart/lines/{variant}", {"quantity": 1})
    order = await till.lily.order(delivery="pickup")
    await till.pay(order["id"])
    order = await till.look(order["id"])
    nth = next(n for n, line in enumerate(order["lines"]) if line["title"] != "茶园一日")
    assert (await ask(till, order, 1, nth=nth))[1]["code"] == "aftersale.not_sent"
    await till.do("PUT", f"/pickups/{order['pickup_code']}/verification")
    assert (await till.look(order["id"]))["state"] == "paid"  # the visit is still owed
    _, case = await ask(till, order, 1, nth=nth)
    assert case["state"] == "asked"
    await come_back(till, order, case, 1, nth=nth)
    shown = await till.look(order["id"])
    assert ([one["state"] for one in shown["tickets"]], await till.stock(tea)) == (["valid"], (9, 0))


async def test_what_the_shop_brought_goes_back_though_there_was_a_ticket_with_it(till: Till) -> None:
    await till.do("PUT", "/shop/local-delivery", LOCAL)
    _, tea = await kinds.goods(till, "physical", title="龙井", price_fen=3_000, stock=9)
    _, visit = await kinds.goods(till, "ticket", title="茶园一日", terms=kinds.TICKET, price_fen=4_000)
    _, variant = await kinds.bundle(till, {tea: 2, visit: 1}, title="茶与茶园", price_fen=9_999)
    cup = await till.goods(title="盖碗", stock=9)
    address = await till.lily.address(region=NEAR)
    for one in (variant, cup):
        await till.lily.do("PUT", f"/cart/lines/{one}", {"quantity": 1})
    order = await till.lily.order(delivery="local", address_id=address)
    await till.pay(order["id"])
    await till.do("PUT", f"/orders/{order['id']}/delivery", {})
    await till.do("PUT", f"/orders/{order['id']}/delivery/arrival")
    order = await till.look(order["id"])
    nth = next(n for n, line in enumerate(order["lines"]) if line["title"] == "盖碗")
    status, case = await ask(till, order, 1, nth=nth)
    assert (status, case["state"]) == (200, "asked")
    await come_back(till, order, case, 1, nth=nth)
    assert await till.stock(cup) == (9, 0)


async def test_goods_do_not_arrive_by_themselves_while_a_case_about_them_is_open(till: Till) -> None:
    one = await till.goods(prices=(1_000,))
    contested, quiet = [await till.sold(one, delivery="express") for _ in range(2)]
    for order in (contested, quiet):
        await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", PARCEL)
    await till.shop.wait(9 * DAY)
    await till.owner.log_in("owner@tea")
    status, case = await ask(till, contested, 1)
    assert status == 200, case
    await till.do("PUT", f"/after-sales/{case['id']}/answer", {"agreed": True})
    await till.shop.wait(2 * DAY)
    await till.owner.log_in("owner@tea")
    assert [(await till.look(order["id"]))["state"] for order in (contested, quiet)] == ["shipped", "completed"]
    await till.lily.do("PUT", f"/after-sales/{case['id']}/withdrawal")
    await till.shop.wait(DAY)
    await till.owner.log_in("owner@tea")
    assert (await till.look(contested["id"]))["state"] == "completed"
    assert await till.shop.parked() == []

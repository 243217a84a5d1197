"""Parcels in parts: some lines now, others later; never more than was bought and not given back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from make.customers import Till, open_till

WHO = {"company": "顺丰速运", "number": "SF12345678"}


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def ship(till: Till, order: dict[str, Any], *pieces: int, id: UUID | None = None, **more: str) -> tuple[int, Any]:
    """Send so many pieces of the order's first, second … line; without any, whatever waits."""
    lines = zip(order["lines"], pieces, strict=False)
    inside = {"lines": [{"line_id": line["id"], "quantity": count} for line, count in lines if count]} if pieces else {}
    return await till.console("PUT", f"/orders/{order['id']}/shipments/{id or uuid4()}", WHO | more | inside)


async def refund(till: Till, order: dict[str, Any], line: int, count: int) -> None:
    body = {"lines": [{"line_id": order["lines"][line]["id"], "quantity": count}]}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)


async def two_lines(till: Till) -> tuple[dict[str, Any], UUID, UUID]:
    """Sell three pieces of one product and two of another in one order."""
    tea, cups = await till.goods(stock=9), await till.goods(title="盖碗", stock=9)
    await till.lily.agree()
    for variant, count in ((tea, 3), (cups, 2)):
        await till.lily.do("PUT", f"/cart/lines/{variant}", {"quantity": count})
    order = await till.lily.order(delivery="express", address_id=await till.lily.address(), **{"from": "cart"})
    await till.pay(order["id"])
    return await till.look(order["id"]), tea, cups


def counted(order: dict[str, Any]) -> list[tuple[int, int]]:
    return [(line["shipped"], line["unsent"]) for line in order["lines"]]


async def test_an_order_is_partly_shipped_until_all_of_it_is(till: Till) -> None:
    order, _, _ = await two_lines(till)
    first = uuid4()
    for _ in range(2):
        assert (await ship(till, order, 2, id=first))[0] == 200
    for wrong in ((1,), (2, 1), ()):
        status, answer = await ship(till, order, *wrong, id=first)
        assert (status, answer["code"]) == (409, "idempotency.mismatch"), wrong
    seen = await till.lily.do("GET", f"/orders/{order['id']}")
    assert (seen["state"], seen["part_sent"], counted(seen)) == ("paid", True, [(2, 1), (0, 2)])
    assert seen["shipments"][0]["lines"] == [{"line_id": order["lines"][0]["id"], "quantity": 2}]
    assert await till.shop.facts("order.shipped") == []
    for wrong in ((2,), (0, 3)):
        status, answer = await ship(till, order, *wrong)
        assert (status, answer["code"]) == (409, "shipping.too_many"), wrong
    for bad in ([], [{"line_id": order["lines"][0]["id"], "quantity": 0}]):
        status, _ = await till.console("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", WHO | {"lines": bad})
        assert status == 400
    (listed,) = (await till.do("GET", "/orders?state=to_ship"))["items"]
    assert listed["part_sent"]
    assert (await ship(till, order, number="SF00000002"))[0] == 200  # the rest
    seen = await till.lily.do("GET", f"/orders/{order['id']}")
    assert (seen["state"], seen["part_sent"], counted(seen)) == ("shipped", False, [(3, 0), (2, 0)])
    parcels = [sorted(one["quantity"] for one in parcel["lines"]) for parcel in seen["shipments"]]
    assert sorted(parcels) == [[1, 2], [2]]  # of one moment, in any order
    assert len(await till.shop.facts("order.shipped")) == 1


async def test_what_waits_is_refunded_first_and_what_went_out_stays_out(till: Till) -> None:
    order, tea, cups = await two_lines(till)
    await ship(till, order, 2)
    await refund(till, order, 0, 2)  # one that waits, and one that is on its way
    assert [await till.stock(one) for one in (tea, cups)] == [(7, 0), (7, 0)]
    status, answer = await ship(till, order, 1)
    assert (status, answer["code"]) == (409, "shipping.too_many")
    seen = await till.look(order["id"])
    assert (seen["state"], counted(seen)) == ("paid", [(2, 0), (0, 2)])
    await refund(till, order, 1, 2)  # nothing waits any more
    seen = await till.look(order["id"])
    assert (seen["state"], await till.stock(cups)) == ("shipped", (9, 0))
    await till.lily.do("PUT", f"/orders/{order['id']}/receipt")
    assert (await till.look(order["id"]))["state"] == "completed"


async def test_all_the_money_back_does_not_close_what_is_on_its_way(till: Till) -> None:
    order, tea, _ = await two_lines(till)
    await ship(till, order, 1)
    everything = [{"line_id": line["id"], "quantity": line["quantity"]} for line in order["lines"]]
    body = {"lines": everything, "freight_fen": order["freight_fen"]}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)
    seen = await till.look(order["id"])
    assert (seen["state"], seen["refund"], await till.stock(tea)) == ("shipped", "all", (8, 0))


async def test_two_clerks_cannot_send_the_same_piece(till: Till) -> None:
    order, _, _ = await two_lines(till)
    sent = await asyncio.gather(*(ship(till, order, 2, number=f"SF1000{n}") for n in range(3)))
    assert sorted(status for status, _ in sent) == [200, 409, 409]
    held = (await till.look(order["id"]))["lines"][0]
    assert (held["shipped"], held["unsent"]) == (2, 1)
    with pytest.raises(asyncpg.CheckViolationError, match="order_line_sent_within"):
        async with till.shop.world.tx(till.shop.merchant) as tx:
            await tx.run("update order_line set sent = 4 where merchant_id = $1 and id = $2", tx.merchant,
                         UUID(held["id"]))  # fmt: skip


async def test_a_sheet_sends_what_waits(till: Till) -> None:
    order, _, _ = await two_lines(till)
    await ship(till, order, 3, 1)
    async with till.owner.session.get(f"{till.owner.url}/api/console/shipments/sheet?kind=csv") as answer:
        text = await answer.text()
    assert "盖碗 × 1" in text
    assert "× 3" not in text

"""Tickets and services: issued when paid, used as often as they say, ended by the clock, taken back by rule."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make import kinds
from make.customers import Till, open_till
from make.worlds import Browser, make_staff
from tongshang.tenancy.model import Role


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def take(till: Till, code: str, count: int = 1, *, id: Any = None) -> tuple[int, Any]:
    return await till.console("PUT", f"/tickets/{code}/uses/{id or uuid4()}", {"count": count})


async def test_a_ticket_needs_no_address_and_is_good_so_often_as_it_says(till: Till) -> None:
    await till.do("PUT", "/shop/freight", {"flat_fen": 800})
    _, variant = await kinds.goods(till, "ticket", terms={"days": 30, "uses": 3}, title="茶道体验")
    order = await till.sold(variant, 2, delivery="express", address_id=None)
    assert (order["delivery"], order["freight_fen"], order["state"], order["address"]) == ("none", 0, "paid", None)
    assert [(part["fulfilment"], part["state"]) for part in order["parts"]] == [("ticket", "waiting")]
    mine = await till.lily.do("GET", f"/orders/{order['id']}")
    first, second = mine["tickets"]
    assert first["qr_svg"].startswith("<svg")
    assert len({first["code"], second["code"]}) == 2
    shown = await till.do("GET", f"/tickets/{first['code'][:4]}%20{first['code'][4:]}")
    assert (shown["left"], shown["why"], shown["number"]) == (3, None, order["number"])
    use = uuid4()
    for _ in range(2):  # the second tap is no second use
        status, answer = await take(till, first["code"], 2, id=use)
        assert (status, answer["left"]) == (200, 1)
    status, answer = await take(till, first["code"], 1, id=use)
    assert (status, answer["code"]) == (409, "idempotency.mismatch")
    status, answer = await take(till, first["code"], 2)
    assert (status, answer["code"], answer["left"]) == (409, "ticket.too_many", "1")
    assert (await take(till, first["code"]))[0] == 200
    status, answer = await take(till, first["code"])
    assert (status, answer["code"]) == (409, "ticket.used_up")
    assert (await till.look(order["id"]))["state"] == "paid"  # the other one is still good
    assert (await take(till, second["code"], 3))[0] == 200
    assert (await till.look(order["id"]))["state"] == "completed"
    wallet = await till.lily.do("GET", "/tickets?state=ended")
    assert {one["code"] for one in wallet["items"]} == {first["code"], second["code"]}
    page = await till.do("GET", f"/tickets?q={second['code']}")
    assert ([one["used"] for one in page["items"]], page["counts"]) == ([3], {"used": 2, "today": 6})


async def test_a_mistaken_use_is_taken_back_in_its_time(till: Till) -> None:
    _, variant = await kinds.goods(till, "ticket", terms=kinds.TICKET)
    order = await till.sold(variant)
    code, use = order["tickets"][0]["code"], uuid4()
    await make_staff(till.shop.world, till.shop.merchant, login="clerk", role=Role.ASSISTANT)
    clerk = Browser(till.shop.url)
    try:
        await clerk.log_in("clerk")
        path = f"/api/console/tickets/{code}/uses/{use}"
        assert (await clerk("PUT", path, {"count": 1}))[0] == 200
        assert (await till.look(order["id"]))["state"] == "completed"
        await till.shop.wait(29 * 60)
        for _ in range(2):
            status, answer = await clerk("PUT", f"{path}/reversal")
            assert (status, answer["left"], answer["log"][0]["undone_at"] is not None) == (200, 1, True)
        again = f"/api/console/tickets/{code}/uses/{uuid4()}"
        assert (await clerk("PUT", again, {"count": 1}))[0] == 200
        await till.shop.wait(31 * 60)
        status, answer = await clerk("PUT", f"{again}/reversal")
        assert (status, answer["code"]) == (409, "ticket.too_late_to_undo")
        assert (await till.console("PUT", again.removeprefix("/api/console") + "/reversal"))[0] == 200  # the owner may
    finally:
        await clerk.close()
    assert len(await till.shop.facts("ticket.use_undone")) == 2


async def test_what_nobody_uses_ends_by_the_clock(till: Till) -> None:
    _, variant = await kinds.goods(till, "ticket", terms={"days": 3, "refund": "anytime"})
    order = await till.sold(variant, 2)
    code = order["tickets"][0]["code"]
    assert (await take(till, code))[0] == 200
    await till.shop.wait(timedelta(days=4).total_seconds())
    seen = await till.look(order["id"])
    assert ([one["state"] for one in seen["tickets"]], seen["state"]) == (["used", "expired"], "completed")
    status, answer = await take(till, seen["tickets"][1]["code"])
    assert (status, answer["code"]) == (409, "ticket.expired")
    assert (await kinds.refund(till, seen))[0] == 202  # by its terms its money comes back even now
    status, answer = await take(till, seen["tickets"][1]["code"])
    assert (status, answer["code"]) == (409, "ticket.refunded")
    assert await till.stock(variant) == (8, 0)  # nobody can use that day again


async def test_a_ticket_keeps_its_own_days_and_hours(till: Till) -> None:
    # It is Friday, ten in the morning in Shanghai.
    terms = {
        "from_day": "2026-11-21",
        "until_day": "2026-11-23",
        "closed_weekdays": [7],
        "closed_hours": [["12:00", "14:00"]],
    }
    _, variant = await kinds.goods(till, "ticket", terms=terms)
    code = (await till.sold(variant))["tickets"][0]["code"]
    status, answer = await take(till, code)
    assert (status, answer["code"]) == (409, "ticket.not_yet")
    await till.shop.wait(26.5 * 3600)  # Saturday, half past twelve
    status, answer = await take(till, code)
    assert (status, answer["code"]) == (409, "ticket.closed_now")
    await till.shop.wait(24 * 3600 + 7200)  # Sunday
    assert (await take(till, code))[1]["code"] == "ticket.closed_now"
    await till.shop.wait(20 * 3600)  # Monday
    assert (await take(till, code))[0] == 200
    await till.shop.wait(24 * 3600)
    status, answer = await till.lily("POST", "/quote", {"from": {"variant_id": str(variant)}})
    assert [one["code"] for one in answer["problems"]] == ["basket.off_shelf"]  # nobody buys what is over


async def test_money_goes_back_by_the_tickets_own_rule(till: Till) -> None:
    _, variant = await kinds.goods(till, "ticket", terms=kinds.TICKET)
    order = await till.sold(variant, 3)
    assert (await take(till, order["tickets"][0]["code"]))[0] == 200
    assert (await kinds.refund(till, order, 1))[0] == 202
    assert await till.stock(variant) == (8, 0)
    status, answer = await kinds.refund(till, order, 2)
    assert (status, answer["code"]) == (409, "refund.not_returnable")  # only one is unused
    assert (await kinds.refund(till, order, 1))[0] == 202
    seen = await till.look(order["id"])
    assert sorted(one["state"] for one in seen["tickets"]) == ["refunded", "refunded", "used"]
    assert (seen["state"], seen["refund"]) == ("completed", "part")  # nothing is owed any more
    assert (await kinds.refund(till, order, 1))[1]["code"] == "refund.not_returnable"
    assert (await kinds.refund(till, order, 1, anyway=True))[0] == 202  # the merchant's own decision
    assert await till.stock(variant) == (9, 0)


async def test_an_order_of_nothing_but_unused_tickets_is_undone_whole(till: Till) -> None:
    _, variant = await kinds.goods(till, "ticket", terms=kinds.TICKET | {"refund": "never"})
    order = await till.sold(variant, 2)
    status, answer = await kinds.refund(till, order, 2)
    assert (status, answer["code"]) == (409, "refund.not_returnable")
    assert (await kinds.refund(till, order, 2, anyway=True))[0] == 202
    seen = await till.look(order["id"])
    assert (seen["state"], [part["state"] for part in seen["parts"]]) == ("closed", ["dropped"])
    assert await till.stock(variant) == (10, 0)
    status, answer = await take(till, order["tickets"][0]["code"])
    assert (status, answer["code"]) == (409, "ticket.refunded")


async def test_a_service_has_one_code_for_all_its_pieces(till: Till) -> None:
    _, variant = await kinds.goods(till, "service", terms={"days": 60, "unlimited": True}, stock=None)
    order = await till.sold(variant, 3)
    (service,) = order["tickets"]
    assert (service["kind"], service["uses"]) == ("service", 3)
    assert (await take(till, service["code"]))[0] == 200
    assert (await kinds.refund(till, order, 1))[0] == 202  # good for one fewer
    assert (await kinds.refund(till, order, 2))[1]["code"] == "refund.not_returnable"
    status, answer = await take(till, service["code"])
    assert (status, answer["left"], answer["ticket"]["state"]) == (200, 0, "used")
    assert (await till.look(order["id"]))["state"] == "completed"


async def test_terms_that_say_nothing_are_refused(till: Till) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("ticket", {}), ("ticket", {"days": 0}), ("ticket", {"days": 3, "until_day": "2026-12-01"}),
        ("ticket", {"days": 3, "uses": 0}), ("ticket", {"days": 3, "closed_weekdays": [0]}),
        ("ticket", {"days": 3, "closed_hours": [["14:00", "12:00"]]}), ("ticket", {"days": 3, "what": 1}),
        ("service", {"days": 3, "uses": 2}), ("bundle", {"parts": []}), ("virtual", {"refund": "always"}),
    ]  # fmt: skip
    for kind, terms in wrong:
        body = {"title": "茶", "kind": kind, "terms": terms, "variants": [{"id": str(uuid4()), "price_fen": 100}]}
        status, answer = await till.console("PUT", f"/products/{uuid4()}", body)
        assert (status, answer["code"]) == (400, "invalid"), (kind, terms)
        assert answer["field"].startswith("terms"), answer

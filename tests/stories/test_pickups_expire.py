"""Goods that nobody fetches: kept as long as was promised, told of before, then the merchant's to decide about."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.town import ACCOUNT, Town, found
from make.townsfolk import Customer
from make.townshop import COUNTER, Shop, open_shop
from tongshang.platform.clock import SHANGHAI

PLAN = {"keyword1": "goods", "keyword2": "place", "keyword3": "until"}


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop[Town]]:
    async with found(database_url, tmp_path) as town:
        shop = await open_shop(town)
        await town.owner("PUT", "/welcome", {"enabled": False})
        template = str((await town.owner("POST", "/notices/templates", {"short_id": "TM00015"}))["template_id"])
        await town.owner("PUT", "/notices/plans/pickup_ending/template", {"template_id": template, "fields": PLAN})
        await town.owner("PUT", "/shop/pickup", {"enabled": True, **COUNTER, "days": 4})
        yield shop


async def heard(who: Customer) -> list[str]:
    """List what the shop's account wrote to somebody, newest last, as one text each."""
    return [str(one["content"]) for one in await who.phone.chat(ACCOUNT) if one["who"] == "account"]


async def until(town: Town, moment: datetime) -> None:
    """Let the clock come to a moment, with a look of the duties every few hours on the way."""
    while town.now < moment:
        await town.until(min(moment, town.now + timedelta(hours=5)))


async def stands(town: Town, order: dict[str, Any]) -> tuple[str, dict[str, int], int]:
    """Say where an order's pickup stands, how many there are of each state, and what waits on the first page."""
    shown = await town.owner("GET", f"/orders/{order['id']}")
    counts = (await town.owner("GET", "/pickups"))["counts"]
    todo = (await town.owner("GET", "/overview"))["todo"]["pickups_expired"]
    [row] = (await town.owner("GET", f"/orders?q={order['number']}"))["items"]
    assert row["pickup_over"] == shown["pickup_over"] == (shown["pickup"]["state"] == "expired")  # lists say it, too
    return shown["pickup"]["state"], {name: n for name, n in counts.items() if name != "today"}, todo


async def test_goods_that_nobody_fetches(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    before = await shop.stock(shop.tea)
    order: dict[str, Any] = await shop.sold(ann, quantity=2)
    code, due = order["pickup_code"], datetime.fromisoformat(order["pickup"]["until"])
    assert due == datetime.combine(
        town.now.astimezone(SHANGHAI).date() + timedelta(days=5), datetime.min.time(), SHANGHAI
    )
    await town.owner("PUT", "/shop/pickup", {"enabled": True, **COUNTER, "days": 30})  # what was promised stays
    # Reminded in the morning, once.
    await until(town, due - timedelta(days=3, hours=1))
    assert await heard(ann) == []
    await until(town, due - timedelta(hours=1))
    [told] = await heard(ann)
    last_day = (due - timedelta(minutes=1)).astimezone(SHANGHAI)
    assert all(word in told for word in ("明前龙井", "体验店", f"{last_day:%Y-%m-%d} 23:59", order["id"]))
    assert await stands(town, order) == ("waiting", {"waiting": 1}, 0)
    # Its time is up: nobody gets the goods or the money until the merchant says which.
    await until(town, due)
    assert await stands(town, order) == ("expired", {"expired": 1}, 1)
    seen = await ann.see(order)
    assert (seen["state"], seen["pickup"]["state"], seen["pickup_qr_svg"]) == ("paid", "expired", None)
    [mine] = (await ann("GET", "/orders"))["items"]
    assert (seen["pickup_over"], mine["pickup_over"]) == (True, True)
    assert await town.owner.refused("PUT", f"/pickups/{code}/verification") == (409, "pickup.expired")
    [listed] = (await town.owner("GET", "/pickups?state=expired"))["items"]
    assert (listed["number"], listed["pieces"], listed["title"]) == (order["number"], 2, "明前龙井")
    at_counter = await town.owner("GET", f"/pickups/{code}")
    assert (at_counter["stands"], at_counter["extendable"]) == ("expired", True)
    assert "延期" in at_counter["why"]
    # A day more: good again, and told of anew.
    longer = await town.owner("PUT", f"/orders/{order['id']}/pickup/deadline", {"days": 1})
    due = datetime.fromisoformat(longer["pickup"]["until"])
    assert due.astimezone(SHANGHAI).date() == town.now.astimezone(SHANGHAI).date() + timedelta(days=2)
    assert await stands(town, order) == ("waiting", {"waiting": 1}, 0)
    await until(town, due - timedelta(minutes=10))
    assert len(await heard(ann)) == 2
    # Fetched at the last moment, which was a mistake: taken back after its time, it is over.
    await town.owner("PUT", f"/pickups/{code}/verification")
    assert await stands(town, order) == ("verified", {"verified": 1}, 0)
    await until(town, due + timedelta(minutes=10))
    back = await town.owner("PUT", f"/pickups/{code}/reversal")
    assert (back["state"], back["stands"], back["verified_at"]) == ("paid", "expired", None)
    assert await stands(town, order) == ("expired", {"expired": 1}, 1)
    # The merchant gives the money back, and the goods are on the shelf once more.
    lines = [{"line_id": order["lines"][0]["id"], "quantity": 2}]
    await town.owner("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", {"lines": lines, "reason": "逾期未取"})
    await town.settle()
    assert await stands(town, order) == ("refunded", {"refunded": 1}, 0)
    assert ((await ann.see(order))["state"], await shop.stock(shop.tea)) == ("closed", before)
    for path, body in (
        (f"/pickups/{code}/verification", None),
        (f"/orders/{order['id']}/pickup/deadline", {"days": 9}),
    ):
        assert await town.owner.refused("PUT", path, body) == (409, "pickup.refunded")
    told_of = [one["kind"] for one in (await town.owner("GET", f"/orders/{order['id']}"))["timeline"]]
    assert (told_of.count("pickup.expired"), told_of.count("pickup.extended"), told_of.count("pickup.kept")) == (
        2,
        1,
        1,
    )
    done = [one["action"] for one in (await town.owner("GET", "/audit"))["items"]]
    assert "extend_pickup" in done
    assert await town.stuck_jobs() == []

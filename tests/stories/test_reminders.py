"""Reminders: before a ticket ends, when a balance opens and before it is missed; once, and never at night."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.shops import png
from make.town import ACCOUNT, Town, found
from make.townsfolk import Customer
from make.townshop import Shop, open_shop
from tongshang.platform.clock import SHANGHAI

TICKET_PLAN = {"keyword1": "goods", "keyword2": "left", "keyword3": "until"}
RULES = {"ticket_days": 3, "balance_hours": 1, "quiet_from": 22 * 60, "quiet_until": 9 * 60}


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop[Town]]:
    async with found(database_url, tmp_path) as town:
        shop = await open_shop(town)
        await town.owner("PUT", "/welcome", {"enabled": False})
        yield shop


async def shelf(shop: Shop[Town], **product: Any) -> str:
    """Put goods of one variant on the shelf; give the variant."""
    variant = str(uuid4())
    one = {"id": variant, "price_fen": 30_000, "stock": 20}
    body = {"pictures": [await shop.town.owner.upload(png())], "state": "on", "variants": [one], **product}
    await shop.town.owner("PUT", f"/products/{uuid4()}", body)
    return variant


async def presale(shop: Shop[Town], opens: datetime, ends: datetime) -> str:
    terms = {"deposit_fen": 5_000, "balance_from": opens.isoformat(), "balance_until": ends.isoformat(),
             "ships_by": (ends + timedelta(days=9)).date().isoformat()}  # fmt: skip
    return await shelf(shop, title="头采龙井（预售）", terms={"presale": terms})


async def sold(shop: Shop[Town], who: Customer, variant: str, **more: Any) -> dict[str, Any]:
    order = await who.buy(variant, **more)
    await who.pay(order)
    await shop.town.settle()
    return await who.see(order)


async def heard(who: Customer) -> list[str]:
    """List what the shop's account wrote to somebody, newest last, as one text each."""
    return [str(one["content"]) for one in await who.phone.chat(ACCOUNT) if one["who"] == "account"]


async def wait(town: Town, moment: datetime, *, step: float = 0.5) -> None:
    """Let the clock come to a moment, with a look of the duties at every step of hours on the way."""
    while town.now < moment:
        await town.until(min(moment, town.now + timedelta(hours=step)))


async def test_a_ticket_that_ends_is_told_of_once(shop: Shop[Town]) -> None:
    town = shop.town
    template = str((await town.owner("POST", "/notices/templates", {"short_id": "TM00015"}))["template_id"])
    await town.owner("PUT", "/notices/plans/expiring/template", {"template_id": template, "fields": TICKET_PLAN})
    assert await town.owner("GET", "/notices/reminders") == {**RULES, "balance_hours": 24}
    assert await town.owner.refused("PUT", "/notices/reminders", RULES | {"quiet_from": 1440}) == (400, "invalid")
    await town.owner("PUT", "/notices/reminders", RULES)
    ticket = await shelf(shop, kind="ticket", title="茶道体验", terms={"days": 5, "uses": 2})
    ann, bea, cid = [await shop.follower(name) for name in ("ann", "bea", "cid")]
    mine, used, back = [await sold(shop, who, ticket, quantity=2) for who in (ann, bea, cid)]
    await town.owner("PUT", f"/tickets/{mine['tickets'][0]['code']}/uses/{uuid4()}", {"count": 1})
    for one in used["tickets"]:
        await town.owner("PUT", f"/tickets/{one['code']}/uses/{uuid4()}", {"count": 2})
    lines = [{"line_id": back["lines"][0]["id"], "quantity": 2}]
    await town.owner("PUT", f"/orders/{back['id']}/refunds/{uuid4()}", {"lines": lines, "reason": "不来了"})
    ends = datetime.fromisoformat(mine["tickets"][0]["valid_until"])
    await wait(town, ends - timedelta(days=3) - timedelta(minutes=40), step=6)
    assert await heard(ann) == []
    await wait(town, ends - timedelta(days=3) + timedelta(hours=8))  # midnight, and the night after it
    assert await heard(ann) == []
    for days in (2, 1, 0):
        await wait(town, ends - timedelta(days=days), step=3)
    [told] = await heard(ann)
    last_day = (ends - timedelta(minutes=1)).astimezone(SHANGHAI)
    assert all(
        word in told for word in ("茶道体验 等 2 张", "3", f"{last_day:%Y-%m-%d} 23:59", "pages/tickets/tickets")
    )
    assert (await heard(bea), await heard(cid)) == ([], [])
    assert await town.stuck_jobs() == []


async def test_a_balance_is_told_of_when_it_opens_and_before_it_is_missed(shop: Shop[Town]) -> None:
    town, opens = shop.town, shop.town.now + timedelta(hours=2)
    for occasion in ("balance", "balance_ending"):
        await town.owner("PUT", f"/notices/plans/{occasion}/custom", {})
    await town.owner("PUT", "/notices/reminders", RULES)
    variant = await presale(shop, opens, opens + timedelta(hours=4))
    late, paid = [await shop.follower(name) for name in ("late", "paid")]
    owing, other = [await sold(shop, who, variant) for who in (late, paid)]
    await wait(town, opens - timedelta(minutes=5))
    assert await heard(late) == []
    await wait(town, opens + timedelta(minutes=5))
    [opened] = await heard(late)
    assert all(word in opened for word in ("预售尾款开付", "￥250.00", "去付尾款", owing["id"]))
    assert (await paid.phone.pay(await paid("POST", f"/orders/{other['id']}/balance/payment")))["result"] == "ok"
    await wait(town, opens + timedelta(hours=2, minutes=55))
    assert len(await heard(late)) == 1
    await wait(town, opens + timedelta(hours=5))
    assert [text.partition("【")[2][:6] for text in await heard(late)] == ["预售尾款开付", "尾款即将截止"]
    assert len(await heard(paid)) == 1
    assert await town.stuck_jobs() == []


async def test_nobody_is_written_to_at_night(shop: Shop[Town]) -> None:
    town = shop.town
    for occasion in ("balance", "balance_ending"):
        await town.owner("PUT", f"/notices/plans/{occasion}/custom", {})
    await town.owner("PUT", "/notices/reminders", RULES | {"balance_hours": 2})
    midnight = town.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    who = await shop.follower("ann")
    await sold(shop, who, await presale(shop, midnight, midnight + timedelta(hours=20)))
    ben = await shop.follower("ben")  # his ends before anybody may be told again
    await sold(shop, ben, await presale(shop, midnight - timedelta(hours=5), midnight + timedelta(hours=8)))
    await wait(town, midnight - timedelta(hours=2, minutes=1))
    assert len(await heard(ben)) == 2
    await wait(town, midnight + timedelta(hours=8, minutes=55))
    assert (len(await heard(who)), len(await heard(ben))) == (0, 2)
    await wait(town, midnight + timedelta(hours=9, minutes=5))
    assert len(await heard(who)) == 1
    assert await town.stuck_jobs() == []

"""Buyers are told of their orders by the best way there is, once, and the merchant sees which it was."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.town import ACCOUNT, Town, found
from make.townsfolk import Customer
from make.townshop import Shop, open_shop

PAID = {"keyword1": "number", "keyword2": "goods", "keyword3": "amount"}
SEND = "POST /cgi-bin/message/template/send"


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop[Town]]:
    async with found(database_url, tmp_path) as town:
        shop = await open_shop(town)
        await town.owner("PUT", "/welcome", {"enabled": False})
        yield shop


async def take(town: Town, **asked: Any) -> str:
    return str((await town.owner("POST", "/notices/templates", asked))["template_id"])


async def plan(town: Town, occasion: str, channel: str, template: str = "", fields: Any = None) -> dict[str, Any]:
    body = {"template_id": template, "fields": fields or {}}
    return dict(await town.owner("PUT", f"/notices/plans/{occasion}/{channel}", body))


async def told(customer: Customer) -> list[tuple[str, str, Any]]:
    lines = await customer.phone.chat(ACCOUNT)
    return [(line["via"], line["kind"], line["content"]) for line in lines if line["who"] == "account"]


async def fan(town: Town) -> str:
    return str((await town.owner("GET", "/fans"))["items"][0]["id"])


async def test_a_buyer_is_told_by_subscription_then_template_then_service(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    by_template = await take(town, short_id="TM00015")
    by_notice = await take(town, tid=401, kids=[1, 2, 3], scene="付款后")
    shown = await plan(town, "paid", "template", by_template, PAID)
    assert shown["preview"] == {"keyword1": "100234", "keyword2": "明前龙井 50g", "keyword3": "￥99.00"}
    named = {"character_string1": "number", "thing2": "goods", "amount3": "amount"}
    await plan(town, "paid", "subscription", by_notice, named)
    await ann.phone.act("notices/answer", appid=ACCOUNT, answers={by_notice: "accept"})
    await town.settle()
    consents = await town.owner("GET", f"/fans/{await fan(town)}/consents")
    assert [(one["answer"], one["remaining"]) for one in consents] == [("accept", 1)]
    order = await shop.sold(ann)
    [(via, kind, content)] = await told(ann)
    assert (via, kind, content["title"]) == ("subscription", "template", "订单支付成功通知")
    assert content["items"][0]["value"] == str(order["number"])
    assert order["id"] in content["url"]
    await town.advance(seconds=5)  # what happens in one moment has no order
    await shop.sold(ann)
    assert [via for via, _, _ in await told(ann)] == ["subscription", "template"]
    lines = (await town.owner("GET", f"/conversations/{await fan(town)}/messages"))["items"]
    assert [(line["channel"], line["state"], line["outcome"]) for line in lines] == [
        ("template", "sent", "delivered"), ("subscription", "sent", "delivered"),
    ]  # fmt: skip
    [used] = await town.owner("GET", f"/fans/{await fan(town)}/consents")
    assert (used["remaining"], used["used"]) == (0, 1)
    assert await town.stuck_jobs() == []


async def test_a_refusal_uses_no_consent_up(shop: Shop[Town]) -> None:
    """WeChat takes a consent for what it sends; what it refuses for a wrong value leaves the person's yes as it was."""
    town, ann = shop.town, await shop.follower("ann")
    by_notice = await take(town, tid=401, kids=[1, 2, 3], scene="付款后")
    await plan(
        town, "paid", "subscription", by_notice,
        {"character_string1": "number", "thing2": "goods", "amount3": "amount"},
    )  # fmt: skip
    await ann.phone.act("notices/answer", appid=ACCOUNT, answers={by_notice: "accept"})
    await town.settle()
    await town.sandbox.fault("POST /cgi-bin/message/subscribe/bizsend", "error", errcode=47003, times=1)
    await shop.sold(ann)
    [kept] = await town.owner("GET", f"/fans/{await fan(town)}/consents")
    assert (kept["remaining"], kept["used"]) == (1, 0)
    await town.advance(seconds=5)
    await shop.sold(ann)
    assert [via for via, _, _ in await told(ann)] == ["subscription"]
    [kept] = await town.owner("GET", f"/fans/{await fan(town)}/consents")
    assert (kept["remaining"], kept["used"]) == (0, 1)


async def test_who_refuses_templates_is_not_reached_and_that_shows(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    await plan(town, "paid", "template", await take(town, short_id="TM00015"), PAID)
    await ann.phone.act("notices/templates", appid=ACCOUNT, on=False)
    await shop.sold(ann)
    assert await told(ann) == []
    [line] = (await town.owner("GET", f"/conversations/{await fan(town)}/messages"))["items"]
    assert (line["state"], line["outcome"]) == ("sent", "blocked")
    kinds = [one["kind"] for one in (await town.owner("GET", f"/fans/{await fan(town)}"))["timeline"]]
    assert "notice.lost" in kinds


async def test_an_answer_that_was_lost_sends_nothing_twice(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    await plan(town, "paid", "template", await take(town, short_id="TM00015"), PAID)
    await town.sandbox.fault(SEND, "lost", times=1)
    await shop.sold(ann)
    await town.advance(seconds=30)
    assert [via for via, _, _ in await told(ann)] == ["template"]


async def test_without_a_template_service_messages_go_within_the_window_alone(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    for occasion in ("paid", "shipped"):
        await plan(town, occasion, "custom")
    sent = await shop.sold(ann, delivery="express", address_id=await ann.address())
    [(via, kind, content)] = await told(ann)
    assert (via, kind) == ("custom", "text")
    assert "【支付成功】" in content["text"]
    await town.advance(hours=49)
    parcel = {"company": "顺丰", "number": "SF100200300"}
    await town.owner("PUT", f"/orders/{sent['id']}/shipments/{uuid4()}", parcel)
    await town.settle()
    assert len(await told(ann)) == 1
    timeline = (await town.owner("GET", f"/fans/{await fan(town)}"))["timeline"]
    assert "notice.unsendable" in [one["kind"] for one in timeline]


async def test_an_example_goes_to_whom_the_merchant_picks(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    template = await take(town, short_id="TM00303")
    fields = {"keyword1": "number", "keyword2": "company", "keyword3": "=随包裹附上茶样"}
    await plan(town, "shipped", "template", template, fields)
    wrong = {"template_id": template, "fields": {**fields, "keyword3": "amount"}}
    assert await town.owner.refused("PUT", "/notices/plans/shipped/template", wrong) == (400, "invalid")
    await town.owner("PUT", f"/notices/plans/shipped/template/trials/{uuid4()}", {"fan_id": await fan(town)})
    await town.settle()
    [(_, _, content)] = await told(ann)
    assert content["items"][2]["value"] == "随包裹附上茶样"
    await town.owner("DELETE", f"/notices/templates/{template}")
    shown = await town.owner("GET", "/notices")
    assert shown["templates"] == []
    assert not next(one for one in shown["occasions"] if one["occasion"] == "shipped")["plans"][0]["enabled"]

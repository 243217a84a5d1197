"""A buyer says yes to one message on WeChat's page, gets that one and no other, follower or not."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from make.town import ACCOUNT, Town, found
from make.townshop import Shop, open_shop

TEMPLATE = "OnceTemplateOnceTemplateOnceTemplateOnceTem"


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop[Town]]:
    async with found(database_url, tmp_path) as town:
        shop = await open_shop(town)
        await town.owner("PUT", "/welcome", {"enabled": False})
        yield shop


async def ship(town: Town, order: dict[str, object], number: str) -> None:
    parcel = {"company": "顺丰", "number": number}
    await town.owner("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", parcel)
    await town.settle()


async def test_a_yes_is_good_for_one_message(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    await ann.agree()
    address = await ann.address()
    orders = [await shop.sold(ann, delivery="express", address_id=address) for _ in range(2)]
    about = {"occasion": "shipped", "subject_id": orders[0]["id"], "next": "/s/tea/#/pages/paid/paid"}
    offer = await ann("GET", "/notice-offers/shipped")
    assert offer == {"once": False, "templates": [], "waiting": False}
    assert (await ann.refused("POST", "/notice-asks", about))[0] == 404
    await town.owner("PUT", "/notices/plans/shipped/once", {"template_id": TEMPLATE})
    url = (await ann("POST", "/notice-asks", about))["url"]
    page = await ann.phone.open(url)
    assert "申请向你发送一条消息" in page.text
    # No is no, and the link is spent with it; loading it twice changes nothing.
    back = await ann.phone.consent(page, allow=False)
    assert back.url.endswith("/pages/paid/paid?notice=no")
    await ann.phone.consent(page)
    assert not (await ann("GET", "/notice-offers/shipped"))["waiting"]
    page = await ann.phone.open((await ann("POST", "/notice-asks", about))["url"])
    assert (await ann.phone.consent(page)).url.endswith("?notice=yes")
    assert (await ann("GET", "/notice-offers/shipped"))["waiting"]
    fan = (await town.owner("GET", "/fans"))["items"][0]["id"]
    said = await town.owner("GET", f"/fans/{fan}/once-consents")
    assert [(one["answer"], one["used_at"]) for one in said] == [("confirm", None), ("cancel", None)]
    # She leaves: a message she asked for comes all the same, the second does not.
    await ann.phone.unfollow(ACCOUNT)
    await town.settle()
    for number, order in enumerate(orders):
        await ship(town, order, f"SF10020030{number}")
    lines = [line for line in await ann.phone.chat(ACCOUNT) if line["via"] == "once"]
    assert [line["content"]["title"] for line in lines] == ["订单已发货"]
    assert "快递单号：SF100200300" in lines[0]["content"]["items"][0]["value"]
    assert str(orders[0]["id"]) in lines[0]["content"]["url"]
    assert not (await ann("GET", "/notice-offers/shipped"))["waiting"]
    said = await town.owner("GET", f"/fans/{fan}/once-consents")
    assert said[0]["used_at"] is not None


async def test_a_forged_or_late_answer_is_refused(shop: Shop[Town]) -> None:
    town, ann = shop.town, await shop.follower("ann")
    await town.owner("PUT", "/notices/plans/paid/once", {"template_id": TEMPLATE})
    about = {"occasion": "paid", "subject_id": str(uuid4()), "next": "https://evil.example/"}
    url = (await ann("POST", "/notice-asks", about))["url"]
    reserved = parse_qs(urlsplit(url).query)["reserved"][0]
    back = f"/wechat/subscribe/callback?action=confirm&scene=1&template_id={TEMPLATE}&reserved="
    for query in (f"{reserved}&openid=oSomebodyElse", f"{reserved[:-1]}0&openid=x", "x&openid=x", ""):
        page = await ann.phone.request("GET", town.at(back + query))
        assert page.status == 403, page.text
    page = await ann.phone.open(url)
    await town.advance(minutes=11)
    assert (await ann.phone.consent(page)).status == 403
    assert not (await ann("GET", "/notice-offers/paid"))["waiting"]

"""WeChat's own button for notices on a paid order: the sheet on the phone, the callback, the notice that follows."""

import asyncio
import re
from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, FrameLocator, Page, expect

from make.streets import Customer, Street
from make.towns import ACCOUNT

pytestmark = pytest.mark.browser
FIELDS = {"character_string1": "number", "thing2": "company", "character_string3": "parcel"}


async def order_page(street: Street, phone: Page, order: str) -> FrameLocator:
    """Open an order of the phone's owner in its browser; WeChat's silent log-in comes in between."""
    await phone.goto("about:blank")
    store = street.town.at(f"/s/tea/#/pages/order/order?id={order}")
    own = street.town.box.url.replace("localhost", "lily.localhost")
    await phone.goto(f"{own}/phone#open={store}")
    return phone.frame_locator("iframe")


async def ship(street: Street, order: str) -> None:
    await street.console("PUT", f"/orders/{order}/shipments/{uuid4()}", {"company": "顺丰", "number": "SF100200300"})


async def told(street: Street, lily: Customer, *, times: int) -> str:
    """Wait until so many notices have come; give the title of the last."""
    for _ in range(100):  # a worker of its own is at work
        await street.town.settle()
        cards = [line["content"] for line in await lily.phone.chat(ACCOUNT) if line["via"] == "subscription"]
        if len(cards) == times:
            return str(cards[-1]["title"])
        await asyncio.sleep(0.1)
    raise AssertionError(cards)


async def agreed(street: Street, lily: Customer) -> bool:
    """Wait until the platform has heard that she agreed."""
    for _ in range(100):
        if (await lily.do("GET", "/notice-offers/shipped"))["waiting"]:
            return True
        await street.town.settle()
        await asyncio.sleep(0.1)
    return False


async def test_a_buyer_agrees_to_a_notice_on_the_order_page(street: Street, phone_context: BrowserContext) -> None:
    asked = {"tid": 402, "kids": [1, 2, 3], "scene": "发货后"}
    template = (await street.console("POST", "/notices/templates", asked))["template_id"]
    plan = {"template_id": template, "fields": FIELDS}
    await street.console("PUT", "/notices/plans/shipped/subscription", plan)
    lily = await street.customer("lily")
    address = await lily.move_in()
    orders = []
    for _ in range(2):
        order = await lily.buy_now(street.tea, delivery="express", address_id=address)
        await lily.pay(order["id"])
        orders.append(order["id"])

    phone = await phone_context.new_page()
    store = await order_page(street, phone, orders[0])
    # Only WeChat may draw the button: what is inside is closed to the page, and to this test.
    await expect(store.locator("wx-open-subscribe")).to_be_visible()
    await store.locator("wx-open-subscribe").click()
    sheet = phone.locator("[data-test=subscribe]")
    await expect(sheet).to_contain_text("订单发货通知")
    await sheet.get_by_role("button", name=re.compile("示例")).click()
    await expect(sheet).to_contain_text("快递公司:顺丰")
    await sheet.get_by_role("checkbox", name="总是保持以上选择").click()
    await sheet.get_by_role("button", name="允许").click()
    await expect(store.get_by_role("status").get_by_text("发货后会在微信里通知你")).to_be_visible()
    assert await agreed(street, lily)
    await ship(street, orders[0])
    assert await told(street, lily, times=1) == "订单发货通知"
    assert not (await lily.do("GET", "/notice-offers/shipped"))["waiting"]

    await street.town.advance(seconds=5)  # one person's events of one second are one event
    # The choice is kept: the second tap is agreed to without a sheet.
    store = await order_page(street, phone, orders[1])
    await store.locator("wx-open-subscribe").click()
    await expect(store.get_by_role("status").get_by_text("发货后会在微信里通知你")).to_be_visible()
    await expect(sheet).to_have_count(0)
    assert await agreed(street, lily)
    await ship(street, orders[1])
    assert await told(street, lily, times=2) == "订单发货通知"

"""A count that reckons with parcels, the rule behind each fen of an order, and a price for a group."""

import os
from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def kept(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=f"{folder}/{name}.png")


async def test_what_is_paid_and_not_sent_is_counted_with_the_rest_and_each_fen_names_its_rule(
    street: Street, desk_context: BrowserContext
) -> None:
    full = f"/promotions/{uuid4()}"
    await street.console("PUT", full, {"kind": "full", "name": "春茶", "steps": [{"min_fen": 5_000, "minus_fen": 800}]})
    await street.console("PUT", f"{full}/state", {"state": "on"})
    customer = await street.customer("ann")
    order = await customer.buy_now(street.tea, delivery="express", address_id=await customer.move_in())
    await customer.pay(order["id"])
    await customer.phone.close()
    count = uuid4()
    await street.console("PUT", f"/stock/counts/{count}", {"note": "月末"})
    await keep_logged_in(desk_context, street.town.owner)
    desk, looks = await watched(desk_context), Looks()
    await visit(desk, f"{street.town.url}/console/stock/counts/{count}")
    await desk.get_by_placeholder("扫条码或搜商品名").fill("明前龙井")
    await desk.locator("button.hit").first.click()
    await desk.get_by_label("实盘").fill("5")
    await desk.get_by_role("button", name="记下").click()
    await expect(desk.get_by_text("含待发货 1")).to_be_visible()
    await looks.at(desk, "count")
    await kept(desk, "count")

    await visit(desk, f"{street.town.url}/console/orders/{order['id']}")
    await desk.get_by_text("规则与分摊").first.click()
    await expect(desk.locator("code").first).to_contain_text("base_fen=")
    await expect(desk.locator("code").nth(1)).to_contain_text("第 1 行 明前龙井")
    await looks.at(desk, "order")
    await kept(desk, "order-rule")

    await visit(desk, f"{street.town.url}/console/promotions/{uuid4()}?new=group")
    await expect(desk.locator("label[for=p-audience]")).to_have_text("指定人群（顾客标签）")
    await looks.at(desk, "group price")
    await kept(desk, "group")
    await desk.set_viewport_size(PHONE)
    await looks.at(desk, "group price on a phone")
    looks.verdict()

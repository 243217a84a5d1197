"""A promotion, from the merchant's pen to the customer's till."""

import pytest
from playwright.async_api import BrowserContext, expect

from browser.looks import watched
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def test_a_promotion_is_written_tried_started_and_seen_at_the_till(
    street: Street, desk_context: BrowserContext, phone_context: BrowserContext
) -> None:
    jar = street.town.owner.session.cookie_jar
    url = street.town.owner.url
    await desk_context.add_cookies([{"name": one.key, "value": one.value, "url": url} for one in jar])
    desk = await watched(desk_context)
    await desk.goto(f"{street.town.owner.url}/console/promotions")
    await desk.get_by_role("button", name="新建活动").first.click()
    await desk.get_by_role("button", name="满减").first.click()
    await desk.get_by_label("活动名称").fill("春茶满减")
    await desk.get_by_label("满", exact=True).fill("50")
    await desk.get_by_label("减", exact=True).fill("8")
    await expect(desk.get_by_text("满 50 元减 8 元").first).to_be_visible()
    await desk.get_by_role("button", name="保存草稿").click()
    await expect(desk.get_by_role("button", name="开始", exact=True)).to_be_visible()
    await desk.get_by_role("button", name="开始", exact=True).click()
    await expect(desk.get_by_text("进行中").first).to_be_visible()

    customer = await street.customer("ann")
    await customer.move_in()
    ticket = await street.town.go_in(customer.phone)
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page = await watched(phone_context)
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    await page.goto(f"{home}#/pages/checkout/checkout?variant={street.tea}&quantity=1")
    await page.reload()
    await expect(page.get_by_text("满减：满 50 元减 8 元").first).to_be_visible()
    # Paused while the customer looks: the price comes with what has changed, and nothing was ordered.
    await desk.get_by_role("button", name="暂停").click()
    await expect(desk.get_by_role("button", name="继续")).to_be_visible()
    await page.get_by_role("button", name="微信支付").click()
    await expect(page.get_by_text("满减优惠已失效，少减 8.00 元")).to_be_visible()
    assert (await customer.do("GET", "/orders"))["items"] == []
    await customer.phone.close()

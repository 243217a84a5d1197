"""Finding goods and giving an address in a visitor's browser."""

import pytest
from playwright.async_api import BrowserContext, expect

from browser.looks import Looks, watched
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def test_goods_are_found_by_pinyin_and_an_address_by_pasting_it(
    street: Street, phone_context: BrowserContext
) -> None:
    await street.console("PUT", "/search/words", {"synonyms": [["盖碗", "三才碗"]], "hot": ["龙井"]})
    customer = await street.customer("zoe")
    ticket = await street.town.go_in(customer.phone)
    await customer.phone.close()
    home = street.town.at("/s/tea/").replace("localhost", "zoe.localhost")
    page, looks = await watched(phone_context), Looks()
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    await page.goto("about:blank")
    await page.goto(f"{home}#/pages/search/search")
    await expect(page.get_by_role("button", name="龙井")).to_be_visible()
    entry = page.locator(".entry input")
    await entry.fill("mqlj")
    await expect(page.get_by_role("option", name="明前龙井")).to_be_visible()
    await entry.fill("三才碗")
    await entry.press("Enter")
    await expect(page.get_by_text("共 1 件商品")).to_be_visible()
    await looks.at(page, "found")
    await page.get_by_text("筛选").click()
    await expect(page.get_by_text("查看 1 件商品")).to_be_visible()
    await looks.at(page, "filters")
    await page.goto("about:blank")
    await page.goto(f"{home}#/pages/address/address")
    await page.locator(".paste textarea").fill("李雷 13800000001 浙江省杭州市西湖区龙井路2号")
    await page.get_by_role("button", name="识别").click()
    await expect(page.get_by_text("浙江省 杭州市 西湖区")).to_be_visible()
    await page.get_by_text("浙江省 杭州市 西湖区").click()
    await expect(page.get_by_role("option", name="黑龙江省")).to_be_visible()
    await looks.at(page, "regions")
    await page.locator(".search .entry input").fill("南山区")
    await page.get_by_role("option", name="广东省 深圳市 南山区").click()
    await expect(page.get_by_text("广东省 深圳市 南山区")).to_be_visible()
    await looks.at(page, "address")
    looks.verdict()

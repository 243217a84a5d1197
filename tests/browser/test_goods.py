"""The goods workbench in real Chromium: what is typed is kept, goes live when saved, and can be taken back."""

import pytest
from playwright.async_api import BrowserContext, expect

from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def test_goods_are_written_in_the_editor_and_nothing_typed_is_lost(
    street: Street, desk_context: BrowserContext
) -> None:
    await keep_logged_in(desk_context, street.town.owner)
    desk = await watched(desk_context)
    [product] = [p for p in (await street.console("GET", "/products"))["items"] if p["title"] == "明前龙井"]
    await visit(desk, f"{street.town.url}/console/products/{product['id']}")
    title = desk.get_by_label("商品名称")
    await title.fill("雨前龙井")
    await expect(desk.get_by_text("草稿已自动保存，尚未生效").first).to_be_visible()
    assert (await street.console("GET", f"/products/{product['id']}"))["title"] == "明前龙井"  # not live yet
    await desk.reload()
    await expect(title).to_have_value("雨前龙井")
    await desk.get_by_role("button", name="放弃修改").click()
    await desk.get_by_role("dialog").get_by_role("button", name="放弃修改").click()
    await expect(title).to_have_value("明前龙井")
    await desk.locator("#notes").get_by_role("button", name="撤销").click()
    await expect(title).to_have_value("雨前龙井")
    await desk.keyboard.press("Control+s")
    await expect(desk.get_by_text("商品已保存").first).to_be_visible()
    assert (await street.console("GET", f"/products/{product['id']}"))["title"] == "雨前龙井"


async def test_the_workbench_is_sound_on_a_phone(street: Street, desk_context: BrowserContext) -> None:
    await keep_logged_in(desk_context, street.town.owner)
    desk, looks = await watched(desk_context), Looks()
    await desk.set_viewport_size({"width": 390, "height": 844})
    for path in ("products/sheets", "product-groups", "reviews", "media"):
        await visit(desk, f"{street.town.url}/console/{path}")
        await looks.at(desk, path)
    looks.verdict()

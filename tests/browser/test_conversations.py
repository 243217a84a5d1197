"""A conversation in the console: it shows what was said, an answer reaches the phone, and a closed window says why."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.looks import watched
from browser.test_console import keep_logged_in, visit
from make.streets import Street
from make.towns import ACCOUNT

pytestmark = [pytest.mark.browser]


@pytest.fixture
async def desk(street: Street, desk_context: BrowserContext) -> Page:
    """The owner's console, logged in."""
    await keep_logged_in(desk_context, street.town.owner)
    return await watched(desk_context)


async def test_a_person_is_answered(street: Street, desk: Page) -> None:
    town = street.town
    await town.alice.follow(ACCOUNT)
    await town.alice.say(ACCOUNT, "有明前茶吗？")
    await town.settle()
    await visit(desk, f"{town.url}/console/conversations")
    await desk.locator("button.one").first.click()
    await expect(desk.get_by_role("log").get_by_text("有明前茶吗？")).to_be_visible()
    await desk.get_by_label("消息内容").fill("有的，刚到")
    await desk.get_by_role("button", name="发送", exact=True).click()
    await expect(desk.get_by_role("log").get_by_text("有的，刚到")).to_be_visible()
    await town.settle()
    said = [line["content"].get("text") for line in await town.alice.chat(ACCOUNT) if line["via"] == "custom"]
    assert said[-1] == "有的，刚到"


async def test_notices_show_their_ways(street: Street, desk: Page) -> None:
    town = street.town
    status, _ = await town.owner("POST", "/api/console/notices/templates", {"short_id": "TM00015"})
    assert status == 201
    await visit(desk, f"{town.url}/console/notices")
    await desk.get_by_role("button", name="设置 支付成功 模板消息").click()
    for field, says in (("订单号", "订单号"), ("商品", "商品"), ("支付金额", "实付金额")):
        await desk.locator(".field").filter(has_text=field).locator(".el-select").click()
        await desk.get_by_role("option", name=says, exact=True).last.click()
    await desk.get_by_role("dialog").get_by_role("button", name="保存").click()
    await expect(desk.get_by_text("已启用").first).to_be_visible()

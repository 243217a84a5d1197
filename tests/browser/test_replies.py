"""Automatic replies and menus in the console, and what they do on a phone."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.looks import watched
from browser.test_console import keep_logged_in, visit
from make.houses import until
from make.shops import png
from make.streets import Street
from make.towns import ACCOUNT

pytestmark = [pytest.mark.browser]


@pytest.fixture
async def desk(street: Street, desk_context: BrowserContext) -> Page:
    """The owner's console, logged in."""
    await keep_logged_in(desk_context, street.town.owner)
    return await watched(desk_context)


async def test_a_rule_is_written_tried_and_answers(street: Street, desk: Page) -> None:
    written = {"default": {"type": "text", "content": "稍后回复您"}}
    await street.town.sandbox.call("PUT", f"/accounts/{ACCOUNT}/autoreplies", written)
    await visit(desk, f"{street.town.url}/console/replies")
    await desk.get_by_role("button", name="导入公众号原有回复").click()
    await desk.get_by_role("dialog").get_by_role("button", name="导入公众号原有回复").click()
    await expect(desk.get_by_text("默认回复（原公众号）")).to_be_visible()
    await desk.get_by_role("button", name="新建规则").first.click()
    await desk.get_by_label("规则名称").fill("营业时间")
    await desk.get_by_role("textbox", name="关键词").fill("几点")
    await desk.get_by_role("textbox", name="文字").fill("每天九点，")
    await desk.get_by_role("button", name="昵称").click()
    await desk.get_by_role("button", name="保存").last.click()
    await expect(desk.get_by_text("每天九点，{{nickname}}")).to_be_visible()
    await desk.get_by_label("对方说的话").fill("你们几点开门")
    await desk.get_by_role("button", name="试试看").click()
    await expect(desk.get_by_text("“营业时间”负责回复")).to_be_visible()
    await expect(desk.get_by_text("每天九点，朋友")).to_be_visible()
    await street.town.alice.follow(ACCOUNT)
    await street.town.alice.say(ACCOUNT, "几点？")
    await street.town.settle()
    said = [line["content"].get("text", "") for line in await street.town.alice.chat(ACCOUNT)]
    assert [line for line in said if line.startswith("每天九点，")] == ["每天九点，朋友"]


async def test_a_menu_is_compared_published_and_used(street: Street, desk: Page, phone_context: BrowserContext) -> None:
    town = street.town
    await visit(desk, f"{town.url}/console/menu")
    await desk.get_by_role("button", name="添加菜单").first.click()
    await desk.get_by_label("菜单名称").fill("发图")
    await desk.locator(".el-select:has(#m-kind)").click()
    await desk.get_by_role("option", name="拍照或相册发图").click()
    await desk.get_by_role("button", name="保存").click()
    await expect(desk.get_by_text("菜单已保存")).to_be_visible()
    await desk.get_by_role("button", name="发布到微信").click()
    await expect(desk.get_by_role("dialog").get_by_text("发图")).to_be_visible()
    await desk.get_by_role("button", name="确认发布").click()
    await expect(desk.get_by_text("历史版本")).to_be_visible()
    await town.alice.follow(ACCOUNT)
    await town.settle()
    page = await phone_context.new_page()
    await page.goto(town.box.url.replace("localhost", "alice.localhost") + "/phone")
    await page.locator(f'[data-appid="{ACCOUNT}"]').click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="发图").click()
    picture = {"name": "tea.png", "mimeType": "image/png", "buffer": png()}
    await (await chooser.value).set_files([picture])  # type: ignore[list-item]
    await expect(page.locator(".message.mine[data-kind=image] img")).to_be_visible()

    async def heard() -> bool:
        """The phone shows a picture as soon as it is chosen; WeChat has it, and tells of it, a moment later."""
        await town.settle()
        return {"fan.tapped", "fan.said"} <= {line["kind"] for line in (await town.fan())["timeline"]}

    await until(heard)

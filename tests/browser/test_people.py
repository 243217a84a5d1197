"""The people's pages: followers brought in, chosen and tagged with the mouse; WeChat's figures as charts."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make.streets import Street
from make.towns import ACCOUNT

pytestmark = [pytest.mark.browser]


@pytest.fixture
async def desk(street: Street, desk_context: BrowserContext) -> Page:
    """The owner's console, logged in."""
    await keep_logged_in(desk_context, street.town.owner)
    return await watched(desk_context)


async def test_followers_are_brought_in_and_tagged(street: Street, desk: Page) -> None:
    await street.town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 40, "days": 20})
    await visit(desk, f"{street.town.url}/console/fans")
    await desk.get_by_role("button", name="再次同步").click()
    await expect(desk.get_by_text("同步完成：40 人")).to_be_visible()
    await expect(desk.locator("tbody tr")).to_have_count(30)
    await desk.get_by_role("button", name="管理标签").click()
    await desk.get_by_role("button", name="新建标签").first.click()
    await desk.get_by_placeholder("标签名称（10 个汉字以内）").fill("老客")
    await desk.get_by_role("button", name="保存").click()
    await expect(desk.get_by_text("0 人")).to_be_visible()
    await expect(desk.get_by_text("正在同步到微信")).to_have_count(0)
    await desk.get_by_role("link", name="粉丝列表").click()
    await desk.locator("tbody .el-checkbox").first.click()
    await desk.get_by_role("button", name="选择本页全部").click()
    await expect(desk.get_by_text("已选 30 人")).to_be_visible()
    await desk.get_by_role("toolbar").locator(".el-select").first.click()
    await desk.get_by_role("option", name="老客").click()
    await expect(desk.get_by_text("已完成 30 人")).to_be_visible()
    await expect(desk.locator("tbody").get_by_text("老客")).to_have_count(30)
    await desk.locator("tbody a").first.click()
    await desk.get_by_role("button", name="取下标签“老客”").click()
    await expect(desk.get_by_text("还没有标签", exact=True)).to_be_visible()
    await expect(desk.get_by_text("被取下标签“老客”")).to_be_visible()


async def test_figures_are_drawn(street: Street, desk: Page) -> None:
    town, looks = street.town, Looks()
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 400, "days": 1})
    await town.alice.follow(ACCOUNT)
    look = {"appid": ACCOUNT, "msgid": "100_1", "title": "春茶上市", "source": 2}
    await town.sandbox.call("POST", "/people/alice/look", look)
    await street.next_morning()
    await visit(desk, f"{town.url}/console/insights")
    await expect(desk.get_by_text("数据截至")).to_be_visible()
    for words in ("粉丝增长", "公众号搜索", "春茶上市"):
        await expect(desk.get_by_text(words, exact=True).first).to_be_visible()
    await desk.get_by_role("button", name="累计关注").click()
    await expect(desk.get_by_text("最新 ")).to_be_visible()
    for size in (None, PHONE):
        if size:
            await desk.set_viewport_size({"width": size["width"], "height": size["height"]})
            await visit(desk, f"{town.url}/console/insights")
        await looks.at(desk, f"insights {size}")
    looks.verdict()

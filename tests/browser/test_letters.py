"""A merchant writes an article with a cover and publishes it, and sends a message to everybody by typing the count."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make import files
from make.towns import ACCOUNT, Town, founded

pytestmark = [pytest.mark.browser]


@pytest.fixture
async def town(database_url: str, tmp_path: Path, built_web: None) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.alice.follow(ACCOUNT)
        await made.settle()
        yield made


@pytest.fixture
async def desk(town: Town, desk_context: BrowserContext) -> Page:
    await keep_logged_in(desk_context, town.owner)
    return await watched(desk_context)


async def choose_file(page: Page, color: str) -> None:
    """Upload a picture in the dialog that is open, which chooses it."""
    file = {"name": "a.png", "mimeType": "image/png", "buffer": files.picture(color, (940, 400))}
    await page.locator(".el-dialog input[type=file]").last.set_input_files(file)  # type: ignore[arg-type]
    await expect(page.locator(".el-dialog:visible")).to_have_count(0)


async def test_an_article_is_written_published_and_a_message_sent(town: Town, desk: Page) -> None:
    looks, console = Looks(), f"{town.url}/console"
    await visit(desk, f"{console}/articles")
    await desk.get_by_role("button", name="写图文").first.click()
    await desk.get_by_role("textbox", name="标题", exact=True).fill("春茶上市")
    text = desk.get_by_role("textbox", name="正文")
    await text.click()
    await desk.keyboard.type("明前龙井，今日开采。")
    await desk.get_by_role("button", name="插入图片").click()
    await choose_file(desk, "#852")
    await desk.get_by_role("button", name="选择封面图").click()
    await choose_file(desk, "#246")
    await expect(desk.get_by_role("group", name="2.35:1（首篇封面）")).to_be_visible()
    await desk.get_by_label("缩放").first.press("ArrowRight")
    await looks.at(desk, "article")
    await desk.get_by_role("button", name="发布", exact=True).click()
    await desk.locator(".ask").get_by_role("button", name="发布").click()
    await expect(desk.get_by_text("等待提交")).to_be_visible()
    await town.settle()
    await town.advance(seconds=6)
    await town.settle()
    await expect(desk.get_by_text("已发布").first).to_be_visible()
    url = await desk.get_by_role("link", name="打开第 1 篇").get_attribute("href")
    assert url
    page = (await town.alice.open(url)).text
    assert "明前龙井" in page
    assert "mmbiz.qpic.cn" in page
    article = desk.url.rpartition("/")[2]
    await visit(desk, f"{console}/broadcasts")
    await desk.get_by_role("button", name="新建群发").first.click()
    await desk.get_by_label("文字内容").fill("新茶上市，欢迎品尝")
    await expect(desk.get_by_text("符合条件 1 人")).to_be_visible()
    await looks.at(desk, "broadcast")
    await desk.get_by_role("button", name="发送", exact=True).click()
    go = desk.get_by_role("button", name="确认发送")
    await desk.get_by_label("输入 1").fill("2")
    await expect(go).to_be_disabled()
    await desk.get_by_label("输入 1").fill("1")
    await go.click()
    await expect(desk.get_by_text("已排定").first).to_be_visible()
    await town.settle()
    await town.advance(seconds=5)
    await town.settle()
    await expect(desk.get_by_text("送达 1 / 1")).to_be_visible()
    broadcast = desk.url.rpartition("/")[2]
    said = [b["content"].get("text") for b in await town.alice.chat(ACCOUNT) if b["via"] == "mass"]
    assert said == ["新茶上市，欢迎品尝"]
    await visit(desk, f"{console}/materials")
    await expect(desk.locator("li.image")).to_have_count(2)
    await looks.at(desk, "materials")
    await desk.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    for path in ("materials", "articles", "broadcasts", f"articles/{article}", f"broadcasts/{broadcast}"):
        await visit(desk, f"{console}/{path}")
        await looks.at(desk, f"390 {path}")
    looks.verdict()

"""Articles at WeChat in the console and on a phone: fetched, chosen, sent, opened, commented on and answered."""

import asyncio
from uuid import uuid4

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.looks import watched
from browser.test_console import keep_logged_in, visit
from make import files
from make.streets import Street
from make.towns import ACCOUNT

pytestmark = [pytest.mark.browser]


@pytest.fixture
async def desk(street: Street, desk_context: BrowserContext) -> Page:
    """The owner's console, logged in."""
    await keep_logged_in(desk_context, street.town.owner)
    return await watched(desk_context)


async def published(street: Street) -> str:
    """Publish an article that takes comments; give its address."""
    town, path = street.town, f"/api/console/articles/{uuid4()}"
    form = aiohttp.FormData()
    form.add_field("file", files.picture("#2a6", (940, 400)), filename="cover.png", content_type="image/png")
    _, cover = await town.owner("POST", "/api/console/materials?kind=image", None, data=form)
    body = "<h2>采茶</h2><p>天还没亮，<strong>露水</strong>还在。</p>"
    one = {"title": "茶园的早晨", "body": body, "cover_id": cover["id"], "digest": "一日之计", "comments": True}
    for step, asked in ((path, {"articles": [one]}), (f"{path}/publications/{uuid4()}", None)):
        status, made = await town.owner("PUT", step, asked)
        assert status == 200, made
    for _ in range(50):  # a worker is at work beside us, and takes its own time
        await town.settle()
        await town.advance(seconds=6)
        await asyncio.sleep(0.1)
        _, kept = await town.owner("GET", path)
        if kept["publications"][0]["urls"]:
            break
    assert kept["publications"][0]["state"] == "published", kept["publications"]
    return str(kept["publications"][0]["urls"][0])


async def test_an_article_is_chosen_sent_opened_and_its_comment_answered(
    street: Street, desk: Page, phone_context: BrowserContext
) -> None:
    town = street.town
    url = await published(street)
    await town.alice.follow(ACCOUNT)
    await town.alice.say(ACCOUNT, "有新文章吗")
    await town.settle()
    await visit(desk, f"{town.url}/console/conversations")
    await desk.locator("button.one").first.click()
    await desk.get_by_role("button", name="更多消息类型").click()
    await desk.get_by_role("menuitem", name="公众号文章").click()
    await desk.get_by_role("button", name="选择已发布的文章").click()
    await desk.get_by_role("dialog").get_by_role("button", name="茶园的早晨").click()
    await desk.get_by_role("button", name="发送", exact=True).first.click()
    await expect(desk.get_by_role("log").get_by_text("茶园的早晨")).to_be_visible()
    await town.settle()
    page = await phone_context.new_page()
    await page.goto(town.box.url.replace("localhost", "alice.localhost") + "/phone")
    await page.locator(f'[data-appid="{ACCOUNT}"]').click()
    await page.locator(".message[data-kind=mpnewsarticle]").get_by_text("茶园的早晨").click()
    article = page.frame_locator("iframe").first
    await expect(article.get_by_text("露水")).to_be_visible()
    await article.get_by_placeholder("写留言").fill("想去看看")
    await article.get_by_role("button", name="留言").click()
    await expect(article.get_by_text("留言已提交")).to_be_visible()
    await visit(desk, f"{town.url}/console/comments")
    await desk.get_by_text("茶园的早晨").click()
    await expect(desk.get_by_text("想去看看")).to_be_visible()
    await desk.get_by_role("button", name="精选", exact=True).last.click()
    await expect(desk.get_by_text("已精选").first).to_be_visible()
    await desk.get_by_role("button", name="回复").click()
    await desk.get_by_placeholder("回复").fill("周末开放")
    await desk.get_by_role("button", name="发送").click()
    await expect(desk.get_by_text("周末开放")).to_be_visible()
    assert "周末开放" in (await town.alice.open(url)).text

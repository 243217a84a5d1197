"""Following and talking on the phone, in Chromium."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Page, expect

from make.wxpages import Pages, paging
from make.wxpay import APPID, a_world

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("built_phone")]


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    async with a_world() as world, paging(world) as running:
        yield running


@pytest.fixture
async def lily(pages: Pages, phone_context: BrowserContext) -> Page:
    """Lily's phone, switched on."""
    page = await phone_context.new_page()
    await page.goto(phone_url(pages, "lily"))
    return page


def phone_url(pages: Pages, person: str) -> str:
    """The address of a person's phone."""
    return pages.world.box.url.replace("localhost", f"{person}.localhost") + "/phone"


async def follow(pages: Pages, page: Page) -> None:
    """Scan the account's poster and follow."""
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "poster"}}}
    code = await pages.post("/cgi-bin/qrcode/create", scene)
    await page.get_by_role("button", name="扫一扫").first.click()
    await page.locator(f'[data-code="{code["url"]}"]').click()
    await page.get_by_role("button", name="关注公众号").click()


async def test_a_person_scans_follows_and_is_welcomed(pages: Pages, lily: Page) -> None:
    await follow(pages, lily)
    welcome = lily.locator(".message[data-kind=text]")
    await expect(welcome).to_contain_text("欢迎光临半山茶铺，进店逛逛")
    assert [(got["Event"], got["EventKey"]) for got in pages.heard] == [("subscribe", "qrscene_poster")]

    await lily.get_by_role("button", name="键盘").click()
    await lily.get_by_role("textbox", name="发消息").fill("今年的茶到了吗？")
    await lily.keyboard.press("Enter")
    await expect(lily.locator(".message.mine")).to_contain_text("今年的茶到了吗？")
    await pages.world.settle()
    assert pages.heard[-1]["Content"] == "今年的茶到了吗？"


async def test_what_the_account_writes_arrives_by_itself_and_counts_until_it_is_read(pages: Pages, lily: Page) -> None:
    await follow(pages, lily)
    await expect(lily.locator(".message")).to_have_count(1)
    await lily.locator(".screen.chat").get_by_role("button", name="返回").click()
    row = lily.locator(f'[data-appid="{APPID}"]')
    await expect(row.locator(".badge")).to_have_count(0)

    openid = (await pages.world.hand("POST", "/people/lily/payer", {"appid": APPID}))["openid"]
    article = {"title": "新茶上市", "description": "只有两百斤", "url": f"{pages.url}/shop", "picurl": ""}
    news = {"touser": openid, "msgtype": "news", "news": {"articles": [article]}}
    await pages.post("/cgi-bin/message/custom/send", news)
    await expect(row.locator(".badge")).to_have_text("1")
    await expect(row).to_contain_text("新茶上市")
    await row.click()
    await lily.get_by_role("link", name="新茶上市").click()
    await expect(lily.frame_locator("iframe").locator("#cookie")).to_be_visible()


async def test_the_menu_reports_clicks_and_opens_pages_on_the_persons_own_host(pages: Pages, lily: Page) -> None:
    await follow(pages, lily)
    await lily.locator(".menu-btn").nth(1).click()
    await lily.get_by_role("menuitem", name="联系我们").click()
    await expect(lily.get_by_role("menuitem")).to_have_count(0)
    await pages.world.settle()
    assert (pages.heard[-1]["Event"], pages.heard[-1]["EventKey"]) == ("CLICK", "contact")

    await lily.get_by_role("button", name="进店", exact=True).click()
    await expect(lily.get_by_role("heading", name="半山茶铺").last).to_be_visible()
    await expect(lily.frame_locator("iframe").locator("#cookie")).to_be_visible()
    assert any(frame.url == pages.url.replace("localhost", "lily.localhost") + "/shop" for frame in lily.frames)
    await lily.keyboard.press("Escape")
    await expect(lily.locator("iframe")).to_have_count(0)

    button = {"name": "新菜单", "type": "click", "key": "new"}
    await pages.post("/cgi-bin/menu/create", {"button": [button]})
    await expect(lily.locator(".menu-btn")).to_have_text(["新菜单"])


async def test_the_phone_speaks_english_when_asked(lily: Page) -> None:
    await lily.get_by_role("button", name="我", exact=True).click()
    await lily.get_by_role("button", name="语言").click()
    await expect(lily.get_by_role("button", name="Discover")).to_be_visible()

"""Several people on one machine: cookies, consent, and phones side by side."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from playwright.async_api import BrowserContext, Page, expect

from make.wxpages import Pages, paging
from make.wxpay import APPID, a_world

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("built_phone")]


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    async with a_world() as world, paging(world) as running:
        await world.hand("POST", "/people", {"name": "bob", "nickname": "王博"})
        yield running


async def phone_of(pages: Pages, context: BrowserContext, name: str, url: str) -> Page:
    page = await context.new_page()
    address = pages.world.box.url.replace("localhost", f"{name}.localhost")
    await page.goto(f"{address}/phone#open={quote(url, safe='')}")
    return page


async def test_two_people_in_one_browser_have_two_cookies(pages: Pages, phone_context: BrowserContext) -> None:
    for name in ("lily", "bob"):
        phone = await phone_of(pages, phone_context, name, f"{pages.url}/shop")
        cookie = phone.frame_locator("iframe").locator("#cookie")
        await expect(cookie).to_have_text("nobody")
        await phone.get_by_role("button", name="更多").click()
        await phone.get_by_role("button", name="刷新").click()
        await expect(cookie).to_have_text(name)


async def test_a_page_that_leaves_the_persons_host_is_brought_back(pages: Pages, phone_context: BrowserContext) -> None:
    phone = await phone_of(pages, phone_context, "bob", f"{pages.url}/away")
    own = f"{pages.url.replace('localhost', 'bob.localhost')}/shop"
    await expect(phone.frame_locator("iframe").locator("#cookie")).to_have_text("nobody")
    await phone.wait_for_function("(own) => document.querySelector('iframe').src === own", arg=own)


async def test_a_person_consents_in_the_phone_and_the_shop_learns_the_nickname(
    pages: Pages, phone_context: BrowserContext
) -> None:
    back = quote(f"{pages.url}/back", safe="")
    link = (
        f"{pages.world.box.url}/open.weixin.qq.com/connect/oauth2/authorize?appid={APPID}&redirect_uri={back}"
        "&response_type=code&scope=snsapi_userinfo&state=s1#wechat_redirect"
    )
    phone = await phone_of(pages, phone_context, "bob", link)
    await phone.frame_locator("iframe").get_by_role("link", name="允许").click()
    await expect(phone.frame_locator("iframe").locator("#nick")).to_have_text("王博")
    await expect(phone.get_by_role("heading", name="我的")).to_be_visible()


async def test_the_people_stand_side_by_side_and_pages_open_in_a_window_of_their_own(
    pages: Pages, desk_context: BrowserContext
) -> None:
    page = await desk_context.new_page()
    await page.goto(f"{pages.world.box.url}/phone")
    phones = [page.frame_locator(f'iframe[title="{nick}"]') for nick in ("李丽", "王博")]
    for phone in phones:
        await expect(phone.get_by_role("button", name="通讯录")).to_be_visible()
    await phones[0].get_by_role("button", name="发现").click()
    await phones[0].get_by_role("textbox", name="网址").fill(f"{pages.url}/shop")
    async with page.expect_popup() as popup:
        await phones[0].get_by_role("button", name="访问").click()
    own = await popup.value
    await expect(own.frame_locator("iframe").locator("#cookie")).to_have_text("nobody")
    assert own.url.startswith(pages.world.box.url.replace("localhost", "lily.localhost"))
    await expect(phones[0].get_by_text("网页要在 李丽 自己的窗口里打开")).to_be_visible()


async def test_a_page_sent_to_a_friend_opens_on_their_phone(pages: Pages, phone_context: BrowserContext) -> None:
    bob = await phone_context.new_page()
    await bob.goto(pages.world.box.url.replace("localhost", "bob.localhost") + "/phone")
    await expect(bob.get_by_role("button", name="通讯录")).to_be_visible()
    lily = await phone_of(pages, phone_context, "lily", f"{pages.url}/shop")
    await expect(lily.frame_locator("iframe").locator("#cookie")).to_be_visible()
    await lily.get_by_role("button", name="更多").click()
    await lily.get_by_role("button", name="发送给朋友").click()
    await lily.get_by_role("button", name="王博").click()
    await expect(bob.frame_locator("iframe").locator("#cookie")).to_be_visible()

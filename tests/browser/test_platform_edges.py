"""At the edges of the platform: what is not granted is said where it is missed, and a mini program is registered."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import PHONE
from browser.looks import watched
from browser.test_console import keep_logged_in, visit
from make.streets import Street
from make.towns import ACCOUNT, COMPONENT

pytestmark = [pytest.mark.browser]


@pytest.fixture
async def desk(street: Street, desk_context: BrowserContext) -> Page:
    """The owner's console, logged in."""
    await keep_logged_in(desk_context, street.town.owner)
    return await watched(desk_context)


async def test_a_gap_is_said_above_its_page_and_mended_from_there(street: Street, desk: Page) -> None:
    town = street.town
    links = await town.promise()
    await town.alice.open(await town.alice.authorize(links["pc_url"], ACCOUNT, [1, 2, 3, 15]))
    await town.settle()
    await visit(desk, f"{town.url}/console/broadcasts")
    await expect(desk.get_by_text("公众号尚未授予：群发与通知")).to_be_visible()
    await desk.get_by_role("button", name="一键重新授权").click()
    await expect(desk.get_by_role("dialog").get_by_text("手机")).not_to_have_count(0)
    await desk.keyboard.press("Escape")
    await visit(desk, f"{town.url}/console/menu")
    await expect(desk.get_by_role("button", name="一键重新授权")).to_have_count(0)


async def test_a_mini_program_is_registered_from_the_console(street: Street, desk: Page) -> None:
    town = street.town
    await visit(desk, f"{town.url}/console/mini-programs")
    await desk.get_by_role("button", name="快速注册").first.click()
    await desk.get_by_text("个人", exact=True).click()
    for label, words in (("姓名", "李小明"), ("联系电话", "0571-88886666"), ("微信号", "xiaoming_88")):
        await desk.get_by_role("dialog").get_by_label(label).fill(words)
    await desk.get_by_role("button", name="提交注册").click()
    await expect(desk.get_by_text("等待确认")).to_be_visible()
    page = await desk.request.get(f"{town.box.url}/open.weixin.qq.com/sandbox/{COMPONENT}")
    number = (await page.text()).split("/sandbox/registrations/")[1].split('"')[0]
    url = f"{town.box.url}/mp.weixin.qq.com/sandbox/registrations/{number}"
    await desk.request.post(url, form={"status": "0"})
    await expect(desk.get_by_text("注册成功。")).to_be_visible()
    await desk.set_viewport_size(PHONE)
    wide = "document.documentElement.scrollWidth <= window.innerWidth"
    assert await desk.evaluate(wide)

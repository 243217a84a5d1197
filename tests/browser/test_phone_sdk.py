"""WeChat's own JS-SDK file, unmodified, in pages on the phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Frame, Page, expect

from make.wxpages import Pages, paging
from make.wxpay import APPID, a_world

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("built_phone")]


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    async with a_world() as world, paging(world) as running:
        yield running


async def opened(pages: Pages, context: BrowserContext, path: str) -> tuple[Page, Frame]:
    """Lily's phone with a page of the developer's in its browser."""
    phone = await context.new_page()
    await phone.goto(pages.world.box.url.replace("localhost", "lily.localhost") + "/phone")
    await phone.get_by_role("button", name="发现").click()
    await phone.get_by_role("textbox", name="网址").fill(f"{pages.url}{path}")
    await phone.get_by_role("button", name="访问").click()
    inside = await (await phone.wait_for_selector("iframe")).content_frame()
    assert inside
    await inside.wait_for_selector("#log", state="attached")
    return phone, inside


async def test_config_with_a_right_signature_opens_what_it_lists(pages: Pages, phone_context: BrowserContext) -> None:
    phone, inside = await opened(pages, phone_context, "/sdk?from=menu")
    log = inside.locator("#log")
    await expect(log).to_contain_text("ready")
    await expect(log).to_contain_text("ua true")
    await expect(log).to_contain_text('{"startRecord":false,"chooseWXPay":true}')
    await expect(log).to_contain_text("updateAppMessageShareData:ok")

    await inside.evaluate("scan()")
    await phone.locator("[data-code]").first.click()
    await expect(log).to_contain_text(f"scanned http://weixin.qq.com/r/{APPID}")
    await inside.evaluate("where()")
    await phone.get_by_role("button", name="龙井路").click()
    await expect(log).to_contain_text("at 30.22351")
    await inside.evaluate("address()")
    await phone.get_by_role("button", name="浙江省").click()
    await expect(log).to_contain_text("to 浙江省李丽")
    await inside.evaluate("record()")
    await expect(log).to_contain_text("startRecord:fail not supported")
    await inside.evaluate("look()")
    await phone.locator(".preview").click()

    await phone.get_by_role("button", name="更多").click()
    await expect(phone.locator("[data-test=share-card]")).to_contain_text("明前龙井")
    await phone.get_by_role("button", name="取消").click()
    await inside.evaluate("wx.closeWindow()")
    await expect(phone.locator("iframe")).to_have_count(0)


async def test_config_with_a_wrong_signature_fails_and_opens_nothing(
    pages: Pages, phone_context: BrowserContext
) -> None:
    pages.good_signature = False
    phone, inside = await opened(pages, phone_context, "/sdk")
    await expect(inside.locator("#log")).to_contain_text("error config:invalid signature")
    await expect(phone.get_by_role("status")).to_contain_text("invalid signature")
    refused = "new Promise((say) => WeixinJSBridge.invoke('scanQRCode', {}, (r) => say(r.err_msg)))"
    assert await inside.evaluate(refused) == "scanQRCode:permission denied"
    assert await phone.locator(".scan").count() == 0


async def test_outside_the_phone_the_bridge_does_nothing(pages: Pages, desk_context: BrowserContext) -> None:
    page = await desk_context.new_page()
    await page.goto(f"{pages.url}/sdk")
    probe = "[typeof WeixinJSBridge, /MicroMessenger/.test(navigator.userAgent), typeof wx.config].join()"
    assert await page.evaluate(probe) == "undefined,false,function"
    # An editor that frames the shop is no phone either.
    await page.evaluate("document.body.innerHTML = '<iframe src=\"/sdk\"></iframe>'")
    inside = await (await page.wait_for_selector("iframe")).content_frame()
    assert inside
    await inside.wait_for_selector("#log", state="attached")
    assert await inside.evaluate(probe) == "undefined,false,function"


async def test_a_page_may_not_say_that_it_is_elsewhere(pages: Pages, phone_context: BrowserContext) -> None:
    """A page that lies about its address gets no answer, so that it cannot borrow another's signature."""
    phone, inside = await opened(pages, phone_context, "/shop")
    lie = """(origin) => new Promise((say) => {
      const { port1, port2 } = new MessageChannel()
      const page = { href: 'http://other.localhost/', title: '', back: false }
      port1.onmessage = (event) => say(JSON.stringify(event.data))
      parent.postMessage({ wxsandbox: 'hello', page }, origin, [port2])
      port1.postMessage({ kind: 'invoke', id: 1, name: 'getNetworkType', args: {}, page })
      setTimeout(() => say('silence'), 400)
    })"""
    assert await inside.evaluate(lie, pages.world.box.url.replace("localhost", "lily.localhost")) == "silence"
    await expect(phone.locator("iframe")).to_have_count(1)

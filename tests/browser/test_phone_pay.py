"""The cashier on the phone: a page asks for money, a person pays, a receipt arrives."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Frame, Page, expect

from make.wxpages import Pages, paging
from make.wxpay import a_world

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("built_phone")]


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    async with a_world() as world, paging(world) as running:
        running.shop = await world.shop()
        running.openid = await world.person("lily")
        yield running


@pytest.fixture
async def lily(pages: Pages, phone_context: BrowserContext) -> Page:
    """Lily's phone, with the shop's till in its browser."""
    phone = await phone_context.new_page()
    address = pages.world.box.url.replace("localhost", "lily.localhost")
    await phone.goto(f"{address}/phone#open={pages.url}/pay")
    await phone.wait_for_selector("iframe")
    return phone


async def till(phone: Page) -> Frame:
    inside = await (await phone.wait_for_selector("iframe")).content_frame()
    assert inside
    return inside


async def enter(phone: Page, password: str) -> None:
    for digit in password:
        await phone.locator(f'[data-digit="{digit}"]').click()


async def test_a_wrong_password_then_the_right_one_pays_and_the_receipt_arrives(pages: Pages, lily: Page) -> None:
    inside = await till(lily)
    await inside.locator("#pay").click()
    sheet = lily.locator(".cashier")
    await expect(sheet).to_contain_text("半山茶铺")
    await expect(sheet).to_contain_text("¥88.00")
    await enter(lily, "999999")
    await expect(lily.get_by_role("alertdialog")).to_contain_text("支付密码错误")
    assert pages.world.ear.heard == []
    await lily.get_by_role("button", name="重试").click()
    await lily.keyboard.type("123456")
    await expect(sheet).to_contain_text("支付成功")
    await lily.get_by_role("button", name="完成").click()
    await expect(inside.locator("#log")).to_contain_text("get_brand_wcpay_request:ok")

    await pages.world.settle()
    [notice] = pages.world.ear.resources(pages.shop.made if pages.shop else {})
    assert (notice["out_trade_no"], notice["amount"]["payer_total"]) == ("ORDER0001", 8800)
    await lily.get_by_role("button", name="关闭").click()
    await lily.locator('[data-appid="wechatpay"]').click()
    receipt = lily.locator(".money[data-kind=receipt]")
    await expect(receipt).to_contain_text("¥88.00")
    await expect(receipt).to_contain_text("ORDER0001")


async def test_leaving_the_cashier_tells_the_page_and_takes_nothing(pages: Pages, lily: Page) -> None:
    inside = await till(lily)
    await inside.locator("#pay").click()
    await enter(lily, "123")
    await lily.locator(".cashier").get_by_role("button", name="关闭").click()
    await expect(inside.locator("#log")).to_contain_text("get_brand_wcpay_request:cancel")
    wallet = await pages.world.hand("GET", "/people/lily/wallet")
    assert (wallet["lines"], pages.world.ear.heard) == ([], [])


async def test_a_bill_with_a_spoilt_signature_is_refused(pages: Pages, lily: Page) -> None:
    inside = await till(lily)
    await inside.wait_for_function("window.WeixinJSBridge")
    await inside.evaluate("""async () => {
      const bill = await (await fetch('/order')).json()
      WeixinJSBridge.invoke('getBrandWCPayRequest', { ...bill, paySign: 'AAAA' }, (r) => say(r.err_msg))
    }""")
    await expect(lily.locator(".cashier")).to_contain_text("支付验证签名失败")
    await lily.get_by_role("button", name="确定").click()
    await expect(inside.locator("#log")).to_contain_text("get_brand_wcpay_request:fail")

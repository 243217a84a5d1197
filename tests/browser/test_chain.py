"""The main job as two people see it: a customer with a phone, and a merchant with the console open beside it."""

import re

import pytest
from playwright.async_api import BrowserContext, FrameLocator, Page, expect

from make.streets import Street
from make.worlds import PASSWORD, make_staff
from tongshang.tenancy.model import Role

pytestmark = [pytest.mark.browser]


async def console_of(street: Street, context: BrowserContext, login: str = "owner@tea") -> Page:
    """Log in to the console, as a person does."""
    page = await context.new_page()
    await page.goto(f"{street.town.url}/console/orders")
    await page.locator("#login").fill(login)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("button[type=submit]").click()
    await expect(page.get_by_role("heading", name="订单", exact=True)).to_be_visible()
    return page


async def phone_of(street: Street, context: BrowserContext, name: str) -> Page:
    """Switch somebody's phone on."""
    await (await street.town.sandbox.person(name, nickname="李丽")).close()
    page = await context.new_page()
    await page.goto(street.town.box.url.replace("localhost", f"{name}.localhost") + "/phone")
    return page


async def come_in(street: Street, phone: Page) -> FrameLocator:
    """Scan the counter's code, follow, and tap the link of the welcome."""
    await phone.get_by_role("button", name="扫一扫").first.click()
    await phone.locator(f'[data-code="{street.code_url}"]').click()
    await phone.get_by_role("button", name="关注公众号").click()
    welcome = phone.locator(".message[data-kind=text]")
    await expect(welcome).to_contain_text("欢迎来到云上茶园")
    await expect(welcome).to_contain_text("新客立减")
    await welcome.get_by_role("link", name="进店逛逛").click()
    store = phone.frame_locator("iframe")
    await expect(store.get_by_role("heading", name="云上茶园")).to_be_visible()
    return store


async def to_checkout(store: FrameLocator, title: str) -> None:
    """Choose something and buy it at once; WeChat's silent log-in comes in between."""
    await store.get_by_text(title).first.click()
    await expect(store.get_by_role("heading", name=title)).to_be_visible()
    await store.get_by_role("button", name="立即购买").click()
    await store.get_by_role("dialog").get_by_role("button", name="立即购买").click()
    await expect(store.get_by_text("快递配送")).to_be_visible()


async def pay(phone: Page, store: FrameLocator, yuan: str) -> None:
    """Pay in the cashier, with the password."""
    await store.get_by_role("button", name="微信支付").click()
    await expect(phone.locator(".cashier")).to_contain_text(yuan)
    await phone.keyboard.type("123456")
    await expect(phone.locator(".cashier")).to_contain_text("支付成功")
    await phone.get_by_role("button", name="完成").click()
    await expect(store.get_by_text("支付成功")).to_be_visible()


async def test_a_customer_buys_on_the_phone_and_the_merchant_ships_from_the_console(
    street: Street, phone_context: BrowserContext, desk_context: BrowserContext
) -> None:
    console = await console_of(street, desk_context)
    await expect(console.get_by_text("还没有订单")).to_be_visible()
    phone = await phone_of(street, phone_context, "lily")
    store = await come_in(street, phone)
    await to_checkout(store, "明前龙井")

    # An address out of WeChat's book, through its own JS-SDK file; the privacy text is asked for first.
    await store.get_by_role("button", name="请选择收货地址").click()
    await store.get_by_role("button", name=re.compile("微信")).first.click()
    await phone.get_by_role("button", name=re.compile("龙井路")).first.click()
    await store.get_by_role("button", name="同意").last.click()
    await expect(store.get_by_text("龙井路 18 号")).to_be_visible()
    await pay(phone, store, "¥97.00")  # 99 and freight of 8, less the welcome's coupon of 10

    # The merchant's page hears of it by itself.
    await expect(console.get_by_role("heading", name="新订单")).to_be_visible()
    row = console.get_by_role("row").filter(has_text="明前龙井")
    await expect(row).to_contain_text("待发货")
    menu = console.get_by_role("navigation", name="主菜单")
    await expect(menu.get_by_role("link", name="1 单待发货")).to_be_visible()
    await row.click()
    await console.get_by_role("button", name="发货", exact=True).click()
    courier = console.locator("#courier")
    await courier.fill("顺丰速运")
    await courier.press("Enter")
    await console.locator("#tracking").fill("SF1234567890")
    await console.get_by_role("button", name="确认发货").click()
    await expect(console.get_by_text("SF1234567890").first).to_be_visible()
    await expect(menu.get_by_role("link", name="单待发货")).to_have_count(0)  # nothing waits any more

    await store.get_by_role("button", name="查看订单").click()
    await expect(store.get_by_text("SF1234567890")).to_be_visible()


async def test_a_pickup_code_is_good_once_at_the_counter(
    street: Street, phone_context: BrowserContext, desk_context: BrowserContext
) -> None:
    phone = await phone_of(street, phone_context, "lily")
    store = await come_in(street, phone)
    await to_checkout(store, "白瓷盖碗")
    await store.get_by_text("到店自提").click()
    await expect(store.get_by_text("龙井路 88 号")).to_be_visible()
    await pay(phone, store, "¥59.00")
    await store.get_by_role("button", name="查看订单").click()
    code = re.sub(r"\D", "", await store.locator(".code .big").inner_text())

    await make_staff(street.town.world, street.town.merchant, login="shop@tea", role=Role.ASSISTANT)
    counter = await desk_context.new_page()
    await counter.goto(f"{street.town.url}/staff/")
    await counter.get_by_role("textbox", name="登录名").fill("shop@tea")
    await counter.get_by_role("textbox", name="密码").fill(PASSWORD)
    await counter.get_by_role("button", name="登录").click()
    for answer in ("核销成功", "已经核销过"):
        await counter.get_by_role("textbox", name="自提码").fill(code)
        await counter.get_by_role("button", name="查询").click()
        if answer == "核销成功":
            await expect(counter.get_by_text("白瓷盖碗")).to_be_visible()
            await counter.get_by_role("button", name="确认已取货").click()
        await expect(counter.get_by_text(answer)).to_be_visible()
        if answer == "核销成功":
            await counter.get_by_role("button", name="核销下一单").click()

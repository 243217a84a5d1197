"""After-sales in real browsers, asked for, agreed to, sent back and seen by both; and shipping by spreadsheet."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import DESK, PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from browser.test_store import fresh
from make.streets import Street

pytestmark = [pytest.mark.browser]

RETURN_TO = {"name": "张掌柜", "phone": "057187000000", "address": "杭州市西湖区龙井路 88 号", "note": "请勿到付"}


async def snap(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("AFTERSALES_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_return_is_asked_for_in_the_store_and_agreed_to_at_the_desk(
    street: Street, phone_context: BrowserContext, desk_context: BrowserContext
) -> None:
    await street.console("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    customer = await street.customer("ann")
    address = await customer.move_in()
    wanted = {"from": {"variant_id": street.tea, "quantity": 2}, "delivery": "express", "address_id": address}
    order = await customer.place(**wanted)
    await customer.pay(order["id"])
    parcel = {"company": "顺丰速运", "number": "SF1234567"}
    await street.console("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", parcel)
    ticket = await street.town.go_in(customer.phone)
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page, looks = await watched(phone_context), Looks()
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    await fresh(page, f"{home}#/pages/order/order?id={order['id']}")
    await page.get_by_text("申请售后").click()
    await page.get_by_role("radio", name="退货退款").click()
    await page.get_by_role("radio", name="七天无理由退货").click()
    await expect(page.get_by_text("预计退款")).to_be_visible()
    await looks.at(page, "ask")
    await snap(page, "store-ask")
    await page.get_by_role("button", name="提交申请").click()
    await expect(page.get_by_role("status")).to_have_text("等待商家处理")
    await expect(page.get_by_text("申请已提交")).to_be_hidden()
    await looks.at(page, "case")
    await snap(page, "store-case")
    [case] = (await customer.do("GET", "/after-sales"))["items"]
    await keep_logged_in(desk_context, street.town.owner)
    desk = await watched(desk_context)
    await visit(desk, f"{street.town.url}/console/after-sales")
    await expect(desk.get_by_text("七天无理由退货")).to_be_visible()
    await looks.at(desk, "desk")
    await snap(desk, "console-1440-desk")
    await visit(desk, f"{street.town.url}/console/after-sales/{case['id']}")
    await desk.get_by_role("button", name="同意", exact=True).click()
    await desk.get_by_role("dialog").get_by_role("button", name="同意").click()
    await expect(desk.get_by_text("待买家寄回").first).to_be_visible()
    await fresh(page, f"{home}#/pages/case/case?id={case['id']}")
    await expect(page.get_by_text(RETURN_TO["address"])).to_be_visible()
    await page.get_by_role("button", name="填写物流单号").click()
    await page.get_by_role("textbox", name="快递公司").fill("中通快递")
    await page.get_by_role("textbox", name="快递单号").fill("ZT556677")
    await page.get_by_role("button", name="提交", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("等待商家收货")
    await looks.at(page, "returning")
    await snap(page, "store-returning")
    await fresh(page, f"{home}#/pages/aftersales/aftersales")
    await expect(page.get_by_text("等待商家收货")).to_be_visible()
    await looks.at(page, "mine")
    await snap(page, "store-mine")
    await customer.phone.close()
    for size in (DESK, PHONE):
        await desk.set_viewport_size({"width": size["width"], "height": size["height"]})
        for name, path, words in (
            ("case", f"after-sales/{case['id']}", "中通快递 ZT556677"),
            ("settings", "after-sales/settings", "处理时限"),
            ("statistics", "after-sales/statistics", "七天无理由退货"), ("order", f"orders/{order['id']}", "售后记录"),
        ):  # fmt: skip
            await visit(desk, f"{street.town.url}/console/{path}")
            await expect(desk.get_by_text(words).first).to_be_visible()
            await looks.at(desk, f"{size['width']} {path}")
            await snap(desk, f"console-{size['width']}-{name}")
        await visit(desk, f"{street.town.url}/console/shipping")
        sheet = "订单号,快递公司,快递单号\n999,顺丰,SF123456789\n"
        picked = {"name": "parcels.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
        await desk.locator("input[type=file]").set_input_files(picked)
        await expect(desk.get_by_text("没有这个订单号")).to_be_visible()
        await looks.at(desk, f"{size['width']} shipping")
        await snap(desk, f"console-{size['width']}-shipping")
    looks.verdict()

"""Parcels in parts, where they are, and an invoice, in real browsers: by the clerk and by the buyer."""

import os
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from browser.test_store import fresh
from make.streets import Customer, Street

pytestmark = [pytest.mark.browser]

KEYS = {"customer": "CUSTOMER1", "key": "KuaidiKey0001"}


async def snap(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("FULFILMENT_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def two_lines(street: Street, customer: Customer) -> str:
    address = await customer.move_in()
    for variant, count in ((street.tea, 2), (street.cup, 1)):
        await customer.do("PUT", f"/cart/lines/{variant}", {"quantity": count})
    order = await customer.place(**{"from": "cart", "delivery": "express", "address_id": address})
    await customer.pay(order["id"])
    return str(order["id"])


async def test_an_order_goes_out_in_two_parcels_and_its_invoice_follows(
    street: Street, phone_context: BrowserContext, desk_context: BrowserContext
) -> None:
    await street.town.sandbox.call("POST", "/kuaidi/accounts", KEYS)
    await street.console("PUT", "/shop/tracking", KEYS | {"enabled": True})
    customer = await street.customer("ann")
    order, looks = await two_lines(street, customer), Looks()
    await keep_logged_in(desk_context, street.town.owner)
    desk = await watched(desk_context)
    await visit(desk, f"{street.town.url}/console/orders/{order}")
    await desk.get_by_role("button", name="发货", exact=True).click()
    dialog = desk.get_by_role("dialog", name="发货")
    await dialog.get_by_role("combobox", name="快递公司").fill("圆通速递")
    await dialog.get_by_role("combobox", name="快递公司").press("Enter")
    await dialog.get_by_label("快递单号").fill("YT1234567890123")
    await dialog.get_by_role("button", name="只装一部分").click()
    await dialog.get_by_role("spinbutton", name="本次发货数量 白瓷盖碗").fill("0")
    await dialog.get_by_role("spinbutton", name="本次发货数量 白瓷盖碗").press("Tab")
    await expect(dialog.get_by_role("status")).to_contain_text("还剩 1 件待发")
    await looks.at(desk, "ship")
    await snap(desk, "console-ship")
    await dialog.get_by_role("button", name="确认发货").click()
    await expect(desk.get_by_text("部分发货", exact=True).first).to_be_visible()
    await expect(dialog).to_be_hidden()
    await street.town.settle()
    path = "/kuaidi/parcels/yuantong/YT1234567890123"
    for state, text in (("1", "【杭州市】快件已被揽收"), ("5", "快件正在派送中，请保持电话畅通")):
        await street.town.sandbox.call("POST", path, {"state": state, "text": text})
    await street.town.settle()
    await visit(desk, f"{street.town.url}/console/orders/{order}")
    await expect(desk.get_by_text("派送中", exact=True)).to_be_visible()
    await looks.at(desk, "order")
    await snap(desk, "console-order")
    await the_buyer_looks_and_asks(street, customer, phone_context, looks, order)
    await visit(desk, f"{street.town.url}/console/invoices")
    await desk.get_by_role("button", name="开具", exact=True).click()
    paper = desk.get_by_role("dialog", name="开具发票")
    await paper.get_by_label("发票号码").fill("24332000000012345678")
    await snap(desk, "console-issue")
    await paper.get_by_role("button", name="开具", exact=True).click()
    await expect(desk.get_by_text("24332000000012345678")).to_be_visible()
    await expect(paper).to_be_hidden()
    await looks.at(desk, "invoices")
    await snap(desk, "console-invoices")
    await desk.set_viewport_size(PHONE)
    await looks.at(desk, "invoices-narrow")
    await snap(desk, "console-invoices-390")
    await visit(desk, f"{street.town.url}/console/shipping")
    await expect(desk.get_by_text("物流跟踪（快递100）")).to_be_visible()
    await looks.at(desk, "shipping-narrow")
    await snap(desk, "console-shipping-390")
    looks.verdict()


async def the_buyer_looks_and_asks(
    street: Street, customer: Customer, context: BrowserContext, looks: Looks, order: str
) -> None:
    """See where the first parcel is, and ask for an invoice."""
    ticket = await street.town.go_in(customer.phone)
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page = await watched(context)
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    await fresh(page, f"{home}#/pages/order/order?id={order}")
    await expect(page.get_by_text("部分发货")).to_be_visible()
    await looks.at(page, "store-order")
    await snap(page, "store-order")
    await page.get_by_role("button", name="派送中").click()
    await expect(page.get_by_role("dialog", name="物流详情")).to_contain_text("快件已被揽收")
    await looks.at(page, "store-track")
    await snap(page, "store-track")
    await fresh(page, f"{home}#/pages/invoice/invoice?id={order}")
    await page.get_by_role("radio", name="企业").click()
    said = {"发票抬头": "杭州云上茶业有限公司", "税号": "91350100M000100Y43", "邮箱": "a@tea.example"}
    for label, words in said.items():
        await page.get_by_role("textbox", name=label).fill(words)
    await looks.at(page, "store-invoice")
    await snap(page, "store-invoice")
    await page.get_by_role("button", name="提交申请").click()
    await expect(page.get_by_text("待商家开具")).to_be_visible()
    await snap(page, "store-invoice-asked")

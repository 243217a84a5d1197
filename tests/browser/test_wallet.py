"""Stored value in real browsers: a balance seen and spent in the store, and what the shopkeeper sees of it."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from browser.test_store import fresh
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def snap(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("WALLET_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_balance_is_spent_in_the_store_and_the_books_show_it(
    street: Street, phone_context: BrowserContext, desk_context: BrowserContext
) -> None:
    offer = str(uuid4())
    await street.console("PUT", f"/recharge-offers/{offer}", {"pay_fen": 10_000, "bonus_fen": 2_000})
    await street.console("PUT", f"/recharge-offers/{uuid4()}", {"pay_fen": 50_000, "bonus_fen": 15_000})
    customer = await street.customer("ann")
    await customer.move_in()
    recharge = str(uuid4())
    await customer.do("PUT", f"/recharges/{recharge}", {"offer_id": offer})
    bill = await customer.do("POST", f"/recharges/{recharge}/payment")
    assert (await customer.phone.pay(bill))["result"] == "ok"
    await street.town.settle()
    ticket = await street.town.go_in(customer.phone)
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page, looks = await watched(phone_context), Looks()
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    await fresh(page, f"{home}#/pages/wallet/wallet")
    await expect(page.get_by_text("120.00", exact=True)).to_be_visible()
    await expect(page.get_by_role("radio", name="¥500")).to_be_visible()
    await expect(page.get_by_role("button", name="退款", exact=True)).to_be_visible()
    await looks.at(page, "wallet")
    await snap(page, "store-wallet")
    await fresh(page, f"{home}#/pages/checkout/checkout?variant={street.tea}&quantity=1")
    await page.get_by_role("switch", name="使用余额").click()
    await expect(page.get_by_role("switch", name="使用余额")).to_have_attribute("aria-checked", "true")
    await looks.at(page, "checkout")
    await snap(page, "store-checkout")
    await page.locator(".bar .pay").click()
    await page.wait_for_url("**/paid/paid**")
    [order] = await street.orders("?state=to_ship")
    assert order["tendered_fen"] == order["total_fen"]
    line = {"line_id": order["lines"][0]["id"], "quantity": 1}
    await street.console("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", {"lines": [line], "reason": "不想要了"})
    await fresh(page, f"{home}#/pages/order/order?id={order['id']}")
    await expect(page.get_by_text("退回储值本金")).to_be_visible()
    await looks.at(page, "order")
    await snap(page, "store-order")

    await keep_logged_in(desk_context, street.town.owner)
    desk = await watched(desk_context)
    await visit(desk, f"{street.town.url}/console/stored-value")
    await expect(desk.get_by_text("与账本一致")).to_be_visible()
    await looks.at(desk, "stored value")
    await snap(desk, "console-stored-value")
    await desk.get_by_role("link", name="微信用户").click()
    await expect(desk.get_by_text("订单退款").first).to_be_visible()
    await looks.at(desk, "one wallet")
    await snap(desk, "console-wallet")
    await visit(desk, f"{street.town.url}/console/orders/{order['id']}")
    await desk.get_by_text("金额说明与退回方式").click()
    await expect(desk.get_by_text("退回储值赠送")).to_be_visible()
    await snap(desk, "console-order")
    await visit(desk, f"{street.town.url}/console/ledger?account=stored_principal")
    await expect(desk.get_by_text("期末余额")).to_be_visible()
    await looks.at(desk, "statement")
    await snap(desk, "console-statement")
    await desk.set_viewport_size(PHONE)
    for path in ("stored-value", "ledger?account=stored_principal"):
        await visit(desk, f"{street.town.url}/console/{path}")
        await looks.at(desk, f"{path} on a phone")
        await snap(desk, f"console-390-{path[:6]}")
    await customer.phone.close()
    looks.verdict()

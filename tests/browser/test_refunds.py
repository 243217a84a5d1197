"""Refunds at the desk in a real browser: one part of a bundle by itself, and a stuck one on its way to a card."""

import os
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make import shops
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def snap(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("REFUND_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_bundles_ticket_goes_back_and_gets_stuck_and_goes_to_a_card(
    street: Street, desk_context: BrowserContext
) -> None:
    town, merchant = street.town, street.town.merchant
    visit_id = await shops.make_kind(town.world, merchant, "ticket", terms={"days": 30}, title="茶园一日", stock=5)
    inside = [{"variant_id": street.tea, "quantity": 1}, {"variant_id": str(visit_id), "quantity": 1}]
    bundle = await shops.make_kind(town.world, merchant, "bundle", terms={"parts": inside}, title="茶与茶园")
    ann = await street.customer("ann")
    wanted = {"from": {"variant_id": str(bundle), "quantity": 1}, "delivery": "express"}
    order = await ann.place(**wanted, address_id=await ann.move_in())
    await ann.pay(order["id"])
    await town.sandbox.set_merchant(street.mchid, refund_outcome="ABNORMAL")
    await keep_logged_in(desk_context, town.owner)
    page, looks = await watched(desk_context), Looks()
    await visit(page, f"{town.url}/console/orders/{order['id']}")
    await page.get_by_role("button", name="退款", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("套装中单独退")).to_be_visible()
    await dialog.get_by_role("spinbutton", name="退款数量 茶园一日").fill("1")
    await dialog.get_by_role("combobox", name="退款原因").click(force=True)
    await page.get_by_role("option", name="与买家协商一致").click()
    await snap(page, "bundle")
    await dialog.get_by_role("button", name="确认退款").click()
    await expect(dialog).to_be_hidden()
    shown = await street.order(order["id"])
    assert [one["state"] for one in shown["tickets"]] == ["refunded"]
    for _ in range(10):
        await town.advance(seconds=10)
        if (await street.order(order["id"]))["refunds"][0]["state"] == "stalled":
            break
    await visit(page, f"{town.url}/console/refunds")
    await looks.at(page, "stuck")
    await page.get_by_role("button", name="改退到银行卡").click()
    card = page.get_by_role("dialog", name="改退到银行卡")
    await card.get_by_role("combobox", name="开户银行").click(force=True)
    await page.get_by_role("option", name="招商银行").click()
    await card.get_by_label("银行卡号").fill("6222 0202 0011 2233 445")
    await card.get_by_label("持卡人姓名").fill("安")
    await expect(card.get_by_role("button", name="提交给微信")).to_be_disabled()
    await card.get_by_label("持卡人姓名").fill("安安")
    await snap(page, "card")
    await card.get_by_role("button", name="提交给微信").click()
    await expect(card).to_be_hidden()
    for _ in range(10):
        await town.advance(seconds=30)
        if (await street.order(order["id"]))["refunds"][0]["state"] == "settled":
            break
    assert (await street.order(order["id"]))["refunds"][0]["state"] == "settled"
    looks.verdict()

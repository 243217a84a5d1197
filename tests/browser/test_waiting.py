"""Waiting in line for a hot sale, in a browser: one stands, loads the page again, and is let through."""

import os
import re
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, expect

from browser.looks import Looks, watched
from browser.test_store import fresh
from make.streets import Street
from tongshang.trade.waiting import door
from tongshang.trade.waiting.door import Door

pytestmark = [pytest.mark.browser]


async def test_a_buyer_stands_in_line_and_is_let_through(street: Street, phone_context: BrowserContext) -> None:
    world = street.town.world
    world.shelf[door.SHELF] = Door(most=0)
    first, ann = await street.customer("ben"), await street.customer("ann")
    wanted = {"from": {"variant_id": street.cup, "quantity": 1}, "delivery": "pickup"}
    quote = await first.quote(**wanted)
    asked = {**wanted, "quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    status, told = await first.ask("PUT", f"/orders/{UUID(int=7)}", asked)
    assert (status, told["code"], told["queue"]["ahead"]) == (429, "order.queue", 0)

    await ann.move_in()
    ticket = await street.town.go_in(ann.phone)
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page, looks = await watched(phone_context), Looks()
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    await fresh(page, f"{home}#/pages/checkout/checkout?variant={street.cup}&quantity=1")
    await page.get_by_role("button", name="微信支付").click()
    await expect(page.get_by_role("status")).to_have_text("前面还有 1 人")
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await looks.at(page, "waiting")
    if kept := os.environ.get("SHOTS"):
        await page.screenshot(path=f"{kept}/waiting.png")
    await page.reload()
    await expect(page.get_by_role("status")).to_have_text("前面还有 1 人")
    looks.verdict()

    door.of(world).most = 1
    status, order = await first.ask("PUT", f"/orders/{UUID(int=7)}", {**asked, "ticket": told["queue"]["ticket"]})
    assert status == 200, order
    # Her page asks again by itself when it was told to; nothing is to be done.
    await expect(page).to_have_url(re.compile("pages/order/order"))
    assert len((await ann.do("GET", "/orders"))["items"]) == 1
    await first.phone.close()
    await ann.phone.close()

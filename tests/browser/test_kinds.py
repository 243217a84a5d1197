"""Tickets, codes and bundles in real browsers: written down, bought without an address, shown, and used."""

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import DESK, PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from browser.test_store import fresh
from make.streets import Street

pytestmark = [pytest.mark.browser]

FORM = [
    {"key": "name", "name": "称呼", "required": True},
    {"key": "way", "name": "口味", "type": "select", "options": ["浓", "淡"]},
]
NOTE = "请提前一天预约，周日不接待。"


async def goods(street: Street, kind: str, title: str, terms: dict[str, Any], **more: Any) -> tuple[str, str]:
    product, variant = str(uuid4()), str(uuid4())
    [tea] = [one for one in (await street.console("GET", "/products"))["items"] if one["title"] == "明前龙井"]
    picture = tea["picture"]["id"]
    body = {"title": title, "kind": kind, "terms": terms, "pictures": [picture], "state": "on", **more}
    one = {"id": variant, "price_fen": 12_800, "stock": 9 if kind == "ticket" else None}
    await street.console("PUT", f"/products/{product}", body | {"variants": [one]})
    return product, variant


async def snap(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("KINDS_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_ticket_from_the_shelf_to_the_counter(
    street: Street, phone_context: BrowserContext, desk_context: BrowserContext
) -> None:
    terms = {"days": 30, "uses": 3, "closed_weekdays": [7], "note": NOTE}
    product, visit_ = await goods(street, "ticket", "茶园一日", terms, form=FORM)
    card_product, card = await goods(street, "virtual", "茶话会员", {"note": "在公众号里兑换"})
    await street.console("POST", f"/variants/{card}/codes", {"codes": ["TEA-2026-0001", "TEA-2026-0002"]})
    both = {"parts": [{"variant_id": visit_, "quantity": 1}, {"variant_id": street.cup, "quantity": 2}]}
    bundle, _ = await goods(street, "bundle", "茶园礼盒", both)
    customer = await street.customer("ann")
    ticket = await street.town.go_in(customer.phone)
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page, looks = await watched(phone_context), Looks()
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    for name, words in ((product, "每张可用 3 次"), (bundle, "套装包含"), (card_product, "查看卡密前可退")):
        await fresh(page, f"{home}#/pages/product/product?id={name}")
        await expect(page.get_by_text(words)).to_be_visible()
        await looks.at(page, f"product {words}")
        await snap(page, f"store-product-{words}")
    await fresh(page, f"{home}#/pages/checkout/checkout?variant={visit_}&quantity=1")
    await expect(page.get_by_text("无需配送，付款后在订单里查看")).to_be_visible()
    await expect(page.get_by_text("请选择收货地址")).to_have_count(0)
    await page.get_by_role("radio", name="浓").click()
    await looks.at(page, "checkout")
    await snap(page, "store-checkout")
    wanted = {"from": {"variant_id": visit_}}
    quote = await customer.quote(**wanted)
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    order = await customer.do("PUT", f"/orders/{uuid4()}", asked | {"form": {"f1": "小爱", "f2": "浓"}})
    await customer.pay(order["id"])
    cards = await customer.buy_now(card, 2)
    await customer.pay(cards["id"])
    await fresh(page, f"{home}#/pages/order/order?id={order['id']}")
    await expect(page.get_by_text("剩余 3 / 3 次")).to_be_visible()
    await expect(page.get_by_text("小爱").first).to_be_visible()
    drawn = "async (image) => { await image.decode(); return image.naturalWidth }"
    assert await page.locator("img[alt=券码]").evaluate(drawn) > 100
    await looks.at(page, "order")
    await snap(page, "store-order-ticket")
    await fresh(page, f"{home}#/pages/order/order?id={cards['id']}")
    await page.get_by_role("button", name="查看卡密").click()
    await page.get_by_text("确定", exact=True).click()
    await expect(page.get_by_text("TEA-2026-0002")).to_be_visible()
    await expect(page.locator(".uni-modal")).to_be_hidden()  # it fades, and half faded nobody could read it
    await looks.at(page, "codes")
    await snap(page, "store-order-codes")
    await fresh(page, f"{home}#/pages/tickets/tickets")
    await expect(page.get_by_text("茶园一日")).to_be_visible()
    await looks.at(page, "tickets")
    await snap(page, "store-tickets")
    code = (await customer.see(order["id"]))["tickets"][0]["code"]
    await customer.phone.close()
    await at_the_counter(street, desk_context, code, looks)
    desk = await watched(desk_context)
    for size in (DESK, PHONE):
        await desk.set_viewport_size({"width": size["width"], "height": size["height"]})
        for path, words in (
            ("tickets", "茶园一日"), (f"orders/{order['id']}", "交付进度"), (f"products/{product}", "可用次数"),
            (f"products/{bundle}", "套装内容"), (f"products/{card_product}", "可售 0 个"),
            (f"products/{card_product}/codes", "···0002"),
        ):  # fmt: skip
            await visit(desk, f"{street.town.url}/console/{path}")
            await expect(desk.get_by_text(words).first).to_be_visible()
            await looks.at(desk, f"{size['width']} {path} {words}")
            await snap(desk, f"console-{size['width']}-{words}")
    looks.verdict()


async def at_the_counter(street: Street, context: BrowserContext, code: str, looks: Looks) -> None:
    """Use two of three, see what is left, and take that back."""
    await keep_logged_in(context, street.town.owner)
    page = await watched(context)
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await page.goto(f"{street.town.url}/staff/")
    await page.get_by_role("textbox").fill(code)
    await page.get_by_role("button", name="查询").click()
    await expect(page.get_by_text("剩余 3 / 3 次")).to_be_visible()
    await page.get_by_role("button", name="多一次").click()
    await looks.at(page, "counter")
    await snap(page, "staff-ticket")
    await page.get_by_role("button", name="核销 2 次").click()
    await expect(page.get_by_text("还剩 1 次")).to_be_visible()
    await page.get_by_role("button", name="核销下一单").click()
    await page.get_by_role("textbox").fill(code)
    await page.get_by_role("button", name="查询").click()
    await page.get_by_role("button", name="撤销").click()
    await expect(page.get_by_text("剩余 3 / 3 次")).to_be_visible()
    await snap(page, "staff-undone")
    await page.close()

"""What cards and product pages say of prices and times: a flash sale running down, members' prices, a sale to come."""

import os
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.looks import Looks, watched
from browser.test_store import fresh
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def declared(street: Street, **more: Any) -> None:
    """Put a promotion on."""
    promotion = f"/promotions/{uuid4()}"
    await street.console("PUT", promotion, {"name": "活动", **more})
    await street.console("PUT", f"{promotion}/state", {"state": "on"})


async def kept(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=f"{folder}/{name}.png")


async def test_what_is_on_is_written_on_cards_and_pages(street: Street, phone_context: BrowserContext) -> None:
    now = street.town.world.clock.now()
    products = {one["title"]: one for one in (await street.console("GET", "/products"))["items"]}
    picture = products["白瓷盖碗"]["picture"]["id"]
    one = {"id": str(uuid4()), "options": [], "price_fen": 19_900, "member_price_fen": 15_900, "stock": 5}
    later = {"on_sale_from": (now + timedelta(hours=5)).isoformat(), "pictures": [picture], "state": "on"}
    await street.console("PUT", f"/products/{uuid4()}", {"title": "头春礼盒", "variants": [one], **later})
    two = {**one, "id": str(uuid4())}
    member = str(uuid4())
    await street.console(
        "PUT", f"/products/{member}", {"title": "会员茶", "variants": [two], "pictures": [picture], "state": "on"}
    )
    await street.console("PUT", "/price-policy", {"members": "followers"})
    special = [{"variant_id": street.tea, "price_fen": 5_900, "stock": 3, "per_person": 1}]
    ends = (now + timedelta(hours=2)).isoformat()
    await declared(street, kind="flash", specials=special, ends_at=ends)
    await declared(street, kind="full", steps=[{"min_fen": 10_000, "minus_fen": 1_000}])
    await street.console("PUT", "/shop/local-delivery", {"enabled": True, "regions": ["330106"], "fee_fen": 500})

    page, looks = await watched(phone_context), Looks()
    home = street.town.at("/s/tea/")
    await page.goto(home)
    await expect(page.get_by_text("秒杀 剩").first).to_be_visible()
    await expect(page.get_by_text("距开售").first).to_be_visible()
    await expect(page.get_by_text("会员价").first).to_be_visible()
    await looks.at(page, "home")
    await kept(page, "labels-home")
    await page.get_by_text("头春礼盒").first.click()
    await expect(page.get_by_role("timer")).to_contain_text("距开售")
    await expect(page.get_by_role("button", name="即将开售")).to_have_attribute("aria-disabled", "true")
    await looks.at(page, "before its sale")
    await kept(page, "labels-soon")
    await fresh(page, f"{home}#/pages/product/product?id={products['明前龙井']['id']}")
    await expect(page.get_by_role("timer")).to_contain_text("距结束")
    await expect(page.get_by_text("满 100 元减 10 元")).to_be_visible()
    await expect(page.get_by_text("快递到家 · 商家配送")).to_be_visible()
    await looks.at(page, "flash sale")
    await kept(page, "labels-flash")
    await page.get_by_role("button", name="优惠").click()
    await expect(page.get_by_role("button", name="领取")).to_be_visible()
    await looks.at(page, "offers")
    await kept(page, "labels-offers")
    await fresh(page, f"{home}#/pages/product/product?id={products['明前龙井']['id']}")
    await expect(page.get_by_role("timer")).to_contain_text("距结束")
    await page.get_by_role("button", name="立即购买").first.click()
    await expect(page.locator(".top .price")).to_contain_text("59")  # what is chosen costs what the page says
    await looks.at(page, "variant sheet")
    await kept(page, "labels-sheet")
    await fresh(page, f"{home}#/pages/product/product?id={member}")
    await expect(page.get_by_text("会员价")).to_be_visible()
    await looks.at(page, "members")
    await kept(page, "labels-member")
    looks.verdict()

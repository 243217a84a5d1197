"""The store in a visitor's browser: light, still, and readable by everybody."""

import gzip

import pytest
from playwright.async_api import BrowserContext, Page, Response, expect

from browser.looks import Looks, watched
from make.streets import Street

pytestmark = [pytest.mark.browser]

MOST_SCRIPT_BYTES = 120_000
PAGES = {
    "": "白瓷盖碗",
    "#/pages/category/category": "白瓷盖碗",
    "#/pages/search/search": "",
    "#/pages/cart/cart": "明前龙井",
    "#/pages/orders/orders": "明前龙井",
    "#/pages/order/order?id={order}": "明前龙井",
    "#/pages/checkout/checkout?variant={cup}&quantity=1": "白瓷盖碗",
    "#/pages/addresses/addresses": "龙井路",
    "#/pages/coupons/coupons": "新客立减",
    "#/pages/me/me": "",
}


async def test_the_first_page_is_light(street: Street, phone_context: BrowserContext) -> None:
    scripts: list[Response] = []
    page = await watched(phone_context)

    def heard(answer: Response) -> None:
        # WeChat's own file is WeChat's: it comes from there, and phones have it already.
        if answer.request.resource_type == "script" and "/static/store/" in answer.url:
            scripts.append(answer)

    page.on("response", heard)
    await page.goto(street.town.at("/s/tea/"), wait_until="networkidle")
    await expect(page.get_by_text("明前龙井").first).to_be_visible()
    sizes = {one.url.rsplit("/", 1)[1]: len(gzip.compress(await one.body(), 6)) for one in scripts}
    assert sizes
    assert sum(sizes.values()) <= MOST_SCRIPT_BYTES, sizes


async def test_every_page_is_sound_on_a_phone(street: Street, phone_context: BrowserContext) -> None:
    customer = await street.customer("ann")
    order = await customer.buy_now(street.tea, delivery="express", address_id=await customer.move_in())
    await customer.pay(order["id"])
    await customer.do("PUT", f"/cart/lines/{street.tea}", {"quantity": 1, "selected": True})
    ticket = await street.town.go_in(customer.phone)
    await customer.phone.close()
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page, looks = await watched(phone_context), Looks()
    await page.goto(f"{home}?login_ticket={ticket}")
    await expect(page.get_by_text("明前龙井").first).to_be_visible()
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    for path, words in PAGES.items():
        await fresh(page, home + path.format(order=order["id"], cup=street.cup))
        if words:
            await expect(page.get_by_text(words).first).to_be_visible()
        await page.wait_for_timeout(400)
        await looks.at(page, path or "home")
    looks.verdict()


async def fresh(page: Page, url: str) -> None:
    """Open an address from scratch: between two with other words behind # nothing would be loaded."""
    await page.goto("about:blank")
    await page.goto(url)


async def test_a_picture_of_goods_and_a_price_are_on_the_product_page(
    street: Street, phone_context: BrowserContext
) -> None:
    page = await watched(phone_context)
    await page.goto(street.town.at("/s/tea/"))
    await page.get_by_text("明前龙井").first.click()
    await expect(page.get_by_role("heading", name="明前龙井")).to_be_visible()
    picture = page.locator(".gallery img").first
    await expect(picture).to_be_visible()
    assert await picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth }") > 100
    looks = Looks()
    await looks.at(page, "product")
    looks.verdict()


async def test_what_is_sold_out_stays_behind_in_the_cart(street: Street, phone_context: BrowserContext) -> None:
    customer = await street.customer("ann")
    await customer.move_in()
    for variant in (street.tea, street.cup):
        await customer.do("PUT", f"/cart/lines/{variant}", {"quantity": 1, "selected": True})
    await street.console("PUT", f"/stock/{street.cup}/adjustment", {"quantity": -5, "note": "破损"})
    ticket = await street.town.go_in(customer.phone)
    home = street.town.at("/s/tea/").replace("localhost", "ann.localhost")
    page = await watched(phone_context)
    await page.goto(f"{home}?login_ticket={ticket}")
    await page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith('.token'))")
    await fresh(page, f"{home}#/pages/cart/cart")
    await expect(page.get_by_text("已售罄")).to_be_visible()
    await page.get_by_role("button", name="结算").click()
    await expect(page.get_by_text("共 1 件")).to_be_visible()
    await expect(page.get_by_text("白瓷盖碗").locator("visible=true")).to_have_count(0)
    await expect(page.get_by_text("库存不足")).to_have_count(0)
    await customer.phone.close()

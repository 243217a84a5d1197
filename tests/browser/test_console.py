"""The console's pages, with a day's business on them and without: sound on a desk and on a phone."""

import pytest
from playwright.async_api import BrowserContext, Page, ViewportSize, expect

from browser.conftest import DESK, PATIENCE_MS, PHONE
from browser.looks import Looks, watched
from make.streets import Street
from make.worlds import Browser, make_merchant

pytestmark = [pytest.mark.browser]

PAGES = [
    *("", "orders", "orders/{order}", "refunds", "products", "products/{product}", "categories", "fans", "fans/{fan}"),
    *("tags", "insights", "journal", "health"),
    *("coupons", "codes", "home", "shop", "wechat", "welcome", "menu", "reconciliation", "ledger", "pay", "staff"),
    *("audit", "jobs", "account"),
]


@pytest.fixture
async def ids(street: Street) -> dict[str, str]:
    """A paid order by express, and who and what it is about."""
    customer = await street.customer("ann")
    order = await customer.buy_now(street.tea, delivery="express", address_id=await customer.move_in())
    await customer.pay(order["id"])
    await customer.phone.close()
    [product] = [p for p in (await street.console("GET", "/products"))["items"] if p["title"] == "明前龙井"]
    [fan] = await street.town.fans()
    return {"order": order["id"], "product": product["id"], "fan": fan["id"]}


@pytest.fixture
async def desk(street: Street, desk_context: BrowserContext) -> Page:
    """The owner's console, logged in."""
    await keep_logged_in(desk_context, street.town.owner)
    return await watched(desk_context)


async def keep_logged_in(context: BrowserContext, browser: Browser) -> None:
    """Give a browser's window the session of another."""
    jar = browser.session.cookie_jar
    await context.add_cookies([{"name": one.key, "value": one.value, "url": browser.url} for one in jar])


async def visit(page: Page, url: str) -> None:
    """Open a page of the console and let its figures come."""
    await page.goto(url)
    await expect(page.locator("main h1, main h2").first).to_be_visible()
    await expect(page.locator("main [aria-busy=true], main .bone")).to_have_count(0)
    await page.wait_for_timeout(200)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("half", [0, 1])
async def test_every_page_is_sound(
    street: Street, ids: dict[str, str], desk: Page, size: ViewportSize, half: int
) -> None:
    looks = Looks()
    await desk.set_viewport_size(size)
    for path in PAGES[half::2]:
        await visit(desk, f"{street.town.url}/console/{path.format(**ids)}")
        await looks.at(desk, path or "overview")
    looks.verdict()


async def test_a_new_shop_is_told_what_to_do_first(street: Street, desk_context: BrowserContext) -> None:
    await make_merchant(street.town.world, slug="bloom", name="山野花房")
    owner = Browser(street.town.url)
    await owner.log_in("owner@bloom")
    await keep_logged_in(desk_context, owner)
    await owner.close()
    page, looks = await watched(desk_context), Looks()
    await visit(page, f"{street.town.url}/console/")
    await expect(page.get_by_text("开店准备")).to_be_visible()
    for path, words in {"orders": "还没有订单", "products": "还没有商品", "fans": "还没有粉丝"}.items():
        await visit(page, f"{street.town.url}/console/{path}")
        await expect(page.get_by_text(words)).to_be_visible()
        await looks.at(page, path)
    looks.verdict()


async def test_a_server_that_is_away_is_said_and_asked_again(street: Street, desk: Page) -> None:
    await visit(desk, f"{street.town.url}/console/orders")
    await desk.route("**/api/console/products*", lambda route: route.abort("connectionrefused"))
    await desk.get_by_role("link", name="商品", exact=True).click()
    await expect(desk.get_by_text("连接不上服务器")).to_be_visible(timeout=PATIENCE_MS)
    await desk.unroute("**/api/console/products*")
    await desk.get_by_role("button", name="重新加载").click()
    await expect(desk.get_by_text("明前龙井")).to_be_visible()

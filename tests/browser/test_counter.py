"""At the counter: an order's money is collected on its page, by a code that is scanned and by hand; and its goods wait
until their time is up, or longer."""

import pytest
from playwright.async_api import BrowserContext, expect

from browser.looks import watched
from make.streets import Street

pytestmark = [pytest.mark.browser]


async def test_an_order_is_paid_at_the_counter_by_scanning_and_by_hand(
    street: Street, desk_context: BrowserContext
) -> None:
    jar, url = street.town.owner.session.cookie_jar, street.town.owner.url
    await desk_context.add_cookies([{"name": one.key, "value": one.value, "url": url} for one in jar])
    customer = await street.customer("ann")
    await customer.move_in()
    desk = await watched(desk_context)
    place = {"enabled": True, "place": "体验店", "address": "龙井路 88 号", "days": 1}
    await street.console("PUT", "/shop/pickup", place)
    orders = [await customer.buy_now(street.tea) for _ in range(2)]
    await desk.goto(f"{url}/console/orders/{orders[0]['id']}")
    card = desk.locator("[data-test=pay-card]")
    await card.get_by_role("button", name="显示收款码").click()
    await expect(card.get_by_text("请用微信扫一扫付款").first).to_be_visible()
    shown = await street.console("GET", f"/orders/{orders[0]['id']}/payments")
    assert [one["way"] for one in shown["tries"]] == ["native"]
    # Another way takes over from the code that was shown: what is scanned later can be paid no more.
    digits = await customer.phone.payment_code()
    await card.get_by_label("付款码").fill(digits)
    await card.get_by_role("button", name="收款", exact=True).click()
    await expect(card.get_by_text("付款码收款")).to_be_visible()
    await expect(card.get_by_text("已付款")).to_be_visible()
    await desk.goto(f"{url}/console/orders/{orders[1]['id']}")
    await card.get_by_role("button", name="登记线下收款").click()
    await desk.get_by_label("说明（必填）").fill("没带手机，付了现金")
    await desk.get_by_role("button", name="登记", exact=True).click()
    await expect(card.get_by_text("没带手机，付了现金")).to_be_visible()
    # Nobody fetches it: the console says so, and gives it three days more.
    await street.town.settle()
    await street.town.advance(days=2)
    await desk.goto(f"{url}/console/orders?q={orders[1]['number']}")
    await expect(desk.get_by_role("row").filter(has_text="明前龙井").get_by_text("逾期未取")).to_be_visible()
    await desk.goto(f"{url}/console/pickups?state=expired")
    await desk.get_by_role("link", name="明前龙井").last.click()
    await desk.get_by_role("button", name="延期", exact=True).click()
    await desk.get_by_role("dialog", name="延长自提保留时间").get_by_role("button", name="确认延期").click()
    await expect(desk.get_by_text("已延期")).to_be_visible()
    await desk.goto(f"{url}/console/pickups?state=waiting")
    await expect(desk.get_by_role("row").filter(has_text="明前龙井")).to_have_count(1)
    await customer.phone.close()

"""A bill that lies, seen by the owner in the morning: booked to suspense, and taken out of it when it is explained."""

import pytest
from playwright.async_api import BrowserContext, expect

from browser.looks import watched
from make.streets import Street
from tongshang.platform.clock import business_day

pytestmark = [pytest.mark.browser]


async def test_a_difference_is_booked_and_cleared(street: Street, desk_context: BrowserContext) -> None:
    town = street.town
    jar, url = town.owner.session.cookie_jar, town.owner.url
    await desk_context.add_cookies([{"name": one.key, "value": one.value, "url": url} for one in jar])
    customer = await street.customer("ann")
    await customer.move_in()
    await customer.pay((await customer.buy_now(street.tea))["id"])
    await town.settle()
    await customer.phone.close()
    day = business_day(town.world.clock.now())
    await town.sandbox.lie(street.mchid, day, "add", number="STRANGER1", fen=2_500)
    assert await street.next_morning() == day
    desk = await watched(desk_context)
    await desk.goto(f"{url}/console/reconciliation/{day}")
    await expect(desk.get_by_role("heading", name="这笔收款只有微信账单里有")).to_be_visible()
    await desk.get_by_role("button", name="处理", exact=True).click()
    form = desk.get_by_role("dialog")
    await form.get_by_text("按账单记入待查差异").click()
    await form.get_by_label("说明（必填）").fill("像是门店收款码的收入")
    await form.get_by_role("button", name="确认处理").click()
    await expect(form).to_be_hidden()
    await expect(desk.get_by_text("待查差异里还有 ¥24.85")).to_be_visible()
    await desk.goto(f"{url}/console/reconciliation")
    await expect(desk.get_by_text("还有记入待查差异的钱没有转出")).to_be_visible()
    await desk.get_by_role("link", name="1 笔，¥24.85").click()
    await desk.get_by_role("button", name="转出").click()
    form = desk.get_by_role("dialog")
    await form.get_by_text("没有登记的收款，计入销售收入").click()
    await form.get_by_label("说明（必填）").fill("门店收款码，11 月 20 日")
    await form.get_by_role("button", name="转出").click()
    await expect(desk.get_by_text("待查差异里还有")).to_be_hidden()
    books = {one["account"]: one["balance_fen"] for one in (await street.console("GET", "/ledger/balances"))["items"]}
    assert books["suspense"] == 0
    await desk.goto(f"{url}/console/ledger")
    async with desk.expect_download() as got:
        await desk.get_by_role("link", name="导出余额表").click()
    assert (await got.value).suggested_filename.endswith(".csv")

"""Profit sharing in the console: rules typed, a payment shared, and a share that did not come back decided about."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.looks import watched
from make.streets import Street

pytestmark = [pytest.mark.browser]
SUPPLIER = "茶山供应链有限公司"


async def until(street: Street, path: str, ready: Callable[[dict[str, Any]], object], seconds: int = 30) -> Any:
    """Let the world's time pass until the console's answer is as wanted; gives it."""
    found: Any = None
    for _ in range(60):
        found = await street.console("GET", path)
        if ready(found):
            return found
        await street.town.advance(seconds=seconds)
        await street.town.settle()
    raise AssertionError(found)


async def declare(desk: Page, mchid: str) -> None:
    """Type a receiver and switch sharing on, as the owner does."""
    await desk.get_by_role("button", name="添加接收方").first.click()
    form = desk.get_by_role("dialog")
    await form.get_by_label("商户号", exact=True).fill(mchid)
    await form.get_by_label("商户全称").fill(SUPPLIER)
    await form.get_by_label("您怎么称呼对方").fill("茶山供应链")
    await form.get_by_role("button", name="保存").click()
    await expect(form).to_be_hidden()
    await desk.get_by_role("button", name="怎么分").click()
    await form.locator(".el-switch").click()
    await form.get_by_label("等待天数").fill("0")
    await form.get_by_role("button", name="保存").click()
    await expect(form).to_be_hidden()


async def test_rules_are_typed_a_payment_is_shared_and_a_person_decides(
    street: Street, desk_context: BrowserContext
) -> None:
    jar, url = street.town.owner.session.cookie_jar, street.town.owner.url
    await desk_context.add_cookies([{"name": one.key, "value": one.value, "url": url} for one in jar])
    supplier = (await street.town.sandbox.merchant(name=SUPPLIER))["mchid"]
    customer = await street.customer("ann")
    await customer.move_in()
    desk = await watched(desk_context)
    await desk.goto(f"{url}/console/sharing")
    await declare(desk, supplier)
    await until(street, "/sharing", lambda now: now["receivers"][0]["state"] == "active", seconds=1)
    await desk.reload()
    await expect(desk.get_by_text("生效中")).to_be_visible()
    await expect(desk.get_by_text("一分钟后分给下面的接收方")).to_be_visible()
    order = await customer.buy_now(street.tea)
    await customer.pay(order["id"])
    done = await until(street, "/sharing/splits", lambda page: page["items"] and page["items"][0]["state"] == "done")
    (split,) = done["items"]
    assert [one["amount_fen"] for one in split["shares"]] == [order["total_fen"] * 5 // 100]
    await street.town.sandbox.take_out(supplier, split["shares"][0]["amount_fen"])
    await street.town.sandbox.take_out(street.mchid, -split["shares"][0]["amount_fen"])
    line = (await street.order(order["id"]))["lines"][0]["id"]
    asked = {"lines": [{"line_id": line, "quantity": 1}], "reason": "不想要了"}
    refund = "00000000-0000-7000-8000-00000000000a"
    await street.console("PUT", f"/orders/{order['id']}/refunds/{refund}", asked)
    await until(street, "/sharing", lambda now: now["counts"]["not_returned"] == 1, seconds=5)
    await desk.goto(f"{url}/console/sharing?state=attention")
    await expect(desk.get_by_text("对方余额不足")).to_be_visible()
    await desk.get_by_role("button", name="由我承担").click()
    await desk.get_by_role("dialog").get_by_role("button", name="由我承担").click()
    await expect(desk.get_by_text("没有符合条件的结果")).to_be_visible()
    await until(street, "/refunds", lambda page: page["items"][0]["state"] == "settled", seconds=60)
    await desk.goto(f"{url}/console/sharing")
    await expect(desk.get_by_text("您承担")).to_be_visible()
    await customer.phone.close()

"""A red packet from the console to a phone: sent after a second look, opened in WeChat's own sheet, seen as taken."""

import os
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make.streets import Street
from make.worlds import PASSWORD

pytestmark = [pytest.mark.browser]


async def snap(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("PAYOUT_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_red_packet_is_sent_at_the_desk_and_opened_on_the_phone(
    street: Street, phone_context: BrowserContext, desk_context: BrowserContext
) -> None:
    await street.town.sandbox.take_out(street.mchid, -50_000)
    ann = await street.customer("ann")
    await keep_logged_in(desk_context, street.town.owner)
    desk, looks = await watched(desk_context), Looks()
    await visit(desk, f"{street.town.url}/console/payouts")
    await expect(desk.get_by_text("还没有付款记录")).to_be_visible()
    await desk.get_by_role("button", name="发起付款").first.click()
    form = desk.get_by_role("dialog")
    await form.get_by_text("红包", exact=True).click()
    await form.get_by_role("combobox", name="付给谁").click(force=True)
    await desk.get_by_role("option").first.click()
    await desk.keyboard.press("Escape")
    await form.get_by_role("textbox", name="每人金额").fill("8.88")
    await form.get_by_label("祝福语").fill("新年快乐")
    await form.get_by_label("活动名称").fill("茶友会")
    await form.get_by_label("奖励说明").fill("答题第一名")
    await looks.at(desk, "giving")
    await snap(desk, "console-give")
    await form.get_by_role("button", name="下一步").click()
    await form.get_by_label("登录密码").fill(PASSWORD)
    await snap(desk, "console-second-look")
    await form.get_by_role("button", name="确认付款 ¥8.88").click()
    row = desk.get_by_role("row").filter(has_text="新年快乐")
    await expect(row).to_contain_text("待收款")
    await looks.at(desk, "pay-outs")
    await snap(desk, "console-list")

    phone = await phone_context.new_page()
    own = street.town.box.url.replace("localhost", "ann.localhost")
    await phone.goto(f"{own}/phone#open={street.town.at('/s/tea/#/pages/payouts/payouts')}")
    store = phone.frame_locator("iframe")
    await expect(store.get_by_text("新年快乐")).to_be_visible()
    await snap(phone, "store-waiting")
    await store.get_by_role("button", name="拆红包").click()
    sheet = phone.locator(".collect")
    await expect(sheet).to_contain_text("给你发了一个红包")
    await snap(phone, "phone-sheet")
    await sheet.get_by_role("button", name="开", exact=True).click()
    await expect(sheet).to_contain_text("¥8.88")
    await snap(phone, "phone-taken")
    await street.town.advance(seconds=5)
    await sheet.get_by_role("button", name="完成").click()
    await expect(store.get_by_text("已到账", exact=True)).to_be_visible()
    await snap(phone, "store-taken")
    await expect(row).to_contain_text("已收款")
    await desk.set_viewport_size(PHONE)
    await visit(desk, f"{street.town.url}/console/payouts")
    await looks.at(desk, "pay-outs on a phone")
    await snap(desk, "console-390")
    await ann.phone.close()
    looks.verdict()

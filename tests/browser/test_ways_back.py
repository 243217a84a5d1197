"""Who lost the password or the phone is let in again, and a job that stands still is started again, by whoever may."""

import os
from uuid import UUID, uuid4

import pyotp
import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page, expect

from browser.conftest import DESK, PATIENCE_MS, PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make.worlds import Browser, make_staff
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.tenancy import staff
from tongshang.tenancy.model import Role

pytestmark = [pytest.mark.browser]
PARKED = """insert into job (merchant_id, id, kind, data, due_at, created_at, attempts, last_error, parked_at)
values ($1, $2, 'nobody.knows', '{}', $3, $3, 12, 'LookupError: nobody', $3)"""


async def keep(page: Page, name: str) -> None:
    """Keep a picture where SHOTS says so, for a person to look at."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)


async def link_in(page: Page, title: str) -> str:
    """Read the link of the dialog that shows it once, and close it."""
    dialog = page.get_by_role("dialog", name=title, exact=True)
    field = dialog.get_by_role("textbox")
    await expect(field).to_be_visible()
    link = await field.input_value()
    await dialog.get_by_role("button", name="完成").click()
    await expect(dialog).to_be_hidden()
    return link


async def test_an_owner_lets_a_clerk_begin_anew(
    world: World, owner: Browser, merchant: UUID, chromium: Chromium, desk_context: BrowserContext, built_web: None
) -> None:
    await make_staff(world, merchant, login="xiaoli@tea", role=Role.CLERK)
    await keep_logged_in(desk_context, owner)
    page, looks = await watched(desk_context), Looks()
    await visit(page, f"{owner.url}/console/staff")
    await page.get_by_role("button", name="修改 xiaoli").click()
    await expect(page.get_by_role("dialog").get_by_label("登录名")).to_be_disabled()
    await page.get_by_role("dialog").get_by_role("button", name="取消").click()
    await page.get_by_role("button", name="重置登录 xiaoli").click()
    await page.get_by_role("button", name="生成链接").click()
    await expect(page.get_by_role("dialog", name="重置链接", exact=True)).to_be_visible()
    await looks.at(page, "reset link")
    await keep(page, "reset-link")
    link = await link_in(page, "重置链接")
    elsewhere = await chromium.new_context(viewport=PHONE, locale="zh-CN")
    elsewhere.set_default_timeout(PATIENCE_MS)
    try:
        phone = await watched(elsewhere)
        await phone.goto(f"{owner.url}/console/invites/{link.rpartition('/')[2]}")
        await phone.get_by_label("您的姓名").fill("小李")
        await phone.get_by_label("设置密码").fill("a fresh password")
        await phone.get_by_label("再输一次").fill("a fresh password")
        await phone.get_by_role("button", name="完成并进入后台").click()
        await expect(phone.get_by_role("heading", name="概览")).to_be_visible()
    finally:
        await elsewhere.close()
    looks.verdict()


async def test_the_provider_helps_where_nobody_else_can(
    world: World, url: str, merchant: UUID, desk_context: BrowserContext, built_web: None
) -> None:
    root, secret = await make_staff(world, NIL, login="root", role=Role.PROVIDER), pyotp.random_base32()
    async with world.tx(NIL) as tx:
        await staff.keep_totp(tx, staff_id=root, secret=secret)
        await tx.run(PARKED, NIL, uuid4(), tx.now)
    provider = Browser(url)
    await provider.log_in("root", totp=pyotp.TOTP(secret).at(world.clock.now()))
    await keep_logged_in(desk_context, provider)
    await provider.close()
    page, looks = await watched(desk_context), Looks()
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)
        await visit(page, f"{url}/console/merchants")
        await looks.at(page, f"merchants {size['width']}")
        await keep(page, f"merchants-{size['width']}")
    await page.get_by_role("button", name="店主登录链接 云上茶园").click()
    await page.get_by_role("button", name="生成链接").click()
    assert "/console/invites/" in await link_in(page, "店主 owner（owner@tea） 的登录链接")
    await visit(page, f"{url}/console/workers")
    await looks.at(page, "workers")
    await page.get_by_role("button", name="重试").click()
    await expect(page.get_by_text("没有搁置的任务")).to_be_visible()
    await page.get_by_role("link", name="操作记录").click()
    await expect(page.get_by_text("服务商重试任务")).to_be_visible()
    await looks.at(page, "the provider's audit")
    await keep(page, "provider-audit")
    await visit(page, f"{url}/console/account")
    await expect(page.get_by_text("本机")).to_be_visible()
    await looks.at(page, "account")
    await keep(page, "account")
    looks.verdict()

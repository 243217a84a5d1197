"""A shop's owner has everything written out, and takes the file home: with a passphrase, and a way to call it off."""

import asyncio
import os
import tarfile
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, ViewportSize, expect

from browser.conftest import DESK, PHONE
from browser.looks import Looks, watched
from browser.test_console import keep_logged_in, visit
from make.worlds import Browser
from tongshang.app.moving import archive
from tongshang.platform.work import Worker
from tongshang.platform.world import World

pytestmark = [pytest.mark.browser]
WORDS = "龙井 碧螺春 铁观音 大红袍"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_an_owner_takes_everything_home(
    world: World, owner: Browser, desk_context: BrowserContext, built_web: None, tmp_path: Path, size: ViewportSize
) -> None:
    worker = Worker(world, name="browser")
    world.wakers.append(worker.wake)
    await keep_logged_in(desk_context, owner)
    page, looks = await watched(desk_context), Looks()
    await page.set_viewport_size(size)
    await visit(page, f"{owner.url}/console/data-exports")
    await expect(page.get_by_text("还没有导出过")).to_be_visible()
    await looks.at(page, "exports, none")
    await page.get_by_role("button", name="导出", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("口令").fill(WORDS)
    await dialog.get_by_label("再输入一次").fill("另一个口令另一个口令")
    await expect(dialog.get_by_text("两次输入的口令不同")).to_be_visible()
    await expect(dialog.get_by_role("button", name="导出")).to_be_disabled()
    await dialog.get_by_label("再输入一次").fill(WORDS)
    await looks.at(page, "exports, asking")
    await dialog.get_by_role("button", name="导出").click()
    await expect(page.get_by_text("排队中")).to_be_visible()  # nobody works yet
    await page.get_by_role("button", name="取消导出").click()
    await expect(page.get_by_role("button", name="取消导出")).to_have_count(0)
    await page.get_by_role("button", name="导出", exact=True).first.click()
    for label in ("口令", "再输入一次"):
        await dialog.get_by_label(label).fill(WORDS)
    await dialog.get_by_role("button", name="导出").click()
    working = asyncio.create_task(worker.run(poll_seconds=0.1))
    try:
        await expect(page.get_by_text("可下载")).to_be_visible()
        await looks.at(page, "exports, ready")
        if kept := os.environ.get("SHOTS"):
            await page.screenshot(path=f"{kept}/exports-{size['width']}.png", full_page=True)
        async with page.expect_download() as fetched:
            await page.get_by_role("link", name="下载").click()
        file = tmp_path / "taken-home.tar"
        await (await fetched.value).save_as(file)
    finally:
        worker.stop()
        await working
    told = await asyncio.to_thread(archive.verify, file)
    assert (told.name, told.slug) == ("云上茶园", "tea")
    with tarfile.open(file) as read:
        assert read.getnames()[-1] == "manifest.json"
    looks.verdict()

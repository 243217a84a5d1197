"""Applying for a merchant number in a real browser: typed in steps, sent, sent back at its field, mended, open."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, FilePayload, Page, expect

from browser.looks import watched
from make.applicants import CARD, EMAIL, ID_NUMBER, NAME, PHONE, Office, furnish, picture
from make.town import found
from tongshang.platform.work import Worker

pytestmark = [pytest.mark.browser]
SHOT: FilePayload = {"name": "card.png", "mimeType": "image/png", "buffer": picture()}


@pytest.fixture
async def office(database_url: str, tmp_path: Path, built_web: None) -> AsyncIterator[Office]:
    """A merchant who may apply, with a worker at work."""
    async with found(database_url, tmp_path) as town:
        office = await furnish(town)
        worker = Worker(town.world, name="browser")
        town.world.wakers.append(worker.wake)
        working = asyncio.create_task(worker.run(poll_seconds=0.1))
        yield office
        worker.stop()
        await working


async def upload(desk: Page, *labels: str) -> None:
    """Upload pictures, one after another."""
    for label in labels:
        await desk.get_by_label(f"上传 {label}").set_input_files(SHOT)
        await expect(desk.get_by_alt_text(label)).to_be_visible()


async def fill(desk: Page, **texts: str) -> None:
    """Type into fields by their labels."""
    for label, text in texts.items():
        await desk.get_by_label(label, exact=True).fill(text)


async def forth(desk: Page) -> None:
    """Go on to the next step."""
    await desk.get_by_role("button", name="下一步").click()


async def type_everything(desk: Page) -> None:
    """Fill in all steps as an individual business without a shop of stone."""
    await upload(desk, "营业执照照片")
    await fill(desk, 商户名称="云上茶园茶叶店", 统一社会信用代码="92330106MA2B1C2D39")
    await forth(desk)
    await upload(desk, "身份证人像面", "身份证国徽面")
    await fill(desk, 姓名=NAME, 身份证号码=ID_NUMBER, 有效期开始="2018-01-01", 有效期结束="2038-01-01")
    await forth(desk)
    await fill(desk, 手机号=PHONE, 邮箱=EMAIL)
    await forth(desk)
    await fill(desk, 商户简称="云上茶园", 客服电话="0571-88886666")
    await desk.get_by_label("所属行业").click()
    await desk.get_by_role("option", name="零售批发/生活娱乐/其他").click()
    await forth(desk)
    await desk.get_by_text("经营者个人银行卡").click()
    await desk.get_by_label("开户银行").click()
    await desk.get_by_role("option", name="招商银行").click()
    await fill(desk, 银行账号=CARD)
    await desk.get_by_role("button", name="检查并提交").last.click()


async def test_a_number_is_applied_for_in_steps(office: Office, desk_context: BrowserContext) -> None:
    town = office.town
    jar = town.owner.browser.session.cookie_jar
    await desk_context.add_cookies([{"name": one.key, "value": one.value, "url": town.url} for one in jar])
    desk = await watched(desk_context)
    await desk.goto(f"{town.url}/console/pay/application")
    await desk.get_by_role("button", name="开始申请").click()
    await type_everything(desk)
    await expect(desk.get_by_text("资料齐全，可以提交了")).to_be_visible()
    await desk.get_by_role("button", name="提交给微信支付").click()
    await desk.get_by_role("dialog").get_by_role("button", name="提交给微信支付").click()
    await expect(desk.get_by_text("审核中", exact=True)).to_be_visible()
    (made,) = await town.owner("GET", "/applyments")
    office.id = made["id"]
    await office.decide("REJECTED", id_card_copy="照片反光，看不清姓名")
    await desk.reload()
    await expect(desk.get_by_text("微信：照片反光，看不清姓名")).to_be_visible()
    # What was typed about a person is hinted at, and need not be typed again.
    await expect(desk.get_by_label("姓名", exact=True)).to_have_attribute("placeholder", "已填写 **明，重新输入可更换")
    await desk.get_by_label("更换 身份证人像面").set_input_files({**SHOT, "buffer": picture("grey")})
    await desk.get_by_role("button", name="检查并提交").first.click()
    await desk.get_by_role("button", name="重新提交").click()
    await desk.get_by_role("dialog").get_by_role("button", name="提交给微信支付").click()
    await expect(desk.get_by_text("审核中", exact=True)).to_be_visible()
    await office.decide("TO_BE_SIGNED")
    await desk.get_by_role("button", name="查询最新进度").click()
    await expect(desk.get_by_text("待签约", exact=True)).to_be_visible()
    await office.decide("FINISHED")
    await desk.reload()
    await desk.get_by_role("link", name="查看支付设置").click()
    await expect(desk.get_by_label("特约商户号")).to_have_value((await office.see())["sub_mchid"])

"""A mini program is registered from the console: asked, confirmed on the person's phone, told by a push, once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.places import COMPONENT
from make.town import Town, found

COMPANY = {
    "way": "company", "name": "云上茶园有限公司", "code": "91330100MA0000000X", "code_type": 1,
    "persona_name": "王建国", "persona_wechat": "laowang_1978", "phone": "0571-88886666",
}  # fmt: skip
PERSON = {"way": "person", "name": "李小明", "persona_name": "李小明", "persona_wechat": "xiaoming_88",
          "phone": "0571-88886666"}  # fmt: skip
NOTICE = "component.notify_third_fasteregister"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with found(database_url, tmp_path) as made:
        yield made


async def ask(town: Town, details: dict[str, Any]) -> str:
    wanted = str(uuid4())
    await town.owner("PUT", f"/mini-registrations/{wanted}", details)
    await town.settle()
    return wanted


async def shown(town: Town) -> list[dict[str, Any]]:
    return list(await town.owner("GET", "/mini-registrations"))


async def page_of(town: Town) -> str:
    """Find the page of the latest registration at the platform's page of the simulator."""
    async with town.box.http.get(f"{town.box.url}/open.weixin.qq.com/sandbox/{COMPONENT}") as answer:
        text = await answer.text()
    assert "等待确认" in text
    return text.split("/sandbox/registrations/")[1].split('"')[0]


async def answer(town: Town, number: str, status: int) -> str:
    url = f"{town.box.url}/mp.weixin.qq.com/sandbox/registrations/{number}"
    async with town.box.http.post(url, data={"status": str(status)}) as page:
        assert page.status == 200
        text = await page.text()
    await town.settle()
    return text


async def test_a_company_confirms_on_the_phone(town: Town) -> None:
    wanted = await ask(town, COMPANY)
    (one,) = await shown(town)
    assert (one["id"], one["state"], one["confirm_url"]) == (wanted, "waiting", None)
    assert await town.owner("PUT", f"/mini-registrations/{wanted}", COMPANY)
    assert await town.owner.refused("PUT", f"/mini-registrations/{wanted}", COMPANY | {"name": "x"}) == (
        409, "idempotency.mismatch")  # fmt: skip
    assert (await town.owner.refused("PUT", f"/mini-registrations/{uuid4()}", COMPANY))[1] == "registration.running"
    # Nothing of the person in either journal, nor what WeChat said of them.
    assert "注册成功" in await answer(town, await page_of(town), 0)
    (one,) = await shown(town)
    assert (one["state"], one["status"], one["appid"][:2]) == ("done", 0, "wx")
    lines = (await town.owner("GET", "/wechat/journal?name=/cgi-bin/component/fastregisterweapp"))["items"]
    pushed = (await town.owner("GET", "/wechat/journal?direction=in&name=info.notify*"))["items"]
    assert (len(lines), len(pushed)) == (1, 1)
    texts = [str(await town.owner("GET", f"/wechat/journal/{line['id']}")) for line in (*lines, *pushed)]
    for secret in ("王建国", "laowang_1978", "88886666", "queryauthcode"):
        assert secret not in "".join(texts), secret
    # The push comes twice: it ended once.
    events = await town.owner("GET", "/wechat/journal?name=info.notify*")
    assert await town.owner("POST", f"/wechat/journal/{events['items'][0]['id']}/replay")
    assert len(await shown(town)) == 1
    assert (await town.provider("GET", f"/provider/components/{COMPONENT}/history"))["notices"][0]["status"] == 0


async def test_a_person_confirms_on_a_page_and_what_failed_says_why(town: Town) -> None:
    await ask(town, PERSON)
    (one,) = await shown(town)
    assert "<svg" in one["confirm_svg"]
    assert "小" not in one["name"]
    number = one["confirm_url"].rsplit("/", 1)[1]
    assert "注册未成功" in await answer(town, number, 1000)
    (one,) = await shown(town)
    assert (one["state"], one["status"], one["confirm_url"]) == ("failed", 1000, None)
    # The same may be tried again at once.
    await ask(town, PERSON)
    assert sorted(one["state"] for one in await shown(town)) == ["failed", "waiting"]
    await town.sandbox.fault("POST /cgi-bin/component/fastregisterweapp", "error", errcode=61070)
    number = await ask(town, COMPANY)
    refused = next(one for one in await shown(town) if one["id"] == number)
    assert (refused["state"], refused["errcode"], refused["status"]) == ("failed", 61070, None)
    wrong = [({"code": "123"}, "registration.code"), ({"persona_wechat": "1"}, "invalid"), ({"phone": ""}, "invalid")]
    for change, code in wrong:
        assert await town.owner.refused("PUT", f"/mini-registrations/{uuid4()}", COMPANY | change) == (400, code)


@pytest.mark.parametrize("lost", [False, True])
async def test_nobody_confirms_or_the_push_is_lost(town: Town, *, lost: bool) -> None:
    await ask(town, COMPANY)
    if lost:
        await town.sandbox.fault(f"callback:{NOTICE}", "lose")
        await answer(town, await page_of(town), 0)
        assert (await shown(town))[0]["state"] == "waiting"
    await town.advance(hours=26)
    (one,) = await shown(town)
    assert (one["state"], one["status"], one["appid"]) == (("done", 0, None) if lost else ("failed", 100003, None))


async def test_an_answer_that_was_lost_is_asked_for_again_and_registers_once(town: Town) -> None:
    await town.sandbox.fault("POST /cgi-bin/component/fastregisterweapp", "lost", times=1)
    await ask(town, COMPANY)
    await town.advance(minutes=1)
    (one,) = await shown(town)
    assert one["state"] == "waiting"
    async with town.box.http.get(f"{town.box.url}/open.weixin.qq.com/sandbox/{COMPONENT}") as page:
        assert (await page.text()).count("等待确认") == 1

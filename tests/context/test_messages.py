"""Messages: a welcome that comes once, a menu that WeChat takes, scene codes that count."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from make.towns import ACCOUNT, Town, founded
from tongshang.fans.facts import FanFollowed
from tongshang.messages.menus import BadMenu, Button, check
from tongshang.messages.reactions import send_welcome
from tongshang.messages.welcome import GIFT
from tongshang.platform import jobs
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.wechat.callbacks import RESPONDERS

SEND = "POST /cgi-bin/message/custom/send"
CALL = "/cgi-bin/message/custom/send"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def chat(town: Town) -> list[str]:
    """What the account said to Alice."""
    return [line["content"]["text"] for line in await town.alice.chat(ACCOUNT) if line["who"] == "account"]


async def follow(town: Town) -> list[str]:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    return await chat(town)


async def make_code(town: Town, scene: str = "door", **more: Any) -> dict[str, Any]:
    body = {"name": "门口海报", "scene": scene, **more}
    status, code = await town.owner("PUT", f"/api/console/scene-codes/{uuid4()}", body)
    assert status == 200, code
    return dict(code)


async def test_the_main_job_begins_from_scan_to_welcome(town: Town) -> None:
    code = await make_code(town)
    assert code["svg"].startswith("<svg")
    await town.alice.scan(text=code["url"])
    await town.settle()
    (greeting,) = await chat(town)
    assert "欢迎关注云上茶园" in greeting
    assert f'<a href="{town.at("/s/tea/")}">' in greeting
    fan = await town.fan()
    assert (fan["subscribed"], fan["scene"], fan["source"]) == (True, "door", "scan")
    assert {line["kind"] for line in fan["timeline"]} == {"message.sent", "fan.followed"}
    (listed,) = (await town.owner("GET", "/api/console/scene-codes"))[1]["items"]
    assert listed["counts"] == {"scans": 1, "follows": 1}
    await town.advance(seconds=5)
    await town.alice.scan(text=code["url"])
    await town.settle()
    (listed,) = (await town.owner("GET", "/api/console/scene-codes"))[1]["items"]
    assert listed["counts"] == {"scans": 2, "follows": 1}


async def test_a_doubled_push_welcomes_once(town: Town) -> None:
    await town.sandbox.fault("callback:*", "repeat", count=3)
    assert len(await follow(town)) == 1


async def test_who_comes_back_is_welcomed_again(town: Town) -> None:
    await follow(town)
    await town.advance(seconds=90)
    await town.alice.unfollow(ACCOUNT)
    await town.settle()
    await town.advance(seconds=90)
    assert len(await follow(town)) == 2


async def test_the_welcome_is_the_merchants(town: Town) -> None:
    body = {"enabled": True, "text": "您好，茶友！", "link_title": "去逛逛", "coupon_id": None}
    assert (await town.owner("PUT", "/api/console/welcome", body))[0] == 200
    assert (await town.owner("GET", "/api/console/welcome"))[1]["text"] == "您好，茶友！"
    (greeting,) = await follow(town)
    assert greeting.startswith("您好，茶友！")
    assert ">去逛逛</a>" in greeting
    bad = {"enabled": True, "text": "x" * 601}
    assert (await town.owner("PUT", "/api/console/welcome", bad))[1]["code"] == "invalid"


async def test_a_silent_merchant_stays_silent(town: Town) -> None:
    assert (await town.owner("PUT", "/api/console/welcome", {"enabled": False}))[0] == 200
    assert await follow(town) == []


class Gone(Refused):
    """No coupon is left."""


async def test_the_coupon_is_given_once_and_its_absence_does_not_spoil_the_welcome(town: Town) -> None:
    coupon, other = uuid4(), uuid4()
    given: list[tuple[UUID, UUID]] = []

    async def gift(tx: Tx, fan: UUID, wanted: UUID) -> str:
        if (fan, wanted) in given:
            raise Gone
        tx.after_commit.append(lambda: given.append((fan, wanted)))
        return "送您一张优惠券"

    town.world.fill(GIFT, [gift])
    body = {"enabled": True, "text": "您好", "link_title": "", "coupon_id": str(coupon)}
    assert (await town.owner("PUT", "/api/console/welcome", body))[0] == 200
    await town.sandbox.fault(SEND, "error", errcode=-1, times=1)  # the first attempt fails after the coupon is given
    assert await follow(town) == []
    await town.advance(seconds=10)
    await town.settle()
    (greeting,) = await chat(town)
    assert "送您一张优惠券" in greeting
    assert [one[1] for one in given] == [coupon]
    await town.advance(seconds=90)
    await town.alice.unfollow(ACCOUNT)
    await town.settle()
    await town.advance(seconds=90)
    assert "优惠券" not in (await follow(town))[1]
    # A code with a coupon of its own gives that one.
    code = await make_code(town, "party", coupon_id=str(other))
    bob = await town.sandbox.person("bob")
    await bob.scan(text=code["url"])
    await town.settle()
    assert [one[1] for one in given] == [coupon, other]
    await bob.close()


async def test_an_answer_that_was_lost_is_not_sent_again(town: Town) -> None:
    town.world.fill(RESPONDERS, [])  # all by customer service
    await town.sandbox.fault(SEND, "lost", times=1)
    await follow(town)
    await town.advance(minutes=5)
    await town.settle()
    assert len(await chat(town)) == 1
    assert "message.not_sent" in [line["kind"] for line in (await town.fan())["timeline"]]


class Dying(jobs.Job):
    """A job whose worker is killed at the very end: all is done but the record."""

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[Tx]:
        raise KilledHere
        yield


class KilledHere(Exception):
    """kill -9."""


async def test_a_worker_killed_between_sending_and_recording_sends_once(town: Town) -> None:
    town.world.fill(RESPONDERS, [])  # all by customer service
    await town.alice.follow(ACCOUNT)
    await town.sandbox.settle()
    killed = 0
    while not killed:
        for merchant in await jobs.discover(town.world):
            for claimed in await jobs.claim(town.world, merchant, worker="doomed", limit=1):
                if claimed.kind != "messages.send_welcome":
                    await jobs.perform(town.world, merchant, claimed, worker="doomed")
                    continue
                fact = msgspec.convert(claimed.data, FanFollowed)
                with pytest.raises(KilledHere):
                    await send_welcome(Dying(town.world, merchant, claimed.id, claimed.attempts, "doomed"), fact)
                killed += 1
    assert len(await chat(town)) == 1
    async with town.world.tx(town.merchant) as tx:
        await tx.run("update job set leased_until = null where merchant_id = $1", town.merchant)
    await town.settle()
    assert len(await chat(town)) == 1
    assert await jobs.discover(town.world) == []


async def test_a_refusal_is_told_and_not_repeated(town: Town) -> None:
    town.world.fill(RESPONDERS, [])  # all by customer service
    await town.sandbox.fault(SEND, "error", errcode=45015)
    await follow(town)
    await town.advance(minutes=5)
    await town.settle()
    assert await town.calls(CALL) == 1
    assert "message.not_sent" in [line["kind"] for line in (await town.fan())["timeline"]]


MENU = [
    {"name": "进店", "type": "view", "url": None, "sub_buttons": []},
    {"name": "服务", "type": None, "sub_buttons": [
        {"name": "营业时间", "type": "click", "key": "HOURS", "reply": "每天 9 点到 21 点", "sub_buttons": []},
        {"name": "官网", "type": "view", "url": "https://example.com/", "sub_buttons": []},
    ]},
]  # fmt: skip


async def test_a_menu_is_published_and_answers(town: Town) -> None:
    status, menu = await town.owner("PUT", "/api/console/menu", {"buttons": MENU})
    assert (status, menu["changed"], menu["published_at"]) == (200, True, None)
    status, menu = await town.owner("POST", "/api/console/menu/publication")
    assert (status, menu["changed"]) == (200, False), menu
    await follow(town)
    await town.advance(seconds=90)
    await town.alice.tap(ACCOUNT, "营业时间")
    await town.settle()
    assert (await chat(town))[-1] == "每天 9 点到 21 点"
    assert "fan.tapped" in [line["kind"] for line in (await town.fan())["timeline"]]
    assert (await town.owner("PUT", "/api/console/menu", {"buttons": []}))[1]["changed"] is True
    assert (await town.owner("POST", "/api/console/menu/publication"))[0] == 200


@pytest.mark.parametrize(
    "buttons",
    [
        [Button("一", "view")] * 4,
        [Button("五个汉字长了一", "view")],
        [Button("", "view")],
        [Button("一")],
        [Button("一", "click")],
        [Button("一", "click", key="k" * 129)],
        [Button("一", "view", url="javascript:alert(1)")],
        [Button("一", "view", url="https://example.com/" + "x" * 1024)],
        [Button("一", sub_buttons=[Button("二", "view")] * 6)],
        [Button("一", sub_buttons=[Button("二", sub_buttons=[Button("三", "view")])])],
        [Button("一", sub_buttons=[Button("字" * 21, "view")])],
        [Button("一", "click", key="A"), Button("二", "click", key="A")],
        [Button("一", "miniprogram")],
    ],
)
def test_a_menu_that_wechat_would_refuse_is_refused(buttons: list[Button]) -> None:
    with pytest.raises(BadMenu) as refusal:
        check(buttons)
    assert "{" not in refusal.value.sentence("zh") + refusal.value.sentence("en")


async def test_a_scene_belongs_to_one_code(town: Town) -> None:
    code = await make_code(town, permanent=True)
    assert code["expires_at"] is None
    body = {"name": "另一张", "scene": "door"}
    status, answer = await town.owner("PUT", f"/api/console/scene-codes/{uuid4()}", body)
    assert (status, answer["code"]) == (409, "scene_code.taken")
    path = f"/api/console/scene-codes/{code['id']}"
    status, answer = await town.owner("PUT", path, {"name": "x", "scene": "other", "permanent": True})
    assert (status, answer["code"]) == (409, "idempotency.mismatch")
    status, answer = await town.owner("PUT", path, {"name": "改名", "scene": "door", "permanent": True})
    assert (status, answer["name"], answer["url"]) == (200, "改名", code["url"])
    assert (await town.owner("PUT", f"/api/console/scene-codes/{uuid4()}", {"name": "x", "scene": "有 空格"}))[0] == 400


async def test_an_expired_code_is_made_anew(town: Town) -> None:
    code = await make_code(town)
    await town.advance(days=31)
    await town.owner.log_in("owner@tea")
    body = {"name": "门口海报", "scene": "door"}
    status, again = await town.owner("PUT", f"/api/console/scene-codes/{code['id']}", body)
    assert (status, again["url"] != code["url"]) == (200, True)


async def test_wechat_away_is_said_and_the_same_request_goes_on(town: Town) -> None:
    await town.sandbox.fault("POST /cgi-bin/qrcode/create", "status", status=503, times=1)
    path, body = f"/api/console/scene-codes/{uuid4()}", {"name": "门口海报", "scene": "door"}
    status, answer = await town.owner("PUT", path, body)
    assert (status, answer["code"]) == (503, "wechat.unreachable")
    assert (await town.owner("PUT", path, body))[1]["url"]

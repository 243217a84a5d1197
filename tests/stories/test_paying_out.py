"""Money for people: a reward that is taken, one that nobody takes within a day, red packets, and bills that agree."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.town import ACCOUNT, Town, found
from make.townsfolk import Customer
from make.townshop import Shop, open_shop
from make.worlds import PASSWORD

REWARD = {"活动名称": "茶友会", "奖励说明": "答题第一名"}


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop[Town]]:
    async with found(database_url, tmp_path) as town:
        yield await open_shop(town)


async def give(town: Town, fans: list[str], fen: int, *, face: str = "transfer", said: str = "恭喜获奖") -> None:
    asked = {"fan_ids": fans, "face": face, "amount_fen": fen, "reason": "marketing", "report": REWARD, "remark": said}
    await town.owner("PUT", f"/payout-rounds/{uuid4()}", asked | {"password": PASSWORD})
    await town.advance(seconds=1)


async def listed(town: Town, state: str = "") -> list[dict[str, Any]]:
    return list((await town.owner("GET", f"/payouts?state={state}"))["items"])


async def take(town: Town, who: Customer) -> dict[str, Any]:
    """Open the store's page and take what waits there."""
    waiting = next(one for one in (await who("GET", "/payouts"))["items"] if one["state"] == "waiting")
    said = await who.phone.collect(await who("POST", f"/payouts/{waiting['id']}/sheet"))
    assert said["result"] == "ok", said
    await town.advance(seconds=5)
    return dict(await who("GET", f"/payouts/{waiting['id']}?confirm=1"))


@pytest.mark.slow
async def test_what_is_given_is_taken_or_comes_back_and_every_bill_agrees(shop: Shop[Town]) -> None:
    town = shop.town
    await town.owner("PUT", "/notices/plans/payout/custom", {"template_id": "", "fields": {}, "enabled": True})
    ann, ben = await shop.follower("ann"), await shop.follower("ben")
    await shop.sold(ann)
    ids = [(await who("GET", "/me"))["id"] for who in (ann, ben)]
    cash = (await town.balances())["cash_at_wechat"]

    # A password that is not one's own moves nothing.
    wrong = {"fan_ids": ids, "face": "transfer", "amount_fen": 100, "reason": "marketing", "report": REWARD,
             "remark": "x", "password": "not the password"}  # fmt: skip
    assert await town.owner.refused("PUT", f"/payout-rounds/{uuid4()}", wrong) == (403, "password.wrong")
    assert await listed(town) == []

    # Taken: ann is told in the chat, takes it in the store, and has it.
    await ann.phone.say(ACCOUNT, "我答对了")
    await town.settle()
    await give(town, ids[:1], 2_000)
    told = [str(one["content"]) for one in await ann.phone.chat(ACCOUNT)]
    assert any("您有一笔款项待领取" in words and "￥20.00" in words for words in told), told
    assert (await take(town, ann))["state"] == "paid"
    assert (await town.balances())["payouts"] == 2_000

    # Nobody takes it: a day later the money is back, and ben can see that it was there.
    await give(town, ids[1:], 1_500)
    assert (await town.balances())["payouts_held"] == 1_500
    status, code = await ann.ask("POST", f"/payouts/{(await listed(town, 'waiting'))[0]['id']}/sheet")
    assert (status, code["code"]) == (404, "not_found")

    first = await town.next_morning()
    day = await town.owner("GET", f"/reconciliation/{first}")
    assert (day["state"], day["differences"]) == ("agreed", [])
    (gone,) = await listed(town, "expired")
    assert (gone["amount_fen"], gone["why_zh"]) == (1_500, "24 小时内没有收款，款项已退回")
    books = await town.balances()
    assert books["cash_at_wechat"] + books["fees"] == cash - 2_000
    assert "payouts_held" not in books

    # Red packets for both, of which one is called off before it is opened.
    await give(town, ids, 188, face="red_packet", said="新年快乐")
    assert (await take(town, ben))["face"] == "red_packet"
    (other,) = await listed(town, "waiting")
    await town.owner("POST", f"/payouts/{other['id']}/cancellation")
    await town.advance(seconds=30)
    assert [one["state"] for one in await listed(town, "canceled")] == ["canceled"]
    assert (await town.balances())["payouts"] == 2_188
    second = await town.next_morning()
    day = await town.owner("GET", f"/reconciliation/{second}")
    assert (day["state"], day["differences"]) == ("agreed", [])
    assert await town.stuck_jobs() == []

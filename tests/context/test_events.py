"""The console's stream of news: what happens comes by itself, says nothing of anybody, and ends with the session."""

import asyncio
import json
from uuid import UUID, uuid4

import pytest

from make.worlds import Browser, make_staff
from tongshang.fans.facts import FanFollowed
from tongshang.platform.world import World
from tongshang.tenancy.model import Role


async def follow_for_ever(world: World, merchant: UUID) -> None:
    while True:
        async with world.tx(merchant) as tx:
            await tx.emit(FanFollowed(fan_id=uuid4(), openid="o-of-a-person"))
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("end", ["logged out elsewhere", "let go"])
async def test_news_come_by_themselves_until_the_session_ends(
    owner: Browser, world: World, merchant: UUID, end: str
) -> None:
    member = await make_staff(world, merchant, login="clerk@tea", role=Role.CLERK)
    clerk = Browser(owner.url)
    await clerk.log_in("clerk@tea")
    try:
        async with asyncio.timeout(30), clerk.session.get(f"{clerk.url}/api/console/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            happening = asyncio.create_task(follow_for_ever(world, merchant))  # the first ones may be old news to it
            while not (line := await stream.content.readline()).startswith(b"data:"):
                assert line, "it ended"
            happening.cancel()
            told = json.loads(line[5:])
            if end == "let go":
                assert (await owner("DELETE", f"/api/console/staff/{member}"))[0] == 204
            else:
                assert (await clerk("DELETE", "/api/console/session"))[0] == 204
            rest = await stream.content.read()  # it ends, and the page asks who it is
        assert set(told) == {"kind", "at"}
        assert told["kind"] == "fan.followed"
        assert b"o-of-a-person" not in rest
        assert (await clerk("GET", "/api/console/events"))[0] == 401
    finally:
        await clerk.close()

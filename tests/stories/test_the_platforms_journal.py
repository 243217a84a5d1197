"""The provider looks things up: what passed between WeChat and the platforms, and what came for nobody here."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from make.places import ACCOUNT, COMPONENT
from make.town import Town, found
from tongshang.wechat.inbox import keep

SAID = "<xml><ToUserName>gh</ToUserName><FromUserName>oBob</FromUserName><CreateTime>1795140000</CreateTime>"
LATER = "wxe5e5e5e5e5e5e5e5"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with found(database_url, tmp_path) as made:
        yield made


async def test_everything_is_found_by_every_field(town: Town) -> None:
    await town.authorize()

    async def look(**wanted: Any) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={quote(str(value))}" for name, value in wanted.items())
        return list((await town.provider("GET", f"/provider/journal?{query}"))["items"])

    await town.sandbox.fault("POST /cgi-bin/component/api_get_authorizer_list", "error", errcode=61004)
    status, _ = await town.provider.ask("GET", f"/provider/components/{COMPONENT}/accounts")
    assert status == 502
    await town.sandbox.heal()
    (refused,) = await look(errcode=61004)
    assert (refused["direction"], refused["appid"], refused["kind"]) == ("out", COMPONENT, "ask")
    assert refused["zh"]
    assert [one["id"] for one in await look(rid=refused["rid"])] == [refused["id"]]
    assert refused["id"] in {one["id"] for one in await look(trouble="true")}
    pushed = await look(direction="in", name="info.*")
    assert {one["name"] for one in pushed} == {"info.component_verify_ticket"}
    assert await look(appid=ACCOUNT) == []  # a merchant's, and in the merchant's own journal
    assert len(await look(appid=COMPONENT, limit=3)) == 3
    # A bare path is looked for with any verb.
    tokens = await look(name="/cgi-bin/component/api_component_token")
    assert {one["name"] for one in tokens} == {"POST /cgi-bin/component/api_component_token"}
    assert await look(since="2026-11-25T00:00:00Z") == []
    turned = "since=2026-11-25T00:00:00Z&until=2026-11-20T00:00:00Z"
    assert (await town.provider.refused("GET", f"/provider/journal?{turned}"))[0] == 400

    whole = await town.provider("GET", f"/provider/journal/{refused['id']}")
    assert whole["line"]["id"] == refused["id"]
    assert (whole["replay"], bool(whole["why_zh"])) == ("", True)
    ticket = next(one for one in pushed if one["name"] == "info.component_verify_ticket")
    assert "ticket@@@" not in str(await town.provider("GET", f"/provider/journal/{ticket['id']}"))
    component_token = await town.provider("GET", f"/provider/journal/{tokens[0]['id']}")
    secret = (await town.sandbox.call("GET", "/components"))["items"][0]["secret"]
    assert secret not in str(component_token)


async def test_what_was_nobodys_is_given_to_who_has_the_account_later(town: Town) -> None:
    raw = f"{SAID}<MsgType>text</MsgType><Content>有人吗</Content><MsgId>4</MsgId></xml>".encode()
    await keep.keep(town.world, keep.Pushed(uuid4(), LATER, "message.text", "oBob", raw))
    await town.settle()
    (orphan,) = (await town.provider("GET", f"/provider/journal?state=orphan&appid={LATER}&openid=oBob"))["items"]
    path = f"/provider/journal/{orphan['id']}"
    assert (await town.provider("GET", path))["replay"] == "effects"
    assert await town.provider.refused("POST", f"{path}/replay") == (409, "journal.orphan")
    await town.sandbox.account(LATER, nick_name="后来的号", oauth_domain="localhost")
    await town.authorize(LATER)
    assert (await town.provider("POST", f"{path}/replay"))["outcome"] == "effects"
    assert (await town.provider("POST", f"{path}/replay"))["outcome"] == "done_before"
    await town.settle()
    assert len((await town.owner("GET", "/wechat/journal?openid=oBob&direction=in"))["items"]) == 1


async def test_merchants_see_nothing_of_it(town: Town) -> None:
    (line, *_) = (await town.provider("GET", "/provider/journal?limit=1"))["items"]
    assert (await town.owner.refused("GET", "/provider/journal"))[0] == 403
    assert (await town.owner.refused("GET", f"/provider/journal/{line['id']}"))[0] == 403
    assert (await town.owner.refused("GET", f"/wechat/journal/{line['id']}"))[0] == 404

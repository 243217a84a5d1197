"""The recorder, with one simulator as WeChat and another one held against what the first one said."""

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from make.files import picture
from make.platforms import ACCOUNT, Stage, staged
from make.robots import calling
from wxsandbox.recorder import __main__ as program
from wxsandbox.recorder import exchange
from wxsandbox.recorder.proxy import recording
from wxsandbox.recorder.redact import Redactor
from wxsandbox.recorder.replay import replay
from wxsandbox.recorder.shapes import Difference, differences

SALT = b"a salt for tests"
NAME, PHONE, SHOP = "王小明", "13800138000", "https://shop.example.cn/pay?key=abcdef123456"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


async def refused(work: Any, *args: Any) -> None:
    with pytest.raises(Exception, match=r"\d+: "):
        await asyncio.to_thread(work, *args)


async def conversation(stage: Stage, url: str) -> list[str]:
    """Let a stranger's client talk with WeChat through the recorder; gives what must not be found in the recording."""
    with calling(url, ACCOUNT, stage.account["secret"]) as client:
        return await talk(stage, client)


async def talk(stage: Stage, client: Any) -> list[str]:
    """Say everything once."""
    fan = (await stage.alice.follow(ACCOUNT))["openid"]
    off = asyncio.to_thread
    await stage.alice.say(ACCOUNT, "在吗")
    menu = {"button": [{"name": NAME, "type": "click", "key": PHONE}, {"name": "看", "type": "view", "url": SHOP}]}
    await refused(client.get_menu)
    await off(client.create_menu, menu)
    await off(client.get_menu)
    await refused(client.create_menu, {"button": []})
    tag = (await off(client.create_tag, NAME))["tag"]["id"]
    await off(client.tag_users, tag, [fan])
    await off(client.remark_user, fan, f"{NAME} {PHONE}")
    await off(client.get_followers)
    await off(client.get_user_info, fan)
    await off(client.get_users_by_tag, tag)
    media = await off(client.upload_media, "image", (f"{NAME}.png", io.BytesIO(picture())))
    assert (await off(client.download_media, media["media_id"])).content == picture()
    await off(client.send_text_message, fan, f"{NAME}您好，电话{PHONE}")
    await off(client.send_image_message, fan, media["media_id"])
    await refused(client.get_user_info, "oNobody")
    await refused(client.upload_media, "image", ("x.png", io.BytesIO(b"no picture")))
    return [ACCOUNT, stage.account["secret"], client.token, fan, media["media_id"], NAME, PHONE, "shop.example.cn",
            "abcdef123456", "oNobody"]  # fmt: skip


@pytest.fixture
async def recorded(stage: Stage, tmp_path: Path) -> Path:
    """A recording of a conversation, in which nothing of it is left."""
    out, lines = tmp_path / "parity.jsonl", list[bytes]()
    async with recording(lines.append, salt=SALT, upstream=f"{stage.box.url}/{{host}}") as url:
        secrets = await conversation(stage, url)
    out.write_bytes(b"\n".join(lines))
    assert len(lines) == 17
    assert [secret for secret in secrets if secret in out.read_text()] == []
    return out


async def test_a_simulator_agrees_with_what_a_simulator_said(recorded: Path) -> None:
    exchanges = exchange.read(recorded)
    report = await replay(exchanges)
    assert (report.asked, report.findings, report.skipped) == (17, [], [])
    codes = [one.answer.get("errcode", 0) for one in exchanges if one.answer]
    assert [code for code in codes if code] == [46003, 40016, 40003, 40005]


async def test_every_departure_is_found_at_its_place(recorded: Path) -> None:
    exchanges = exchange.read(recorded)
    by_path = {one.path: one for one in exchanges}
    by_path["/cgi-bin/user/info"].answer["errcode"] = 40013
    by_path["/cgi-bin/tags/create"].answer["tag"]["count"] = "none"
    del by_path["/cgi-bin/user/get"].answer["total"]
    by_path["/cgi-bin/user/tag/get"].answer["new_of_wechat"] = 1
    by_path["/cgi-bin/media/get"].file = "text/plain"
    by_path["/cgi-bin/message/custom/send"].status = 500
    report = await replay(exchanges)
    found = {(f.call.partition(" ")[2], f.difference.where, *f.difference[1:]) for f in report.findings}
    assert found == {
        ("/cgi-bin/user/info", "$.errcode", "40013", "40003"),
        ("/cgi-bin/tags/create", "$.tag.count", "string", "missing"),
        ("/cgi-bin/user/get", "$.total", "missing", "number"),
        ("/cgi-bin/user/tag/get", "$.new_of_wechat", "number", "missing"),
        ("/cgi-bin/media/get", "file", "text/plain", "image/png"),
        ("/cgi-bin/message/custom/send", "status", "500", "200"),
    }


async def test_what_does_not_answer_is_not_recorded(stage: Stage) -> None:
    lines = list[bytes]()
    async with recording(lines.append, salt=SALT, upstream="http://127.0.0.1:1/{host}") as url:
        for path, status in (("api.weixin.qq.com/cgi-bin/token?secret=s3cret1", 502), ("evil.example/x", 404)):
            async with stage.http.get(f"{url}/{path}") as answer:
                assert (answer.status, "s3cret1" in await answer.text()) == (status, False)
    assert lines == []


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the program's own commands, as its command line reads them."""

    async def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wxsandbox.recorder", *arguments])
        for name in ("WEIXIN_APPID", "WEIXIN_SECRET"):
            monkeypatch.setenv(name, environment.get(name, ""))
        options = program.arguments()
        code = await program.COMMANDS[options.command](options)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


async def test_the_tour_needs_credentials_and_is_replayed(stage: Stage, tmp_path: Path, command: Any) -> None:
    out, upstream = tmp_path / "tour.jsonl", f"{stage.box.url}/{{host}}"
    asked = ("tour", "--out", str(out), "--upstream", upstream)
    assert await command(*asked) == (2, "", "set WEIXIN_APPID and WEIXIN_SECRET\n")
    with pytest.raises(ValueError, match="40125"):
        await command(*asked, WEIXIN_APPID=ACCOUNT, WEIXIN_SECRET="wrong")
    out.unlink()
    code, said, _ = await command(*asked, WEIXIN_APPID=ACCOUNT, WEIXIN_SECRET=stage.account["secret"])
    last = [line.split() for line in said.splitlines()][-2:]
    assert last == [["40007", "/cgi-bin/media/get"], ["40008", "/cgi-bin/message/custom/send"]]
    assert (code, stage.account["secret"] in out.read_text()) == (0, False)
    assert await command("replay", str(out)) == (0, f"{out}: 19 asked, 0 differences\n", "")
    lines = out.read_text().splitlines()
    broken = json.loads(lines[2])
    broken["answer"]["errcode"] = 48001
    out.write_text("\n".join([*lines[:2], json.dumps(broken), *lines[3:]]))
    code, said, _ = await command("replay", str(out))
    first = f"{out}:3: GET /cgi-bin/menu/get: $.errcode: WeChat 48001, simulator 46003"
    assert (code, said.splitlines()[0]) == (1, first)


def test_what_is_unknown_is_masked_and_always_the_same() -> None:
    redactor, other = Redactor(SALT), Redactor(b"another")
    asked = {"openid": "oabcdefghijklmnopqrstuvwxyz1", "new_field": [NAME, {"deep": PHONE}], "phone": 13800138000,
             "type": "click", "count": 3, "on": True, "none": None, "latitude": 30.2571}  # fmt: skip
    masked = redactor.document(asked)
    assert redactor.document(asked) == Redactor(SALT).document(asked) == masked
    assert other.document(asked)["openid"] != masked["openid"]
    assert (masked["type"], masked["count"], masked["on"], masked["none"], masked["latitude"]) == (
        "click", 3, True, None, 30.0,
    )  # fmt: skip
    assert masked["new_field"][0] != NAME
    assert len(masked["new_field"][0]) == 3
    assert masked["openid"][0] == "o"
    assert masked["phone"] != 13800138000
    assert str(masked["phone"]) == masked["new_field"][1]["deep"]
    said = redactor.text(
        "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6142cae2-160a", "errmsg"
    )
    assert said == "invalid ip 10.0.0.1 ipv6 ::ffff:10.0.0.1, not in whitelist"
    assert redactor.url("https://mp.weixin.qq.com/s/abcdefgh?chksm=xyz").startswith("https://mp.weixin.qq.com/s/")
    assert redactor.sweep(b'{"note":"oabcdefghijklmnopqrstuvwxyz1!"}') == f'{{"note":"{masked["openid"]}!"}}'.encode()


KEYS = st.sampled_from(["type", "openid", "errmsg", "content", "url", "name", "id", "anything_new"])
SECRET = st.from_regex(r"[a-z]{2}[0-9a-zA-Z_-]{8,40}", fullmatch=True).filter(lambda s: any(c.isdigit() for c in s))
VALUES = SECRET | SECRET.map(lambda s: f"https://shop.example.cn/{s}?key={s}") | st.integers(10**10, 10**18)


@given(st.dictionaries(KEYS.filter(lambda key: key != "type"), st.lists(VALUES) | VALUES))
@settings(max_examples=60, deadline=None)
def test_nothing_of_a_secret_is_left_wherever_it_stands(document: dict[str, Any]) -> None:
    redactor = Redactor(SALT)
    line = redactor.sweep(json.dumps(redactor.document(document)).encode()).decode()
    json.loads(line)
    plain = [str(value) for _, value in exchange.leaves(document)]
    secrets = [urlsplit(value).path[1:] if value.startswith("https://") else value for value in plain]
    assert [secret for secret in secrets if secret in line] == []


def test_shapes() -> None:
    assert list(differences({"a": [1, 2.5], "b": "x", "c": {}}, {"a": [7], "b": "", "c": {}})) == []
    assert list(differences([], [1])) == [Difference("$", "0 items", "1 items")]
    mixed = [{"kind": "a"}, {"kind": "b", "more": 1}]
    assert list(differences(mixed, [{"kind": "b", "more": 2}, {"kind": "c"}])) == []
    assert list(differences(mixed, [{"kind": "c"}])) == [Difference("$[1].more", "number", "missing")]

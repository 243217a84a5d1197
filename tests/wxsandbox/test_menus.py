"""Personalized menus and buttons that do something on the phone."""

import base64
from typing import Any

import pytest

from make.platforms import ACCOUNT, AES_KEY, COMPONENT, Stage
from make.shops import png
from wxsandbox import crypto, xml

KEYED = ("scancode_waitmsg", "pic_photo_or_album", "location_select")
DEFAULT = [{"name": f"b{n}", "type": kind, "key": f"K{n}"} for n, kind in enumerate(KEYED)]
SPECIAL = [{"name": "茶友", "type": "click", "key": "VIP"}]


def pushes(stage: Stage) -> list[dict[str, Any]]:
    """Open what the platform was sent for the account."""
    outer = [xml.read(got.body) for got in stage.receiver.got if ACCOUNT in got.path]
    return [xml.read(crypto.decrypt(one["Encrypt"], aes_key=AES_KEY, appid=COMPONENT)) for one in outer]


async def call(stage: Stage, path: str, body: Any) -> dict[str, Any]:
    return dict(await stage.post(f"/cgi-bin/menu/{path}", body, access_token=await stage.own_token()))


async def test_who_sees_which_menu(stage: Stage) -> None:
    rule = {"client_platform_type": "2"}
    assert (await call(stage, "addconditional", {"button": SPECIAL, "matchrule": rule}))["errcode"] == 65303
    await call(stage, "create", {"button": DEFAULT})
    made = await call(stage, "addconditional", {"button": SPECIAL, "matchrule": rule})
    tag = {"tag_id": "100"}
    tagged = await call(stage, "addconditional", {"button": SPECIAL, "matchrule": tag})
    await stage.alice.follow(ACCOUNT)
    openid = (await stage.alice.profile())["chats"][0]["openid"]
    tried = await call(stage, "trymatch", {"user_id": openid})
    assert [one["name"] for one in tried["button"]] == ["b0", "b1", "b2"]
    await stage.sandbox.person("alice", platform=2)
    assert (await call(stage, "trymatch", {"user_id": openid}))["button"][0]["name"] == "茶友"
    assert (await stage.alice.profile())["chats"][0]["menu"]["menuid"] == made["menuid"]
    whole = await stage.get("/cgi-bin/menu/get", access_token=await stage.own_token())
    assert [one["matchrule"] for one in whole["conditionalmenu"]] == [tag, rule]
    assert (await call(stage, "delconditional", {"menuid": made["menuid"]}))["errcode"] == 0
    assert (await call(stage, "delconditional", {"menuid": made["menuid"]}))["errcode"] == 65301
    assert (await call(stage, "trymatch", {"user_id": openid}))["button"][0]["name"] == "b0"
    shown = await stage.get("/cgi-bin/get_current_selfmenu_info", access_token=await stage.own_token())
    assert (shown["is_menu_open"], len(shown["selfmenu_info"]["button"])) == (1, 3)
    await stage.get("/cgi-bin/menu/delete", access_token=await stage.own_token())
    assert (await call(stage, "delconditional", {"menuid": tagged["menuid"]}))["errcode"] == 65301


@pytest.mark.parametrize(
    ("buttons", "rule", "code"),
    [
        (SPECIAL, {}, 65304),
        (SPECIAL, {"sex": "1", "tag_id": "2"}, 65320),
        (SPECIAL, {"client_platform_type": "4"}, 65304),
        ([], {"tag_id": "2"}, 65307),
        ([{"name": "a", "type": "click"}], {"tag_id": "2"}, 40019),
        ([{"name": "a", "sub_button": [
            {"name": "b", "type": "view", "url": f"https://{n}.example.com/"} for n in range(4)
        ]}], {"tag_id": "2"}, 65316),
    ],
)  # fmt: skip
async def test_wrong_personalized_menus(stage: Stage, buttons: Any, rule: Any, code: int) -> None:
    await call(stage, "create", {"button": DEFAULT})
    assert (await call(stage, "addconditional", {"button": buttons, "matchrule": rule}))["errcode"] == code


async def test_buttons_do_something_on_the_phone(stage: Stage) -> None:
    await stage.authorized()
    await call(stage, "create", {"button": DEFAULT})
    await stage.alice.follow(ACCOUNT)
    picture = "data:image/png;base64," + base64.b64encode(png()).decode()
    await stage.alice.act("tap", appid=ACCOUNT, button="b0", result="6901234567892", scan_type="barcode")
    await stage.alice.act("tap", appid=ACCOUNT, button="b1", pictures=[picture])
    await stage.alice.act("tap", appid=ACCOUNT, button="b2", latitude=30.2, longitude=120.1, label="龙井路")
    await stage.alice.act("say", appid=ACCOUNT, kind="voice", seconds=3)
    await stage.sandbox.settle()
    said = pushes(stage)[-6:]
    assert [one.get("Event", one["MsgType"]) for one in said] == [
        "scancode_waitmsg", "pic_photo_or_album", "image", "location_select", "location", "voice",
    ]  # fmt: skip
    assert said[0]["ScanCodeInfo"] == {"ScanType": "barcode", "ScanResult": "6901234567892"}
    assert said[1]["SendPicsInfo"]["Count"] == "1"
    assert said[3]["SendLocationInfo"]["Label"] == "龙井路"
    voice = await stage.sandbox.call("GET", f"/media/{ACCOUNT}/{said[5]['MediaId']}")
    assert voice.startswith("#!AMR")

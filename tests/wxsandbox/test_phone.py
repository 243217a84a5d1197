"""What the phone asks of the simulator, without a browser."""

import hashlib
from typing import Any

from make.platforms import ACCOUNT, Stage
from wxsandbox.phone.addresses import Place

URL = "http://alice.localhost:8000/s/tea/?a=1"


async def config(stage: Stage, *, url: str = URL, page: str = "", **changes: Any) -> dict[str, Any]:
    """Sign `url` with the account's ticket and let the phone verify it for `page`."""
    token = await stage.own_token()
    ticket = (await stage.get("/cgi-bin/ticket/getticket", type="jsapi", access_token=token))["ticket"]
    words = f"jsapi_ticket={ticket}&noncestr=n&timestamp=1&url={url}"
    signature = hashlib.sha1(words.encode()).hexdigest()
    asked = {"appid": ACCOUNT, "url": page or url, "timestamp": "1", "nonce": "n", "signature": signature} | changes
    return await stage.alice.act("jsapi", **asked)


async def test_a_config_is_good_for_its_address_whatever_stands_behind_the_hash(stage: Stage) -> None:
    assert (await config(stage))["err_msg"] == "preVerifyJSAPI:ok"
    assert (await config(stage, page=URL + "#/cart"))["err_msg"] == "preVerifyJSAPI:ok"
    assert (await config(stage, page=URL + "&b=2"))["err_msg"] == "preVerifyJSAPI:fail_invalid signature"
    assert (await config(stage, nonce="m"))["err_msg"] == "preVerifyJSAPI:fail_invalid signature"
    assert (await config(stage, appid="wx404"))["err_msg"] == "preVerifyJSAPI:fail_invalid appid"


async def test_pages_of_other_domains_need_the_account_or_its_platform_to_name_them(stage: Stage) -> None:
    theirs = "https://shop.example.com/s"
    assert (await config(stage, url=theirs))["err_msg"] == "preVerifyJSAPI:fail_invalid url domain"
    await stage.authorized()
    assert (await config(stage, url=theirs))["err_msg"] == "preVerifyJSAPI:ok"
    own = "https://www.example.com/s"
    assert (await config(stage, url=own))["err_msg"] == "preVerifyJSAPI:fail_invalid url domain"
    await stage.sandbox.account(ACCOUNT, js_domains=["www.example.com"])
    assert (await config(stage, url=own))["err_msg"] == "preVerifyJSAPI:ok"


async def test_a_ticket_that_has_ended_signs_nothing(stage: Stage) -> None:
    token = await stage.own_token()
    ticket = (await stage.get("/cgi-bin/ticket/getticket", type="jsapi", access_token=token))["ticket"]
    signature = hashlib.sha1(f"jsapi_ticket={ticket}&noncestr=n&timestamp=1&url={URL}".encode()).hexdigest()
    asked = {"appid": ACCOUNT, "url": URL, "timestamp": "1", "nonce": "n", "signature": signature}
    assert (await stage.alice.act("jsapi", **asked))["err_msg"] == "preVerifyJSAPI:ok"
    await stage.sandbox.advance(7201)
    assert (await stage.alice.act("jsapi", **asked))["err_msg"] == "preVerifyJSAPI:fail_invalid signature"


async def test_codes_on_the_table_are_those_that_still_work(stage: Stage) -> None:
    token = await stage.own_token()
    scene = {"scene": {"scene_str": "poster"}}
    short = {"action_name": "QR_STR_SCENE", "action_info": scene, "expire_seconds": 60}
    made = await stage.post("/cgi-bin/qrcode/create", short, access_token=token)

    async def texts() -> list[str]:
        found = await stage.sandbox.call("GET", "/people/alice/codes")
        return [code["text"] for code in found["items"]]

    assert await texts() == [made["url"], f"http://weixin.qq.com/r/{ACCOUNT}"]
    await stage.sandbox.advance(61)
    assert await texts() == [f"http://weixin.qq.com/r/{ACCOUNT}"]
    svg = await stage.sandbox.call("GET", "/qr.svg", text="你好")
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')


async def test_an_address_book_is_kept(stage: Stage) -> None:
    place = {"name": "小爱", "phone": "13800000000", "province": "云南省", "city": "昆明市", "county": "五华区"}
    await stage.alice.act("addresses", **place, detail="翠湖东路 1 号")
    items = (await stage.sandbox.call("GET", "/people/alice/addresses"))["items"]
    assert [item["city"] for item in items] == ["昆明市", "杭州市", "上海市"]
    assert set(items[0]) == set(Place.__struct_fields__)


async def test_nothing_but_built_files_is_served(stage: Stage) -> None:
    for path in ("/phone/assets/..%2f..%2fpages.py", "/phone/assets/..%2findex.html", "/phone/assets/none.js"):
        async with stage.http.get(stage.box.url + path) as answer:
            assert answer.status == 404, path

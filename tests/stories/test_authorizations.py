"""An account's way in and out: launch page, gaps and one click, races, withdrawal in the middle, own keys."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from make.places import ACCOUNT, AES_KEY, COMPONENT
from make.town import Town, found
from tongshang.app import golive
from tongshang.wechat import calls
from tongshang.wechat.authorization import permissions

OWN = "wxd4d4d4d4d4d4d4d4"
SECOND = "wxc1c1c1c1c1c1c1c1"
QR = {"action_name": "QR_STR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_str": "a"}}}


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with found(database_url, tmp_path) as made:
        yield made


async def needs(town: Town, feature: str) -> str:
    """Ask as a feature does; gives the refusal's words, empty when it may."""
    async with town.world.tx(UUID(town.merchant)) as tx:
        try:
            await permissions.needs(tx, feature)
        except permissions.NotGranted as refused:
            return refused.sentence("en")
    return ""


async def refused(town: Town, method: str, path: str, body: Any = None) -> str:
    """Have the owner try what is refused; gives the code."""
    return (await town.owner.refused(method, path, body))[1]


async def state(town: Town) -> str:
    return str((await town.owner("GET", "/wechat"))["account"]["state"])


async def own_page(town: Town, path: str, **form: str) -> str:
    """Submit a form of the account's own back office at WeChat; gives the page."""
    url = f"{town.box.url}/mp.weixin.qq.com/sandbox/{path}"
    async with town.box.http.post(url, data=form) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_a_gap_is_named_and_closed_with_one_click(town: Town) -> None:
    await town.sandbox.component(COMPONENT, launch_domain="localhost")
    back = await town.admin.authorize((await town.links())["pc_url"], ACCOUNT, [1, 2, 3, 4])
    await town.admin.open(back)
    await town.settle()
    shown = await town.owner("GET", "/wechat/permissions")
    missing = {gap["feature"]: (gap["set_id"], gap["set_zh"], gap["basic"]) for gap in shown["gaps"]}
    assert missing["menus"] == (15, "自定义菜单", True)
    assert {"mass", "drafts", "open_account"} <= set(missing)
    assert not {"messages", "users", "qrcodes", "web"} & set(missing)
    assert await refused(town, "POST", "/menu/publication") == "wechat.not_granted"
    said = await needs(town, "menus")
    assert "Custom menu" in said
    assert "(15)" in said
    assert await needs(town, "qrcodes") == ""
    links = await town.owner("PUT", f"/wechat/authorizations/{uuid4()}", {"again": True})
    asked = parse_qs(urlsplit(links["pc_url"]).query)
    assert asked["biz_appid"] == [ACCOUNT]
    assert {"1", "2", "3", "4", "7", "11", "15", "24"} <= set(asked["category_id_list"][0].split("|"))
    # Opened from anywhere else, WeChat refuses; from the launch page on our domain it opens.
    async with town.box.http.get(links["pc_url"]) as answer:
        assert "请确认授权入口页所在域名" in await answer.text()
    page = await town.admin.open(links["launch_url"])
    assert page.status == 200
    policy = {name.lower(): value for name, value in page.headers.items()}["referrer-policy"]
    assert policy == "strict-origin-when-cross-origin"
    assert links["pc_url"].replace("&", "&amp;") in page.text
    async with town.box.http.get(links["pc_url"], headers={"referer": f"{town.public_url}/"}) as answer:
        page_of_wechat = await answer.text()
    assert "公众平台帐号授权" in page_of_wechat
    await town.admin.open(await town.admin.authorize(links["pc_url"], ACCOUNT))
    await town.settle()
    after = await town.owner("GET", "/wechat/permissions")
    assert "menus" not in {gap["feature"] for gap in after["gaps"]}
    assert await needs(town, "menus") == ""
    assert len(await town.heard("component.updateauthorized")) == 1
    assert (await town.admin.open(f"{town.public_url}/wechat/authorization?state=x")).status == 403


@pytest.mark.parametrize("race", ["push_first", "redirect_first"])
async def test_redirect_and_push_in_either_order(town: Town, race: str) -> None:
    await town.sandbox.component(COMPONENT, race=race)
    back = await town.admin.authorize((await town.links())["phone_url"], ACCOUNT)
    heard = [one["status"] for one in await town.heard("component.authorized")]
    assert heard == ([200] if race == "push_first" else [])
    assert (await town.admin.open(back)).status == 200
    await town.advance(seconds=5)
    assert [one["status"] for one in await town.heard("component.authorized")] == [200]
    assert await state(town) == "authorized"
    spent = await town.sandbox.journal(kind="call", name="POST /cgi-bin/component/api_query_auth")
    assert len(spent) == 1


async def test_who_withdraws_in_the_middle_loses_nothing_and_finds_the_way_back(town: Town) -> None:
    await town.authorize()
    ming = await town.person("xiaoming")
    await ming.phone.follow(ACCOUNT)
    await town.settle()
    menu = {"buttons": [{"name": "您好", "type": "click", "key": "hello", "reply": "您好"}]}
    await town.owner("PUT", "/menu", menu)
    await town.advance(seconds=60)
    await town.sandbox.fault("POST /cgi-bin/tags/create", "status", status=500)
    await town.owner("PUT", f"/tags/{uuid4()}", {"name": "老茶客"})
    await town.settle()
    # The notice is lost on its way; the account is gone all the same.
    await town.sandbox.fault("callback:component.unauthorized", "lose")
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.settle()
    assert await refused(town, "POST", "/menu/publication") in ("wechat.withdrawn", "wechat.refused")
    await town.settle()
    assert await state(town) == "withdrawn"
    assert await refused(town, "POST", "/menu/publication") == "wechat.withdrawn"
    assert (
        await refused(town, "PUT", f"/scene-codes/{uuid4()}", {"name": "门口", "scene": "door"}) == "wechat.withdrawn"
    )
    assert len((await town.owner("GET", "/fans"))["items"]) == 1
    assert (await town.owner("GET", "/menu"))["buttons"][0]["name"] == "您好"
    # What was under way waits, however long; nobody has to press "try again" afterwards.
    await town.advance(hours=4)
    assert (await town.owner("GET", "/jobs"))["parked"] != []
    await town.sandbox.heal()
    links = await town.owner("PUT", f"/wechat/authorizations/{uuid4()}", {"again": True})
    await town.admin.open(await town.admin.authorize(links["pc_url"], ACCOUNT))
    await town.settle()
    assert await state(town) == "authorized"
    await town.owner("POST", "/menu/publication")
    assert await calls.post(town.world, UUID(town.merchant), "/cgi-bin/qrcode/create", QR)
    assert await town.stuck_jobs() == []
    wanted = await calls.get(town.world, UUID(town.merchant), "/cgi-bin/tags/get")
    assert "老茶客" in {tag["name"] for tag in wanted["tags"]}


async def test_two_platforms_side_by_side(town: Town) -> None:
    await town.authorize()
    base = town.public_url
    made = await town.sandbox.component(
        SECOND, token="another", aes_key=AES_KEY[::-1], event_url=f"{base}/wechat/component/{SECOND}/ticket",
        message_url=f"{base}/wechat/component/{SECOND}/messages/$APPID$", dev_domain="localhost",
    )  # fmt: skip
    keys = {"appid": SECOND, "secret": made["secret"], "token": "another", "aes_key": AES_KEY[::-1], "name": "二号"}
    shown = await town.provider("PUT", "/provider/component", keys)
    assert [(one["appid"], one["chosen"]) for one in shown] == [(COMPONENT, True), (SECOND, False)]
    await town.provider("POST", f"/provider/component/ticket-request?component={SECOND}")
    await town.settle()
    assert SECOND not in (await town.links())["pc_url"]
    shown = await town.provider("PUT", f"/provider/components/{SECOND}/choice")
    assert [(one["appid"], one["authorized"], one["ticket_ok"]) for one in shown] == [
        (SECOND, 0, True), (COMPONENT, 1, True),
    ]  # fmt: skip
    # The account moves to the second platform; leaving the first one afterwards changes nothing.
    await town.authorize()
    await town.advance(seconds=60)
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.settle()
    assert await state(town) == "authorized"
    ming = await town.person("xiaoming")
    await ming.phone.follow(ACCOUNT)
    await town.settle()
    assert len((await town.owner("GET", "/fans"))["items"]) == 1
    assert await calls.post(town.world, UUID(town.merchant), "/cgi-bin/qrcode/create", QR)
    listed = await town.provider("GET", f"/provider/components/{SECOND}/accounts")
    assert [(one["appid"], one["known"], one["merchant_id"]) for one in listed["items"]] == [
        (ACCOUNT, "both", town.merchant),
    ]  # fmt: skip


async def test_settings_at_wechat_and_notices_to_the_platform(town: Town) -> None:
    await town.authorize()
    before = {one["name"]: one["value"] for one in await town.owner("GET", "/wechat/options")}
    assert before == {"location_report": "0", "voice_recognize": "0", "customer_service": "0"}
    after = await town.owner("PUT", "/wechat/options/location_report", {"value": "1"})
    assert {one["name"]: one["value"] for one in after}["location_report"] == "1"
    assert await refused(town, "PUT", "/wechat/options/location_report", {"value": "7"}) == "wechat.bad_option"
    assert await refused(town, "PUT", "/wechat/options/nonsense", {"value": "1"}) == "not_found"
    assert await town.owner("GET", "/wechat/open-account") == {"open_appid": None}
    bound = await town.owner("PUT", "/wechat/open-account", {"open_appid": None})
    assert await town.owner("PUT", "/wechat/open-account", {"open_appid": None}) == bound
    ming = await town.person("xiaoming")
    follower = {"openid": (await ming.phone.follow(ACCOUNT))["openid"], "lang": "zh_CN"}
    known = await calls.get(town.world, UUID(town.merchant), "/cgi-bin/user/info", follower)
    assert known["unionid"].startswith("o6_")
    other = {"open_appid": "wx0123456789abcdef"}
    assert await refused(town, "PUT", "/wechat/open-account", other) == "wechat.open.bound"
    await town.owner("DELETE", "/wechat/open-account")
    assert await refused(town, "PUT", "/wechat/open-account", other) == "wechat.open.elsewhere"
    path = f"/components/{COMPONENT}"
    made = await town.sandbox.call("POST", f"{path}/registrations", {"name": "云上小程序"})
    await town.sandbox.call("POST", f"{path}/registrations", {"status": 100003})
    await town.sandbox.call("POST", f"{path}/notices", {"info_type": "notify_of_tomorrow", "fields": {"expired": "2"}})
    await town.settle()
    told = (await town.provider("GET", f"/provider/components/{COMPONENT}/history"))["notices"]
    kinds = {(one["kind"], one["status"], one["appid"]) for one in told}
    assert kinds == {
        ("notify_third_fasteregister", 0, made["appid"]), ("notify_third_fasteregister", 100003, ""),
        ("notify_of_tomorrow", None, ""),
    }  # fmt: skip
    text = str(told)
    assert "云上小程序" in text
    assert not [secret for secret in ("王建国", "13800000000", "laowang_1978", "queryauthcode") if secret in text]


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_an_account_of_ones_own(town: Town, mode: str) -> None:
    made = await town.sandbox.account(OWN, nick_name="自有号", ip_whitelist=["10.1.2.3"])
    asked = {"appid": OWN, "secret": made["secret"], "callback_mode": mode}
    assert await refused(town, "PUT", "/wechat/own-account", asked | {"secret": "0" * 32}) == "wechat.own.secret"
    status, answer = await town.owner.browser("PUT", "/api/console/wechat/own-account", asked)
    assert (status, answer["code"], answer["ip"]) == (409, "wechat.own.ip", "127.0.0.1")
    assert "白名单已保存" in await own_page(town, f"{OWN}/ips", ips="10.1.2.3\n127.0.0.1")
    keys = await town.owner("PUT", "/wechat/own-account", asked)
    assert keys["url"] == f"{town.public_url}/wechat/messages/{OWN}"

    async def steps() -> dict[str, str]:
        return {one["step"]: one["state"] for one in await town.owner("GET", "/wechat/own-account/checks")}

    assert await steps() == {"secret": "done", "server": "missing", "push": "missing"}
    wrong = await own_page(town, f"{OWN}/server", url=keys["url"], token="wrong", aes_key=keys["aes_key"], mode=mode)
    assert "token验证失败" in wrong
    server = {"url": keys["url"], "token": keys["token"], "aes_key": keys["aes_key"], "mode": mode}
    assert "服务器配置已启用" in await own_page(town, f"{OWN}/server", **server)
    await town.owner("PUT", "/menu", {"buttons": [{"name": "您好", "type": "click", "key": "hello", "reply": "来了"}]})
    await town.owner("POST", "/menu/publication")
    ming = await town.person("xiaoming")
    await ming.phone.follow(OWN)
    await ming.phone.tap(OWN, "您好")
    await town.settle()
    assert await steps() == {"secret": "done", "server": "done", "push": "done"}
    assert "来了" in str(await ming.phone.chat(OWN))
    # A new key here, the old one still there: what comes under it is read, and answered with it.
    fresh = await town.owner("PUT", "/wechat/own-account/keys")
    assert fresh["token"] == keys["token"]
    assert fresh["aes_key"] != keys["aes_key"]
    await ming.phone.tap(OWN, "您好")
    await town.settle()
    assert str(await ming.phone.chat(OWN)).count("来了") == 2
    await own_page(town, f"{OWN}/secret")
    await town.advance(hours=3)
    assert (await steps())["secret"] == "missing"


async def test_plain_words_are_taken_only_by_who_chose_them(town: Town) -> None:
    made = await town.sandbox.account(OWN, nick_name="自有号")
    keys = await town.owner("PUT", "/wechat/own-account", {"appid": OWN, "secret": made["secret"]})
    push = {"url": keys["url"], "token": keys["token"], "aes_key": keys["aes_key"], "mode": "plain"}
    await town.sandbox.account(OWN, push=push)
    ming = await town.person("xiaoming")
    await ming.phone.follow(OWN)
    await town.settle()
    assert {one["status"] for one in await town.heard("message.event.subscribe")} == {401}
    await town.owner("DELETE", "/wechat/own-account")
    assert await state(town) == "withdrawn"
    # The same account may come back by an authorization, and loses nothing on the way.
    await town.authorize(OWN)
    shown = (await town.owner("GET", "/wechat"))["account"]
    assert (shown["appid"], shown["mode"], shown["state"]) == (OWN, "component", "authorized")


async def test_the_doctor_really_asks(town: Town) -> None:
    await town.authorize()

    async def verdicts() -> dict[str, bool]:
        found = await golive.checks(town.world)
        return {name.removeprefix(f"{COMPONENT} ").partition(" ")[2]: fine for name, (fine, _) in found.items()}

    assert await verdicts() == dict.fromkeys(("domain", "ticket", "token", "callback", "OAuth domain"), True)
    await town.sandbox.fault("GET /connect/oauth2/authorize", "error", errcode=10003)
    await town.sandbox.fault("callback:component.component_verify_ticket", "lose")
    await town.sandbox.fault("POST /cgi-bin/component/api_create_preauthcode", "error", errcode=61004)
    await town.advance(minutes=40)
    wrong = {name for name, fine in (await verdicts()).items() if not fine}
    assert wrong == {"ticket", "token", "OAuth domain"}

"""Templates, subscription notices and the customer-service desk, as an account's server meets them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from make.platforms import ACCOUNT, Stage, staged
from wxsandbox import xml

SEND = "/cgi-bin/message/template/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"


class Account:
    """The account's server, with its own token, and Alice, who follows."""

    def __init__(self, stage: Stage, token: str, openid: str) -> None:
        self.stage, self.token, self.openid = stage, token, openid

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        return await self.stage.get(path, access_token=self.token, **query)

    async def post(self, path: str, body: Any, **query: Any) -> dict[str, Any]:
        return await self.stage.post(path, body, access_token=self.token, **query)

    async def events(self) -> list[dict[str, Any]]:
        await self.stage.sandbox.settle()
        return [xml.read(got.body) for got in self.stage.receiver.at("/own")]

    async def shown(self) -> list[tuple[str, str, Any]]:
        return [(one["via"], one["kind"], one["content"]) for one in await self.stage.alice.chat(ACCOUNT)]


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with staged() as stage:
        push = {"url": f"{stage.receiver.url}/own", "token": "owntoken", "mode": "plain", "format": "xml"}
        await stage.sandbox.account(ACCOUNT, push=push)
        one = await stage.alice.follow(ACCOUNT)
        yield Account(stage, await stage.own_token(), one["openid"])


async def test_templates_are_taken_filled_and_reported(account: Account) -> None:
    assert (await account.post("/cgi-bin/template/api_set_industry", {"industry_id1": "1", "industry_id2": "10"}))[
        "errcode"
    ] == 0
    again = {"industry_id1": "1", "industry_id2": "2"}
    assert (await account.post("/cgi-bin/template/api_set_industry", again))["errcode"] == 43100
    assert (await account.post("/cgi-bin/template/api_add_template", {"template_id_short": "TM9"}))["errcode"] == 45027
    made = await account.post("/cgi-bin/template/api_add_template", {"template_id_short": "TM00015"})
    [kept] = (await account.get("/cgi-bin/template/get_all_private_template"))["template_list"]
    assert kept["template_id"] == made["template_id"]
    body = {"touser": account.openid, "template_id": made["template_id"], "client_msg_id": "a" * 32,
            "data": {f"keyword{n}": {"value": f"值{n}"} for n in (1, 2, 3)}}  # fmt: skip
    assert (await account.post(SEND, {**body, "data": {"keyword1": {"value": "x"}}}))["errcode"] == 47003
    assert (await account.post(SEND, {**body, "template_id": "no"}))["errcode"] == 40037
    sent = await account.post(SEND, body)
    assert (await account.post(SEND, body))["msgid"] == sent["msgid"]
    [(via, kind, content)] = await account.shown()
    assert (via, kind, content["items"][0]) == ("template", "template", {"name": "订单号", "value": "值1"})
    await account.stage.alice.act("notices/templates", appid=ACCOUNT, on=False)
    await account.post(SEND, {**body, "client_msg_id": "b"})
    ends = [one["Status"] for one in await account.events() if one.get("Event") == "TEMPLATESENDJOBFINISH"]
    assert ends == ["success", "failed:user block"]
    await account.stage.alice.unfollow(ACCOUNT)
    assert (await account.post(SEND, {**body, "client_msg_id": "c"}))["errcode"] == 43004


async def test_a_notice_needs_a_yes_and_uses_it_up(account: Account) -> None:
    assert {one["id"] for one in (await account.get("/wxaapi/newtmpl/getcategory"))["data"]} == {307, 616}
    page = await account.get("/wxaapi/newtmpl/getpubtemplatetitles", ids="307", start="0", limit="2")
    assert (page["count"], len(page["data"])) == (3, 2)
    assert (await account.get("/wxaapi/newtmpl/getpubtemplatetitles", ids="307", start="0", limit="31"))[
        "errcode"
    ] == 200017
    assert (await account.get("/wxaapi/newtmpl/getpubtemplatekeywords", tid="402"))["count"] == 4
    add = {"tid": "402", "kidList": [1, 3], "sceneDesc": "发货"}
    assert (await account.post("/wxaapi/newtmpl/addtemplate", {**add, "kidList": [9, 1]}))["errcode"] == 200020
    template = (await account.post("/wxaapi/newtmpl/addtemplate", add))["priTmplId"]
    values = {"character_string1": {"value": "NO1"}, "character_string3": {"value": "SF1"}}
    body = {"touser": account.openid, "template_id": template, "data": values}
    assert (await account.post(NOTICE, body))["errcode"] == 43101
    await account.stage.alice.act("notices/answer", appid=ACCOUNT, answers={template: "accept"})
    wrong = {**values, "character_string3": {"value": "顺丰"}}
    assert (await account.post(NOTICE, {**body, "data": wrong}))["errcode"] == 47003
    assert (await account.post(NOTICE, body))["errcode"] == 0
    assert (await account.post(NOTICE, body))["errcode"] == 43101
    names = [one.get("Event") for one in await account.events()]
    assert names[-2:] == ["subscribe_msg_popup_event", "subscribe_msg_sent_event"]


async def test_a_page_asks_by_its_button_until_the_choice_is_kept(account: Account) -> None:
    adding = {"tid": "402", "kidList": [1, 3], "sceneDesc": "发货"}
    shipped, paid = [
        (await account.post("/wxaapi/newtmpl/addtemplate", {**adding, "tid": tid}))["priTmplId"]
        for tid in ("402", "401")
    ]
    bus = (await account.post("/wxaapi/newtmpl/addtemplate", {"tid": "99", "kidList": [1, 2]}))["priTmplId"]
    alice = account.stage.alice

    async def ask(template: str) -> Any:
        return await alice.act("notices/prompt", appid=ACCOUNT, template=template)

    faults = {"": 10001, "nothing": 20001, f"{shipped},{bus}": 20002, f"{shipped},{paid},{bus},more": 20003}
    for template, code in faults.items():
        assert (await ask(template))["detail"]["errCode"] == str(code)
    both = f"{shipped},{paid}"
    assert [one["title"] for one in (await ask(both))["templates"]] == ["订单发货通知", "订单支付成功通知"]
    choice = {"appid": ACCOUNT, "template": both, "accepted": [shipped], "keep": True}
    heard = await alice.act("notices/decision", **choice)
    assert (heard["event"], heard["detail"]["errMsg"]) == ("success", "subscribe:ok")
    details = json.loads(heard["detail"]["subscribeDetails"])
    assert [json.loads(details[one])["status"] for one in (shipped, paid)] == ["accept", "reject"]
    again = await ask(both)
    assert (again["event"], again["detail"]) == ("success", heard["detail"])
    popups = [one for one in await account.events() if one.get("Event") == "subscribe_msg_popup_event"]
    assert len(popups) == 2
    await alice.act("notices/change", appid=ACCOUNT, template_id=shipped, answer="reject")
    assert "templates" in await ask(both)
    await alice.act("notices/templates", appid=ACCOUNT, on=False)
    assert (await ask(shipped))["detail"]["errCode"] == "20004"


async def test_one_yes_on_the_page_is_good_for_one_notice(account: Account) -> None:
    stage = account.stage
    asked = f"appid={ACCOUNT}&scene=7&template_id=T1&redirect_url={stage.receiver.url}/back&reserved=r1"
    page = await stage.alice.open(f"{stage.box.url}/mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&{asked}")
    body = {"touser": account.openid, "template_id": "T1", "scene": "7", "title": "到货了",
            "data": {"content": {"value": "新茶到了"}}}  # fmt: skip
    assert (await account.post("/cgi-bin/message/template/subscribe", body))["errcode"] == 43101
    back = await stage.alice.consent(page)
    assert "action=confirm" in back.url
    assert "reserved=r1" in back.url
    answers = [(await account.post("/cgi-bin/message/template/subscribe", body))["errcode"] for _ in range(2)]
    assert answers == [0, 43101]


async def test_a_person_is_handed_to_the_desk(account: Account) -> None:
    stage, kf = account.stage, "anna@tea"
    add = {"kf_account": kf, "nickname": "安娜"}
    assert (await account.post("/customservice/kfaccount/add", {**add, "kf_account": "no"}))["errcode"] == 65404
    assert (await account.post("/customservice/kfaccount/add", add))["errcode"] == 0
    talk = {"kf_account": kf, "openid": account.openid}
    assert (await account.post("/customservice/kfsession/create", talk))["errcode"] == 65402
    assert (await account.post("/customservice/kfaccount/inviteworker", {"kf_account": kf, "invite_wx": "anna"}))[
        "errcode"
    ] == 0
    await stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/desk", {"kf_account": kf, "accepts": True, "online": True})
    assert (await account.get("/cgi-bin/customservice/getkflist"))["kf_list"][0]["kf_wx"] == "anna"
    assert (await account.post("/customservice/kfsession/create", talk))["errcode"] == 0
    assert (await account.get("/customservice/kfsession/getsession", openid=account.openid))["kf_account"] == kf
    assert (await account.get("/cgi-bin/customservice/getonlinekflist"))["kf_online_list"][0]["accepted_case"] == 1
    assert (await account.post("/customservice/kfsession/close", talk))["errcode"] == 0
    assert (await account.post("/customservice/kfsession/close", talk))["errcode"] == 65413
    assert [one.get("Event") for one in await account.events()][-2:] == ["kf_create_session", "kf_close_session"]
    await stage.alice.say(ACCOUNT, "在吗")
    now = int(await stage.sandbox.now())
    asked = {"starttime": now - 60, "endtime": now + 1, "msgid": 1, "number": 10}
    lines = await account.post("/customservice/msgrecord/getmsglist", asked)
    assert [(one["opercode"], one["text"]) for one in lines["recordlist"]] == [(2003, "在吗")]
    stage.receiver.answer = lambda got: xml.write(
        {"ToUserName": account.openid, "FromUserName": "gh", "CreateTime": 1, "MsgType": "transfer_customer_service"}
    )
    await stage.alice.say(ACCOUNT, "转人工")
    await stage.sandbox.settle()
    assert (await account.get("/customservice/kfsession/getsession", openid=account.openid))["kf_account"] == kf


async def test_typing_follows_a_message(account: Account) -> None:
    body = {"touser": account.openid, "command": "Typing"}
    path = "/cgi-bin/message/custom/typing"
    assert (await account.post(path, body))["errcode"] == 45080
    await account.stage.alice.say(ACCOUNT, "你好")
    assert [(await account.post(path, body))["errcode"] for _ in range(2)] == [0, 45081]
    assert (await account.post(path, {**body, "command": "CancelTyping"}))["errcode"] == 0

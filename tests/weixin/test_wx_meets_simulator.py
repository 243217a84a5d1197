"""The library and the simulator, which share no code, carry the main job's calls between them."""

from collections.abc import AsyncIterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from make.platforms import ACCOUNT, AES_KEY, COMPONENT, TOKEN, Stage, staged
from make.receiver import Got
from make.wxpay import APPID, HOST, Shop, World, a_world
from make.wxservers import counter
from weixin import messages as m
from weixin.callbacks import Push, read_push
from weixin.client import Client
from weixin.crypto import MessageCrypt
from weixin.errors import PayError, WeixinError
from weixin.pay import Keys, Merchant, PayClient, load_private_key, load_public_key, pay_sign, read_notice
from weixin.products import mp, open, pay
from weixin.replies import SUCCESS, passive_text, seal_reply
from weixin.transport import Transport

CRYPT = MessageCrypt(TOKEN, AES_KEY, COMPONENT)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened:
        yield opened


def pushes(stage: Stage, path: str) -> list[Push]:
    now = int(stage.box.clock.now())
    return [read_push(got.query, got.body, CRYPT, now=now, max_age_seconds=300) for got in stage.receiver.at(path)]


async def test_an_account_authorizes_and_its_person_follows_scans_talks_and_comes_in(
    stage: Stage, transport: Transport
) -> None:
    client = Client(transport, stage.api)
    secret = stage.component["secret"]
    await open.start_push_ticket(client, component=COMPONENT, secret=secret)
    await stage.sandbox.settle()
    first, last = pushes(stage, "/events")
    # Both were pushed in one second, and only the second is good.
    assert first.dedupe_key != last.dedupe_key
    assert isinstance(last.message, m.Ticket)
    bought = await open.component_token(client, component=COMPONENT, secret=secret, ticket=last.message.ticket)
    ours = {"component": COMPONENT, "component_token": bought.value}
    code = await open.create_preauthcode(client, **ours)
    options = {"component": COMPONENT, "pre_auth_code": code.value, "redirect_uri": f"{stage.receiver.url}/in?x=1"}
    link = open.pc_link(f"{stage.box.url}/mp.weixin.qq.com", **options, auth_type=open.OFFICIAL_ACCOUNTS)
    back = await stage.alice.authorize(link, ACCOUNT)
    await stage.sandbox.settle()
    told = pushes(stage, "/events")[-1].message
    assert isinstance(told, m.Authorized)
    assert told.code == parse_qs(urlsplit(back).query)["auth_code"][0]
    grant = await open.query_auth(client, **ours, code=told.code)
    assert (grant.appid, grant.access_token is not None) == (ACCOUNT, True)
    with pytest.raises(WeixinError) as used:
        await open.query_auth(client, **ours, code=told.code)
    assert (used.value.errcode, used.value.rid is not None) == (61009, True)
    assert grant.refresh_token
    fresh, _ = await open.authorizer_token(client, **ours, appid=ACCOUNT, refresh_token=grant.refresh_token)
    assert (await open.authorizer_info(client, **ours, appid=ACCOUNT)).nick_name == "半山茶铺"
    assert (await open.authorizer_list(client, **ours))[1][0].refresh_token == grant.refresh_token
    token = fresh.value
    await mp.menu_create(client, token=token, buttons=[{"type": "click", "name": "今日", "key": "TODAY"}])
    scene = await mp.qrcode_create(client, token=token, scene="门店1", expire_seconds=600)
    await stage.alice.scan(ticket=scene.ticket)
    await stage.alice.follow(ACCOUNT)
    await stage.alice.say(ACCOUNT, "在吗 <!DOCTYPE>")
    await stage.sandbox.settle()
    heard = {push.kind: push.message for push in pushes(stage, f"/{ACCOUNT}/messages")}
    text = heard["message.text"]
    assert isinstance(text, m.Text)
    assert text.content == "在吗 <!DOCTYPE>"
    fan = await mp.user_info(client, token=token, openid=text.openid)
    assert fan.subscribed
    assert (await mp.jsapi_ticket(client, token=token)).value
    await mp.custom_send(client, token=token, openid=text.openid, kind="text", content={"content": "您好"})
    chat = await stage.alice.chat(ACCOUNT)
    assert "您好" in str(chat[-1])
    url = mp.oauth_url(
        f"{stage.box.url}/open.weixin.qq.com",
        appid=ACCOUNT,
        redirect_uri=f"{stage.receiver.url}/back",
        state="abc",
        component=COMPONENT,
    )
    page = await stage.alice.open(url)
    came = parse_qs(urlsplit(page.url).query)
    person = await mp.component_oauth_token(client, appid=ACCOUNT, code=came["code"][0], **ours)
    assert (person.openid, person.is_snapshot) == (text.openid, False)
    await mp.menu_delete(client, token=token)


async def test_a_sealed_reply_reaches_the_person(stage: Stage) -> None:
    said = {"text": ""}

    def answer(got: Got) -> str:
        push = read_push(got.query, got.body, CRYPT, now=int(stage.box.clock.now()))
        if not isinstance(push.message, m.Text):
            return SUCCESS.decode()
        said["text"] = push.message.content
        reply = passive_text(push.message, "欢迎光临 ]]>", now=int(stage.box.clock.now()))
        at, nonce = int(got.query["timestamp"]), got.query["nonce"]
        return seal_reply(CRYPT, reply, timestamp=at, nonce=nonce, random16=bytes(16)).decode()

    await stage.authorized()
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    stage.receiver.answer = answer
    await stage.alice.say(ACCOUNT, "你好")
    await stage.sandbox.settle()
    assert said["text"] == "你好"
    assert "欢迎光临 ]]>" in str((await stage.alice.chat(ACCOUNT))[-1])


def client_of(world: World, shop: Shop, transport: Transport, *, certificates: bool) -> PayClient:
    made = shop.made
    merchant = Merchant(
        made["mchid"], made["serial"], load_private_key(made["private_pem"]), made["apiv3_key"].encode()
    )
    keys = Keys()
    if not certificates:
        keys = Keys(public_key_id=made["public_key_id"], public_key=load_public_key(made["platform_public_pem"]))
    return PayClient(transport, f"{world.box.url}/{HOST}", merchant, keys, world.box.clock.seconds, nonce=counter("N"))


@pytest.mark.parametrize("certificates", [False, True])
async def test_an_order_is_paid_told_refunded_and_billed(
    world: World, transport: Transport, certificates: bool
) -> None:
    shop = await world.shop(mode="certificate" if certificates else "public_key")
    client = client_of(world, shop, transport, certificates=certificates)
    openid = await world.person()
    number = "T|20261102*1"
    words = {"appid": APPID, "description": "明前龙井", "amount_fen": 8800, "notify_url": shop.notify_url}
    prepay_id = await pay.jsapi_order(client, **words, out_trade_no=number, openid=openid)
    assert (await pay.query(client, out_trade_no=number)).state == "NOTPAY"
    sheet = pay_sign(client.merchant, appid=APPID, prepay_id=prepay_id, timestamp=world.box.clock.seconds(), nonce="n1")
    paid = await world.hand("POST", "/people/lily/pay", {**sheet, "password": "123456"})
    assert paid["result"] == "ok"
    await world.settle()
    headers, body = world.ear.heard[-1]
    apiv3 = client.merchant.apiv3_key
    if certificates:
        await client.refresh_certificates()
    notice = read_notice(headers, body, client.keys, apiv3, world.box.clock.seconds())
    told = pay.transaction(notice.resource)
    assert (told.state, told.total_fen, told.openid, told.out_trade_no) == ("SUCCESS", 8800, openid, number)
    asked = await pay.query(client, transaction_id=told.transaction_id)
    assert (asked.transaction_id, asked.paid_at) == (told.transaction_id, told.paid_at)
    await world.pass_seconds(60)
    back = await pay.refund(client, out_refund_no="R1", refund_fen=1900, total_fen=8800, out_trade_no=number)
    assert back.state in ("PROCESSING", "SUCCESS")
    await world.pass_seconds(600)
    assert (await pay.query_refund(client, out_refund_no="R1")).state == "SUCCESS"
    code_url = await pay.native_order(client, **words, out_trade_no="ORDER-2")
    assert code_url.startswith("weixin://")
    await pay.close(client, out_trade_no="ORDER-2")
    assert (await pay.query(client, out_trade_no="ORDER-2")).state == "CLOSED"
    with pytest.raises(PayError) as missing:
        await pay.query(client, out_trade_no="nothing")
    assert missing.value.code == "ORDER_NOT_EXIST"
    await world.pass_seconds(24 * 3600)
    link = await pay.trade_bill(client, day=date(2026, 11, 2), gzip=certificates)
    rows, summary = pay.parse_trade_bill(await pay.download_bill(client, link))
    assert [(r.state, r.out_trade_no, r.order_fen, r.refund_fen) for r in rows] == [
        ("SUCCESS", number, 8800, 0),
        ("REFUND", number, 0, 1900),
    ]
    assert (summary.order_fen, summary.refund_fen) == (8800, 1900)
    assert summary.fee_fen == sum(row.fee_fen for row in rows)
    flow = await pay.fund_flow_bill(client, day=date(2026, 11, 2))
    moves, total = pay.parse_fund_bill(await pay.download_bill(client, flow))
    assert sum(move.amount_fen for move in moves) == total.in_fen - total.out_fen

"""A developer's account and pages, for people with phones to meet: passive replies, JS-SDK pages, a till."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from xml.etree import ElementTree

from aiohttp import web

from make.wxpay import APPID, Shop, World

WELCOME = '欢迎光临半山茶铺，<a href="{url}/shop">进店逛逛</a>'
REPLY = """<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{me}]]></FromUserName>
<CreateTime>1793600000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content></xml>"""
HEAD = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<script src="{box}/res.wx.qq.com/open/js/jweixin-1.6.0.js"></script></head><body><pre id="log"></pre>
<script>const say = (words) => {{ document.getElementById('log').textContent += words + '\\n' }}</script>"""
SDK = """<script>
say('ua ' + /MicroMessenger/.test(navigator.userAgent))
wx.error((wrong) => say('error ' + wrong.errMsg))
wx.ready(() => {{
  say('ready')
  wx.checkJsApi({{ jsApiList: ['chooseWXPay', 'startRecord'], success: (r) => say(JSON.stringify(r.checkResult)) }})
  wx.updateAppMessageShareData({{ title: '明前龙井', desc: '今年的新茶', link: location.href, imgUrl: '',
    success: (r) => say(r.errMsg) }})
}})
wx.config({config})
function scan() {{ wx.scanQRCode({{ needResult: 1, success: (r) => say('scanned ' + r.resultStr) }}) }}
function where() {{ wx.getLocation({{ success: (r) => say('at ' + r.latitude) }}) }}
function address() {{ wx.openAddress({{ success: (r) => say('to ' + r.provinceName + r.userName) }}) }}
function look() {{ wx.previewImage({{ current: '/a.png', urls: ['/a.png', '/b.png'] }}) }}
function record() {{ WeixinJSBridge.invoke('startRecord', {{}}, (r) => say(r.err_msg)) }}
</script>"""
PAY = """<button id="pay">微信支付</button><script>
document.getElementById('pay').onclick = async () => {
  const bill = await (await fetch('/order')).json()
  WeixinJSBridge.invoke('getBrandWCPayRequest', bill, (r) => say(r.err_msg))
}</script>"""


class Pages:
    """The developer's server: what it heard, and the pages it shows."""

    def __init__(self, world: World) -> None:
        self.world, self.url, self.account = world, "", {}
        self.heard: list[dict[str, str]] = []
        self.shop: Shop | None = None
        self.openid, self.orders = "", 0
        self.good_signature = True

    async def message(self, request: web.Request) -> web.Response:
        got = {node.tag: node.text or "" for node in ElementTree.fromstring(await request.text())}
        self.heard.append(got)
        if got.get("Event") != "subscribe":
            return web.Response(text="success")
        words = WELCOME.format(url=self.url)
        return web.Response(text=REPLY.format(to=got["FromUserName"], me=got["ToUserName"], words=words))

    async def shop_page(self, request: web.Request) -> web.Response:
        cookie = request.cookies.get("who", "nobody")
        body = f"<p id='cookie'>{cookie}</p>"
        answer = self.page("半山茶铺", body)
        if cookie == "nobody":
            answer.set_cookie("who", request.host.partition(".")[0], httponly=True, samesite="Lax")
        return answer

    async def sdk_page(self, request: web.Request) -> web.Response:
        config = await self.config(f"http://{request.host}{request.path_qs}")
        return self.page("新茶", SDK.format(config=json.dumps(config)))

    async def config(self, url: str) -> dict[str, Any]:
        """Sign a page's address as the JS-SDK's page says."""
        token = (await self.api("GET", "/cgi-bin/token", grant_type="client_credential", **self.credential))[
            "access_token"
        ]
        ticket = (await self.api("GET", "/cgi-bin/ticket/getticket", type="jsapi", access_token=token))["ticket"]
        words = f"jsapi_ticket={ticket}&noncestr=N0NCE&timestamp=1793600000&url={url}"
        signature = hashlib.sha1(words.encode()).hexdigest()
        apis = ["updateAppMessageShareData", "scanQRCode", "getLocation", "previewImage", "chooseWXPay"]
        signed = signature if self.good_signature else "0" * 40
        return {"appId": APPID, "timestamp": 1793600000, "nonceStr": "N0NCE", "signature": signed, "jsApiList": apis}

    async def pay_page(self, request: web.Request) -> web.Response:
        return self.page("收银台", PAY)

    async def order(self, request: web.Request) -> web.Response:
        assert self.shop
        self.orders += 1
        body = self.shop.order(f"ORDER{self.orders:04d}", 8800, self.openid)
        placed = await self.shop.call("POST", "/v3/pay/transactions/jsapi", body)
        return web.json_response(self.shop.bridge(placed.json["prepay_id"]))

    async def away(self, request: web.Request) -> web.Response:
        """Send the browser to plain localhost, as a server does that only knows its own address."""
        raise web.HTTPFound(f"{self.url}/shop")

    async def back(self, request: web.Request) -> web.Response:
        """Take an OAuth code for a profile, as a shop's log-in does."""
        code = {"code": request.query["code"], "grant_type": "authorization_code"}
        asked = {"appid": APPID, "secret": self.account["secret"]} | code
        token = await self.api("GET", "/sns/oauth2/access_token", **asked)
        who = {"access_token": token["access_token"], "openid": token["openid"], "lang": "zh_CN"}
        profile = await self.api("GET", "/sns/userinfo", **who)
        return self.page("我的", f"<p id='nick'>{profile['nickname']}</p>")

    def page(self, title: str, body: str) -> web.Response:
        head = HEAD.format(title=title, box=self.world.box.url)
        return web.Response(text=head + body, content_type="text/html")

    @property
    def credential(self) -> dict[str, str]:
        return {"appid": APPID, "secret": self.account["secret"]}

    async def api(self, method: str, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        """Call api.weixin.qq.com; WeChat wants raw UTF-8."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        url = f"{self.world.box.url}/api.weixin.qq.com{path}"
        async with self.world.http.request(method, url, params=query, data=data) as answer:
            said: dict[str, Any] = json.loads(await answer.read())
            assert not said.get("errcode"), said
            return said

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        """Call with a fresh token of the account."""
        token = await self.api("GET", "/cgi-bin/token", grant_type="client_credential", **self.credential)
        return await self.api("POST", path, body, access_token=token["access_token"])


@asynccontextmanager
async def paging(world: World) -> AsyncIterator[Pages]:
    """Run the developer's server, with an account whose messages it answers and whose menu leads to its pages."""
    pages, app = Pages(world), web.Application()
    app.router.add_post("/messages", pages.message)
    for path, handler in {
        "/shop": pages.shop_page, "/sdk": pages.sdk_page, "/pay": pages.pay_page, "/order": pages.order,
        "/back": pages.back, "/away": pages.away,
    }.items():  # fmt: skip
        app.router.add_get(path, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pages.url = f"http://localhost:{runner.addresses[0][1]}"
    push = {"url": f"{pages.url}/messages", "token": "t0ken"}
    account = {"appid": APPID, "nick_name": "半山茶铺", "signature": "一年只做春天", "push": push}
    pages.account = await world.hand("POST", "/accounts", account)
    await world.hand("POST", "/people", {"name": "lily", "nickname": "李丽"})
    menu = [
        {"name": "进店", "type": "view", "url": f"{pages.url}/shop"},
        {"name": "更多", "sub_button": [{"name": "联系我们", "type": "click", "key": "contact"}]},
    ]
    await pages.post("/cgi-bin/menu/create", {"button": menu})
    try:
        yield pages
    finally:
        await runner.cleanup()

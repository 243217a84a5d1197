"""What the WeChat Pay tests need: a box with a clock, a merchant who signs by hand, somebody who listens."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import wxsandbox

START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
APPID = "wx00000000000000a1"
HOST = "api.mch.weixin.qq.com"


class Shop:
    """A direct merchant or service provider with keys, driving the API by hand."""

    def __init__(self, box: wxsandbox.Box, http: aiohttp.ClientSession, made: dict[str, Any]) -> None:
        self.box, self.http, self.made = box, http, made
        self.mchid: str = made["mchid"]
        self.key = serialization.load_pem_private_key(made["private_pem"].encode(), None)
        self.notify_url = "http://127.0.0.1:9/notice"

    def sign(self, message: bytes) -> str:
        return base64.b64encode(self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()

    def authorization(self, method: str, target: str, body: bytes, **changes: str) -> str:
        parts = {
            "mchid": self.mchid,
            "nonce_str": "N0NCE",
            "timestamp": str(self.box.clock.seconds()),
            "serial_no": self.made["serial"],
        } | changes
        head = f"{method}\n{target}\n{parts['timestamp']}\n{parts['nonce_str']}\n".encode()
        parts.setdefault("signature", self.sign(head + body + b"\n"))
        return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{name}="{value}"' for name, value in parts.items())

    async def call(
        self, method: str, target: str, json_body: Any = None, *, headers: dict[str, str] | None = None, **signing: str
    ) -> "Said":
        raw = json_body is None or isinstance(json_body, bytes)
        body = json_body or b"" if raw else json.dumps(json_body, ensure_ascii=False).encode()
        sent = {
            "Authorization": self.authorization(method, target, body, **signing),
            "Accept": "application/json",
            "User-Agent": "by hand",
            "Content-Type": "application/json",
        } | (headers or {})
        url = f"{self.box.url}/{HOST}{target}"
        async with self.http.request(method, url, data=body, headers=sent) as answer:
            return Said(answer.status, answer.headers, await answer.read())

    def order(self, number: str = "ORDER0001", fen: int = 8800, openid: str = "", **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = {
            "appid": APPID,
            "mchid": self.mchid,
            "description": "明前龙井",
            "out_trade_no": number,
            "notify_url": self.notify_url,
            "amount": {"total": fen, "currency": "CNY"},
        }
        if openid:
            body["payer"] = {"openid": openid}
        return body | more

    def bridge(self, prepay_id: str, appid: str = APPID) -> dict[str, str]:
        stamp, nonce, package = str(self.box.clock.seconds()), "5K8264ILTKCH16CQ", f"prepay_id={prepay_id}"
        signature = self.sign(f"{appid}\n{stamp}\n{nonce}\n{package}\n".encode())
        return {
            "appId": appid,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": signature,
        }

    def refund(self, number: str, out_trade_no: str, refund: int, total: int, **more: Any) -> dict[str, Any]:
        amount = {"refund": refund, "total": total, "currency": "CNY"}
        return {"out_trade_no": out_trade_no, "out_refund_no": number, "amount": amount} | more


class Said:
    """One answer."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def code(self) -> tuple[int, str]:
        return self.status, self.json["code"]


def proved(made: dict[str, Any], headers: Mapping[str, str], body: bytes) -> bool:
    """Check Wechatpay-* headers with the key they name."""
    serial = headers["Wechatpay-Serial"]
    if serial == made["public_key_id"]:
        key = serialization.load_pem_public_key(made["platform_public_pem"].encode())
    else:
        pem = next(one["pem"] for one in made["certificates"] if one["serial"] == serial)
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    head = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode()
    try:
        signature = base64.b64decode(headers["Wechatpay-Signature"])
        key.verify(signature, head + body + b"\n", padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def opened(made: dict[str, Any], resource: dict[str, str]) -> bytes:
    """Decrypt an AEAD resource with the APIv3 key."""
    sealed = base64.b64decode(resource["ciphertext"])
    return AESGCM(made["apiv3_key"].encode()).decrypt(
        resource["nonce"].encode(), sealed, resource["associated_data"].encode()
    )


class Ear:
    """Listens for notices and answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[Mapping[str, str], bytes]] = []
        self.answers: list[int] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/notice"

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append((request.headers.copy(), await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 204)

    def resources(self, made: dict[str, Any]) -> list[dict[str, Any]]:
        envelopes = [json.loads(body) for _, body in self.heard]
        return [json.loads(opened(made, one["resource"])) for one in envelopes]


@asynccontextmanager
async def listening(port: int = 0) -> AsyncIterator[Ear]:
    """Listen on a port of its own, or on one known from before."""
    ear, app = Ear(), web.Application()
    app.router.add_post("/notice", ear.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    ear.port = runner.addresses[0][1]
    try:
        yield ear
    finally:
        await runner.cleanup()


class World:
    """A box and everybody in it."""

    def __init__(self, box: wxsandbox.Box, http: aiohttp.ClientSession, ear: Ear) -> None:
        self.box, self.http, self.ear = box, http, ear

    async def hand(self, method: str, path: str, body: Any = None, status: int = 200) -> dict[str, Any]:
        async with self.http.request(method, f"{self.box.url}/_sandbox{path}", json=body) as answer:
            said = await answer.text()
            assert answer.status == status, said
            return json.loads(said)

    async def shop(self, **asked: Any) -> Shop:
        made = await self.hand("POST", "/merchants", {"appids": [APPID], "name": "半山茶铺", **asked})
        shop = Shop(self.box, self.http, made)
        shop.notify_url = self.ear.url
        return shop

    async def person(self, name: str = "lily", appid: str = APPID) -> str:
        await self.hand("POST", "/people", {"name": name, "nickname": "李丽"})
        return (await self.hand("POST", f"/people/{name}/payer", {"appid": appid}))["openid"]

    async def paid(self, shop: Shop, number: str = "ORDER0001", fen: int = 8800, name: str = "lily") -> dict[str, Any]:
        openid = await self.person(name)
        placed = await shop.call("POST", "/v3/pay/transactions/jsapi", shop.order(number, fen, openid))
        bill = shop.bridge(placed.json["prepay_id"])
        result = await self.hand("POST", f"/people/{name}/pay", {**bill, "password": "123456"})
        assert result["result"] == "ok", result
        await self.settle()
        return result

    async def settle(self) -> None:
        assert await self.box.scheduler.settle()

    async def pass_seconds(self, seconds: float) -> None:
        await self.box.scheduler.advance_to(self.box.clock.now() + seconds)


@asynccontextmanager
async def a_world(ear_port: int = 0, **options: Any) -> AsyncIterator[World]:
    """Open a box that stands still at ten in the morning of 2026-11-02, Shanghai."""
    async with (
        wxsandbox.serve(start=START, **options) as box,
        aiohttp.ClientSession(trust_env=False) as http,
        listening(ear_port) as ear,
    ):
        yield World(box, http, ear)

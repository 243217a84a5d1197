"""Small real HTTP servers that stand where WeChat would: one scripted, one that checks and makes APIv3 signatures.

They share no code with the library: signatures are checked and made with `cryptography` alone.
"""

import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

NOW = 1_790_000_000


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer to give; `sign` and the rest only matter to WeChat Pay."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    sign: str = "right"  # right, probe, none, late, stranger
    key: str | None = None  # which platform key signs

    def content(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


class Scripted:
    """A server that keeps what it was asked and answers from a list."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.replies: list[Reply] = []
        self.url = ""

    def will(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(request.method, request.raw_path, dict(request.headers), await request.read())
        self.asked.append(asked)
        reply = self.replies.pop(0)
        return web.Response(body=reply.content(), status=reply.status, headers=self.headers(asked, reply))

    def headers(self, asked: Asked, reply: Reply) -> dict[str, str]:
        return reply.headers


class PayScripted(Scripted):
    """WeChat Pay as the wire sees it: 401 for a wrong signature, signed answers otherwise."""

    def __init__(self, merchant: rsa.RSAPublicKey, platform: dict[str, rsa.RSAPrivateKey], prefix: str) -> None:
        super().__init__()
        self.merchant = merchant
        self.platform = platform
        self.prefix = prefix
        self.nonces: set[str] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        assert request.raw_path.startswith(self.prefix)
        problem = self.wrong(request.method, request.raw_path.removeprefix(self.prefix), body, request.headers)
        if problem:
            return web.json_response({"code": "SIGN_ERROR", "message": problem}, status=401)
        return await super().handle(request)

    def wrong(self, method: str, path: str, body: bytes, headers: Any) -> str | None:
        scheme, _, rest = headers.get("Authorization", "").partition(" ")
        given = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        if scheme != "WECHATPAY2-SHA256-RSA2048" or len(given) != 5:
            return "Authorization"
        if given["nonce_str"] in self.nonces or len(given["nonce_str"]) > 32:
            return "nonce"
        self.nonces.add(given["nonce_str"])
        if abs(int(given["timestamp"]) - NOW) > 300 or given["mchid"] != "1900000001" or given["serial_no"] != "A" * 40:
            return "mchid, serial or time"
        if not headers.get("User-Agent") or headers.get("Accept") != "application/json":
            return "User-Agent or Accept"
        if body and headers.get("Content-Type") != "application/json":
            return "Content-Type"
        message = b"\n".join(
            [method.encode(), path.encode(), given["timestamp"].encode(), given["nonce_str"].encode(), body, b""]
        )
        try:
            proof = base64.b64decode(given["signature"], validate=True)
            self.merchant.verify(proof, message, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return "签名错误"
        return None

    def headers(self, asked: Asked, reply: Reply) -> dict[str, str]:
        wanted = asked.headers.get("Wechatpay-Serial")
        serial = reply.key or (wanted if wanted in self.platform else next(iter(self.platform)))
        return reply.headers | signed(self.platform[serial], serial, reply.content(), sign=reply.sign)


def signed(key: rsa.RSAPrivateKey, serial: str, body: bytes, *, sign: str = "right", now: int = NOW) -> dict[str, str]:
    """Make the headers WeChat Pay signs an answer or a notice with."""
    if sign == "none":
        return {}
    at = now - 301 if sign == "late" else now
    proof = key.sign(f"{at}\nnonce\n".encode() + body + b"\n", padding.PKCS1v15(), hashes.SHA256())
    text = base64.b64encode(proof).decode()
    return {
        "Wechatpay-Timestamp": str(at),
        "Wechatpay-Nonce": "nonce",
        "Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + text[19:] if sign == "probe" else text,
        "Wechatpay-Serial": "PUB_KEY_ID_0999" if sign == "stranger" else serial,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


@asynccontextmanager
async def serving(server: Scripted, prefix: str = "") -> AsyncIterator[Scripted]:
    """Serve on a free port until the test is over."""
    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.router.add_route("*", "/{rest:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}{prefix}"
    try:
        yield server
    finally:
        await runner.cleanup()


def counter(prefix: str = "nonce") -> Callable[[], str]:
    """Give a source of nonces that never repeats."""
    state = {"n": 0}

    def take() -> str:
        state["n"] += 1
        return f"{prefix}{state['n']}"

    return take

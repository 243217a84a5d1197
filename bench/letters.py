"""Messages as WeChat pushes them: encrypted and signed before the clock runs, then sent as fast as they are taken."""

import asyncio
import os
import time
from urllib.parse import urlencode

from bench.client import Client
from weixin.crypto import MessageCrypt
from weixin.signing import sha1_signature

CONNECTIONS, PEOPLE = 64, 200
SECRET_BYTES = 16
Letter = tuple[str, bytes]
"""A path with its query, and a body."""


def made(crypt: MessageCrypt, token: str, appid: str, count: int) -> list[Letter]:
    """Make messages of distinct nonces and numbers, from a few people in turn."""
    now = int(time.time())
    letters = []
    for number in range(count):
        plain = (
            f"<xml><ToUserName><![CDATA[gh_0]]></ToUserName>"
            f"<FromUserName><![CDATA[o{number % PEOPLE:027d}]]></FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[请问 {number} 号茶叶什么时候发货？]]></Content>"
            f"<MsgId>{7_000_000_000_000_000 + number}</MsgId></xml>"
        )
        sealed = crypt.seal(plain.encode(), now, str(number), os.urandom(SECRET_BYTES))
        body = f"<xml><ToUserName><![CDATA[gh_0]]></ToUserName><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
        query = {
            "timestamp": now,
            "nonce": number,
            "encrypt_type": "aes",
            "signature": sha1_signature(token, str(now), str(number)),
            "msg_signature": sealed.msg_signature,
        }
        letters.append((f"/wechat/messages/{appid}?{urlencode(query)}", body.encode()))
    return letters


async def push(port: int, letters: list[Letter]) -> list[float]:
    """Send them over some connections, each as soon as its last one was answered; gives the seconds each took."""
    turns = iter(letters)
    latencies: list[float] = []

    async def one() -> None:
        async with Client(port) as client:
            for path, body in turns:
                begun = time.perf_counter()
                status, answer = await client.send("POST", path, body, "text/xml")
                assert status == 200, answer
                latencies.append(time.perf_counter() - begun)

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return latencies

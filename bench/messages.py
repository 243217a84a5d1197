"""Encrypted messages of an account: verified, stored durably, then answered; and read by the worker afterwards."""

import asyncio
import os
import signal
import time
from urllib.parse import urlencode

from bench import shop as shops
from bench.client import Client
from bench.shop import Shop
from bench.stage import Stage, staged
from tongshang.wechat.inbox import addresses
from weixin.signing import sha1_signature

COUNT = int(os.environ.get("MESSAGES", "12000"))
WARM, CONNECTIONS, PEOPLE = 500, 64, 200
SECRET_BYTES = 16


async def run() -> dict[str, float]:
    """Push ready-made messages as fast as they are taken."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        await stage.drained()
        made = await _made(stage, shop, WARM + COUNT + COUNT // 2)
        await _push(stage, made[:WARM])
        await stage.drained()
        await stage.known()
        before, started = stage.spent(), time.perf_counter()
        latencies = sorted(await _push(stage, made[WARM : WARM + COUNT]))
        seconds = time.perf_counter() - started
        answered = stage.spent() - before
        await stage.drained(within_seconds=120)
        spent = stage.spent() - before
        kept = await stage.value("select count(*) from fact where kind = $1", "wechat.said")
        assert kept == WARM + COUNT, f"{kept} messages were read"
        alone = await _alone(stage, made[WARM + COUNT :])
        return {
            "messages_per_second": round(COUNT / seconds, 1),
            "cpu_ms_per_message": round((answered.web + answered.database) / COUNT * 1000, 3),
            "message_cpu_ms_web": round(answered.web / COUNT * 1000, 3),
            "message_cpu_ms_database": round(answered.database / COUNT * 1000, 3),
            "cpu_ms_per_message_unread": round(alone * 1000, 3),
            "cpu_ms_per_message_with_effects": round(spent.platform / COUNT * 1000, 3),
            "message_p50_ms": round(latencies[COUNT // 2] * 1000, 2),
            "message_p99_ms": round(latencies[COUNT * 99 // 100] * 1000, 2),
        }


async def _made(stage: Stage, shop: Shop, count: int) -> list[tuple[str, bytes]]:
    """Encrypt and sign messages as WeChat does, before the clock runs."""
    appid = shop.built.appid
    address = await addresses.of_account(stage.world, appid)
    now = int(time.time())
    made = []
    for number in range(count):
        plain = (
            f"<xml><ToUserName><![CDATA[gh_0]]></ToUserName>"
            f"<FromUserName><![CDATA[o{number % PEOPLE:027d}]]></FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[请问 {number} 号茶叶什么时候发货？]]></Content>"
            f"<MsgId>{7_000_000_000_000_000 + number}</MsgId></xml>"
        )
        sealed = address.crypt.seal(plain.encode(), now, str(number), os.urandom(SECRET_BYTES))
        body = f"<xml><ToUserName><![CDATA[gh_0]]></ToUserName><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
        query = {
            "timestamp": now,
            "nonce": number,
            "encrypt_type": "aes",
            "signature": sha1_signature(address.token, str(now), str(number)),
            "msg_signature": sealed.msg_signature,
        }
        made.append((f"/wechat/messages/{appid}?{urlencode(query)}", body.encode()))
    return made


async def _alone(stage: Stage, made: list[tuple[str, bytes]]) -> float:
    """Give the CPU seconds of web and database per message while nobody reads them: what the answer alone costs."""
    worker = stage.pids["worker"]
    os.kill(worker, signal.SIGSTOP)
    try:
        before = stage.spent()
        await _push(stage, made)
        spent = stage.spent() - before
    finally:
        os.kill(worker, signal.SIGCONT)
    await stage.drained(within_seconds=120)
    return (spent.web + spent.database) / len(made)


async def _push(stage: Stage, made: list[tuple[str, bytes]]) -> list[float]:
    turns = iter(made)
    latencies: list[float] = []

    async def one() -> None:
        async with Client(stage.port) as client:
            for path, body in turns:
                begun = time.perf_counter()
                status, answer = await client.send("POST", path, body, "text/xml")
                assert status == 200, answer
                latencies.append(time.perf_counter() - begun)

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return latencies

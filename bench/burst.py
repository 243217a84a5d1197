"""A burst of callbacks from many accounts, with repeats and forgeries, and a web process killed in the middle.

BURST_CALLBACKS sets their number (100 000), BURST_ACCOUNTS that of the accounts (1 000). What gets no answer is sent
again after five seconds, three times in all, as WeChat does.
"""

import asyncio
import os
import random
import signal
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench import accounts, cpu
from bench.client import Client
from bench.stage import Stage, staged
from weixin.crypto import MessageCrypt
from weixin.signing import sha1_signature

COUNT = int(os.environ.get("BURST_CALLBACKS", "100000"))
ACCOUNTS = int(os.environ.get("BURST_ACCOUNTS", "1000"))
CONNECTIONS, DELIVERIES, PATIENCE_SECONDS = 64, 3, 5.0
REPEATS, FORGERIES = 0.05, 0.01
READING = "select count(*) from job where kind = 'wechat.read_inbox' and parked_at is null"


@dataclass
class Tally:
    """What became of what was sent."""

    latencies: list[float] = field(default_factory=list)
    genuine: set[int] = field(default_factory=set)
    refused: int = 0
    redelivered: int = 0
    given_up: int = 0
    sent: int = 0


async def run() -> dict[str, float]:
    """Send the burst, kill a web process half way, and count what was kept."""
    async with staged(web_workers=2) as stage:
        await accounts.made(stage, ACCOUNTS)
        await stage.known()
        tally, rng = Tally(), random.Random(3)
        before, started = stage.spent(), time.perf_counter()
        killer = asyncio.create_task(_kill_half_way(stage, tally))
        await _push(stage, tally, rng)
        await killer
        seconds = time.perf_counter() - started
        answered = stage.spent() - before
        await _read(stage)
        kept = await stage.value("select count(*) from fact where kind = $1", "wechat.said")
        assert tally.given_up == 0, f"{tally.given_up} were not answered in {DELIVERIES} deliveries"
        assert kept == len(tally.genuine), f"{kept} were read of {len(tally.genuine)}"
        latencies = sorted(tally.latencies)
        assert latencies[-1] < PATIENCE_SECONDS, f"an answer took {latencies[-1]:.1f} s"
        return {
            "burst_callbacks": tally.sent,
            "burst_accounts": ACCOUNTS,
            "burst_seconds": round(seconds, 1),
            "burst_per_second": round(tally.sent / seconds, 1),
            "burst_lost": len(tally.genuine) - kept,
            "burst_redelivered_after_kill": tally.redelivered,
            "burst_forgeries_refused": tally.refused,
            "burst_answer_p99_ms": round(latencies[len(latencies) * 99 // 100] * 1000, 1),
            "burst_answer_max_ms": round(latencies[-1] * 1000, 1),
            "burst_cpu_ms_per_callback": round((answered.web + answered.database) / tally.sent * 1000, 3),
        }


async def _read(stage: Stage) -> None:
    """Wait until the inbox is read; what people's words set off beyond that is not this benchmark's."""
    async with asyncio.timeout(600):
        while await stage.unread() + await stage.value(READING):  # noqa: ASYNC110  (another process's work)
            await asyncio.sleep(0.1)


async def _kill_half_way(stage: Stage, tally: Tally) -> None:
    while tally.sent < COUNT // 2:  # noqa: ASYNC110  (the senders count)
        await asyncio.sleep(0.02)
    serving = cpu.servers(stage.pids["web"])
    os.kill(serving[0], signal.SIGKILL)


async def _push(stage: Stage, tally: Tally, rng: random.Random) -> None:
    crypt = MessageCrypt(accounts.TOKEN, accounts.AES_KEY, accounts.COMPONENT)
    forged = MessageCrypt("guessed", accounts.AES_KEY, accounts.COMPONENT)
    said: list[int] = []

    def next_one() -> tuple[int, bool]:
        """Choose what comes next: something new, something that came before, or a forgery."""
        tally.sent += 1
        if rng.random() < FORGERIES:
            return tally.sent, True
        if said and rng.random() < REPEATS:
            return rng.choice(said), False
        said.append(tally.sent)
        return tally.sent, False

    async def one() -> None:
        client = Client(stage.port)
        while tally.sent < COUNT:
            number, lie = next_one()
            path, body = _made(forged if lie else crypt, number)
            client = await _deliver(stage, client, tally, path, body, None if lie else number)

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def _deliver(stage: Stage, client: Client, tally: Tally, path: str, body: bytes, number: int | None) -> Client:
    for delivery in range(DELIVERIES):
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status, answer = await client.send("POST", path, body, "text/xml")
        except (OSError, EOFError, TimeoutError, ValueError):
            client = Client(stage.port)
            tally.redelivered += 1
            if delivery + 1 < DELIVERIES:
                await asyncio.sleep(max(0.0, PATIENCE_SECONDS - (time.perf_counter() - begun)))
            continue
        tally.latencies.append(time.perf_counter() - begun)
        if number is None:
            assert status == 401, answer
            tally.refused += 1
        else:
            assert (status, answer) == (200, b"success"), (status, answer)
            tally.genuine.add(number)
        return client
    tally.given_up += 1
    return client


def _made(crypt: MessageCrypt, number: int) -> tuple[str, bytes]:
    """Encrypt and sign a message as WeChat does; the same number is the same message, in a new envelope."""
    now = int(time.time())
    openid = f"o{number % 5000:027d}"
    plain = (
        f"<xml><ToUserName><![CDATA[gh_{number % ACCOUNTS}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{now}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{number} 号有货吗？]]></Content>"
        f"<MsgId>{8_000_000_000_000_000 + number}</MsgId></xml>"
    )
    nonce = os.urandom(4).hex()
    sealed = crypt.seal(plain.encode(), now, nonce, os.urandom(16))
    body = f"<xml><ToUserName><![CDATA[gh_0]]></ToUserName><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
    query = {
        "timestamp": now,
        "nonce": nonce,
        "encrypt_type": "aes",
        "signature": sha1_signature(accounts.TOKEN, str(now), nonce),
        "msg_signature": sealed.msg_signature,
    }
    return f"/wechat/messages/{accounts.appid(number % ACCOUNTS)}?{urlencode(query)}", body.encode()

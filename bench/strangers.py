"""What the same messages cost strangers: wechatpy in a bare ASGI application, and WeRoBot behind its own view.

Neither stores, de-duplicates or looks at a message's age; both verify, decrypt and parse it, and answer. They are
served by the server that serves ours, with one process each.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bench import cpu, letters
from bench.letters import Letter
from make.worlds import free_port
from weixin.crypto import MessageCrypt

TOKEN, KEY, APPID = "a-token-of-no-account", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0000000000000001"
SERVERS = {"wechatpy": ("bench.strangers:bare", "asgi"), "werobot": ("bench.strangers:robot", "wsgi")}
WARM = 500
ROOT = Path(__file__).resolve().parent.parent
Message = MutableMapping[str, Any]


async def run(count: int) -> dict[str, float]:
    """Push messages to each of them, one after the other."""
    crypt = MessageCrypt(TOKEN, KEY, APPID)
    post = await asyncio.to_thread(letters.made, crypt, TOKEN, APPID, WARM + count)
    found: dict[str, float] = {}
    for name in SERVERS:
        found |= await _measure(name, post, count)
    return found


async def _measure(name: str, post: list[Letter], count: int) -> dict[str, float]:
    port = free_port()
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, "-m", "bench.strangers", name, str(port)]
    server = await asyncio.create_subprocess_exec(*command, env=env)
    try:
        await _listening(port)
        await letters.push(port, post[:WARM])
        before, started = cpu.of_trees({name: server.pid})[name], time.perf_counter()
        latencies = sorted(await letters.push(port, post[WARM:]))
        seconds, spent = time.perf_counter() - started, cpu.of_trees({name: server.pid})[name] - before
    finally:
        server.terminate()
        await server.wait()
    return {
        f"{name}_messages_per_second": round(count / seconds, 1),
        f"{name}_cpu_ms_per_message": round(spent / count * 1000, 3),
        f"{name}_p99_ms": round(latencies[count * 99 // 100] * 1000, 2),
    }


async def _listening(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


async def bare(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer with wechatpy's cryptography and parser, in no framework at all."""
    from wechatpy import parse_message

    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
    plain = _crypto().decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert parse_message(plain).content
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"7")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"success"})


@cache
def _crypto() -> Any:
    from wechatpy.crypto import WeChatCrypto

    return WeChatCrypto(TOKEN, KEY, APPID)


def robot(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """Answer with WeRoBot's own application; its handler says nothing, as ours does."""
    return _robot()(environ, start_response)


@cache
def _robot() -> Any:
    from make import robots

    made = robots.robot(TOKEN, APPID, KEY)
    made.add_handler(lambda _message: "success", type="all")
    return made.wsgi


def main() -> None:
    """Serve one of them: its name, and a port of this machine."""
    from granian import Granian
    from granian.constants import Interfaces, Loops

    target, interface = SERVERS[sys.argv[1]]
    port = int(sys.argv[2])
    Granian(target, "127.0.0.1", port, interface=Interfaces(interface), loop=Loops.uvloop, log_enabled=False).serve()


if __name__ == "__main__":
    main()

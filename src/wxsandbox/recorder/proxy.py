"""A proxy in front of WeChat that writes down what passes through it, redacted.

It is addressed like the simulator: `http://localhost:8801/api.weixin.qq.com/cgi-bin/token`. Whatever can be pointed at
the simulator can be recorded, in any language.
"""

import email.utils
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import msgspec
from aiohttp import web
from yarl import URL

from wxsandbox.recorder.exchange import Exchange, FilePart
from wxsandbox.recorder.redact import Redactor

# Not Pay: its requests are signed with a key that a replay does not have.
HOSTS = ("api.weixin.qq.com", "mp.weixin.qq.com")
UPSTREAM = "https://{host}"
MAX_BODY = 20 * 1024 * 1024
HEAD_BYTES = 16
PASSED_ON = ("content-type", "content-disposition", "date")
DISPOSITION = re.compile(rb'(?i)content-disposition:[^\r\n]*?\bname="([^"]*)"(?:[^\r\n]*?filename="([^"]*)")?')
CONTENT_TYPE = re.compile(rb"(?i)content-type:\s*([\w/.+-]+)")
BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


@asynccontextmanager
async def recording(
    keep: Callable[[bytes], Any], *, salt: bytes, upstream: str = UPSTREAM, port: int = 0
) -> AsyncIterator[str]:
    """Run the proxy; `keep` gets each redacted line. Gives its address. `upstream` names `{host}`."""
    redactor = Redactor(salt)
    async with aiohttp.ClientSession(auto_decompress=True) as http:

        async def take(request: web.Request) -> web.Response:
            return await pass_on(request, http, upstream, redactor, keep)

        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/{host}/{rest:.*}", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


async def pass_on(
    request: web.Request, http: aiohttp.ClientSession, upstream: str, redactor: Redactor, keep: Callable[[bytes], Any]
) -> web.Response:
    """Ask WeChat, write both sides down, and give its answer back as it came."""
    host = request.match_info["host"]
    if host not in HOSTS:
        return web.Response(status=404, text=f"not recorded: {host}")
    body, kind = await request.read(), request.headers.get("content-type", "")
    target = URL(upstream.format(host=host) + request.raw_path.removeprefix(f"/{host}"), encoded=True)
    headers = {"content-type": kind} if kind else {}
    try:
        async with http.request(request.method, target, data=body, headers=headers, allow_redirects=False) as answer:
            said, given = await answer.read(), answer.headers
    except (aiohttp.ClientError, TimeoutError) as failure:  # its text may hold the address, which carries a token
        return web.Response(status=502, text=f"WeChat cannot be reached: {type(failure).__name__}")
    exchange = Exchange(
        at=seconds(given.get("date", "")), host=host, method=request.method, path=request.path.removeprefix(f"/{host}"),
        status=answer.status, query={k: redactor.text(v, k) for k, v in parse_qsl(request.query_string, True)},
    )  # fmt: skip
    describe_body(exchange, body, kind, redactor)
    describe_answer(exchange, said, given.get("content-type", ""), redactor)
    keep(redactor.sweep(msgspec.json.encode(exchange)))
    back = {name: given[name] for name in PASSED_ON if name in given}
    return web.Response(status=answer.status, body=said, headers=back)


def seconds(date: str) -> int:
    """Read an HTTP date: WeChat's clock counts, not ours."""
    return int(email.utils.parsedate_to_datetime(date).timestamp()) if date else 0


def describe_body(exchange: Exchange, body: bytes, kind: str, redactor: Redactor) -> None:
    """Write down what was asked."""
    if mark := BOUNDARY.search(kind):
        exchange.parts = [part(piece, redactor) for piece in body.split(b"--" + mark[1].encode())[1:-1]]
    elif body:
        try:
            exchange.body = redactor.document(msgspec.json.decode(body))
        except (msgspec.DecodeError, UnicodeDecodeError):
            exchange.opaque = len(body)


def part(piece: bytes, redactor: Redactor) -> FilePart:
    """Describe a part of a form; of a file only its size and what kind of file it is."""
    head, _, data = piece.partition(b"\r\n\r\n")
    data = data.removesuffix(b"\r\n")
    found, kind = DISPOSITION.search(head), CONTENT_TYPE.search(head)
    name = found[1].decode("utf-8", "replace") if found else ""
    if found is None or found[2] is None:
        return FilePart(name, value=form_field(data.decode("utf-8", "replace"), name, redactor))
    stem, dot, ending = found[2].decode("utf-8", "replace").rpartition(".")
    filename = f"{redactor.alike(stem)}.{ending}" if dot else redactor.alike(ending)
    content_type = kind[1].decode() if kind else ""
    return FilePart(name, "", filename, content_type, len(data), data[:HEAD_BYTES].hex())


def form_field(value: str, name: str, redactor: Redactor) -> str:
    """Redact a field of a form, which may be JSON of its own (a video's title)."""
    try:
        decoded = msgspec.json.decode(value)
    except msgspec.DecodeError:
        return redactor.text(value, name)
    return msgspec.json.encode(redactor.document(decoded, name)).decode()


def describe_answer(exchange: Exchange, said: bytes, kind: str, redactor: Redactor) -> None:
    """Write down what was answered: JSON (which WeChat also sends as text/plain), or that a file came."""
    try:
        exchange.answer = redactor.document(msgspec.json.decode(said))
    except (msgspec.DecodeError, UnicodeDecodeError):
        exchange.file = kind.partition(";")[0] or "application/octet-stream"

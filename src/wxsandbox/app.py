"""The ASGI application: finds the route, lets faults strike, answers, and commits before the answer leaves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from wxsandbox.box import Box
from wxsandbox.clock import STOPWATCH
from wxsandbox.errors import NotFound, Wrong, WxError
from wxsandbox.faults import CALL_EFFECTS
from wxsandbox.http import Call, Reply, html, json
from wxsandbox.journal import cut
from wxsandbox.routes import Route
from wxsandbox.tokens import Token

MAX_BODY = 20 * 1024 * 1024
CONTROL = "_sandbox"
LOG = logging.getLogger("wxsandbox")
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Replied(Exception):
    """A handler's way to answer at once."""

    def __init__(self, reply: Reply) -> None:
        """Carry the reply."""
        super().__init__(reply.status)
        self.reply = reply


class App:
    """One simulator as an ASGI application."""

    def __init__(self, box: Box) -> None:
        """Serve a box."""
        self.box = box

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = await read_body(receive)
        if body is None:
            await respond(send, Reply(413, b"body too large"))
            return
        call = self.parse(scope, body)
        reply, drop = await self.handle(call)
        if reply.stream is not None:
            await stream(send, receive, reply)
        elif drop:
            await hang_up(send)
        else:
            await respond(send, reply, head=scope["method"] == "HEAD")

    def parse(self, scope: dict[str, Any], body: bytes) -> Call:
        """Make a Call; the WeChat host is the path's first part, or else the Host header."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        first, _, rest = path[1:].partition("/")
        hosts = self.box.router.hosts
        prefixed = bool(first) and first in hosts
        host = first if prefixed else headers.get("host", "").partition(":")[0].lower()
        if prefixed:
            path = "/" + rest
        elif host not in hosts:
            host = ""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        return Call(
            self.box, method=method, host=host, path=path, query_string=scope["query_string"].decode("latin-1"),
            headers=headers, body=body, prefixed=prefixed, scheme=scope.get("scheme", "http"),
            address=(scope.get("client") or ("127.0.0.1", 0))[0],
        )  # fmt: skip

    async def handle(self, call: Call) -> tuple[Reply, bool]:
        """Answer a call; the second value says that the connection drops instead."""
        begun = STOPWATCH()
        found = self.box.router.find(call.host, call.method, call.path)
        if found is None:
            return missing(self.box, call), False
        route, params = found
        if params:
            call.params = {name: unquote(value) for name, value in params.items()}
        reply, drop = None, False
        if route.host != CONTROL and len(self.box.faults.rules):
            reply, drop = await self.strike(route, call)
        if reply is None:
            reply = await self.answer(route, call)
        self.box.state.commit()
        if route.journal:
            self.write(route, call, reply, (STOPWATCH() - begun) * 1000)
        return reply, drop

    async def strike(self, route: Route, call: Call) -> tuple[Reply | None, bool]:
        """Let a fault rule have its way: a reply instead of the handler's, or a drop after it."""
        appid = call.query.get("appid", "") or account_of(self.box, call)
        fault = self.box.faults.hit(route.name, *CALL_EFFECTS, appid=appid, person=call.person() or "")
        if fault is None:
            return None, False
        call.note = f"fault {fault.id} {fault.effect}"
        if fault.effect == "slow":
            await asyncio.sleep(fault.seconds)
            return None, False
        if fault.effect == "expire_token":
            forget_token(self.box, call)
            return None, False
        if fault.effect == "timeout":
            await asyncio.sleep(fault.seconds or 30.0)
            return Reply(504), True
        if fault.effect == "lost":
            return None, True
        if fault.effect == "status":
            return Reply(fault.status, b"<html>simulated failure</html>"), False
        if route.refuse:
            return route.refuse(call, fault), False
        return error(self.box, WxError(fault.errcode)), False

    async def answer(self, route: Route, call: Call) -> Reply:
        """Run the handler and turn what it returns or raises into a reply."""
        try:
            value = await route.handler(call)
        except Replied as replied:
            return replied.reply
        except WxError as wrong:
            return error(self.box, wrong)
        except NotFound as wrong:
            return json({"error": "not_found", "detail": str(wrong)}, status=404)
        except Wrong as wrong:
            return json({"error": "wrong", "detail": str(wrong)}, status=422)
        except Exception:  # the edge: our own bug must not look like WeChat's answer
            LOG.exception("%s %s", call.method, call.path)
            return Reply(500, b"simulator bug, see its log")
        return value if isinstance(value, Reply) else json(value)

    def write(self, route: Route, call: Call, reply: Reply, ms: float) -> None:
        """Write the exchange into the journal."""
        host = f"/{call.host}" if call.host else ""
        kind = "control" if route.host == CONTROL else "call"
        response = "" if reply.stream is not None else cut(reply.body)
        if b"image/" in dict(reply.headers).get(b"content-type", b""):
            response = "(image)"
        self.box.journal.add(
            self.box.clock.now(), kind, call.method, f"{host}{call.target}", route.name, status=reply.status, ms=ms,
            appid=call.appid, person=call.person() or "", request_headers=call.headers, request=cut(call.body),
            response=response, note=call.note,
        )  # fmt: skip


def account_of(box: Box, call: Call) -> str:
    """Name the account whose token the call carries, for faults by account."""
    token = box.table(Token).get(call.query.get("access_token", ""))
    return token.appid if token else ""


def forget_token(box: Box, call: Call) -> None:
    """Make the token of a call useless before its time: from now on it answers 40001."""
    for name in ("access_token", "component_access_token"):
        box.state.table(Token).delete(call.query.get(name, ""))


def error(box: Box, wrong: WxError) -> Reply:
    """Write WeChat's error envelope, with a rid."""
    number = box.state.meta["rid"] = int(box.state.meta.get("rid", 0)) + 1
    rid = f"{box.clock.seconds():08x}-{number:08x}-{(number * 2654435761) & 0xFFFFFFFF:08x}"
    return json({"errcode": wrong.errcode, "errmsg": f"{wrong.errmsg} rid: {rid}"})


def missing(box: Box, call: Call) -> Reply:
    """Answer what no route answers: WeChat's codes for a wrong method, 404 otherwise."""
    allowed = box.router.methods(call.host, call.path)
    if call.host.startswith("api.weixin") and allowed:
        return error(box, WxError(43001 if "GET" in allowed else 43002))
    if call.host.startswith("api.mch"):
        return Reply(405 if allowed else 404)
    if allowed:
        return Reply(405, b"method not allowed", [(b"allow", ", ".join(allowed).encode())])
    if call.host.startswith("api.weixin"):
        return error(box, WxError(40066))
    return html("<h1>404</h1>", status=404)


async def read_body(receive: Receive) -> bytes | None:
    """Collect the request body; None when it is too large."""
    message = await receive()
    if not message.get("more_body"):
        body: bytes = message.get("body", b"")
        return body if len(body) <= MAX_BODY else None
    parts, size = [], 0
    while True:
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()


async def respond(send: Send, reply: Reply, *, head: bool = False) -> None:
    """Send a whole reply."""
    headers = [*reply.headers, (b"content-length", str(len(reply.body)).encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else reply.body})


async def hang_up(send: Send) -> None:
    """Break the connection in the middle of an answer: the caller cannot know what became of its request."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def stream(send: Send, receive: Receive, reply: Reply) -> None:
    """Send an event stream until the listener leaves."""
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})

    async def pump() -> None:
        async for chunk in reply.stream:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    pumping = asyncio.create_task(pump())
    leaving = asyncio.create_task(left(receive))
    await asyncio.wait({pumping, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in (pumping, leaving):
        task.cancel()
    await asyncio.gather(pumping, leaving, return_exceptions=True)
    await reply.stream.aclose()


async def left(receive: Receive) -> None:
    """Wait until the listener has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass

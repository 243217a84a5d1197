"""The edge of HTTP: problem details in two languages, request ids, security headers, metrics.

A transaction commits before the answer leaves, because routes open and close it themselves; whatever it
raises becomes a problem document here, never a 2xx.
"""

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, ExceptionHandlersMap, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from tongshang.platform import addresses
from tongshang.platform.errors import Invalid, NotFound, Refused, TooLarge, Unauthenticated
from tongshang.platform.world import World
from weixin.errors import PayError, WeixinError
from weixin.errors_table import meaning

log = structlog.get_logger("web")
REQUESTS = Counter("tongshang_requests", "Answered requests", ["method", "route", "status"])
SECONDS = Histogram("tongshang_request_seconds", "Time to answer", ["route"])
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
AnyRequest = Request[Any, Any, Any]
# The largest body there is: a picture of 10 MB, with what a form puts around it.
MAX_BODY = 12_000_000


class WeChatSaysNo(Refused):
    """WeChat refused: {message}"""

    code, status, zh = "wechat.refused", 502, "微信返回错误：{message}"


class WeChatAway(Refused):
    """WeChat cannot be reached right now. Nothing was changed; please try again."""

    code, status, zh = "wechat.unreachable", 503, "暂时无法连接微信，未做任何更改，请稍后重试。"


class Unavailable(Refused):
    """The database is not answering. Nothing was changed; please try again in a moment."""

    code, status, zh = "unavailable", 503, "数据库暂时不可用，未做任何更改，请稍后重试。"


class Broken(Refused):
    """Something went wrong on our side. Quote {request_id} when you ask for help."""

    code, status, zh = "internal", 500, "系统出错了，反馈时请提供编号 {request_id}。"


class OtherHttp(Refused):
    """{detail}"""

    code, zh = "http", "请求无法处理：{detail}"

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail=detail)
        self.status = status  # type: ignore[misc]  # the one refusal whose status is the server's word


def world_of(request: AnyRequest) -> World:
    """Give the world that the application was started with."""
    world: World = request.app.state.world
    return world


def language_of(request: AnyRequest) -> str:
    """Say which of our two languages the caller reads: zh unless English is asked for first."""
    return "en" if request.headers.get("accept-language", "").strip().lower().startswith("en") else "zh"


def problem(error: Refused, *, language: str, extra: Mapping[str, Any] | None = None) -> Response[bytes]:
    """Write a refusal as a problem document (RFC 9457)."""
    sentence = error.sentence(language)
    document = {
        **{name: str(value) for name, value in error.params.items()},
        "type": f"urn:tongshang:problem:{error.code}",
        "title": sentence,
        "status": error.status,
        "code": error.code,
        **(extra or {}),
    }
    return Response(
        content=msgspec.json.encode(document),
        status_code=error.status,
        media_type="application/problem+json",
        headers={"content-language": language},
    )


def _on_refused(request: AnyRequest, error: Refused) -> Response[bytes]:
    return problem(error, language=language_of(request), extra=error.more)


def _on_http(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    return problem(_translated(error), language=language_of(request))


def _translated(error: HTTPException) -> Refused:
    if error.status_code == 404:
        return NotFound()
    if error.status_code == 401:
        return Unauthenticated()
    if error.status_code == 413:
        return TooLarge(limit=MAX_BODY)
    if error.status_code == 400:
        found = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
        detail = found if isinstance(found, dict) else {}
        return Invalid(field=detail.get("key") or "body", problem=detail.get("message") or error.detail)
    return OtherHttp(error.status_code, error.detail)


def _on_weixin(request: AnyRequest, error: WeixinError) -> Response[bytes]:
    if isinstance(error.__cause__, Refused):
        return _on_refused(request, error.__cause__)  # ours, and clearer than WeChat's
    language, said = language_of(request), meaning(error.errcode)
    sentence = said.zh if language == "zh" else said.en
    if error.retry and error.errcode == -1:
        return problem(WeChatAway(), language=language)
    words = f"{sentence} ({error.errcode}{f', rid {error.rid}' if error.rid else ''})"
    return problem(WeChatSaysNo(message=words, errcode=error.errcode, kind=said.kind), language=language)


def _on_pay(request: AnyRequest, error: PayError) -> Response[bytes]:
    return problem(WeChatSaysNo(message=error.message), language=language_of(request))


def _on_database(request: AnyRequest, error: Exception) -> Response[bytes]:
    log.warning("request.no_database", error=repr(error))
    return problem(Unavailable(), language=language_of(request))


def _on_data(request: AnyRequest, error: asyncpg.DataError) -> Response[bytes]:
    """A number or a text that no column can hold (2^40 pieces, a NUL in a name) is bad input, not our bug."""
    log.warning("request.unkeepable", error=repr(error))
    return problem(
        Invalid(field="body", problem="too large, or not text", zh="有过大的数或无法保存的字符"),
        language=language_of(request),
    )


def _on_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    request_id = structlog.contextvars.get_contextvars().get("request", "")
    log.error("request.broken", error=repr(error), exc_info=error)
    return problem(Broken(request_id=request_id), language=language_of(request))


HANDLERS: ExceptionHandlersMap = {
    Refused: _on_refused,
    HTTPException: _on_http,
    WeixinError: _on_weixin,
    PayError: _on_pay,
    asyncpg.PostgresConnectionError: _on_database,
    asyncpg.AdminShutdownError: _on_database,
    asyncpg.CannotConnectNowError: _on_database,
    asyncpg.InterfaceError: _on_database,
    asyncpg.DeadlockDetectedError: _on_database,
    asyncpg.LockNotAvailableError: _on_database,
    asyncpg.DataError: _on_data,
    OSError: _on_database,
    Exception: _on_bug,
}


class Edge(ASGIMiddleware):
    """Gives every request an id, its log context, security headers, and a count."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on, watched."""
        world: World = scope["litestar_app"].state.world
        request_id = f"{world.rng.getrandbits(64):016x}"
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        started = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = list(message.get("headers", ()))
                names = [name.lower() for name, _ in given]
                missing = [header for header in HEADERS if header[0] not in names]
                message["headers"] = [*given, (b"x-request-id", request_id.encode()), *missing]
            await send(message)

        try:
            await addresses.check(scope, world)  # type: ignore[arg-type]  # scopes says http
            await next_app(scope, receive, watched)
        finally:
            handler = scope.get("route_handler")
            route = getattr(handler, "operation_id", None) or getattr(handler, "handler_name", "none")
            counted, timed = _counters(scope.get("method", ""), str(route), status)
            counted.inc()
            timed.observe(time.perf_counter() - started)


@lru_cache(maxsize=4096)
def _counters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Find the counters of one kind of request; the library looks them up by name under a lock each time."""
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(route)


def client_ip(request: AnyRequest, trusted: tuple[str, ...]) -> str:
    """Say who is calling: the peer, or what a trusted proxy says of it."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    if peer in trusted and forwarded:
        return forwarded.split(",")[-1].strip()
    return peer

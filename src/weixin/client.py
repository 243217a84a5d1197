"""All of api.weixin.qq.com with two verbs: GET and POST JSON, errors by errcode.

One client serves every account: the token is an argument of the call, never kept here.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import msgspec

from weixin.errors import Unreachable, WeixinError, from_answer
from weixin.multipart import File, form
from weixin.transport import Answer, Transport

Params = Mapping[str, str | int | None]

# The query parameter that carries a token; component calls take "component_access_token".
ACCESS = "access_token"
COMPONENT = "component_access_token"
# The largest file WeChat has for us: videos and pictures of 10 MB.
LARGEST = 10 * 1024 * 1024
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call and what came of it, without its token."""

    method: str
    path: str
    # Kept out of repr: they may hold secrets and persons.
    params: Params | None = field(repr=False)
    content: bytes | None = field(repr=False)
    seconds: float
    answer: bytes | None = field(repr=False)
    error: WeixinError | None


class Watch(Protocol):
    """Somebody who is asked before each call, and told after it."""

    async def before(self, method: str, path: str) -> None:
        """Let the call go, or raise instead of it."""

    async def after(self, exchange: Exchange) -> None:
        """Hear what came of it."""


class Client:
    """WeChat at one base URL, which may carry a path (a simulator's)."""

    def __init__(self, transport: Transport, base_url: str, watch: Watch | None = None) -> None:
        """Keep the pool and the address, and who watches."""
        self._transport = transport
        self._base = base_url.rstrip("/")
        self._watch = watch

    async def get(
        self,
        path: str,
        *,
        token: str | None = None,
        token_name: str = ACCESS,
        params: Params | None = None,
    ) -> dict[str, Any]:
        """Ask by GET; raises WeixinError by errcode, Unreachable when it is worth asking again."""
        return await self._send("GET", path, None, _read, token=token, token_name=token_name, params=params)

    async def post(
        self,
        path: str,
        json: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        token_name: str = ACCESS,
        params: Params | None = None,
    ) -> dict[str, Any]:
        """Ask by POST; raises WeixinError by errcode, Unreachable when it is worth asking again."""
        # Raw UTF-8: \\uXXXX is stored literally or refused (40033, 47002), as is an empty body (44002).
        content = msgspec.json.encode(json or {})
        return await self._send("POST", path, content, _read, token=token, token_name=token_name, params=params)

    async def upload(
        self,
        path: str,
        file: File,
        *,
        token: str,
        fields: Mapping[str, str] | None = None,
        params: Params | None = None,
    ) -> dict[str, Any]:
        """Send a file as multipart/form-data, with further form fields; raises as `post`."""
        body, kind = form(file, fields or {})
        return await self._send(
            "POST", path, body, _read, token=token, token_name=ACCESS, params=params, content_type=kind,
            file_bytes=len(body),
        )  # fmt: skip

    async def download(
        self,
        method: str,
        path: str,
        json: Mapping[str, Any] | None = None,
        *,
        token: str,
        params: Params | None = None,
    ) -> Answer | dict[str, Any]:
        """Fetch a file: its answer, or the JSON that came instead (a description); raises as `post`."""
        content = None if json is None else msgspec.json.encode(json)
        return await self._send(
            method, path, content, _read_file, token=token, token_name=ACCESS, params=params, file_bytes=LARGEST
        )

    async def _send(
        self,
        method: str,
        path: str,
        content: bytes | None,
        read: Callable[[Answer], R],
        *,
        token: str | None,
        token_name: str,
        params: Params | None,
        content_type: str = "application/json",
        file_bytes: int = 0,
    ) -> R:
        query = {token_name: token, **(params or {})}
        headers = {"Content-Type": content_type} if content is not None else None
        if self._watch is not None:
            await self._watch.before(method, path)
        begun = asyncio.get_running_loop().time()
        answer: Answer | None = None
        failed: WeixinError | None = None
        try:
            answer = await self._transport.request(
                method, self._base + path, params=query, content=content, headers=headers, file_bytes=file_bytes
            )
            return read(answer)
        except WeixinError as error:
            failed = error
            raise
        finally:
            if self._watch is not None and (answer is not None or failed is not None):
                seconds = asyncio.get_running_loop().time() - begun
                body = answer.body if answer is not None else None
                await self._watch.after(Exchange(method, path, params, content, seconds, body, failed))


def _read_file(answer: Answer) -> Answer | dict[str, Any]:
    kind = answer.headers.get("content-type", "")
    # Errors come as JSON under text/plain, and a file never comes under either.
    if answer.status == 200 and not kind.startswith(("text/", "application/json")):
        return answer
    return _read(answer)


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status >= 500 or answer.status == 429:
        raise Unreachable(f"HTTP {answer.status}", status=answer.status)
    if answer.status != 200:
        # Business errors come with 200; anything else is a wrong address or a gateway.
        raise WeixinError(answer.status, f"HTTP {answer.status}")
    try:
        # Some calls answer JSON as text/plain: the type is not looked at.
        data = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreachable("the answer is not JSON", status=answer.status) from None
    if not isinstance(data, dict):
        raise Unreachable("the answer is not an object", status=answer.status)
    code = data.get("errcode", 0)
    if code in (0, "0", None):
        return data
    try:
        error = from_answer(int(code), str(data.get("errmsg", "")))
        error.answer = data
        raise error
    except (TypeError, ValueError):
        raise Unreachable("the errcode is not a number", status=answer.status) from None

"""All of api.weixin.qq.com with two verbs: GET and POST JSON, errors by errcode.

One client serves every account: the token is an argument of the call, never kept here.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from weixin.errors import Unreachable, WeixinError, from_answer
from weixin.transport import Answer, Transport

Params = Mapping[str, str | int | None]

# The query parameter that carries a token; component calls take "component_access_token".
ACCESS = "access_token"
COMPONENT = "component_access_token"


class Client:
    """WeChat at one base URL, which may carry a path (a simulator's)."""

    def __init__(self, transport: Transport, base_url: str) -> None:
        """Keep the pool and the address."""
        self._transport = transport
        self._base = base_url.rstrip("/")

    async def get(
        self,
        path: str,
        *,
        token: str | None = None,
        token_name: str = ACCESS,
        params: Params | None = None,
    ) -> dict[str, Any]:
        """Ask by GET; raises WeixinError by errcode, Unreachable when it is worth asking again."""
        return _read(await self._send("GET", path, None, token=token, token_name=token_name, params=params))

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
        return _read(await self._send("POST", path, content, token=token, token_name=token_name, params=params))

    async def _send(
        self,
        method: str,
        path: str,
        content: bytes | None,
        *,
        token: str | None,
        token_name: str,
        params: Params | None,
    ) -> Answer:
        query = {token_name: token, **(params or {})}
        headers = {"Content-Type": "application/json"} if content is not None else None
        return await self._transport.request(method, self._base + path, params=query, content=content, headers=headers)


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
        raise from_answer(int(code), str(data.get("errmsg", "")))
    except (TypeError, ValueError):
        raise Unreachable("the errcode is not a number", status=answer.status) from None

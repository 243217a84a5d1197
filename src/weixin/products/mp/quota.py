"""Quotas of an account: looking them up, clearing them, and looking up a request by its rid.

https://developers.weixin.qq.com/doc/offiaccount/openApi/get_api_quota.html, clear_quota.html and get_rid_info.html
(2026-11). `token` is the account's access token.
"""

from dataclasses import dataclass, field

from weixin.client import Client
from weixin.errors import BadMessage
from weixin.tokens import seconds


@dataclass(frozen=True, slots=True)
class Quota:
    """What a day allows of an API; zero means that WeChat names no limit."""

    daily_limit: int
    used: int
    remain: int
    # Calls per seconds, where WeChat says so.
    rate: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as WeChat remembers it for some days."""

    invoke_time: int
    cost_ms: int
    url: str = field(repr=False)
    request_body: str = field(repr=False)
    response_body: str = field(repr=False)


async def get(client: Client, *, token: str, path: str) -> Quota:
    """Look up an API's quota; 76003 there is no such path, 76022 it has none to look up."""
    answer = await client.post("/cgi-bin/openapi/quota/get", {"cgi_path": path}, token=token)
    found, rate = answer.get("quota"), answer.get("rate_limit")
    if not isinstance(found, dict):
        raise BadMessage("the quota is missing")
    pair = (seconds(rate, "call_count"), seconds(rate, "refresh_second")) if isinstance(rate, dict) and rate else None
    return Quota(seconds(found, "daily_limit"), seconds(found, "used"), seconds(found, "remain"), pair)


async def clear(client: Client, *, token: str, appid: str) -> None:
    """Begin all daily counts of an account anew; 48006: ten times in a month are all there are."""
    await client.post("/cgi-bin/clear_quota", {"appid": appid}, token=token)


async def clear_one(client: Client, *, token: str, path: str) -> None:
    """Begin the daily count of one API anew; 48006 as above."""
    await client.post("/cgi-bin/openapi/quota/clear", {"cgi_path": path}, token=token)


async def request(client: Client, *, token: str, rid: str) -> Request:
    """Look up what was asked and answered under a rid."""
    answer = await client.post("/cgi-bin/openapi/rid/get", {"rid": rid}, token=token)
    found = answer.get("request")
    if not isinstance(found, dict):
        raise BadMessage("the request is missing")
    texts = [str(found.get(name) or "") for name in ("request_url", "request_body", "response_body")]
    return Request(seconds(found, "invoke_time"), seconds(found, "cost_in_ms"), *texts)

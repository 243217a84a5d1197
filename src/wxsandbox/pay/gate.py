"""The gate before every WeChat Pay endpoint: check the caller, answer refusals, sign what leaves."""

import functools
import json
from collections.abc import Callable
from typing import Any

from wxsandbox.faults import Fault
from wxsandbox.http import Call, Reply
from wxsandbox.pay import auth
from wxsandbox.pay.errors import PayRefused
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.routes import Handler

JSON = (b"Content-Type", b"application/json; charset=utf-8")
COMMON = [
    (b"Content-Language", b"zh-CN"),
    (b"X-Content-Type-Options", b"nosniff"),
    (b"Cache-Control", b"no-cache, must-revalidate"),
]
Endpoint = Callable[[Call, PayMerchant], Any]


def guarded(endpoint: Endpoint, *, signed: bool = True, covered: Callable[[Call], bytes] | None = None) -> Handler:
    """Make a handler: None is 204, bytes go out as they are, everything else as signed JSON.

    `covered` tells what the caller's signature covers where that is not the body: of an upload, what is said about it.
    """

    @functools.wraps(endpoint)
    async def handle(call: Call) -> Reply:
        try:
            caller = auth.check(call, call.body if covered is None else covered(call))
            value = endpoint(call, caller)
        except PayRefused as refusal:
            return refused(call, refusal)
        if isinstance(value, bytes):
            body, headers = value, [(b"Content-Type", b"application/octet-stream")]
        elif value is None:
            body, headers = b"", []
        else:
            body, headers = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), [JSON]
        headers += [*COMMON, (b"Request-ID", auth.request_id(call.box).encode())]
        if signed:
            wanted = call.headers.get("wechatpay-serial", "")
            spoiled = _probed(call, caller)
            headers += auth.signed_headers(call.box, caller, body, wanted=wanted, spoiled=spoiled)
        return Reply(204 if value is None else 200, body, headers)

    return handle


def _probed(call: Call, caller: PayMerchant) -> bool:
    """Let the fault `signtest` spoil this answer's signature; the repeat of a spoiled one is never spoiled."""
    mark = f"{call.method} {call.target}"
    table = call.box.state.table(PayMerchant)
    if caller.probed == mark:
        caller.probed = ""
        table.put(caller)
        return False
    name = f"{call.method} {call.path}"
    if call.box.faults.hit(name, "signtest", appid=caller.id) is None:
        return False
    caller.probed = mark
    table.put(caller)
    call.note = "signature probe"
    return True


def refused(call: Call, refusal: PayRefused) -> Reply:
    """Write a refusal; it carries no Wechatpay-* headers, and order endpoints' 401 no Request-ID either."""
    headers = [JSON, *COMMON]
    if refusal.status != 401 or not call.path.startswith(auth.ORDERS):
        headers.append((b"Request-ID", auth.request_id(call.box).encode()))
    call.note = call.note or refusal.message
    return Reply(refusal.status, refusal.body(), headers)


STATUSES = {
    "SYSTEM_ERROR": 500,
    "FREQUENCY_LIMITED": 429,
    "RATELIMIT_EXCEED": 429,
    "SIGN_ERROR": 401,
    "NO_AUTH": 403,
    "NOT_ENOUGH": 403,
    "NOT_FOUND": 404,
    "RULE_LIMIT": 403,
    "TRADE_ERROR": 403,
    "USER_ACCOUNT_ABNORMAL": 403,
    "RESOURCE_NOT_EXISTS": 404,
    "ORDER_NOT_EXIST": 404,
    "SERVICE_UNAVAILABLE": 503,
}


def struck(call: Call, fault: Fault) -> Reply:
    """Answer what a fault rule says: its code with WeChat's status for it, else SYSTEM_ERROR."""
    code = fault.code or "SYSTEM_ERROR"
    return refused(call, PayRefused(STATUSES.get(code, 400), code, str(fault.data.get("message", "系统异常"))))

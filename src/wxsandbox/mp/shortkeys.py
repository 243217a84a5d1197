"""Short keys: long data under 15 characters; and the retired short addresses.

Official page: developers.weixin.qq.com/doc/offiaccount/Account_Management/KEY_Shortener.html, 2026-09.
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.routes import Route
from wxsandbox.validate import read

QR_SET = 3
LONGEST_BYTES, MOST_SECONDS = 4096, 2_592_000
PAGE = f"{PAGES}/Account_Management/KEY_Shortener.html"


class Gen(msgspec.Struct):
    """Body of shorten/gen."""

    long_data: Text
    expire_seconds: Annotated[int, msgspec.Meta(ge=1, le=MOST_SECONDS)] = MOST_SECONDS


class Fetch(msgspec.Struct):
    """Body of shorten/fetch."""

    short_key: Text


class ShortKey(msgspec.Struct, kw_only=True):
    """Something kept under a short key."""

    id: str  # appid:key
    data: str
    created_at: int
    expires_at: float


async def gen(call: Call) -> Any:
    """Keep long data for a while."""
    account = tokens.account_call(call, QR_SET)
    body = read(call.body, Gen, {"long_data": 40097, "expire_seconds": 40097})
    if len(body.long_data.encode()) > LONGEST_BYTES:
        raise WxError(45002)
    box, key = call.box, call.box.dice.text(15)
    now = box.clock.now()
    row = ShortKey(
        id=f"{account.appid}:{key}", data=body.long_data, created_at=int(now), expires_at=now + body.expire_seconds
    )
    box.state.table(ShortKey).put(row)
    return {"errcode": 0, "errmsg": "ok", "short_key": key}


async def fetch(call: Call) -> Any:
    """Give what is behind a key; 40097 for one that is unknown or over."""
    account = tokens.account_call(call, QR_SET)
    body = read(call.body, Fetch, {"short_key": 40097})
    kept = call.box.state.table(ShortKey).get(f"{account.appid}:{body.short_key}")
    if kept is None or kept.expires_at <= call.box.clock.now():
        raise WxError(40097)
    left = int(kept.expires_at - call.box.clock.now())
    answer = {"long_data": kept.data, "create_time": kept.created_at, "expire_seconds": left}
    return {"errcode": 0, "errmsg": "ok", **answer}


async def shorturl(call: Call) -> Any:
    """Say that short addresses are no more."""
    tokens.account_call(call, QR_SET)
    raise WxError(45103)


ERRORS = (40001, 40097, 41001, 42001, 47001, 61007)
ROUTES = (
    Route(API, "POST", "/cgi-bin/shorten/gen", gen, PAGE, DATE, Gen, (*ERRORS, 45002)),
    Route(API, "POST", "/cgi-bin/shorten/fetch", fetch, PAGE, DATE, Fetch, ERRORS),
    Route(API, "POST", "/cgi-bin/shorturl", shorturl, PAGE, DATE, None, (45103,)),
)

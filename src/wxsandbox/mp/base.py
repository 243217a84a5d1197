"""An account's own tokens, and the JS-SDK ticket.

Official pages: developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_access_token.html,
getStableAccessToken.html; OA_Web_Apps/JS-SDK.html (appendix 1); read 2026-09.
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import crypto, tokens
from wxsandbox.accounts import Account, Component
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.routes import Route
from wxsandbox.validate import read, read_query

API = "api.weixin.qq.com"
PAGES = "https://developers.weixin.qq.com/doc/offiaccount"
DATE = "2026-09"
Text = Annotated[str, msgspec.Meta(min_length=1)]
CODES = {"grant_type": 40002, "appid": 41002, "secret": 41004, "force_refresh": 47001, "type": 40097}
LAST_MINUTES = 300
FORCE_PAUSE_SECONDS = 30
FORCED_PER_DAY = 20
WEB_SET = 4


class Credential(msgspec.Struct):
    """Query of /cgi-bin/token."""

    grant_type: Text
    appid: Text
    secret: Text


class Stable(msgspec.Struct):
    """Body of stable_token."""

    grant_type: Text
    appid: Text
    secret: Text
    force_refresh: bool = False


class TicketQuery(msgspec.Struct):
    """Query of getticket."""

    type: Text
    access_token: str = ""


class JsTicket(msgspec.Struct):
    """A jsapi or wx_card ticket of an account."""

    id: str  # type:appid
    value: str
    expires_at: float


class Forced(msgspec.Struct):
    """Forced stable tokens of an account on one day."""

    id: str  # appid
    day: int
    count: int
    last: float


def known_account(call: Call, appid: str, secret: str, grant_type: str) -> Account:
    """Find an account by its credential; raises 40002, 40013, 61024, 40125, 40164."""
    if grant_type != "client_credential":
        raise WxError(40002)
    account = call.box.state.table(Account).get(appid)
    if account is None:
        raise WxError(61024 if call.box.state.table(Component).get(appid) else 40013)
    call.appid = appid
    if not crypto.same(account.secret, secret):
        raise WxError(40125)
    if account.ip_whitelist and call.address not in account.ip_whitelist:
        words = f"invalid ip {call.address} ipv6 ::ffff:{call.address}, not in whitelist"
        raise WxError(40164, words)
    return account


async def token(call: Call) -> Any:
    """Issue an access_token; the one before works on for 5 minutes."""
    query = read_query(call.query, Credential, CODES)
    account = known_account(call, query.appid, query.secret, query.grant_type)
    issued = tokens.issue(call.box, "mp", account.appid)
    return {"access_token": issued.id, "expires_in": tokens.LIFETIME}


async def stable_token(call: Call) -> Any:
    """Return the stable access_token, renewed in its last 5 minutes or by force."""
    body = read(call.body, Stable, CODES)
    box = call.box
    account = known_account(call, body.appid, body.secret, body.grant_type)
    now = box.clock.now()
    known = tokens.current(box, "stable", account.appid)
    if body.force_refresh and may_force(call, account.appid):
        tokens.kill(box, "stable", account.appid)
        known = None
    if known is None or known.expires_at - now <= LAST_MINUTES:
        known = tokens.issue(box, "stable", account.appid)
    return {"access_token": known.id, "expires_in": int(known.expires_at - now)}


def may_force(call: Call, appid: str) -> bool:
    """Count a forced renewal; within 30 s of the last it is not carried out, past 20 a day it raises 45009."""
    box = call.box
    forced = box.state.table(Forced)
    now = box.clock.now()
    day = int((now + 8 * 3600) // 86400)
    kept = forced.get(appid)
    if kept is None or kept.day != day:
        kept = Forced(appid, day, 0, kept.last if kept else 0.0)
    if now - kept.last < FORCE_PAUSE_SECONDS:
        return False
    if kept.count >= FORCED_PER_DAY:
        raise WxError(45009)
    forced.put(Forced(appid, day, kept.count + 1, now))
    return True


async def getticket(call: Call) -> Any:
    """Return the account's jsapi or wx_card ticket."""
    account = tokens.account_call(call, WEB_SET)
    query = read_query(call.query, TicketQuery, CODES)
    if query.type not in ("jsapi", "wx_card"):
        raise WxError(40097)
    box = call.box
    now = box.clock.now()
    ticket = js_ticket(call, query.type, account.appid)
    return {"errcode": 0, "errmsg": "ok", "ticket": ticket.value, "expires_in": max(1, int(ticket.expires_at - now))}


def js_ticket(call: Call, kind: str, appid: str) -> JsTicket:
    """Return the ticket in force, a new one when the old one ended."""
    box = call.box
    tickets = box.state.table(JsTicket)
    known = tickets.get(f"{kind}:{appid}")
    if known is None or known.expires_at <= box.clock.now():
        value = box.dice.text(86)
        known = tickets.put(JsTicket(f"{kind}:{appid}", value, box.clock.now() + tokens.LIFETIME))
    return known


async def callback_ip(call: Call) -> Any:
    """List the addresses callbacks come from."""
    tokens.account_call(call)
    return {"ip_list": ["127.0.0.1"]}


ROUTES = (
    Route(
        API, "GET", "/cgi-bin/token", token, f"{PAGES}/Basic_Information/Get_access_token.html", DATE, Credential,
        (40002, 40013, 40125, 40164, 41002, 41004, 61024),
    ),
    Route(
        API, "POST", "/cgi-bin/stable_token", stable_token,
        f"{PAGES}/Basic_Information/getStableAccessToken.html", DATE, Stable, (40002, 40013, 40125, 45009, 47001),
    ),
    Route(
        API, "GET", "/cgi-bin/ticket/getticket", getticket, f"{PAGES}/OA_Web_Apps/JS-SDK.html", DATE, TicketQuery,
        (40001, 40097, 41001, 42001, 61007),
    ),
    Route(
        API, "GET", "/cgi-bin/getcallbackip", callback_ip,
        f"{PAGES}/Basic_Information/Get_the_WeChat_server_IP_address.html", DATE, None, (40001, 41001, 42001),
    ),
)  # fmt: skip

"""Access tokens: issued, replaced with an overlap, expired, and checked on every call."""

from typing import TYPE_CHECKING

import msgspec

from wxsandbox import quotas
from wxsandbox.accounts import Account, Authorization, Component, grant_id
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.people import settings

if TYPE_CHECKING:
    from wxsandbox.box import Box

LIFETIME = 7200
SHORTEST = 20
KEEP = 4


class Token(msgspec.Struct, kw_only=True):
    """An access token. `kind`: mp, stable, component, authorizer or oauth; `dead_at` is the end of the overlap
    after it was replaced."""

    id: str
    seq: int
    kind: str
    appid: str
    expires_at: float
    component: str = ""
    dead_at: float = 0.0
    owner: str = ""  # kind:component:appid


def issue(box: "Box", kind: str, appid: str, *, component: str = "", seconds: float = LIFETIME) -> Token:
    """Issue a token; an older one of the same kind and owner works on for the overlap (5 minutes)."""
    tokens = box.state.table(Token)
    now = box.clock.now()
    owner = f"{kind}:{component}:{appid}"
    others = tokens.by("owner", owner)
    for old in others:
        if not old.dead_at:
            old.dead_at = now + settings(box).token_overlap_seconds
            tokens.put(old)
    for old in others[: -KEEP + 1]:
        tokens.delete(old.id)
    seq = box.state.next("token")
    id = f"{40 + seq % 60}_{box.dice.text(134)}"
    return tokens.put(
        Token(id=id, seq=seq, kind=kind, appid=appid, expires_at=now + seconds, component=component, owner=owner)
    )


def current(box: "Box", kind: str, appid: str, *, component: str = "") -> Token | None:
    """Return the newest token of an owner if it is still good."""
    found = box.state.table(Token).by("owner", f"{kind}:{component}:{appid}")
    now = box.clock.now()
    return found[-1] if found and found[-1].expires_at > now and not found[-1].dead_at else None


def kill(box: "Box", kind: str, appid: str, *, component: str = "") -> None:
    """Make every token of an owner useless at once."""
    tokens = box.state.table(Token)
    for token in tokens.by("owner", f"{kind}:{component}:{appid}"):
        tokens.delete(token.id)


def good(box: "Box", value: str, *, missing: int = 41001) -> Token:
    """Check a token; raises 41001 missing, 40014 malformed, 42001 expired, 40001 unknown or replaced."""
    token = box.state.table(Token).get(value)
    if token is None:
        if not value:
            raise WxError(missing)
        raise WxError(40014 if len(value) < SHORTEST else 40001)
    now = box.clock.now()
    if token.dead_at and now > token.dead_at:
        raise WxError(40001)
    if now >= token.expires_at:
        raise WxError(42001)
    return token


def component_call(call: Call) -> Component:
    """Check the component token of a call (either parameter name) and return the component."""
    value = call.query.get("component_access_token") or call.query.get("access_token", "")
    token = good(call.box, value)
    if token.kind != "component":
        raise WxError(61014)
    component = call.box.state.table(Component).get(token.appid)
    if component is None:
        raise WxError(61011)
    call.appid = token.appid
    return component


def account_call(call: Call, *sets: int) -> Account:
    """Check the token of a call on an account: its own, or an authorizer token with one of the permission sets.

    Raises 61015 for a component token, 61007 when the account withdrew or granted none of the sets (48001 when set so),
    45009 and 45011 when the account called too often.
    """
    box = call.box
    token = good(box, call.query.get("access_token", ""))
    call.appid = token.appid
    if token.kind == "component":
        raise WxError(61015)
    if token.kind == "oauth":
        raise WxError(40001)
    if token.kind == "authorizer":
        grant = box.state.table(Authorization).get(grant_id(token.component, token.appid))
        if grant is None or not grant.active:
            raise WxError(61007)
        if sets and not set(sets) & set(grant.func_ids):
            raise WxError(settings(box).ungranted_errcode)
    account = box.state.table(Account).get(token.appid)
    if account is None:
        raise WxError(40013)
    quotas.count(box, account.appid, call.path)
    return account

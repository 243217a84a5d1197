"""Authorization of an account to a third-party platform: granted, changed, withdrawn, and who is told."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account, Authorization, Component, grant_id
from wxsandbox.open import sets
from wxsandbox.open.tickets import push_event
from wxsandbox.people import settings

if TYPE_CHECKING:
    from wxsandbox.box import Box


KEEP = 20


class PreAuthCode(msgspec.Struct, kw_only=True):
    """A pre_auth_code; `result` is where the PC page goes once the phone has authorized."""

    id: str
    seq: int
    component: str
    expires_at: float
    result: str = ""
    appid: str = ""


class AuthCode(msgspec.Struct, kw_only=True):
    """An authorization_code: one use."""

    id: str
    seq: int
    component: str
    appid: str
    expires_at: float
    used: bool = False


def grant(
    box: "Box", component: Component, account: Account, func_ids: list[int], *, pre_auth_code: str, quiet: bool = False
) -> AuthCode:
    """Let an account authorize a platform: a code for the redirect, and, unless quiet, an event by its race setting."""
    grants = box.state.table(Authorization)
    id = grant_id(component.id, account.appid)
    known = grants.get(id)
    now = box.clock.seconds()
    refresh_token = known.refresh_token if known and known.active else "refreshtoken@@@" + box.dice.text(43)
    same = known is not None and known.active and sorted(known.func_ids) == sorted(func_ids)
    updated = known is not None and known.active
    if not updated:
        tokens.kill(box, "authorizer", account.appid, component=component.id)
    grants.put(
        Authorization(
            id=id,
            component=component.id,
            appid=account.appid,
            refresh_token=refresh_token,
            func_ids=sorted(func_ids),
            auth_time=known.auth_time if known and known.active else now,
            seq=known.seq if known else box.state.next("grant"),
        )
    )
    seconds = settings(box).auth_code_seconds
    codes = box.state.table(AuthCode)
    for old in codes.by("appid", account.appid)[:-KEEP]:
        codes.delete(old.id)
    code = AuthCode(
        id="queryauthcode@@@" + box.dice.text(86),
        seq=box.state.next("authcode"),
        component=component.id,
        appid=account.appid,
        expires_at=box.clock.now() + seconds,
    )
    codes.put(code)
    if component.event_url and not same and not quiet:
        fields = {
            "AuthorizerAppid": account.appid,
            "AuthorizationCode": code.id,
            "AuthorizationCodeExpiredTime": now + seconds,
            "PreAuthCode": pre_auth_code,
        }
        delay = 2.0 if component.race == "redirect_first" else 0.0
        push_event(box, component, "updateauthorized" if updated else "authorized", fields, delay_seconds=delay)
    return code


def held(box: "Box", component: str, appid: str) -> dict[int, Component]:
    """Say which exclusive sets of an account other platforms have, and nobody else can until they let go."""
    platforms = box.state.table(Component)
    return {
        id: other
        for grant in box.state.table(Authorization).by("appid", appid)
        if grant.active and grant.component != component and (other := platforms.get(grant.component))
        for id in grant.func_ids
        if id in sets.EXCLUSIVE
    }


def withdraw(box: "Box", component: Component, appid: str, *, quiet: bool = False) -> bool:
    """Take the grant back: tokens die at once and the platform hears `unauthorized`. False if there was none."""
    grants = box.state.table(Authorization)
    known = grants.get(grant_id(component.id, appid))
    if known is None or not known.active:
        return False
    known.active = False
    grants.put(known)
    if component.event_url and not quiet:
        push_event(box, component, "unauthorized", {"AuthorizerAppid": appid})
    return True


def active(box: "Box", component: str, appid: str) -> Authorization | None:
    """Return the grant in force, or None."""
    known = box.state.table(Authorization).get(grant_id(component, appid))
    return known if known and known.active else None


def issue(box: "Box", known: Authorization) -> tokens.Token:
    """Issue an authorizer_access_token under a grant."""
    return tokens.issue(box, "authorizer", known.appid, component=known.component)


def with_query(url: str, **extra: str | int) -> str:
    """Add parameters to an address, keeping those it has; the fragment stays last."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True) + [(k, str(v)) for k, v in extra.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))

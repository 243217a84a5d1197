"""Web OAuth as state: codes, web tokens, consents, and which addresses a code may be sent to."""

from typing import TYPE_CHECKING

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account, Component
from wxsandbox.http import host_of, is_loopback
from wxsandbox.people import Fan, Person, fan

if TYPE_CHECKING:
    from wxsandbox.box import Box

CODE_SECONDS = 300
REFRESH_SECONDS = 30 * 86400
KEEP = 20


class OAuthCode(msgspec.Struct, kw_only=True):
    """A code in a redirect: one use, five minutes."""

    id: str
    seq: int
    appid: str
    person: str
    openid: str
    scope: str
    expires_at: float
    component: str = ""
    snapshot: bool = False
    used: bool = False
    owner: str = ""


class WebToken(msgspec.Struct, kw_only=True):
    """A web access_token with its refresh_token."""

    id: str
    seq: int
    refresh_token: str
    appid: str
    person: str
    openid: str
    scope: str
    expires_at: float
    refresh_until: float
    component: str = ""
    snapshot: bool = False
    owner: str = ""


def domain_allows(account: Account, component: Component | None, url: str) -> bool:
    """Tell whether a code may go to this address: the account's domain, or the platform's; loopback always."""
    host = host_of(url)
    if is_loopback(host):
        return True
    if not url.startswith("https://") and not url.startswith("http://"):
        return False
    allowed = component.dev_domain if component else account.oauth_domain
    domains = [d.strip().replace("$APPID$", account.appid).lower() for d in allowed.split(";") if d.strip()]
    return host in domains


def issue_code(box: "Box", account: Account, person: Person, scope: str, *, component: str = "") -> OAuthCode:
    """Issue a code; a snapshot visitor gets a virtual openid."""
    one = fan(box, person.id, account.appid)
    codes = box.state.table(OAuthCode)
    owner = one.id
    for old in codes.by("owner", owner)[:-KEEP]:
        codes.delete(old.id)
    snapshot = account.snapshot or person.snapshot
    openid = "o" + box.dice.text(27) if snapshot else one.openid
    return codes.put(
        OAuthCode(
            id="0" + box.dice.text(31),
            seq=box.state.next("oauthcode"),
            appid=account.appid,
            person=person.id,
            openid=openid,
            scope=scope,
            expires_at=box.clock.now() + CODE_SECONDS,
            component=component,
            snapshot=snapshot,
            owner=owner,
        )
    )


def issue_token(box: "Box", code: OAuthCode) -> WebToken:
    """Exchange a checked code for a web token."""
    webs = box.state.table(WebToken)
    for old in webs.by("owner", code.owner)[:-KEEP]:
        webs.delete(old.id)
    now = box.clock.now()
    seq = box.state.next("webtoken")
    return webs.put(
        WebToken(
            id=f"{40 + seq % 60}_{box.dice.text(90)}",
            seq=seq,
            refresh_token=f"{40 + seq % 60}_{box.dice.text(90)}",
            appid=code.appid,
            person=code.person,
            openid=code.openid,
            scope=code.scope,
            expires_at=now + tokens.LIFETIME,
            refresh_until=now + REFRESH_SECONDS,
            component=code.component,
            snapshot=code.snapshot,
            owner=code.owner,
        )
    )


def silent(box: "Box", one: Fan, *, force_popup: bool) -> bool:
    """Tell whether snsapi_userinfo needs no page: a follower who came from the account's own chat."""
    return not force_popup and one.subscribed and one.in_chat_until > box.clock.now()

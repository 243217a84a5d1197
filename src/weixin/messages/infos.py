"""What WeChat tells a third-party platform itself: tickets, and accounts that come and go.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/component_verify_ticket.html
(2026-11)
"""

from dataclasses import dataclass
from typing import TypeAlias

from weixin.messages.fields import number, text, words
from weixin.safexml import Fields

# Expiry times above this are absolute; WeChat's page calls them a duration, live traffic sends a date.
_ABSOLUTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """The component_verify_ticket, pushed every ten minutes."""

    component: str
    created_at: int
    ticket: str

    def __repr__(self) -> str:
        """Leave the ticket out: it is a secret."""
        return f"Ticket(component={self.component!r}, created_at={self.created_at})"


@dataclass(frozen=True, slots=True)
class Authorized:
    """An account authorized the platform, or (`updated`) changed its grants; `code` buys its tokens once."""

    component: str
    created_at: int
    appid: str
    code: str
    code_expires_at: int
    pre_auth_code: str
    updated: bool

    def __repr__(self) -> str:
        """Leave the codes out: they are secrets until used."""
        return f"Authorized(appid={self.appid!r}, created_at={self.created_at}, updated={self.updated})"


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """An account withdrew; its tokens are void."""

    component: str
    created_at: int
    appid: str


@dataclass(frozen=True, slots=True)
class OtherInfo:
    """Another push to the platform itself (registrations, audits)."""

    component: str
    created_at: int
    info_type: str


Info: TypeAlias = Ticket | Authorized | Unauthorized | OtherInfo


def read(fields: Fields) -> Info:
    """Give a push to the platform its type; raises BadMessage when a field is missing."""
    component, created, kind = (
        text(fields, "AppId"),
        number(fields, "CreateTime"),
        text(fields, "InfoType"),
    )
    if kind == "component_verify_ticket":
        return Ticket(component, created, text(fields, "ComponentVerifyTicket"))
    if kind in ("authorized", "updateauthorized"):
        expires = number(fields, "AuthorizationCodeExpiredTime")
        return Authorized(
            component,
            created,
            text(fields, "AuthorizerAppid"),
            text(fields, "AuthorizationCode"),
            expires if expires > _ABSOLUTE else created + expires,
            words(fields, "PreAuthCode"),
            updated=kind == "updateauthorized",
        )
    if kind == "unauthorized":
        return Unauthorized(component, created, text(fields, "AuthorizerAppid"))
    return OtherInfo(component, created, kind)

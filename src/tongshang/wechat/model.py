"""What the WeChat context is made of: the component, accounts, and the permission sets by name."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b, sha256

TICKET_LIFE = timedelta(hours=12)
BUCKETS = 64
CALLBACK_MAX_AGE_SECONDS = 600


class Mode(StrEnum):
    """How we act for an account: through the third-party platform, or with its own secret."""

    COMPONENT = "component"
    OWN = "own"


class AccountState(StrEnum):
    """Whether an account lets us act for it."""

    AUTHORIZED = "authorized"
    WITHDRAWN = "withdrawn"


class GrantState(StrEnum):
    """What became of an authorization code."""

    NEW = "new"
    DONE = "done"
    # Another merchant has the account.
    REFUSED = "refused"
    # WeChat no longer takes the code; a fresh authorization is needed.
    LOST = "lost"


@dataclass(frozen=True)
class Component:
    """Our third-party platform, its keys opened."""

    appid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    previous_aes_key: str | None = field(repr=False)
    ticket: str | None = field(repr=False)
    ticket_at: datetime | None


@dataclass(frozen=True)
class Account:
    """A merchant's Official Account."""

    appid: str
    mode: Mode
    component_appid: str | None
    state: AccountState
    user_name: str
    nick_name: str
    head_img: str
    principal_name: str
    service_type: int
    verify_type: int
    permissions: list[int]
    authorized_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Permission:
    """A permission set (contract A6): WeChat's number, its names, and whether the main job needs it."""

    id: int
    zh: str
    en: str
    needed: bool = False


PERMISSIONS = (
    Permission(1, "消息管理", "Messages", needed=True),
    Permission(2, "用户管理", "Users", needed=True),
    Permission(3, "帐号服务（二维码）", "Account service (QR codes)", needed=True),
    Permission(4, "网页服务（网页授权、JS-SDK）", "Web service (OAuth, JS-SDK)", needed=True),
    Permission(15, "自定义菜单", "Custom menu", needed=True),
    Permission(6, "多客服", "Customer service accounts"),
    Permission(7, "群发与通知", "Mass send and notices"),
    Permission(8, "微信卡券", "Cards and coupons"),
    Permission(9, "微信扫一扫", "Scan"),
    Permission(11, "素材管理", "Materials"),
    Permission(13, "微信门店", "Stores"),
    Permission(33, "小程序链接", "Mini program links"),
)


def bucket_of(appid: str) -> int:
    """Say which bucket of the inbox an account's pushes go to; the same in every process."""
    return blake2b(appid.encode(), digest_size=2).digest()[0] % BUCKETS


def digest(secret: str) -> bytes:
    """Hash a random secret for keeping; it has entropy enough to need no salt."""
    return sha256(secret.encode()).digest()

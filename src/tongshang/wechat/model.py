"""What the WeChat context is made of: the component, accounts, grants."""

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
    previous_token: str | None = field(repr=False)
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


def bucket_of(appid: str) -> int:
    """Say which bucket of the inbox an account's pushes go to; the same in every process."""
    return blake2b(appid.encode(), digest_size=2).digest()[0] % BUCKETS


def digest(secret: str) -> bytes:
    """Hash a random secret for keeping; it has entropy enough to need no salt."""
    return sha256(secret.encode()).digest()

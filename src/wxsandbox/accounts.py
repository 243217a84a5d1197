"""Official Accounts and third-party platforms, as WeChat's back office knows them."""

from typing import Any

import msgspec

FUNC_IDS = (1, 2, 3, 4, 6, 7, 11, 15, 24, 27, 33, 89)
OPTIONS = {"location_report": "0", "voice_recognize": "0", "customer_service": "0"}
# (count, seconds) of custom messages after a kind of contact; count 0 means unlimited. Page of 2026-09.
WINDOWS = {
    "message": (5, 48 * 3600),
    "menu": (3, 60),
    "follow": (3, 60),
    "scan": (3, 60),
    "pay": (0, 48 * 3600),
}


class Push(msgspec.Struct):
    """Where an account with a server of its own receives messages. `mode`: plain, compatible or safe."""

    url: str
    token: str
    aes_key: str = ""
    mode: str = "plain"
    format: str = "xml"


class Account(msgspec.Struct, kw_only=True):
    """An Official Account (service_type 2: service account) or a mini program (kind "mini")."""

    id: str  # the appid
    user_name: str
    nick_name: str
    secret: str
    kind: str = "official"
    head_img: str = ""
    alias: str = ""
    principal_name: str = "沙盒商贸有限公司"
    signature: str = ""
    service_type: int = 2
    verify_type: int = 0
    open_appid: str = ""
    oauth_domain: str = ""
    js_domains: list[str] = []
    snapshot: bool = False  # visitors on the OAuth page are virtual "snapshot" users
    ip_whitelist: list[str] = []
    push: Push | None = None
    menu: dict[str, Any] | None = None
    options: dict[str, str] = msgspec.field(default_factory=lambda: dict(OPTIONS))
    seq: int = 0

    @property
    def appid(self) -> str:
        """Return the appid, by its usual name."""
        return self.id


class Component(msgspec.Struct, kw_only=True):
    """A third-party platform (第三方平台)."""

    id: str  # the component appid
    secret: str
    token: str
    aes_key: str
    event_url: str
    message_url: str  # holds $APPID$
    nick_name: str = "第三方平台"
    launch_domain: str = ""  # authorization start-page domain
    dev_domain: str = ""  # OAuth and JS-SDK domain, may hold $APPID$
    func_ids: list[int] = msgspec.field(default_factory=lambda: list(FUNC_IDS))
    ip_whitelist: list[str] = []  # empty: every address may call
    race: str = "both"  # push_first, redirect_first or both at once, after an authorization
    pre_auth_seconds: int = 600
    ticket: str = ""
    ticket_at: float = 0.0
    # The ticket before stays usable for its own twelve hours: it may be in somebody's hand while the new one travels.
    last_ticket: str = ""
    last_ticket_at: float = 0.0
    ticket_on: bool = True
    open_appid: str = ""
    seq: int = 0


class Authorization(msgspec.Struct, kw_only=True):
    """An account's grant to a component; kept with active=False after it was withdrawn."""

    id: str  # component:appid
    component: str
    appid: str
    refresh_token: str
    func_ids: list[int]
    auth_time: int
    active: bool = True
    seq: int = 0


class Settings(msgspec.Struct, kw_only=True):
    """Numbers on which WeChat's own pages disagree or which change: kept configurable."""

    id: str = "settings"
    windows: dict[str, tuple[int, int]] = msgspec.field(default_factory=lambda: dict(WINDOWS))
    # Per courier ("message", "component", ...): pauses between attempts, and how long an answer may take.
    pauses: dict[str, tuple[float, ...]] = {}
    deadline_seconds: dict[str, float] = {}
    ticket_seconds: int = 600
    token_overlap_seconds: int = 300
    auth_code_seconds: int = 3600
    # What a call outside the granted sets gets: the list of codes says 61007, live answers say 48001, too.
    ungranted_errcode: int = 61007


def grant_id(component: str, appid: str) -> str:
    """Return the id of the grant of an account to a component."""
    return f"{component}:{appid}"

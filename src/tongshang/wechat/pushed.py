"""What WeChat says of its own accord, as facts: jobs that ended, answers about notices, sessions, verification.

The numbers that name a job are WeChat's, as text: they have 64 bits.
"""

from typing import ClassVar
from uuid import UUID

import msgspec

from tongshang.platform.facts import Fact


class PushedFact(Fact, frozen=True):
    """What all have: the account, the openid WeChat names (a system's own, for some), and when."""

    appid: str
    openid: str
    at: int
    push: UUID | None = None


class ArticleUrl(msgspec.Struct, frozen=True):
    """Where one article of several was put; they count from 1."""

    article: int
    url: str


class CopyrightCheck(msgspec.Struct, frozen=True):
    """What the originality check said of one article."""

    article: int
    original_url: str
    original_type: str
    can_reprint: bool
    audit_state: str
    declared: str = ""
    must_replace: bool = False
    must_name_source: bool = False


class MassSendFinished(PushedFact, frozen=True, kw_only=True):
    """A mass send ended; `status`: send success, send fail, err(number). `check_state` 3: may not be sent."""

    kind: ClassVar[str] = "wechat.mass_send_finished"
    zh: ClassVar[str] = "群发结束：{status}，送达 {sent}，失败 {errors}"
    en: ClassVar[str] = "Mass send ended: {status}, {sent} sent, {errors} failed"
    msg_id: str
    status: str
    total: int = 0
    filtered: int = 0
    sent: int = 0
    errors: int = 0
    check_state: int = 0
    checks: list[CopyrightCheck] = []
    urls: list[ArticleUrl] = []


class PublishFinished(PushedFact, frozen=True, kw_only=True):
    """A publication ended; `status` 0 done, 2 originality, 3 failed, 4 audit, 5 deleted by the account, 6 banned."""

    kind: ClassVar[str] = "wechat.publish_finished"
    publish_id: str
    status: int
    article_id: str | None = None
    urls: list[ArticleUrl] = []
    failed: list[int] = []


class TemplateFinished(PushedFact, frozen=True, kw_only=True):
    """A template message arrived or did not; `status`: success, failed:user block, failed: system failed."""

    kind: ClassVar[str] = "wechat.template_finished"
    msg_id: str
    status: str


class Consent(msgspec.Struct, frozen=True):
    """What a person answered about one notice template: accept, reject, ban; `scene` is WeChat's number."""

    template_id: str
    answer: str
    scene: str | None = None


class SubscriptionAnswered(PushedFact, frozen=True, kw_only=True):
    """A person answered a prompt for notices (`changed`: in the account's settings, later)."""

    kind: ClassVar[str] = "wechat.subscription_answered"
    changed: bool
    answers: list[Consent] = []


class NoticeResult(msgspec.Struct, frozen=True):
    """What became of one notice; code 0 is delivered."""

    template_id: str
    msg_id: str
    code: str
    status: str


class SubscriptionSent(PushedFact, frozen=True, kw_only=True):
    """Subscription notices arrived or did not."""

    kind: ClassVar[str] = "wechat.subscription_sent"
    results: list[NoticeResult] = []


class KfSessionOpened(PushedFact, frozen=True, kw_only=True):
    """A customer-service session was created."""

    kind: ClassVar[str] = "wechat.kf_session_opened"
    kf_account: str


class KfSessionClosed(PushedFact, frozen=True, kw_only=True):
    """A customer-service session was closed."""

    kind: ClassVar[str] = "wechat.kf_session_closed"
    kf_account: str
    close_type: str | None = None


class KfSessionSwitched(PushedFact, frozen=True, kw_only=True):
    """A customer-service session went to somebody else."""

    kind: ClassVar[str] = "wechat.kf_session_switched"
    kf_account: str
    to: str


class SessionEntered(PushedFact, frozen=True, kw_only=True):
    """Somebody opened a mini program's customer-service session."""

    kind: ClassVar[str] = "wechat.session_entered"
    session_from: str


class PersonChanged(PushedFact, frozen=True, kw_only=True):
    """A person changed their profile, revoked an agreement (`revoked` 301: all), or closed their WeChat account.

    `change` is WeChat's event: user_info_modified, user_authorization_revoke, user_authorization_cancellation.
    """

    kind: ClassVar[str] = "wechat.person_changed"
    change: str
    who: str
    revoked: str | None = None


class AccountVerified(PushedFact, frozen=True, kw_only=True):
    """News of the account's verification; `event` is WeChat's name; unix seconds."""

    kind: ClassVar[str] = "wechat.account_verified"
    zh: ClassVar[str] = "公众号认证状态变化：{event}"
    en: ClassVar[str] = "The account's verification changed: {event}"
    event: str
    expires_at: int | None = None
    failed_at: int | None = None
    reason: str | None = None


class CardChanged(PushedFact, frozen=True, kw_only=True):
    """Something happened to a card or coupon of WeChat's own; `about` is the card, or the order of one.

    `more` is what else is told, by WeChat's names (Outer.Inner); so it is with the two below.
    """

    kind: ClassVar[str] = "wechat.card_changed"
    event: str
    about: str
    code: str | None = None
    reason: str | None = None
    more: dict[str, str] = {}


class PlaceChanged(PushedFact, frozen=True, kw_only=True):
    """Something happened in or to a store of WeChat's own: audits, shakes, Wi-Fi, orders."""

    kind: ClassVar[str] = "wechat.place_changed"
    event: str
    about: str
    result: str | None = None
    more: dict[str, str] = {}


class MiniProgramJudged(PushedFact, frozen=True, kw_only=True):
    """Something was decided about a mini program: its code, name, category, rights, or media sent for a check."""

    kind: ClassVar[str] = "wechat.mini_program_judged"
    event: str
    passed: bool | None = None
    reason: str | None = None
    trace_id: str | None = None
    more: dict[str, str] = {}


class DeviceSpoke(PushedFact, frozen=True, kw_only=True):
    """A device of the historic hardware platform spoke; `event` is bind, unbind …, `content` is base64."""

    kind: ClassVar[str] = "wechat.device_spoke"
    event: str | None = None
    device_type: str
    device_id: str
    content: str = ""
    session_id: str = ""

"""What WeChat says of its own accord: jobs that ended, customer-service sessions, verification, cards, stores.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html (2026-11)
https://developers.weixin.qq.com/doc/offiaccount/Publish/Callback_on_finish.html (2026-11)
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from weixin.messages.fields import count, maybe, part, rest, rows, text, values, words
from weixin.messages.said import Head, Said
from weixin.safexml import Fields


@dataclass(frozen=True, slots=True)
class TemplateFinished(Said):
    """A template message arrived or did not; `status`: success, failed:user block, failed: system failed."""

    msg_id: str
    status: str


@dataclass(frozen=True, slots=True)
class NoticeResult:
    """What became of one subscription notice; code 0 is delivered."""

    template_id: str
    msg_id: str
    code: str
    status: str


@dataclass(frozen=True, slots=True)
class SubscriptionSent(Said):
    """Subscription notices arrived or did not."""

    results: tuple[NoticeResult, ...]


@dataclass(frozen=True, slots=True)
class CopyrightCheck:
    """What the originality check said of one article; numbers as WeChat gives them."""

    article: int
    original_url: str
    original_type: str
    can_reprint: bool
    audit_state: str
    declared: str = ""
    must_replace: bool = False
    must_name_source: bool = False


@dataclass(frozen=True, slots=True)
class MassSendFinished(Said):
    """A mass send ended; `status`: send success, send fail, err(number). `check_state` 3: may not be sent."""

    msg_id: str
    status: str
    total: int
    filtered: int
    sent: int
    errors: int
    check_state: int
    checks: tuple[CopyrightCheck, ...]
    urls: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PublishFinished(Said):
    """A publication ended; `status` 0 done, 2 originality, 3 failed, 4 audit, 5 deleted, 6 banned; articles from 1."""

    publish_id: str
    status: int
    article_id: str | None
    urls: tuple[tuple[int, str], ...]
    failed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KfSession(Said):
    """A customer-service session was created, closed or switched; `other` is the account it went to."""

    change: str
    kf_account: str
    other: str | None
    close_type: str | None


@dataclass(frozen=True, slots=True)
class EnteredSession(Said):
    """Somebody opened a mini program's customer-service session."""

    session_from: str


@dataclass(frozen=True, slots=True)
class AccountVerified(Said):
    """News of the account's verification, `event` says which; unix seconds."""

    event: str
    expires_at: int | None
    failed_at: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class CardEvent(Said):
    """Something happened to a card or coupon of WeChat's own; `more` holds what else is told, by WeChat's names."""

    event: str
    card_id: str
    code: str | None
    reason: str | None
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceEvent(Said):
    """Something happened in or to a store of WeChat's own: audits, shakes, Wi-Fi, orders; `about` is its id."""

    event: str
    about: str
    result: str | None
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MiniProgramEvent(Said):
    """Something was decided about a mini program: its code, name, category, rights, or media sent for a check."""

    event: str
    passed: bool | None
    reason: str | None
    trace_id: str | None
    more: dict[str, str] = field(default_factory=dict)


def _sent(head: Head, fields: Fields) -> SubscriptionSent:
    found = rows(part(fields, "SubscribeMsgSentEvent") or fields, "List")
    names = ("TemplateId", "MsgID", "ErrorCode", "ErrorStatus")
    return SubscriptionSent(*head, tuple(NoticeResult(*(words(row, name) for name in names)) for row in found))


def _mass(head: Head, fields: Fields) -> MassSendFinished:
    check = part(fields, "CopyrightCheckResult")
    checks = tuple(
        CopyrightCheck(
            count(row, "ArticleIdx"), words(row, "OriginalArticleUrl"), words(row, "OriginalArticleType"),
            words(row, "CanReprint") == "1", words(row, "AuditState"), words(row, "UserDeclareState"),
            words(row, "NeedReplaceContent") == "1", words(row, "NeedShowReprintSource") == "1",
        )
        for row in _items(check, "ResultList")
    )  # fmt: skip
    urls = _items(part(fields, "ArticleUrlResult"), "ResultList")
    return MassSendFinished(
        *head,
        msg_id=text(fields, "MsgID"),
        status=words(fields, "Status"),
        total=count(fields, "TotalCount"),
        filtered=count(fields, "FilterCount"),
        sent=count(fields, "SentCount"),
        errors=count(fields, "ErrorCount"),
        check_state=count(check, "CheckState"),
        checks=checks,
        urls=tuple((count(row, "ArticleIdx"), words(row, "ArticleUrl")) for row in urls),
    )


def _published(head: Head, fields: Fields) -> PublishFinished:
    info = part(fields, "PublishEventInfo")
    items = rows(part(info, "article_detail"), "item")
    failed = tuple(int(one) for one in values(info, "fail_idx") if one.isascii() and one.isdigit() and len(one) < 4)
    urls = tuple((count(row, "idx"), words(row, "article_url")) for row in items)
    return PublishFinished(
        *head, text(info, "publish_id"), count(info, "publish_status"), maybe(info, "article_id"), urls, failed
    )


def _items(fields: Fields, name: str) -> list[Fields]:
    # XML wraps them in <item>, JSON has none.
    return rows(part(fields, name), "item") or [row for row in rows(fields, name) if "item" not in row]


def _session(head: Head, fields: Fields) -> KfSession:
    change = words(fields, "Event").lower().removeprefix("kf_").removesuffix("_session")
    account = maybe(fields, "KfAccount") or words(fields, "FromKfAccount")
    return KfSession(*head, change, account, maybe(fields, "ToKfAccount"), maybe(fields, "CloseType"))


def _verified(head: Head, fields: Fields) -> AccountVerified:
    expires, failed = count(fields, "ExpiredTime"), count(fields, "FailTime")
    event = words(fields, "Event").lower()
    return AccountVerified(*head, event, expires or None, failed or None, maybe(fields, "FailReason"))


def _first(fields: Fields, *names: str) -> tuple[str, str]:
    """Give the first of these fields that says something: its name and its words."""
    return next(((name, found) for name in names if (found := maybe(fields, name))), ("", ""))


def _card(head: Head, fields: Fields) -> CardEvent:
    name, about = _first(fields, "CardId", "OrderId", "SuccOrderId")
    why, reason = _first(fields, "RefuseReason", "Detail", "Reason")
    more = rest(fields, name, why, "UserCardCode")
    return CardEvent(*head, words(fields, "Event").lower(), about, maybe(fields, "UserCardCode"), reason or None, more)


def _poi(head: Head, fields: Fields) -> PlaceEvent:
    name, about = _first(fields, "PoiId", "OrderId", "ShopId", "PlaceId", "map_poi_id", "audit_id")
    how, result = _first(fields, "Result", "OrderStatus", "status")
    return PlaceEvent(*head, words(fields, "Event").lower(), about, result or None, rest(fields, name, how))


def _weapp(head: Head, fields: Fields) -> MiniProgramEvent:
    event = words(fields, "Event").lower()
    passed = {"weapp_audit_success": True, "weapp_audit_fail": False}.get(event)
    if event in ("wxa_nickname_audit", "wxa_category_audit"):
        passed = {"2": False, "3": True}.get(words(fields, "ret"))
    why, reason = _first(fields, "Reason", "reason", "illegal_reason", "punish_description")
    more = rest(fields, why, "trace_id", "ret")
    return MiniProgramEvent(*head, event, passed, reason or None, maybe(fields, "trace_id"), more)


CARDS = (
    "card_pass_check", "card_not_pass_check", "user_get_card", "user_gifting_card", "user_del_card",
    "user_consume_card", "user_pay_from_pay_cell", "user_view_card", "user_enter_session_from_card",
    "update_member_card", "submit_membercard_user_info", "card_sku_remind", "card_pay_order",
    "card_merchant_check_result", "giftcard_pay_done", "giftcard_send_to_friend", "giftcard_user_accept",
    "user_authorize_invoice", "update_invoice_status", "cloud_invoice_invoiceresult_event",
)  # fmt: skip
VERIFICATIONS = (
    "qualification_verify_success", "qualification_verify_fail", "naming_verify_success", "naming_verify_fail",
    "annual_renew", "verify_expired",
)  # fmt: skip
PLACES = ("poi_check_notify", "merchant_order", "shakearoundusershake", "wificonnected", "create_map_poi_audit_info")
MINI_PROGRAMS = (
    "weapp_audit_success", "weapp_audit_fail", "weapp_audit_delay", "wxa_media_check", "wxa_nickname_audit",
    "wxa_category_audit", "wxa_privacy_apply", "wxa_illegal_record", "wxa_appeal_record", "guide_qrcode_scan",
)  # fmt: skip
EVENTS: dict[str, Callable[[Head, Fields], Said]] = {
    "templatesendjobfinish": lambda h, f: TemplateFinished(*h, text(f, "MsgID"), words(f, "Status")),
    "subscribe_msg_sent_event": _sent,
    "masssendjobfinish": _mass,
    # The page once printed the other name; live traffic has the first.
    "publishjobfinish": _published,
    "freepublishjobfinish": _published,
    **dict.fromkeys(("kf_create_session", "kf_close_session", "kf_switch_session"), _session),
    "user_enter_tempsession": lambda h, f: EnteredSession(*h, words(f, "SessionFrom")),
    **dict.fromkeys(VERIFICATIONS, _verified),
    **dict.fromkeys(CARDS, _card),
    **dict.fromkeys(PLACES, _poi),
    **dict.fromkeys(MINI_PROGRAMS, _weapp),
}
"""How each event of WeChat's own is read; names in lower case."""

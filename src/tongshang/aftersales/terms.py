"""How long each side has, and why one may ask: dated data with its sources. Pure.

Editing a term is adding a line; what happened under the old one stays explained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tongshang.aftersales.model import Kind, S


@dataclass(frozen=True)
class Terms:
    """How long each side has from a day on; what then happens by itself is in `decide`."""

    since: datetime
    answer_within: timedelta
    send_within: timedelta
    check_within: timedelta
    refund_within: timedelta
    receive_within: timedelta
    call_within: timedelta
    no_reason_within: timedelta
    ask_within: timedelta
    sources: tuple[tuple[str, str], ...]

    def clock(self, state: S) -> timedelta | None:
        """Say how long a state lasts before it decides by itself; None where somebody else's word ends it."""
        found: Mapping[S, timedelta] = {
            S.ASKED: self.answer_within,
            S.AGREED: self.send_within,
            S.RETURNING: self.check_within,
            S.RECEIVED: self.refund_within,
            S.REPLACED: self.receive_within,
            S.REFUSED: self.call_within,
        }
        return found.get(state)


HISTORY = (
    Terms(
        since=datetime(2014, 3, 15, tzinfo=UTC),
        answer_within=timedelta(hours=48),
        send_within=timedelta(days=7),
        # The law counts seven days from the goods' arrival; when they arrived is not known for sure, so they count
        # from when the customer said that he sent them.
        check_within=timedelta(days=7),
        refund_within=timedelta(days=2),
        receive_within=timedelta(days=10),
        call_within=timedelta(days=7),
        no_reason_within=timedelta(days=7),
        ask_within=timedelta(days=15),
        sources=(
            (
                "《消费者权益保护法》（2013）第二十五条：收货七日内无理由退货，收到退货七日内返还价款",
                "Consumer Rights Protection Law (2013), art. 25: return within 7 days of receipt without a reason,"
                " price back within 7 days of the goods' arrival",
            ),
            (
                "《网络购买商品七日无理由退货暂行办法》（2017，2020-10-23 修订）第七、十、十四条",
                "Interim measures for 7-day returns of goods bought online (SAIC order 90, 2017; changed 2020-10-23),"
                " art. 7, 10, 14",
            ),
            (
                "《消费者权益保护法》第二十四条：质量不符七日内退货；三包：十五日内换货",
                "Consumer Rights Protection Law, art. 24: 7 days to return faulty goods; three guarantees: exchange"
                " within 15 days",
            ),
            (
                "平台默认：商家 48 小时内处理、买家 7 天内寄回、7 天内可申请平台介入、换货 10 天自动确认",
                "House defaults: 48 h to answer, 7 days to send, 7 days to call the provider, 10 days to receive",
            ),
        ),
    ),
)


def at(moment: datetime, history: tuple[Terms, ...] = HISTORY) -> Terms:
    """Give the terms in force at a moment."""
    return max((terms for terms in history if terms.since <= moment), key=lambda terms: terms.since)


@dataclass(frozen=True)
class Reason:
    """Why somebody asks; `sent` says whether it makes sense before sending (False), after (True), or both (None)."""

    code: str
    zh: str
    en: str
    kinds: tuple[Kind, ...]
    sent: bool | None = None
    pictures: bool = False
    fault: bool = False
    """The merchant's fault: of a whole order the freight goes back, too."""
    no_reason: bool = False
    money: bool = False
    """Only money goes back: the goods stay with the customer, or are still sent to him."""


R, RR, X, SELLER = Kind.REFUND_ONLY, Kind.RETURN, Kind.EXCHANGE, Kind.SELLER
REASONS = (
    Reason("not_wanted", "多拍、错拍或不想要了", "Ordered by mistake, or not wanted any more", (R,), sent=False),
    Reason("late", "未按约定时间发货", "Not sent when promised", (R,), sent=False, fault=True),
    Reason(
        "changed_mind", "七天无理由退货", "Return within 7 days, no reason needed", (RR,), sent=True, no_reason=True
    ),
    Reason("not_received", "未收到货", "Never arrived", (R,), sent=True, fault=True),
    Reason("damaged", "商品破损", "Arrived broken", (R, RR, X), sent=True, pictures=True, fault=True),
    Reason("wrong", "发错货或少件", "Wrong or missing pieces", (R, RR, X), sent=True, pictures=True, fault=True),
    Reason("quality", "质量问题", "Faulty", (R, RR, X), sent=True, pictures=True, fault=True),
    Reason("not_as_described", "与描述不符", "Not as described", (R, RR, X), sent=True, pictures=True, fault=True),
    Reason("size", "规格或尺码不合适", "Does not fit", (X,), sent=True),
    Reason("agreed", "与商家协商一致", "Agreed with the shop", (R, RR, X)),
    Reason("out_of_stock", "缺货无法发出", "Out of stock", (SELLER,), fault=True),
    Reason("price_gap", "补差价", "Price difference", (SELLER,), money=True),
    Reason("goodwill", "补偿", "Goodwill", (SELLER,), money=True),
    Reason("other", "其他", "Other", (R, RR, X, SELLER)),
)
BY_CODE = {reason.code: reason for reason in REASONS}


def reasons(kind: Kind, *, sent: bool) -> list[Reason]:
    """List the reasons one may give for a kind of case."""
    return [one for one in REASONS if kind in one.kinds and one.sent in (None, sent)]

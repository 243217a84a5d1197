"""A report and its life cycle, and what to do about what WeChat answers. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tongshang.platform.machine import Machine


class R(StrEnum):
    """Where a report stands."""

    DUE = "due"
    SENT = "sent"
    REFUSED = "refused"


REPORT = Machine(
    start=R.DUE,
    moves={
        "send": {R.DUE: R.SENT},
        "refuse": {R.DUE: R.REFUSED},
        "again": {R.REFUSED: R.DUE},
        "correct": {R.SENT: R.DUE},  # once: a CHECK counts
    },
)
COLUMNS = """id, order_id, transaction_id, openid, state, corrections, said, code, words, due_at, tried_at, sent_at"""


@dataclass(frozen=True)
class Reported:
    """What WeChat is to be told, or was, of one payment."""

    id: UUID
    order_id: UUID
    transaction_id: str
    openid: str
    state: R
    corrections: int
    said: dict[str, Any] | None
    code: int
    words: str
    due_at: datetime
    tried_at: datetime | None
    sent_at: datetime | None


# What to do, by the code that WeChat answers with (table of codes of order-shipping.html, 2026-11).
OWN_CONSOLE = ("请到小程序后台核对或录入。", "Compare, or enter it, in WeChat's own console.")
TO_DO: dict[int, tuple[str, str]] = {
    10060001: (
        "微信查不到这笔支付：确认支付账号的 AppID 就是已授权的小程序，然后重试。",
        "WeChat does not know this payment: see that it was paid with the authorized mini program, then try again.",
    ),
    10060003: (f"唯一一次更正已经用过，{OWN_CONSOLE[0]}", f"The one correction was used. {OWN_CONSOLE[1]}"),
    10060004: (
        "微信认为这笔支付不能发货（多半已退款），无需再上传。",
        "WeChat will not have it shipped, mostly because it was refunded; there is nothing to do.",
    ),
    10060005: (
        "微信不认识快递公司或单号：改正包裹后重试。",
        "WeChat does not know the carrier or the number: put the parcel right, then try again.",
    ),
    10060014: ("参数不全：顺丰需要收件人电话，补全后重试。", "SF needs the receiver's phone; then try again."),
    10060023: ("内容与上次相同，微信没有更新。", "Nothing is different from what was told before."),
    10060024: (f"包裹超过 15 个，{OWN_CONSOLE[0]}", f"More than 15 parcels. {OWN_CONSOLE[1]}"),
    10060031: (f"付款人与订单不符，{OWN_CONSOLE[0]}", f"Somebody else paid. {OWN_CONSOLE[1]}"),
    61007: (
        "授权缺少发货信息管理权限（权限集 142），请重新授权后重试。",
        "The authorization lacks permission set 142: authorize again, then try again.",
    ),
}
OTHER = (
    "请按微信的提示改正后重试，或到小程序后台录入。",
    f"Put right what WeChat says, then try again. {OWN_CONSOLE[1]}",
)


def to_do(code: int) -> tuple[str, str]:
    """Say what to do about a refusal, in Chinese and English."""
    return TO_DO.get(code, OTHER)

"""What WeChat Pay allows of merchant transfers, and what each may be for; dated data with its sources.

Which scenes a merchant has, and how much a transfer may be, is settled at WeChat's own desk: what stands here is what
everybody gets at first, and what nobody may go beyond.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tongshang.platform.money import Fen


@dataclass(frozen=True)
class Report:
    """Something that must be reported: WeChat's fixed name of it, and what to write there."""

    type: str
    en: str
    hint_zh: str
    hint_en: str


@dataclass(frozen=True)
class Reason:
    """What a pay-out may be for: WeChat's scene, what the person sees, and what is reported to WeChat alone."""

    key: str
    scene_id: str
    zh: str
    en: str
    shows: str
    reports: tuple[Report, ...]
    packet: bool = False


@dataclass(frozen=True)
class Limits:
    """What is allowed from a day on."""

    since: datetime
    least_fen: Fen
    # What a merchant may give at once before it asks WeChat for more, and what we let it give in a day at first.
    most_fen: Fen
    day_fen: Fen
    packet_most_fen: Fen
    name_from_fen: Fen
    name_never_below_fen: Fen
    taken_within: timedelta
    known_for: timedelta
    remark_most: int
    report_most: int
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...]

    def reason(self, key: str) -> Reason | None:
        """Find a reason."""
        return next((one for one in self.reasons if one.key == key), None)


MARKETING = Reason(
    "marketing", "1000", "活动奖励", "Reward of a campaign", "活动奖励",
    (
        Report("活动名称", "Campaign", "如：新会员有礼", "e.g. a gift for new members"),
        Report("奖励说明", "What the reward is for", "如：注册会员抽奖一等奖", "e.g. first prize of the draw"),
    ),
    packet=True,
)  # fmt: skip
COMMISSION = Reason(
    "commission", "1005", "佣金报酬", "Commission", "劳务报酬",
    (
        Report("岗位类型", "Kind of work", "如：推广员", "e.g. promoter"),
        Report("报酬说明", "What it is paid for", "如：11 月推广佣金", "e.g. commission for November"),
    ),
)  # fmt: skip
COMPENSATION = Reason(
    "compensation", "1011", "退款与赔付", "Refund or compensation", "退款",
    (Report("赔付原因", "Why it is paid", "如：商品破损补偿", "e.g. the goods were broken"),),
)  # fmt: skip
HISTORY = (
    Limits(
        since=datetime(2025, 1, 15, tzinfo=UTC),
        least_fen=10,
        most_fen=20_000,
        # Ours: WeChat's own is set at its desk, and answers "超出商户单日转账额度".
        day_fen=1_000_000,
        packet_most_fen=20_000,
        name_from_fen=200_000,
        name_never_below_fen=30,
        taken_within=timedelta(hours=24),
        known_for=timedelta(days=30),
        remark_most=32,
        report_most=32,
        reasons=(MARKETING, COMMISSION, COMPENSATION),
        sources=(
            "https://pay.weixin.qq.com/doc/v3/merchant/4012711988 (product, scenes and reports, 2025-01-16)",
            "https://pay.weixin.qq.com/doc/v3/merchant/4012716434 (limits, name, red packet, 2025-03-21)",
            "https://pay.weixin.qq.com/doc/v3/merchant/4012716437 (kept for 30 days, 2026-11)",
            "https://pay.weixin.qq.com/doc/v3/merchant/4013774588 (scene 1000, 2025-07-15)",
        ),
    ),
)


def at(moment: datetime, history: tuple[Limits, ...] = HISTORY) -> Limits:
    """Give the limits in force at a moment."""
    return max((limits for limits in history if limits.since <= moment), key=lambda limits: limits.since)


# What WeChat says when a transfer ends badly, in a shopkeeper's words: what happened and what to do.
ENDINGS: dict[str, tuple[str, str]] = {
    "OVERDUE_CLOSE": ("24 小时内没有收款，款项已退回", "Not taken within a day; the money is back"),
    "NAME_NOT_CORRECT": ("姓名与对方微信实名不一致，请核对后重新发起", "The name is not the person's at WeChat"),
    "REAL_NAME_CHECK_FAIL": ("姓名与对方微信实名不一致，请核对后重新发起", "The name is not the person's at WeChat"),
    "ACCOUNT_NOT_EXIST": ("对方没有可收款的微信支付账户", "The person has no account at WeChat Pay"),
    "ACCOUNT_FROZEN": ("对方账户被冻结，请对方联系微信支付", "The person's account is frozen"),
    "PAYEE_ACCOUNT_ABNORMAL": ("对方账户异常，请对方联系微信支付", "The person's account takes no money"),
    "PAYER_ACCOUNT_ABNORMAL": ("商户账户异常，请登录微信支付商户平台处理", "The shop's own account is not in order"),
    "DAY_RECEIVED_COUNT_EXCEED": (
        "对方今日收款次数已达上限，请明天再发",
        "Too many taken today; try tomorrow",
    ),
    "DAY_RECEIVED_QUOTA_EXCEED": (
        "对方今日收款额度已达上限，请明天再发",
        "Too much taken today; try tomorrow",
    ),
    "TRANSFER_QUOTA_EXCEED": ("超出转账额度，请在商户平台申请提额", "Beyond the shop's quota; ask WeChat for more"),
    "TRANSFER_RISK": ("微信判断有风险，请稍后再试", "WeChat sees a risk; try later"),
    "MCH_CANCEL": ("商家已撤销", "Called off by the shop"),
}

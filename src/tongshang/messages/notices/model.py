"""Nouns of notices: occasions, the fields that can be said, and how a value is made to fit a template's field."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Occasion(StrEnum):
    """What can be told to a buyer."""

    PAID = "paid"
    SHIPPED = "shipped"
    REFUNDED = "refunded"
    PAYOUT = "payout"
    INVOICE = "invoice"
    EXPIRING = "expiring"
    PICKUP_ENDING = "pickup_ending"
    BALANCE = "balance"
    BALANCE_ENDING = "balance_ending"


class Channel(StrEnum):
    """By which way; they are tried in this order."""

    ONCE = "once"
    SUBSCRIPTION = "subscription"
    TEMPLATE = "template"
    CUSTOM = "custom"


_BALANCE = (
    ("number", "订单号", "Order number", "100234"),
    ("goods", "商品", "Goods", "头采龙井（预售）"),
    ("amount", "待付尾款", "Balance due", "￥250.00"),
    ("until", "支付截止", "Pay before", "2026-11-30 20:00"),
    ("shop", "店铺名称", "Shop", "云上茶园"),
)
# Occasions, what can be said on each, and an example: our name, Chinese, English, example.
SAID: dict[Occasion, tuple[tuple[str, str, str, str], ...]] = {
    Occasion.PAID: (
        ("number", "订单号", "Order number", "100234"),
        ("goods", "商品", "Goods", "明前龙井 50g"),
        ("amount", "实付金额", "Amount paid", "￥99.00"),
        ("time", "支付时间", "Paid at", "2026-11-20 10:00"),
        ("shop", "店铺名称", "Shop", "云上茶园"),
    ),
    Occasion.SHIPPED: (
        ("number", "订单号", "Order number", "100234"),
        ("goods", "商品", "Goods", "明前龙井 50g"),
        ("company", "快递公司", "Carrier", "顺丰"),
        ("parcel", "快递单号", "Parcel number", "SF1002003004"),
        ("time", "发货时间", "Shipped at", "2026-11-20 15:00"),
        ("shop", "店铺名称", "Shop", "云上茶园"),
    ),
    Occasion.REFUNDED: (
        ("number", "订单号", "Order number", "100234"),
        ("goods", "商品", "Goods", "明前龙井 50g"),
        ("amount", "退款金额", "Amount refunded", "￥99.00"),
        ("time", "退款时间", "Refunded at", "2026-11-20 16:00"),
        ("shop", "店铺名称", "Shop", "云上茶园"),
    ),
    Occasion.INVOICE: (
        ("number", "订单号", "Order number", "100234"),
        ("goods", "商品", "Goods", "明前龙井 50g"),
        ("result", "开票结果", "What became of it", "发票已开具"),
        ("time", "处理时间", "When", "2026-11-20 16:00"),
        ("shop", "店铺名称", "Shop", "云上茶园"),
    ),
    Occasion.PAYOUT: (
        ("kind", "款项类型", "Kind", "商家付款"),
        ("amount", "金额", "Amount", "￥50.00"),
        ("words", "附言", "Words", "恭喜获奖"),
        ("until", "领取截止", "Take it by", "2026-11-21 10:00"),
        ("shop", "店铺名称", "Shop", "云上茶园"),
    ),
    Occasion.EXPIRING: (
        ("goods", "卡券名称", "Ticket", "茶道体验"),
        ("left", "剩余次数", "Uses left", "3"),
        ("until", "有效期至", "Good until", "2026-11-30 23:59"),
        ("number", "订单号", "Order number", "100234"),
        ("shop", "店铺名称", "Shop", "云上茶园"),
    ),
    Occasion.PICKUP_ENDING: (
        ("number", "订单号", "Order number", "100234"),
        ("goods", "商品", "Goods", "明前龙井 50g"),
        ("place", "自提点", "Pickup place", "云上茶园"),
        ("until", "请于此前到店", "Pick up by", "2026-11-30 23:59"),
        ("shop", "店铺名称", "Shop", "云上茶园"),
    ),
    Occasion.BALANCE: _BALANCE,
    Occasion.BALANCE_ENDING: _BALANCE,
}
TITLES = {
    Occasion.PAID: ("支付成功", "Paid"),
    Occasion.SHIPPED: ("订单已发货", "Shipped"),
    Occasion.REFUNDED: ("退款已到账", "Refunded"),
    Occasion.INVOICE: ("发票处理结果", "Invoice"),
    Occasion.PAYOUT: ("您有一笔款项待领取", "Money waits for you"),
    Occasion.EXPIRING: ("卡券即将到期", "Ticket ends soon"),
    Occasion.PICKUP_ENDING: ("自提即将到期", "Pickup ends soon"),
    Occasion.BALANCE: ("预售尾款开付", "Balance can be paid"),
    Occasion.BALANCE_ENDING: ("尾款即将截止", "Balance due soon"),
}
LINKS = {
    Occasion.PAYOUT: "去领取",
    Occasion.EXPIRING: "查看卡券",
    Occasion.PICKUP_ENDING: "查看取货码",
    Occasion.BALANCE: "去付尾款",
    Occasion.BALANCE_ENDING: "去付尾款",
}
FIELD = re.compile(r"\{\{(\w+)\.DATA\}\}")
# A value that is the merchant's own words begins so in a plan; anything else names one of ours.
OWN_WORDS = "="
# The most characters a kind of field takes (page of subscription notices, 2026-11); longer ones are 47003.
MOST = {
    "thing": 20, "number": 32, "letter": 32, "symbol": 5, "character_string": 32, "time": 60, "date": 60, "amount": 12,
    "phone_number": 17, "car_number": 8, "name": 10, "phrase": 5,
}  # fmt: skip
KEYWORD_MOST = 200


@dataclass(frozen=True)
class Plan:
    """How an occasion is told by one way: the template, and what each of its fields says."""

    occasion: Occasion
    channel: Channel
    template_id: str
    fields: dict[str, str]
    enabled: bool
    updated_at: datetime


@dataclass(frozen=True)
class Notice:
    """One thing to tell one person."""

    id: UUID
    occasion: Occasion
    subject_id: UUID
    fan_id: UUID
    values: dict[str, str]
    page: str
    state: str
    channel: Channel | None
    trial: Channel | None
    created_at: datetime


@dataclass(frozen=True)
class Template:
    """A template of the account, as WeChat listed it last; `long`: a consent to it is not used up."""

    template_id: str
    channel: Channel
    title: str
    content: str
    example: str
    long: bool
    seen_at: datetime

    @property
    def fields(self) -> list[str]:
        """List the names of the fields, in their order."""
        return FIELD.findall(self.content)


def examples(occasion: Occasion) -> dict[str, str]:
    """Give an example of everything that can be said on an occasion."""
    return {name: example for name, _, _, example in SAID[occasion]}


def fill(plan: Plan, values: dict[str, str]) -> dict[str, str]:
    """Say what each field of the plan's template gets; an empty value would be refused, so it is a dash."""
    said = {
        field: source[1:] if source.startswith(OWN_WORDS) else values.get(source, "")
        for field, source in plan.fields.items()
    }
    return {field: fit(field, value) or "-" for field, value in said.items()}


def fit(field: str, value: str) -> str:
    """Shorten a value to what its kind of field takes."""
    kind = field.rstrip("0123456789")
    most = MOST.get(kind, KEYWORD_MOST)
    value = value.strip()
    if kind == "character_string":
        value = "".join(c for c in value if " " <= c <= "~")
    return value if len(value) <= most else value[: most - 1] + "…" if kind == "thing" else value[:most]


def short(occasion: Occasion, values: dict[str, str], *, most: int) -> str:
    """Write a notice in a few characters, whole lines of it."""
    said = ""
    for name, zh, _, _ in SAID[occasion]:
        line = f"{zh}：{values.get(name, '')}"
        if values.get(name) and len(said) + len(line) < most:
            said += f"\n{line}" if said else line
    return said or TITLES[occasion][0]


def words(occasion: Occasion, values: dict[str, str], url: str) -> str:
    """Write a notice as a text message."""
    title = TITLES[occasion][0]
    lines = [f"{zh}：{values[name]}" for name, zh, _, _ in SAID[occasion] if values.get(name) and name != "shop"]
    return "\n".join([f"【{title}】", *lines, f'<a href="{url}">{LINKS.get(occasion, "查看订单")}</a>'])

"""What somebody looks for among the orders, and the statement that finds just that.

A statement is put together of the parts that are asked for and no others: what is not asked for cannot cost
anything, and PostgreSQL plans each of them by what it says.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx

MOST_NAMED = 50
# Numbers are given out in the order of placing, give or take those that were under way at the same moment.
SLACK = 1000
# What begins like this, byte by byte: a range that every server's index knows, under row-level security, too.
FANS = """select array(select id from fan
  where merchant_id = $1 and nickname collate "C" >= $2 and nickname collate "C" < $3 limit $4)"""
BEYOND = chr(0x10FFFF)
GOODS = """select array(select id from product
  where merchant_id = $1 and title ilike '%' || $2 || '%' limit $3)"""
EDGE = """select number from orders
where merchant_id = $1 and placed_at >= $2 order by placed_at limit 1"""

Stage = Literal[
    "", "unpaid", "deposit", "to_ship", "to_deliver", "to_pick_up", "to_use", "paid", "shipped", "completed", "closed"
]
Refund = Literal["", "none", "part", "all", "any"]


WAITING = {"to_ship": "express", "to_deliver": "local", "to_pick_up": "pickup", "to_use": "none"}
"""What a paid order of each way waits for."""


class Filters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is looked for; an empty field means all. `text`: a number, a phone or its tail, a name, goods."""

    stage: Stage = ""
    text: str = ""
    delivery: Literal["", "express", "local", "pickup", "none"] = ""
    refund: Refund = ""
    product: UUID | None = None
    coupon: bool | None = None
    noted: bool | None = None
    least_fen: int | None = None
    most_fen: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class Where:
    """Conditions with their arguments, numbered as they come; `$1` is the merchant."""

    def __init__(self, merchant: UUID) -> None:
        """Begin with what every statement has."""
        self.args: list[Any] = [merchant]
        self.parts: list[str] = []

    def take(self, value: Any) -> str:
        """Give an argument's place."""
        self.args.append(value)
        return f"${len(self.args)}"

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition whose `{}` are its arguments."""
        self.parts.append(condition.format(*(self.take(value) for value in values)))

    def __str__(self) -> str:
        """Give the conditions as SQL, to follow the one on the merchant."""
        return "".join(f" and {part}" for part in self.parts)


async def where(tx: Tx, filters: Filters) -> list[Where]:
    """Say how to find what is looked for: the orders that meet any of these."""
    base = Where(tx.merchant)
    _stage(base, filters)
    if filters.delivery:
        base.add("o.delivery = {}", filters.delivery)
    match filters.refund:
        case "none":
            base.add("o.refunded_fen = 0")
        case "part":
            base.add("o.refunded_fen > 0 and o.refunded_fen < o.total_fen")
        case "all":
            base.add("o.refunded_fen > 0 and o.refunded_fen = o.total_fen")
        case "any":
            base.add("o.refunded_fen > 0")
    if filters.coupon is not None:
        base.add("(o.coupon_id is not null) = {}", filters.coupon)
    if filters.noted is not None:
        base.add("((o.memo <> '') or (o.remark <> '')) = {}", filters.noted)
    if filters.least_fen is not None:
        base.add("o.total_fen >= {}", filters.least_fen)
    if filters.most_fen is not None:
        base.add("o.total_fen <= {}", filters.most_fen)
    await _days(tx, base, filters)
    if filters.product is not None:
        _of_goods(base, [filters.product])
    text = filters.text.strip().replace("%", "").replace("_", "").replace("\\", "")
    return await _said(tx, base, text) if text else [base]


def _stage(base: Where, filters: Filters) -> None:
    match filters.stage:
        case "":
            return
        case "to_ship" | "to_deliver" | "to_pick_up" | "to_use":
            base.add(f"o.state = 'paid' and o.delivery = '{WAITING[filters.stage]}'")
        case "closed":
            base.add("o.state in ('closed', 'closing')")
        case state:
            base.add("o.state = {}", state)


async def _days(tx: Tx, base: Where, filters: Filters) -> None:
    """Bound the days, and with them the numbers, which is what orders are read by."""
    if filters.since is not None:
        base.add("o.placed_at >= {}", filters.since)
        first = await tx.value(EDGE, tx.merchant, filters.since)
        base.add("o.number >= {}", first - SLACK) if first is not None else base.add("false")
    if filters.until is not None:
        base.add("o.placed_at < {}", filters.until)
        if (beyond := await tx.value(EDGE, tx.merchant, filters.until)) is not None:
            base.add("o.number < {}", beyond + SLACK)


def _of_goods(base: Where, products: Sequence[UUID]) -> None:
    base.add(
        "exists (select 1 from order_line l where l.merchant_id = o.merchant_id and l.order_id = o.id"
        " and l.product_id = any({}))",
        list(products),
    )


async def _said(tx: Tx, base: Where, text: str) -> list[Where]:
    """Take what was typed for what it can be: digits are a number or a phone, 32 of them an id, words the
    beginning of a name, or part of a title."""
    if re.fullmatch(r"[0-9a-f]{32}", text):
        return [_with(base, "o.id = {}", UUID(hex=text))]
    if text.isdecimal() and text.isascii():
        found = [_with(base, "o.number = {}", int(text))] if len(text) < 18 else []
        if 4 <= len(text) <= 11:
            found.append(_with(base, "o.phone_tail = {} and o.address ->> 'phone' like '%' || {}", text[-4:], text))
        return found or [_with(base, "false")]
    found = [_with(base, "o.receiver >= {} and o.receiver < {}", text, text + BEYOND)]
    if fans := await tx.value(FANS, tx.merchant, text, text + BEYOND, MOST_NAMED):
        found.append(_with(base, "o.fan_id = any({})", fans))
    if goods := await tx.value(GOODS, tx.merchant, text, MOST_NAMED):
        found.append(_with(base, ""))
        _of_goods(found[-1], goods)
    return found


def _with(base: Where, condition: str, *values: Any) -> Where:
    more = Where(base.args[0])
    more.args, more.parts = list(base.args), list(base.parts)
    if condition:
        more.add(condition, *values)
    return more

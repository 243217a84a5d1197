"""The balance of a presale and its life cycle, and what a basket asks as a deposit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from tongshang.catalog.kinds.terms import Presale
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.errors import Refused
from tongshang.platform.machine import Machine
from tongshang.trade.model import PAY_WINDOW, BasketLine, Deposit


class PresaleAlone(Refused):
    """{title} is a presale with a deposit; order it by itself."""

    code, status, zh = "presale.alone", 409, "“{title}” 是预售商品，请单独下单。"


class PresaleOver(Refused):
    """The presale of {title} ended at {at}."""

    code, status, zh = "presale.over", 409, "“{title}” 的预售已于 {at} 结束。"


class B(StrEnum):
    """Where a balance stands."""

    OWED = "owed"
    CLOSING = "closing"
    PAID = "paid"
    MISSED = "missed"
    DROPPED = "dropped"


BALANCE = Machine(
    start=B.OWED,
    moves={
        # Somebody may still pay while WeChat is asked to close: the money wins.
        "pay": {B.OWED: B.PAID, B.CLOSING: B.PAID},
        "close": {B.OWED: B.CLOSING},
        "miss": {B.OWED: B.MISSED, B.CLOSING: B.MISSED},  # not paid in time: the deposit stays
        "drop": {B.OWED: B.DROPPED, B.CLOSING: B.DROPPED},  # no deposit came, or the merchant lets it go
    },
)


@dataclass(frozen=True)
class Balance:
    """A row of order_balance."""

    id: UUID
    order_id: UUID
    amount_fen: int
    opens_at: datetime
    pay_by: datetime
    ships_by: date
    state: B
    reason: str = ""
    refund_id: UUID | None = None
    ended_at: datetime | None = None


def terms_of(line: BasketLine) -> Presale | None:
    """Give the presale a line's goods are sold in, if they are."""
    given = line.terms.get("presale") if line.kind == "physical" else None
    return msgspec.convert(given, Presale) if given else None


def refusal(lines: Sequence[BasketLine], now: datetime) -> Refused | None:
    """Say why a presale among lines cannot be ordered so: with other goods, or when its balance could not be paid."""
    for line in lines:
        if terms := terms_of(line):
            if any(other.product_id != line.product_id for other in lines):
                return PresaleAlone(title=line.title)
            if now + PAY_WINDOW >= terms.balance_until:
                return PresaleOver(title=line.title, at=f"{terms.balance_until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    return None


def deposit(lines: Sequence[BasketLine], total_fen: int) -> Deposit | None:
    """Say what of a total is paid at once, and the rest when; something is always left to pay later."""
    terms = terms_of(lines[0]) if lines else None
    if terms is None or total_fen < 2 or any(line.product_id != lines[0].product_id for line in lines):
        return None
    now = min(total_fen - 1, sum(terms.deposit_fen * line.quantity for line in lines))
    return Deposit(now, total_fen - now, terms.balance_from, terms.balance_until, terms.ships_by)

"""What is compared: our payments and refunds of a day, and what a comparison finds. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tongshang.platform.money import Fen


class Kind(StrEnum):
    """How our books and a bill may differ; a refund's differences have kinds of their own."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT_DIFFERS = "amount_differs"
    STATE_DIFFERS = "state_differs"
    TRANSACTION_DIFFERS = "transaction_differs"
    FEE_DIFFERS = "fee_differs"
    DUPLICATE_LINE = "duplicate_line"
    REFUND_MISSING_HERE = "refund_missing_here"
    REFUND_MISSING_THERE = "refund_missing_there"
    REFUND_AMOUNT_DIFFERS = "refund_amount_differs"
    REFUND_STATE_DIFFERS = "refund_state_differs"
    SUMMARY_DIFFERS = "summary_differs"
    LEDGER_DIFFERS = "ledger_differs"
    REFUND_LEDGER_DIFFERS = "refund_ledger_differs"
    LEDGER_UNKNOWN = "ledger_unknown"
    PAYOUT_LEDGER_DIFFERS = "payout_ledger_differs"
    FUND_MISSING_HERE = "fund_missing_here"
    FUND_MISSING_THERE = "fund_missing_there"
    FUND_AMOUNT_DIFFERS = "fund_amount_differs"
    FUND_BALANCE_BREAKS = "fund_balance_breaks"
    FUND_UNKNOWN = "fund_unknown"
    SHARE_MISSING_HERE = "share_missing_here"
    SHARE_MISSING_THERE = "share_missing_there"
    SHARE_AMOUNT_DIFFERS = "share_amount_differs"
    SHARE_LEDGER_DIFFERS = "share_ledger_differs"


@dataclass(frozen=True)
class OurPayment:
    """One of our attempts, as far as a bill can speak of it."""

    id: UUID
    charge_id: UUID
    transaction_id: str | None
    amount_fen: Fen
    state: str
    on_day: bool
    billed_on: date | None
    fee_fen: Fen | None
    booked_fen: Fen | None

    @property
    def number(self) -> str:
        """The out_trade_no."""
        return self.id.hex

    def shown(self) -> dict[str, Any]:
        """Show this side of a difference."""
        return {
            "out_trade_no": self.number,
            "transaction_id": self.transaction_id,
            "amount_fen": self.amount_fen,
            "state": self.state,
        }


@dataclass(frozen=True)
class OurRefund:
    """One of our refund numbers, as far as a bill can speak of it."""

    id: UUID
    charge_id: UUID
    refund_id: str | None
    amount_fen: Fen
    state: str
    on_day: bool
    billed_on: date | None
    fee_fen: Fen | None
    booked_fen: Fen | None

    @property
    def number(self) -> str:
        """The out_refund_no."""
        return self.id.hex

    def shown(self) -> dict[str, Any]:
        """Show this side of a difference."""
        return {
            "out_refund_no": self.number,
            "refund_id": self.refund_id,
            "amount_fen": self.amount_fen,
            "state": self.state,
        }


@dataclass(frozen=True)
class Difference:
    """Where a bill and our books differ, both sides shown, and what moved on the account, where that is known."""

    kind: Kind
    number: str
    ours: dict[str, Any] | None
    theirs: dict[str, Any] | None
    moved: dict[str, Any] | None = None

    @property
    def business(self) -> str:
        """Give WeChat's number of what this is about; "" for none."""
        for side in (self.theirs, self.ours):
            if side and (found := side.get("refund_id") or side.get("transaction_id")):
                return str(found)
        return ""


@dataclass(frozen=True)
class Fee:
    """A commission to book: positive taken, negative given back."""

    source: UUID
    charge: UUID
    amount_fen: Fen


@dataclass(frozen=True)
class Move:
    """Money between the account at WeChat and the merchant's bank: negative when it was paid out."""

    flow_id: str
    kind: str
    amount_fen: Fen
    at: datetime


@dataclass
class Comparison:
    """What a comparison found."""

    differences: list[Difference] = field(default_factory=list)
    fees: list[Fee] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    payments: list[UUID] = field(default_factory=list)
    refunds: list[UUID] = field(default_factory=list)
    paid_fen: Fen = 0
    refund_fen: Fen = 0
    fee_fen: Fen = 0
    lines: int = 0

    def differ(self, kind: Kind, number: str, ours: dict[str, Any] | None, theirs: dict[str, Any] | None) -> None:
        """Note a difference."""
        self.differences.append(Difference(kind, number, ours, theirs))

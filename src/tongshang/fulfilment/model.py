"""Tickets and pickups, and their life cycles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from tongshang.platform.machine import Machine

UNDO_WITHIN = timedelta(minutes=30)
"""So long a use can be taken back by whoever stands at the counter."""

UNDO_BY_MANAGER_WITHIN = timedelta(hours=24)
"""So long a manager can take a use back."""


class T(StrEnum):
    """Where a ticket stands."""

    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"
    REFUNDED = "refunded"


TICKET = Machine(
    start=T.VALID,
    moves={
        "use": {T.VALID: T.VALID},
        "use up": {T.VALID: T.USED},
        "undo": {T.USED: T.VALID, T.VALID: T.VALID},  # a use that was a mistake, within its time
        "expire": {T.VALID: T.EXPIRED},
        # The merchant may give money back for anything he sold, used or not.
        "refund": {T.VALID: T.REFUNDED, T.EXPIRED: T.REFUNDED, T.USED: T.REFUNDED},
    },
)


class K(StrEnum):
    """Where goods stand that are kept for somebody who picks them up."""

    WAITING = "waiting"
    VERIFIED = "verified"
    EXPIRED = "expired"
    REFUNDED = "refunded"


PICKUP = Machine(
    start=K.WAITING,
    moves={
        "verify": {K.WAITING: K.VERIFIED},
        "undo": {K.VERIFIED: K.WAITING},  # a hand-over that was a mistake, within its time
        "undo late": {K.VERIFIED: K.EXPIRED},
        "expire": {K.WAITING: K.EXPIRED},
        "extend": {K.WAITING: K.WAITING, K.EXPIRED: K.WAITING},
        "refund": {K.WAITING: K.REFUNDED, K.EXPIRED: K.REFUNDED},
    },
)


@dataclass(frozen=True)
class Ticket:
    """A code that is shown at the counter, once or several times; of a service, once for each piece."""

    id: UUID
    order_id: UUID
    line_id: UUID
    fan_id: UUID
    product_id: UUID
    variant_id: UUID
    kind: str
    title: str
    options: list[str]
    code: str
    uses: int
    used: int
    state: T
    terms: dict[str, Any]
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Use:
    """One time that a ticket was taken, and by whom; `undone_at` when that was a mistake."""

    id: UUID
    ticket_id: UUID
    count: int
    at: datetime
    staff_id: UUID
    undone_at: datetime | None
    undone_by: UUID | None


COLUMNS = """id, order_id, line_id, fan_id, product_id, variant_id, kind, title, options, code, uses, used, state,
terms, valid_from, valid_until, issued_at, ended_at"""
USE_COLUMNS = "id, ticket_id, count, at, staff_id, undone_at, undone_by"

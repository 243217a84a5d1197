"""Wallets, recharges and how a payment is taken from them; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongshang.platform.money import Fen, allocate


@dataclass(frozen=True)
class Wallet:
    """What is held for somebody."""

    fan_id: UUID
    principal_fen: Fen
    bonus_fen: Fen
    moves: int
    named_at: datetime | None
    opened_at: datetime

    @property
    def balance_fen(self) -> Fen:
        """Say what can be spent."""
        return self.principal_fen + self.bonus_fen


@dataclass(frozen=True)
class Recharge:
    """One recharge; once it is paid, a lot of which so much is left."""

    id: UUID
    fan_id: UUID
    offer_id: UUID
    pay_fen: Fen
    bonus_fen: Fen
    state: str
    principal_left_fen: Fen
    bonus_left_fen: Fen
    returned_fen: Fen
    voided_fen: Fen
    opened_at: datetime
    expires_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True)
class Move:
    """One change of a wallet."""

    fan_id: UUID
    nth: int
    kind: str
    source_id: UUID
    subject_id: UUID
    principal_fen: Fen
    bonus_fen: Fen
    principal_after_fen: Fen
    bonus_after_fen: Fen
    lots: list[Any]
    note: str
    at: datetime


@dataclass(frozen=True)
class Piece:
    """What a change takes from a lot (below nothing), or gives back to it."""

    lot: UUID
    principal_fen: Fen
    bonus_fen: Fen


def spend(amount: Fen, lots: Sequence[Piece]) -> list[Piece]:
    """Take an amount from lots, the oldest first, and from each in the proportion of what is left in it.

    Neither the shop nor the customer gains by the order: a yuan spent from "pay 100, get 20" is always 5/6 principal.
    """
    taken: list[Piece] = []
    for one in lots:
        now = min(amount, one.principal_fen + one.bonus_fen)
        if now:
            parts = allocate(now, [one.principal_fen, one.bonus_fen])
            taken.append(Piece(one.lot, -parts[0], -parts[1]))
        amount -= now
    if amount:
        raise ValueError("more than is left")
    return taken


def give_back(amount: Fen, taken: Sequence[Fen]) -> list[Fen]:
    """Share what comes back over the lots it was taken from, by what each still lacks."""
    if not 0 <= amount <= sum(taken):
        raise ValueError("more than was taken")
    return allocate(amount, list(taken))


def total(pieces: Sequence[Piece]) -> tuple[Fen, Fen]:
    """Add up principal and bonus."""
    return sum(piece.principal_fen for piece in pieces), sum(piece.bonus_fen for piece in pieces)

"""What can be bought: pay so much, get so much with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.money import Fen
from tongshang.wallet import rules

COLUMNS = "id, pay_fen, bonus_fen, state, created_at, updated_at"
ONE = f"select {COLUMNS} from recharge_offer where merchant_id = $1 and id = $2"
ALL = f"select {COLUMNS} from recharge_offer where merchant_id = $1 order by state desc, pay_fen, id"
PUT = """insert into recharge_offer (merchant_id, id, pay_fen, bonus_fen, state, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $6)
on conflict (merchant_id, id) do update set pay_fen = $3, bonus_fen = $4, state = $5, updated_at = $6"""
ANY = "select exists (select from recharge_offer where merchant_id = $1)"
MOST = 20


@dataclass(frozen=True)
class Offer:
    """Pay so much, get so much with it."""

    id: UUID
    pay_fen: Fen
    bonus_fen: Fen
    state: str
    created_at: datetime
    updated_at: datetime


class OfferAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An offer as the merchant wants it; what was bought under the old words stays as it was bought."""

    pay_fen: int
    bonus_fen: int = 0
    on: bool = True


async def put(tx: Tx, *, offer: UUID, asked: OfferAsked) -> Offer:
    """Make an offer, or change it (fen); refuses what no account may hold."""
    most = rules.at(tx.now).named_most_fen
    if not 1 <= asked.pay_fen <= most:
        raise Invalid(field="pay_fen", problem=f"1-{most}")
    if not 0 <= asked.bonus_fen <= asked.pay_fen:
        raise Invalid(field="bonus_fen", problem=f"0-{asked.pay_fen}")
    known = {one.id for one in await listed(tx)}
    if offer not in known and len(known) >= MOST:
        raise Invalid(field="offer", problem=f"≤ {MOST}")
    state = "on" if asked.on else "off"
    await tx.run(PUT, tx.merchant, offer, asked.pay_fen, asked.bonus_fen, state, tx.now)
    return await get(tx, offer=offer)


async def get(tx: Tx, *, offer: UUID) -> Offer:
    """Give one offer; raises NotFound."""
    return await tx.one(Offer, ONE, tx.merchant, offer)


async def listed(tx: Tx) -> list[Offer]:
    """List all offers, those that are on first, by amount."""
    return await tx.all(Offer, ALL, tx.merchant)


class WalletOnBoot:
    """Fills the storefront's BOOT_PARTS seam: whether one can, or could, pay ahead here."""

    async def of(self, tx: Tx) -> dict[str, Any]:
        """Say it."""
        return {"wallet": await tx.value(ANY, tx.merchant)}

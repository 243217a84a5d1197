"""Counting uses: what orders being placed claim of promotions, which app.place_batch decides; and giving it back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL
from tongshang.trade.seams import Claim, Missed

RELEASE = "select app.release_promotions($1, $2)"
NAMES = "select id, name from promotion where merchant_id = $1 and id = any($2)"


class Gone(Refused):
    """“{name}” has just been used up. Look at the price again."""

    code, status, zh = "promotion.gone", 409, "“{name}” 刚刚被抢完，请查看最新价格后再下单。"


class EnoughOfIt(Refused):
    """You have used “{name}” as often as one person may."""

    code, status, zh = "promotion.enough", 409, "您参与 “{name}” 的次数或件数已达上限。"


class _Named(msgspec.Struct, frozen=True):
    id: UUID
    name: str


def rows(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """Say the uses of promotions that orders being placed claim as app.claim_promotions takes them."""
    return [row for nth, claim in enumerate(claims) for row in _rows(nth, claim)]


async def missed(tx: Tx, some: Sequence[Missed]) -> dict[UUID, Refused]:
    """Say of orders which promotion they missed, and why."""
    if not some:
        return {}
    found = await tx.all(_Named, NAMES, tx.merchant, [one.promotion_id for one in some])
    names = {one.id: one.name for one in found}
    kinds: dict[str, type[Refused]] = {"gone": Gone, "enough": EnoughOfIt}
    return {
        one.order_id: kinds[one.why](name=names.get(one.promotion_id, ""), room=one.room)
        for one in some
        if one.promotion_id is not None
    }


def _rows(nth: int, claim: Claim) -> list[dict[str, Any]]:
    return [
        {
            "nth": nth,
            "order_id": claim.order_id,
            "fan_id": claim.fan_id,
            "promotion_id": use.promotion_id,
            "variant_id": use.variant_id or NIL,
            "pieces": use.pieces or 1,
            "fen": use.fen,
        }
        for use in claim.uses
    ]


async def give_back(tx: Tx, *, orders: Sequence[UUID]) -> None:
    """Undo what orders took. Harmless when repeated."""
    await tx.run(RELEASE, tx.merchant, list(orders))

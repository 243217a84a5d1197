"""What it would cost to send something somewhere, for a product's page."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.trade import carts
from tongshang.trade.carts import Want
from tongshang.trade.freights import templates
from tongshang.trade.freights.model import Parcel, Place
from tongshang.trade.freights.reckon import reckon
from tongshang.trade.model import BasketLine
from tongshang.trade.regions import areas


class Sending(msgspec.Struct):
    """What sending costs, and why; `delivered` is false where it is not sent, `needed` false where nothing is."""

    needed: bool
    delivered: bool
    freight_fen: int
    zh: str
    en: str


def parcels(lines: Sequence[BasketLine]) -> list[Parcel]:
    """Show lines that are sent as freight sees them, at the price of their tags."""
    return [
        Parcel(
            title=line.title,
            pieces=line.quantity,
            fen=line.goods_fen,
            weight_g=line.grams,
            template_id=line.freight_template_id,
        )
        for line in lines
        if line.travels
    ]


def place_of(names: Sequence[str]) -> Place:
    """Find a region by its names; what is not in the list still counts as the rest of the country."""
    return Place(list(names), areas.locate(names))


async def of(tx: Tx, *, variant: UUID, quantity: int, region: Sequence[str]) -> Sending:
    """Say what sending some of a variant to a region costs (fen); without a region, to most of the country."""
    lines = (await carts.baskets(tx, wants=[Want(NIL, variant, quantity)]))[0]
    if not lines:
        raise NotFound
    sent = parcels(lines)
    if not sent:
        return Sending(False, True, 0, "无需物流", "Nothing to send")
    made = reckon(sent, rates=await templates.rates(tx), place=place_of(region) if region else None)
    if made.undelivered:
        return Sending(True, False, 0, "该地区暂不配送", "Not sent to this region")
    reason = made.reasons[0]
    return Sending(True, True, made.fen, reason.zh, reason.en)

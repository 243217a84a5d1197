"""Freight as a step of the price: lines at their item prices, shown to the reckoning of freight templates."""

from collections.abc import Sequence

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.money import yuan
from tongshang.trade.freights import local
from tongshang.trade.freights.model import Local, NotDelivered, Parcel, Place, Rates
from tongshang.trade.freights.reckon import reckon
from tongshang.trade.model import BasketLine, Reason
from tongshang.trade.prices.rules import Fee


class Sent(msgspec.Struct, frozen=True):
    """What a shop says of freight, and where it shall go (None: not known yet, most of the country)."""

    rates: Rates
    place: Place | None = None

    def reckon(self, lines: Sequence[BasketLine], amounts: Sequence[int]) -> Fee:
        """Say what it costs to send lines that cost so much by their item prices; what is not sent costs nothing."""
        made = reckon(_parcels(lines, amounts), rates=self.rates, place=self.place)
        return Fee(made.fen, made.reasons)

    def refused(self, lines: Sequence[BasketLine]) -> NotDelivered | None:
        """Say which of the goods cannot be sent there, if any."""
        if self.place is None:
            return None
        parcels = _parcels(lines, [line.goods_fen for line in lines])
        made = reckon(parcels, rates=self.rates, place=self.place)
        if not made.undelivered:
            return None
        return NotDelivered(title=parcels[made.undelivered[0]].title, region="".join(self.place.names))


class Brought(msgspec.Struct, frozen=True):
    """What a shop says of bringing goods itself, and where they shall go (None: not known yet)."""

    local: Local | None
    place: Place | None = None

    def reckon(self, lines: Sequence[BasketLine], amounts: Sequence[int]) -> Fee:
        """Say what it costs to bring lines that cost so much by their item prices."""
        known = self.local or Local()
        goods = sum(fen for line, fen in zip(lines, amounts, strict=True) if line.travels)
        if known.free_over_fen is not None and goods >= known.free_over_fen:
            over = yuan(known.free_over_fen)
            return Fee(0, [Reason("freight", f"商家配送，满 {over} 元免配送费", f"Free delivery over {over} yuan", 0)])
        return Fee(known.fee_fen, [Reason("freight", "商家配送费", "Delivery by the shop", known.fee_fen)])

    def refused(self, lines: Sequence[BasketLine]) -> Refused | None:
        """Say why these goods cannot be brought there, if they cannot."""
        goods = sum(line.goods_fen for line in lines if line.travels)
        return local.refusal(self.local, self.place, goods)


def _parcels(lines: Sequence[BasketLine], amounts: Sequence[int]) -> list[Parcel]:
    return [
        Parcel(
            title=line.title, pieces=line.quantity, fen=fen, weight_g=line.grams,
            template_id=line.freight_template_id,
        )
        for line, fen in zip(lines, amounts, strict=True)
        if line.travels
    ]  # fmt: skip

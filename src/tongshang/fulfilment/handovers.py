"""How an order's goods get to the customer, as trade's pages show it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import segno

from tongshang.fulfilment import pickups, shipments
from tongshang.platform.db import Tx
from tongshang.trade.parts.model import Item
from tongshang.trade.seams import Handover


class OrderHandovers:
    """Fills trade's HANDOVERS seam."""

    async def of(self, tx: Tx, order: UUID) -> Handover:
        """Tell about one order."""
        parcels = [_parcel(parcel) for parcel in await shipments.of_order(tx, order=order)]
        pickup = await pickups.of_order(tx, order=order)
        if pickup is None:
            return Handover(shipments=parcels)
        where = msgspec.to_builtins(await pickups.place(tx))
        open_svg = None
        if pickup.verified_at is None:
            open_svg = segno.make(pickup.code, micro=False).svg_inline(scale=6, border=2)
        return Handover(
            shipments=parcels,
            pickup_code=pickup.code,
            pickup_qr_svg=open_svg,
            picked_up_at=pickup.verified_at,
            place=where,
        )

    async def take_back(
        self, tx: Tx, *, order: UUID, items: Sequence[tuple[Item, int]], anyway: bool
    ) -> Mapping[UUID, int]:
        """Take back what was handed out; nothing is, of these kinds, before somebody comes for it."""
        back: Counter[UUID] = Counter()
        for item, count in items:
            back[item.variant_id] += count
        return back


class PickupOnBoot:
    """Fills the storefront's BOOT_PARTS seam: where goods can be picked up."""

    async def of(self, tx: Tx) -> dict[str, Any]:
        """Say it, when picking up is possible."""
        where = await pickups.place(tx)
        return {"pickup": where if where.enabled else None}


def _parcel(parcel: shipments.Shipment) -> dict[str, Any]:
    return {
        "id": str(parcel.id),
        "company": parcel.company,
        "number": parcel.number,
        "at": parcel.shipped_at,
        "shipped_at": parcel.shipped_at,
    }

"""How an order's goods get to the customer, as trade's pages show it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fulfilment import bringing, giving, pickups, shipments
from tongshang.fulfilment.drawing import qr
from tongshang.fulfilment.model import K
from tongshang.fulfilment.tickets import issue, shown
from tongshang.fulfilment.tracking import shown as shown_tracks
from tongshang.fulfilment.tracking.shown import TrackView
from tongshang.platform.db import Tx
from tongshang.trade.parts.model import Fulfilment, Item
from tongshang.trade.seams import Handover


class OrderHandovers:
    """Fills trade's HANDOVERS seam."""

    async def of(self, tx: Tx, order: UUID, *, several: bool, local: bool = False) -> Handover:
        """Tell about one order; only one of several parts can have tickets or codes."""
        sent = await shipments.of_order(tx, order=order)
        inside = await shipments.contents(tx, order=order) if sent else {}
        where = await shown_tracks.of_parcels(tx, parcels=sent) if sent else {}
        parcels = [_parcel(parcel, inside.get(parcel.id, {}), where.get(parcel.id)) for parcel in sent]
        pickup = await pickups.of_order(tx, order=order)
        found = Handover(
            shipments=parcels,
            tickets=[msgspec.to_builtins(one) for one in await shown.of_order(tx, order=order)] if several else [],
            codes=[msgspec.to_builtins(one) for one in await giving.of_order(tx, order=order)] if several else [],
        )
        if brought := await bringing.of_order(tx, order=order) if local else None:
            found = msgspec.structs.replace(found, bringing=_brought(brought))
        if pickup is None:
            return found
        where = msgspec.to_builtins(await pickups.place(tx))
        del where["days"]  # of this order it is written down until when
        stands = pickup.stands(tx.now)
        return msgspec.structs.replace(
            found, pickup_code=pickup.code, pickup_qr_svg=qr(pickup.code) if stands == K.WAITING else None,
            pickup_state=stands, pickup_until=pickup.due_at, pickup_over=stands == K.EXPIRED,
            picked_up_at=pickup.verified_at, place=where,
        )  # fmt: skip

    async def overdue(self, tx: Tx, orders: Sequence[UUID]) -> set[UUID]:
        """Say which of these orders' goods nobody came for in time."""
        return {one.order_id for one in await pickups.of_orders(tx, orders=orders) if one.stands(tx.now) == K.EXPIRED}

    async def take_back(
        self, tx: Tx, *, order: UUID, items: Sequence[tuple[Item, int]], anyway: bool
    ) -> Mapping[UUID, int]:
        """Make tickets and codes worthless whose money goes back, or refuse."""
        virtual = [(item, count) for item, count in items if item.kind == Fulfilment.VIRTUAL]
        others = [(item, count) for item, count in items if item.kind != Fulfilment.VIRTUAL]
        back: Counter[UUID] = Counter()
        if others:
            back.update(await issue.take_back(tx, order=order, items=others, anyway=anyway))
        if virtual:
            back.update(await giving.take_back(tx, order=order, items=virtual, anyway=anyway))
        return back


class PickupOnBoot:
    """Fills the storefront's BOOT_PARTS seam: where goods can be picked up."""

    async def of(self, tx: Tx) -> dict[str, Any]:
        """Say it, when picking up is possible."""
        where = await pickups.place(tx)
        return {"pickup": where if where.enabled else None}


def _brought(one: bringing.Bringing) -> dict[str, Any]:
    return {"courier": one.courier, "phone": one.phone, "sent_at": one.sent_at, "delivered_at": one.delivered_at}


def _parcel(parcel: shipments.Shipment, inside: Mapping[UUID, int], track: TrackView | None) -> dict[str, Any]:
    return {
        "id": str(parcel.id),
        "company": parcel.company,
        "number": parcel.number,
        "at": parcel.shipped_at,
        "shipped_at": parcel.shipped_at,
        "lines": [{"line_id": str(line), "quantity": count} for line, count in inside.items()],
        "track": msgspec.to_builtins(track),
    }

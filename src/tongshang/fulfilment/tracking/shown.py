"""Tracks as people see them, beside the parcels of an order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.fulfilment import carriers
from tongshang.fulfilment.shipments import Shipment
from tongshang.fulfilment.tracking import tracks
from tongshang.fulfilment.tracking.kuaidi100 import Event
from tongshang.fulfilment.tracking.tracks import QUERY_EVERY, Track
from tongshang.platform.db import Tx


class TrackView(msgspec.Struct):
    """Where a parcel is; `again_at` is when it may be asked for at once again."""

    state: str
    stage: str
    events: list[Event]
    told_at: datetime | None
    again_at: datetime | None
    problem: str = ""


def view(track: Track) -> TrackView:
    """Show a track; why kuaidi100 refused it is said with the account, and no customer's affair."""
    again = track.queried_at + QUERY_EVERY if track.queried_at else None
    return TrackView(
        track.state, track.stage, track.events, track.told_at, again, "" if track.state == "refused" else track.problem
    )


async def of_parcels(tx: Tx, *, parcels: Sequence[Shipment]) -> dict[UUID, TrackView]:
    """Show the tracks of parcels that have one."""
    found = {(one.carrier, one.number): one for one in await tracks.of_numbers(tx, numbers=[p.number for p in parcels])}
    shown = {}
    for parcel in parcels:
        carrier = carriers.named(parcel.company)
        if carrier and (track := found.get((carrier.code, parcel.number))):
            shown[parcel.id] = view(track)
    return shown


async def of_number(tx: Tx, *, company: str, number: str) -> TrackView | None:
    """Show the track of a parcel that somebody else sent, such as goods that come back."""
    carrier = carriers.named(company)
    found = await tracks.of_numbers(tx, numbers=[number]) if carrier and number else []
    return next((view(one) for one in found if carrier and one.carrier == carrier.code), None)

"""Reaching out to kuaidi100: subscribing to a parcel, and asking where it is at once."""

from uuid import UUID

from tongshang.fulfilment import shipments
from tongshang.fulfilment.shipments import Shipment
from tongshang.fulfilment.tracking import accounts, kuaidi100, tracks
from tongshang.fulfilment.tracking.kuaidi100 import NEEDS_PHONE, Refusal, Told
from tongshang.fulfilment.tracking.tracks import SALT, Track
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.trade import orders
from weixin.errors import Unreachable

KEYS = {"503": "key", "600": "key", "601": "expired"}
"""Codes that say something against the account: a wrong key or signature, and one that has expired."""


class NotTracked(Refused):
    """This parcel is not tracked: tracking is not set up, or its carrier is not known by this name."""

    code, status, zh = "tracking.none", 409, "该包裹没有物流跟踪：未开通，或快递公司名称无法识别。"


def callback(world: World, merchant: UUID, track: UUID) -> str:
    """Give the address at which kuaidi100 tells us of a parcel."""
    return f"{world.settings.public_url}/kuaidi100/{merchant.hex}/{track.hex}"


async def subscribe(job: Job, *, track: UUID) -> None:
    """Ask kuaidi100 to tell of a parcel, and record its answer; asking again is as good as once."""
    async with job.begin() as tx:
        keys, found = await accounts.in_use(tx), await tracks.get(tx, track=track)
        if keys and found.state == "wanted":
            salt, phone = tx.unseal(SALT, found.salt_sealed).decode(), await _phone(tx, found)
    if not keys or found.state != "wanted":
        async with job.finish():
            return
    refused: Refusal | None = None
    try:
        await kuaidi100.subscribe(
            job.world.transport, job.world.settings.kuaidi_url, key=keys[1], carrier=found.carrier,
            number=found.number, callback=callback(job.world, job.merchant, track), salt=salt, phone=phone,
        )  # fmt: skip
    except Refusal as refusal:
        refused = refusal
    async with job.finish() as tx:
        await tracks.mark(
            tx, track=track, state="refused" if refused else "watched", problem=refused.message if refused else ""
        )
        await accounts.complain(tx, problem=KEYS.get(refused.code, "") if refused else "")


async def look(world: World, merchant: UUID, *, order: UUID, shipment: UUID, fan: UUID | None = None) -> Track:
    """Ask where a parcel of an order (of somebody's own, for customers) is; within half an hour say what is known."""
    async with world.tx(merchant) as tx:
        parcel = await _parcel(tx, order, shipment, fan)
        keys = await accounts.in_use(tx)
        track = await tracks.want(tx, company=parcel.company, number=parcel.number) if keys else None
        if keys is None or track is None:
            raise NotTracked
        if track.signed_at or not await tracks.may_ask(tx, track=track.id):
            return track
        phone = await _phone(tx, track)
    told, refused = None, None
    try:
        told = await kuaidi100.query(
            world.transport, world.settings.kuaidi_url, customer=keys[0], key=keys[1], carrier=track.carrier,
            number=track.number, phone=phone,
        )  # fmt: skip
    except Refusal as refusal:
        refused = refusal
    except Unreachable:
        pass  # whoever asked sees what is known
    async with world.tx(merchant) as tx:
        await _record(tx, track.id, told, refused)
        return await tracks.get(tx, track=track.id)


async def _record(tx: Tx, track: UUID, told: Told | None, refused: Refusal | None) -> None:
    if told is not None:
        await tracks.tell(tx, track=track, told=told)
    if told is not None or (refused is not None and refused.code in KEYS):
        await accounts.complain(tx, problem=KEYS.get(refused.code, "") if refused else "")


async def _parcel(tx: Tx, order: UUID, shipment: UUID, fan: UUID | None) -> Shipment:
    await orders.get(tx, order=order, fan=fan)
    for parcel in await shipments.of_order(tx, order=order):
        if parcel.id == shipment:
            return parcel
    raise NotFound


async def _phone(tx: Tx, track: Track) -> str:
    return await tracks.phone(tx, number=track.number) if track.carrier in NEEDS_PHONE else ""

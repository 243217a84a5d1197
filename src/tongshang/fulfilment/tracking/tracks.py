"""Tracks: one for each number of a carrier, wanted once, told as often as may be and in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.fulfilment import carriers
from tongshang.fulfilment.facts import ParcelSigned, TrackWanted
from tongshang.fulfilment.tracking.kuaidi100 import Event, Told, in_order
from tongshang.platform.db import Tx

SALT = "parcel_track.salt_sealed"
QUERY_EVERY = timedelta(minutes=30)
"""How often a number may be asked for at once: kuaidi100 wants what is told by itself to be used instead
(https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc, 2026-11); the half hour is ours."""

LATELY = timedelta(days=30)
COLUMNS = """id, carrier, number, salt_sealed, state, stage, problem, events, wanted_at, latest_at, told_at, queried_at,
signed_at"""
ONE = f"select {COLUMNS} from parcel_track where merchant_id = $1 and id = $2"
NAMED = f"select {COLUMNS} from parcel_track where merchant_id = $1 and carrier = $2 and number = $3"
OF_NUMBERS = f"select {COLUMNS} from parcel_track where merchant_id = $1 and number = any($2)"
WANT = """insert into parcel_track (merchant_id, id, carrier, number, salt_sealed, state, wanted_at)
values ($1, $2, $3, $4, $5, 'wanted', $6) on conflict (merchant_id, carrier, number) do nothing"""
WANT_AGAIN = """update parcel_track set state = 'wanted', problem = ''
where merchant_id = $1 and state = 'refused' and wanted_at > $2 returning id"""
MARK = "update parcel_track set state = $3, problem = $4 where merchant_id = $1 and id = $2 and state = 'wanted'"
ASK = """update parcel_track set queried_at = $3
where merchant_id = $1 and id = $2 and (queried_at is null or queried_at <= $4)"""
TELL = """update parcel_track set state = $3, stage = $4, problem = $5, events = $6, latest_at = $7, told_at = $8,
  signed_at = coalesce(signed_at, $9) where merchant_id = $1 and id = $2"""
SENT = "select id, order_id, company from shipment where merchant_id = $1 and number = $2 order by id"
SENT_LATELY = """select s.id, s.order_id, s.company, s.number from shipment s
where s.merchant_id = $1 and s.shipped_at > $2 and not exists (
  select 1 from parcel_track t where t.merchant_id = s.merchant_id and t.number = s.number)
order by s.shipped_at desc limit 500"""


@dataclass(frozen=True)
class Track:
    """What is known of a number of a carrier."""

    id: UUID
    carrier: str
    number: str
    salt_sealed: bytes
    state: str
    stage: str
    problem: str
    events: list[Event]
    wanted_at: datetime
    latest_at: datetime | None
    told_at: datetime | None
    queried_at: datetime | None
    signed_at: datetime | None


class _Sent(msgspec.Struct, frozen=True):
    id: UUID
    order_id: UUID
    company: str
    number: str = ""


async def want(tx: Tx, *, company: str, number: str) -> Track | None:
    """Begin to track a parcel, or give its track; None for a carrier that kuaidi100 would not know by this name."""
    carrier = carriers.named(company)
    if carrier is None:
        return None
    made = tx.new_id()
    salt = tx.seal(SALT, tx.token(16).encode())
    if await tx.run(WANT, tx.merchant, made, carrier.code, number, salt, tx.now):
        await tx.emit(TrackWanted(made))
    return await tx.one(Track, NAMED, tx.merchant, carrier.code, number)


async def want_lately(tx: Tx) -> None:
    """Track what was sent lately, and what was refused: the keys are new."""
    again: list[UUID] = [one.id for one in await tx.all(_Id, WANT_AGAIN, tx.merchant, tx.now - LATELY)]
    for track in again:
        await tx.emit(TrackWanted(track))
    for one in await tx.all(_Sent, SENT_LATELY, tx.merchant, tx.now - LATELY):
        await want(tx, company=one.company, number=one.number)


class _Id(msgspec.Struct, frozen=True):
    id: UUID


async def get(tx: Tx, *, track: UUID) -> Track:
    """Give a track."""
    return await tx.one(Track, ONE, tx.merchant, track)


async def phone(tx: Tx, *, number: str) -> str:
    """Give the receiver's phone number of a parcel, which some carriers must be told."""
    return await tx.value(PHONE, tx.merchant, number) or ""


PHONE = """select max(o.address ->> 'phone') from shipment s
join orders o on o.merchant_id = s.merchant_id and o.id = s.order_id where s.merchant_id = $1 and s.number = $2"""


async def mark(tx: Tx, *, track: UUID, state: str, problem: str = "") -> None:
    """Record how a subscription was answered."""
    await tx.run(MARK, tx.merchant, track, state, problem)


async def may_ask(tx: Tx, *, track: UUID) -> bool:
    """Take the turn to ask for a parcel at once; nobody else has it for half an hour."""
    return bool(await tx.run(ASK, tx.merchant, track, tx.now, tx.now - QUERY_EVERY))


async def of_numbers(tx: Tx, *, numbers: Sequence[str]) -> list[Track]:
    """List the tracks of some numbers, of whichever carrier."""
    return await tx.all(Track, OF_NUMBERS, tx.merchant, list(numbers))


async def tell(tx: Tx, *, track: UUID, told: Told) -> bool:
    """Add what was told to what is known, in whichever order it comes; say whether it was news."""
    known = await tx.one(Track, f"{ONE} for update", tx.merchant, track)
    after = merged(known, told)
    newer = bool(told.stage) and _newest(told.events, known)
    stage = told.stage if newer else known.stage
    problem = told.problem if newer or not after else known.problem
    state = "ended" if told.ended or known.state == "ended" else "watched"
    latest = after[0].at if after else None
    before = (known.events, known.stage, known.state, known.problem)
    if (after, stage, state, problem) == before and known.told_at:
        return False
    signed = tx.now if stage == "signed" else None
    await tx.run(TELL, tx.merchant, track, state, stage, problem, after, latest, tx.now, signed)
    if signed and known.signed_at is None:
        for one in await tx.all(_Sent, SENT, tx.merchant, known.number):
            if (carrier := carriers.named(one.company)) and carrier.code == known.carrier:
                await tx.emit(ParcelSigned(one.order_id, one.id, one.company, known.number))
    return True


def merged(known: Track, told: Told) -> list[Event]:
    """Put together what happened, newest first; a push that tells all anew replaces what was known before it."""
    if told.anew and _newest(told.events, known):
        return told.events
    # The same thing told with and without its stage is one thing.
    found = {(one.at, one.text): one for one in (*told.events, *known.events)}
    found |= {(one.at, one.text): one for one in (*known.events, *told.events) if one.stage}
    return in_order(found.values())


def _newest(told: Sequence[Event], known: Track) -> bool:
    """Say whether what is told is at least as new as what is known."""
    if not told:
        return False
    if known.latest_at is None or told[0].at > known.latest_at:
        return True
    return told[0].at == known.latest_at and len(told) >= len(known.events)

"""Coupons: offering, claiming, holding for an order, using, giving back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.campaigns.facts import CouponClaimed
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade.prices import rules as prices
from tongshang.trade.prices.coupons import NotUsable
from tongshang.trade.prices.rules import Scope

__all__ = ["NotUsable"]

STACKS = ("promotions", "member", "flash")

COLUMNS = """id, name, minus_fen, min_spend_fen, total, per_person, valid_days, state, claimed, used, created_at, kind,
  percent, scope, stacks_with, claim_from, claim_until"""
ONE = f"select {COLUMNS} from coupon where merchant_id = $1 and id = $2"
LIST = f"select {COLUMNS} from coupon where merchant_id = $1 order by created_at desc, id"
PUT = """insert into coupon (merchant_id, id, name, minus_fen, min_spend_fen, total, per_person, valid_days, state,
  created_at, kind, percent, scope, stacks_with, claim_from, claim_until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
on conflict (merchant_id, id) do update set name = $3, minus_fen = $4, min_spend_fen = $5, total = $6, per_person = $7,
  valid_days = $8, state = $9, kind = $11, percent = $12, scope = $13, stacks_with = $14, claim_from = $15,
  claim_until = $16
where $6 >= coupon.claimed"""
TAKE = """update coupon set claimed = claimed + 1
where merchant_id = $1 and id = $2 and state = 'on' and claimed < total returning valid_days"""
MINE = "select count(*) from coupon_piece where merchant_id = $1 and coupon_id = $2 and fan_id = $3"
PIECE_COLUMNS = """p.id, p.coupon_id, c.name, c.minus_fen, c.min_spend_fen, p.state, p.order_id, p.expires_at, p.fan_id,
  c.kind, c.percent, c.scope, c.stacks_with"""
PIECES = f"""select {PIECE_COLUMNS} from coupon_piece p
join coupon c on c.merchant_id = p.merchant_id and c.id = p.coupon_id
where p.merchant_id = $1 and p.fan_id = $2 order by p.expires_at, p.id"""
PIECE = f"""select {PIECE_COLUMNS} from coupon_piece p
join coupon c on c.merchant_id = p.merchant_id and c.id = p.coupon_id
where p.merchant_id = $1 and p.fan_id = $2 and p.id = $3"""
SOME = f"""select {PIECE_COLUMNS} from coupon_piece p
join coupon c on c.merchant_id = p.merchant_id and c.id = p.coupon_id where p.merchant_id = $1 and p.id = any($2)"""
UNUSED = f"""select x.* from unnest($2::uuid[]) as f(id) cross join lateral (
  select {PIECE_COLUMNS} from coupon_piece p join coupon c on c.merchant_id = p.merchant_id and c.id = p.coupon_id
  where p.merchant_id = $1 and p.fan_id = f.id and p.state = 'unused' order by p.expires_at, p.id limit 100) x"""
GIVE_BACK = """update coupon_piece set state = 'unused', order_id = null
where merchant_id = $1 and order_id = any($2) and state = 'held'"""
USE = """with gone as (
  update coupon_piece set state = 'used', used_at = $3
  where merchant_id = $1 and order_id = any($2) and state = 'held' returning coupon_id)
select coalesce(array_agg(coupon_id), '{}') from gone"""
COUNT_USE = "update coupon set used = used + $3 where merchant_id = $1 and id = $2"
UNUSE = """update coupon_piece set state = 'unused', order_id = null, used_at = null
where merchant_id = $1 and order_id = $2 and state = 'used' returning coupon_id"""
COUNT_UNUSE = "update coupon set used = used - 1 where merchant_id = $1 and id = $2"


class AllGone(Refused):
    """All of these coupons have been taken."""

    code, status, zh = "coupon.all_gone", 409, "优惠券已被领完。"


class NotGiven(Refused):
    """This coupon is not given out any more."""

    code, status, zh = "coupon.not_given", 409, "该优惠券已停止发放。"


class EnoughAlready(Refused):
    """You have taken as many of this coupon as one person may."""

    code, status, zh = "coupon.enough", 409, "您已领取过该优惠券。"


class NotNow(Refused):
    """This coupon can be taken from {since} to {until}."""

    code, status, zh = "coupon.not_now", 409, "该优惠券的领取时间为 {since} 至 {until}。"


@dataclass(frozen=True)
class Coupon:
    """What a merchant offers."""

    id: UUID
    name: str
    minus_fen: int
    min_spend_fen: int
    total: int
    per_person: int
    valid_days: int
    state: str
    claimed: int
    used: int
    created_at: datetime
    kind: str = "minus"
    percent: int = 100
    scope: Scope = field(default_factory=Scope)
    stacks_with: tuple[str, ...] = STACKS
    claim_from: datetime | None = None
    claim_until: datetime | None = None


class Piece(msgspec.Struct, frozen=True):
    """One piece in somebody's hands."""

    id: UUID
    coupon_id: UUID
    name: str
    minus_fen: int
    min_spend_fen: int
    state: str
    order_id: UUID | None
    expires_at: datetime
    fan_id: UUID
    kind: str = "minus"
    percent: int = 100
    scope: Scope = msgspec.field(default_factory=Scope)
    stacks_with: tuple[str, ...] = STACKS

    def rule(self) -> prices.Coupon:
        """Give it as the price engine reads it."""
        return _rule(self.id, self.coupon_id, self)


def rule_of(coupon: "Coupon") -> prices.Coupon:
    """Give an offered coupon as the price engine reads a piece of it."""
    return _rule(coupon.id, coupon.id, coupon)


def _rule(piece: UUID, coupon: UUID, one: "Coupon | Piece") -> prices.Coupon:
    percent = one.kind == "percent"  # what a percent coupon takes off has an end
    return prices.Coupon(
        id=piece, coupon_id=coupon, name=one.name, kind="percent" if percent else "minus", minus_fen=one.minus_fen,
        percent=one.percent, cap_fen=one.minus_fen if percent else None, min_spend_fen=one.min_spend_fen,
        scope=one.scope, stacks_with=one.stacks_with,
    )  # fmt: skip


class CouponAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A coupon as the merchant writes it down."""

    name: str
    minus_fen: int
    min_spend_fen: int
    total: int
    per_person: int = 1
    valid_days: int = 30
    state: str = "on"
    kind: str = "minus"
    percent: int = 100
    scope: Scope = msgspec.field(default_factory=Scope)
    stacks_with: tuple[str, ...] = STACKS
    claim_from: datetime | None = None
    claim_until: datetime | None = None


async def put(tx: Tx, *, coupon: UUID, asked: CouponAsked) -> Coupon:
    """Offer a coupon, or change one; never fewer than were taken, never more off than the least spend."""
    _check(asked)
    done = await tx.run(
        PUT, tx.merchant, coupon, asked.name.strip(), asked.minus_fen, asked.min_spend_fen, asked.total,
        asked.per_person, asked.valid_days, asked.state, tx.now, asked.kind, asked.percent,
        msgspec.to_builtins(asked.scope), list(asked.stacks_with), asked.claim_from, asked.claim_until,
    )  # fmt: skip
    if not done:
        raise Invalid(field="total", problem="not fewer than were taken already", zh="不能少于已领取的张数")
    return await get(tx, coupon=coupon)


def _check(asked: CouponAsked) -> None:
    if not 1 <= len(asked.name.strip()) <= 30:
        raise Invalid(field="name", problem="1-30")
    if asked.kind not in ("minus", "percent") or (asked.kind == "percent") != (1 <= asked.percent <= 99):
        raise Invalid(field="percent", problem="1-99")
    if asked.minus_fen < 1 or (asked.kind == "minus" and asked.min_spend_fen <= asked.minus_fen):
        raise Invalid(field="min_spend_fen", problem="> minus_fen")
    if asked.min_spend_fen < 0:
        raise Invalid(field="min_spend_fen", problem=">= 0")
    if (asked.scope.kind != "all") != bool(asked.scope.ids) or len(asked.scope.ids) > 500:
        raise Invalid(field="scope", problem="1-500")
    if set(asked.stacks_with) - {"promotions", "member", "flash"}:
        raise Invalid(field="stacks_with", problem="one of promotions member flash")
    if asked.claim_from and asked.claim_until and asked.claim_until <= asked.claim_from:
        raise Invalid(field="claim_until", problem="> claim_from")
    if not 1 <= asked.total <= 10_000_000:
        raise Invalid(field="total", problem="1-10000000")
    if not 1 <= asked.per_person <= 100 or not 1 <= asked.valid_days <= 365:
        raise Invalid(field="per_person", problem="1-100")
    if asked.state not in ("on", "off"):
        raise Invalid(field="state", problem=asked.state)


async def get(tx: Tx, *, coupon: UUID) -> Coupon:
    """Give a coupon."""
    return await tx.one(Coupon, ONE, tx.merchant, coupon)


async def listed(tx: Tx) -> list[Coupon]:
    """List what the merchant offers, newest first."""
    return await tx.all(Coupon, LIST, tx.merchant)


async def claim(tx: Tx, *, coupon: UUID, fan: UUID) -> Piece:
    """Take a piece for somebody; of a thousand who ask at once, exactly as many get one as there are."""
    offered = await get(tx, coupon=coupon)
    if offered.state != "on":
        raise NotGiven
    if not claimable(offered, tx.now):
        raise NotNow(since=_day(offered.claim_from), until=_day(offered.claim_until))
    days = await tx.value(TAKE, tx.merchant, coupon)  # the row's lock lines everybody up behind this
    if days is None:
        raise AllGone
    have = await tx.value(MINE, tx.merchant, coupon, fan)
    if have >= offered.per_person:
        raise EnoughAlready
    piece = tx.new_id()
    row = _Row(piece, coupon, fan, have + 1, "unused", tx.now, tx.now + timedelta(days=days))
    await tx.insert("coupon_piece", row)
    await tx.emit(CouponClaimed(coupon, piece, fan, offered.name))
    return await tx.one(Piece, PIECE, tx.merchant, fan, piece)


def claimable(coupon: Coupon, now: datetime) -> bool:
    """Say whether its time to be taken has come and is not over."""
    return not (coupon.claim_from and now < coupon.claim_from) and not (
        coupon.claim_until and now >= coupon.claim_until
    )


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(prices.SHANGHAI):%m-%d %H:%M}" if moment else "—"


@dataclass(frozen=True)
class _Row:
    id: UUID
    coupon_id: UUID
    fan_id: UUID
    nth: int
    state: str
    claimed_at: datetime
    expires_at: datetime


async def pieces(tx: Tx, *, fan: UUID) -> list[Piece]:
    """List what somebody holds, first to expire first."""
    return await tx.all(Piece, PIECES, tx.merchant, fan)


async def piece(tx: Tx, *, fan: UUID, piece: UUID) -> Piece:
    """Give one piece of somebody's, or raise NotFound."""
    found = await tx.first(Piece, PIECE, tx.merchant, fan, piece)
    if found is None:
        raise NotFound
    return found


async def some(tx: Tx, *, pieces: Sequence[UUID]) -> dict[UUID, Piece]:
    """Give pieces by their ids, whosever they are."""
    found = await tx.all(Piece, SOME, tx.merchant, list(pieces)) if pieces else []
    return {one.id: one for one in found}


async def unused(tx: Tx, *, fans: Sequence[UUID]) -> list[Piece]:
    """List what people have and have not used yet, each one's first to expire first; the first hundred of them."""
    return await tx.all(Piece, UNUSED, tx.merchant, list(fans))


async def give_back(tx: Tx, *, orders: list[UUID]) -> None:
    """Put pieces that orders hold back into their owners' hands."""
    await tx.run(GIVE_BACK, tx.merchant, orders)


async def use(tx: Tx, *, orders: Sequence[UUID]) -> None:
    """Use up the pieces that orders hold, once these are paid. Harmless when repeated."""
    used = Counter(await tx.value(USE, tx.merchant, orders, tx.now))
    for coupon, times in sorted(used.items()):
        await tx.run(COUNT_USE, tx.merchant, coupon, times)


async def undo(tx: Tx, *, order: UUID) -> None:
    """Give a piece back after its order came to nothing, used or not. Harmless when repeated."""
    await give_back(tx, orders=[order])
    if coupon := await tx.value(UNUSE, tx.merchant, order):
        await tx.run(COUNT_UNUSE, tx.merchant, coupon)

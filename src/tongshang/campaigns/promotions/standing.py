"""What is on now, for prices: a merchant's promotions kept ready, and what of them this person may still have."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.campaigns.promotions.declared import changed, named
from tongshang.campaigns.promotions.model import VERSION_SUBJECT, Row
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.ids import NIL
from tongshang.trade import carts, limits
from tongshang.trade.carts import Want
from tongshang.trade.model import BasketLine
from tongshang.trade.prices.rules import Kind, Promotion

VERSION = "select version from shelf_version where merchant_id = $1 and subject_id = $2"
ON = """select id, kind, name, state, terms, starts_at, ends_at, position, version, created_at, updated_at
from promotion where merchant_id = $1 and state = 'on' order by position, id"""
POLICY = "select members, tag_id from price_policy where merchant_id = $1"
PUT_POLICY = """insert into price_policy (merchant_id, members, tag_id) values ($1, $2, $3)
on conflict (merchant_id) do update set members = $2, tag_id = $3"""
TAG = "select count(*) from tag where merchant_id = $1 and id = $2"
LEFT = """select c.promotion_id, c.variant_id, c.total - c.used as room, c.per_person, p.fan_id, p.used
from promotion_count c left join promotion_person p on p.merchant_id = c.merchant_id
  and p.promotion_id = c.promotion_id and p.variant_id = c.variant_id and p.fan_id = any($3)
where c.merchant_id = $1 and c.promotion_id = any($2)"""
MEMBERS = {
    "followers": "select array_agg(id) from fan where merchant_id = $1 and id = any($2) and subscribed",
    "tag": "select array_agg(fan_id) from fan_tag where merchant_id = $1 and fan_id = any($2) and tag_id = $3",
}


WORN = "select fan_id, tag_id from fan_tag where merchant_id = $1 and fan_id = any($2) and tag_id = any($3)"


class Policy(msgspec.Struct, frozen=True):
    """Whose price the member's is."""

    members: str = "nobody"
    tag_id: UUID | None = None


class Standing(msgspec.Struct, frozen=True):
    """What a merchant has declared, as of a version."""

    version: int
    promotions: list[Promotion]
    policy: Policy
    variants: list[UUID]
    """Of gifts and add-ons, whose goods a price has to know."""


class Personal(msgspec.Struct, frozen=True):
    """What of the promotions is used up for a person, and how many pieces of flash sales are left for him."""

    closed: frozenset[UUID] = frozenset()
    pieces: dict[tuple[UUID, UUID], int] = {}


class _Worn(msgspec.Struct, frozen=True):
    fan_id: UUID
    tag_id: UUID


class _Left(msgspec.Struct, frozen=True):
    promotion_id: UUID
    variant_id: UUID
    room: int | None
    per_person: int | None
    fan_id: UUID | None
    used: int | None


async def read(tx: Tx) -> Standing:
    """Give what the merchant has on; kept ready in each process while nobody has changed it."""
    kept: dict[UUID, Standing] = tx.world.shelf.setdefault("promotions", {})
    # The version is read first: what is kept is never newer than it says, so a change is never missed.
    version = await tx.value(VERSION, tx.merchant, VERSION_SUBJECT) or 0
    known = kept.get(tx.merchant)
    if known is None or known.version != version:
        promotions = [row.promotion() for row in await tx.all(Row, ON, tx.merchant)]
        variants = sorted({variant for one in promotions for variant in named(one)})
        known = kept[tx.merchant] = Standing(version, promotions, await policy(tx), variants)
    return known


async def policy(tx: Tx) -> Policy:
    """Say whose price the member's is."""
    return await tx.first(Policy, POLICY, tx.merchant) or Policy()


async def set_policy(tx: Tx, *, asked: Policy) -> Policy:
    """Say whose price the member's shall be from now on."""
    if asked.members not in ("nobody", *MEMBERS):
        raise Invalid(field="members", problem="one of nobody followers tag")
    if (asked.members == "tag") != (asked.tag_id is not None):
        raise Invalid(
            field="tag_id",
            problem="to be given where members are told by a tag, and only there",
            zh="会员按标签认定时须选择标签，否则留空",
        )
    if asked.tag_id is not None and not await tx.value(TAG, tx.merchant, asked.tag_id):
        raise NotFound
    await tx.run(PUT_POLICY, tx.merchant, asked.members, asked.tag_id)
    await changed(tx)
    return asked


async def members(tx: Tx, *, standing: Standing, fans: Sequence[UUID]) -> frozenset[UUID]:
    """Say who of these people pays members' prices."""
    known = standing.policy
    if known.members == "nobody":
        return frozenset()
    args = [] if known.tag_id is None else [known.tag_id]
    return frozenset(await tx.value(MEMBERS[known.members], tx.merchant, list(fans), *args) or ())


async def outside(tx: Tx, *, promotions: Sequence[Promotion], fans: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Say of each person which promotions are for groups that he is not of; reads nothing where there are none."""
    some = {one.id: {*one.audience} for one in promotions if one.audience}
    if not some:
        return {}
    worn: dict[UUID, set[UUID]] = {fan: set() for fan in fans}
    for row in await tx.all(_Worn, WORN, tx.merchant, list(fans), list(set().union(*some.values()))):
        worn[row.fan_id].add(row.tag_id)
    return {fan: frozenset(one for one, meant in some.items() if not meant & mine) for fan, mine in worn.items()}


async def personal(tx: Tx, *, promotions: Sequence[Promotion], fans: Sequence[UUID]) -> dict[UUID, Personal]:
    """Say for each person what is used up and what is left; reads nothing when nothing is limited."""
    counted = [one.id for one in promotions if limited(one)]
    if not counted or not fans:
        return {}
    rows = await tx.all(_Left, LEFT, tx.merchant, counted, list(fans))
    had = {(row.promotion_id, row.variant_id, row.fan_id) for row in rows}
    made = {}
    for fan in fans:
        closed, pieces = set(), dict[tuple[UUID, UUID], int]()
        for row in rows:
            if row.fan_id not in (None, fan) and (row.promotion_id, row.variant_id, fan) in had:
                continue  # another's row; his own says more
            room = _room(row, fan)
            if row.variant_id == NIL and room is not None and room <= 0:
                closed.add(row.promotion_id)
            elif row.variant_id != NIL and room is not None:
                place = (row.promotion_id, row.variant_id)
                pieces[place] = min(room, pieces.get(place, room))
        made[fan] = Personal(frozenset(closed), pieces)
    return made


def _room(row: _Left, fan: UUID) -> int | None:
    limits = [row.room] if row.room is not None else []
    if row.per_person is not None:
        limits.append(row.per_person - ((row.used or 0) if row.fan_id == fan else 0))
    return min(limits, default=None)


def limited(promotion: Promotion) -> bool:
    """Say whether somebody has to count its uses."""
    flash = promotion.kind == Kind.FLASH
    return bool(promotion.budget or promotion.per_person) or (
        flash and any(one.stock is not None or one.per_person is not None for one in promotion.specials)
    )


async def goods(tx: Tx, *, standing: Standing) -> dict[UUID, BasketLine]:
    """Tell about the gifts and add-ons of what is on, one piece of each; those that are gone are left out."""
    return await goods_of(tx, variants=standing.variants)


async def goods_of(tx: Tx, *, variants: Sequence[UUID]) -> dict[UUID, BasketLine]:
    """Tell about goods, one piece of each; what is not on sale just now is off the shelf."""
    if not variants:
        return {}
    found = await carts.baskets(tx, wants=[Want(NIL, variant, 1) for variant in variants])
    return {
        line.variant_id: msgspec.structs.replace(line, on_shelf=False) if limits.off_sale(line, tx.now) else line
        for lines in found
        for line in lines
    }

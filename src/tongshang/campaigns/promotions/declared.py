"""Writing promotions down: drafts, starting, pausing, ending. Every change is seen by the next price."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.campaigns.promotions.model import PROMOTION, VERSION_SUBJECT, P, PromotionAsked, Row, check
from tongshang.catalog.stock import HERE
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.ids import NIL
from tongshang.trade.prices import words
from tongshang.trade.prices.rules import PRICED, Kind, Promotion

MOST = 200
COLUMNS = "id, kind, name, state, terms, starts_at, ends_at, position, version, created_at, updated_at"
ONE = f"select {COLUMNS} from promotion where merchant_id = $1 and id = $2"
LIST = f"""select {COLUMNS} from promotion where merchant_id = $1 and ($2 = '' or state = $2)
order by (state = 'ended'), id desc limit $3"""
PUT = """insert into promotion (merchant_id, id, kind, name, state, terms, starts_at, ends_at, position, version,
  created_at, updated_at)
values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, 1, $9, $9)
on conflict (merchant_id, id) do update set name = $4, terms = $5, starts_at = $6, ends_at = $7, position = $8,
  version = promotion.version + 1, updated_at = $9
where promotion.kind = $3 and promotion.state <> 'ended' and ($10::integer is null or promotion.version = $10)"""
MOVE = """update promotion set state = $3, version = version + 1, updated_at = $5
where merchant_id = $1 and id = $2 and state = any($4)"""
COUNT = "select count(*) from promotion where merchant_id = $1 and state <> 'ended'"
CHANGED = "select app.shelf_changed($1, $2)"
COUNTS = """insert into promotion_count (merchant_id, promotion_id, variant_id, total, per_person)
values ($1, $2, $3, $4, $5)
on conflict (merchant_id, promotion_id, variant_id) do update set total = $4, per_person = $5
where promotion_count.used <= coalesce($4, 2147483647)"""
UNCOUNT = """update promotion_count set total = null, per_person = null
where merchant_id = $1 and promotion_id = $2 and variant_id <> all($3)"""
USED = """select promotion_id, variant_id, count(*) as orders, sum(pieces)::bigint as pieces, sum(fen)::bigint as fen
from promotion_use where merchant_id = $1 and promotion_id = any($2) group by 1, 2"""
MEANT = f"""select v.id as variant_id, p.title, v.options, v.price_fen, coalesce(s.on_hand - s.reserved, 0) as left
from variant v join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id and s.place_id = {HERE}
where v.merchant_id = $1 and v.id = any($2) order by p.title, v.position"""
VARIANTS = """select count(*) from variant v where v.merchant_id = $1 and v.id = any($2) and not v.gone"""
TAGS = "select count(*) from tag where merchant_id = $1 and id = any($2)"


class Ended(Refused):
    """This promotion is over; make a new one."""

    code, status, zh = "promotion.ended", 409, "该活动已结束，请新建活动。"


class ChangedMeanwhile(Refused):
    """Somebody else has changed this promotion meanwhile. Look at it again."""

    code, status, zh = "promotion.changed", 409, "该活动已被他人修改，请刷新后重试。"


class TooManyPromotions(Refused):
    """There are {most} promotions that have not ended. End one first."""

    code, status, zh = "promotion.too_many", 409, "未结束的活动最多 {most} 个，请先结束不用的活动。"


class FewerThanSold(Refused):
    """More than that has been taken already."""

    code, status, zh = "promotion.fewer_than_used", 409, "数量不能少于已用掉的数量。"


class Figures(msgspec.Struct, frozen=True):
    """How often a promotion was used, and what it took off (fen)."""

    orders: int = 0
    fen: int = 0
    pieces: dict[str, int] = {}


class Meant(msgspec.Struct, frozen=True):
    """A variant that a promotion names."""

    variant_id: UUID
    title: str
    options: list[str]
    price_fen: int
    left: int


class PromotionView(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion as the console shows it."""

    id: UUID
    promotion: Promotion
    state: str
    version: int
    created_at: datetime
    updated_at: datetime
    zh: str
    en: str
    now: str
    figures: Figures
    goods: list[Meant] = []
    """What its gifts and specials are, where one promotion is shown."""


class _Used(msgspec.Struct, frozen=True):
    promotion_id: UUID
    variant_id: UUID
    orders: int
    pieces: int
    fen: int


async def put(tx: Tx, *, promotion: UUID, asked: PromotionAsked) -> PromotionView:
    """Write a promotion down: a new draft, or another wording of one that has not ended."""
    check(asked)
    known = await tx.first(Row, ONE, tx.merchant, promotion)
    if known is None and await tx.value(COUNT, tx.merchant) >= MOST:
        raise TooManyPromotions(most=MOST)
    if known is not None and known.state == P.ENDED:
        raise Ended
    if known is not None and known.kind != asked.kind:
        raise Invalid(field="kind", problem=known.kind)
    await _refuse_strangers(tx, asked)
    done = await tx.run(
        PUT, tx.merchant, promotion, asked.kind, asked.name.strip(), asked.terms(), asked.starts_at, asked.ends_at,
        asked.position, tx.now, asked.version,
    )  # fmt: skip
    if not done:
        raise ChangedMeanwhile
    await _count(tx, promotion, asked)
    await changed(tx)
    return await get(tx, promotion=promotion)


async def _refuse_strangers(tx: Tx, asked: PromotionAsked) -> None:
    meant = {one.variant_id for one in asked.specials} | {g.variant_id for s in asked.steps for g in s.gifts}
    if meant and await tx.value(VARIANTS, tx.merchant, list(meant)) < len(meant):
        raise NotFound
    if asked.audience and await tx.value(TAGS, tx.merchant, asked.audience) < len(asked.audience):
        raise Invalid(field="audience", problem="unknown")


def named(promotion: Promotion) -> list[UUID]:
    """List the variants a promotion gives or adds on, whose goods a price has to know."""
    gifts = {gift.variant_id for step in promotion.steps for gift in step.gifts}
    added = {special.variant_id for special in promotion.specials} if promotion.kind == Kind.ADDON else set()
    return sorted(gifts | added)


async def _count(tx: Tx, promotion: UUID, asked: PromotionAsked) -> None:
    """Keep a count for whatever may not be used for ever; what is not counted any more may be."""
    limits = {NIL: (asked.budget, asked.per_person)} if asked.budget or asked.per_person else {}
    for one in sorted(asked.specials, key=lambda special: special.variant_id):
        if asked.kind == Kind.FLASH and (one.stock is not None or one.per_person is not None):
            limits[one.variant_id] = (one.stock, one.per_person)
    await tx.run(UNCOUNT, tx.merchant, promotion, list(limits))
    for variant, (total, per_person) in sorted(limits.items()):
        if not await tx.run(COUNTS, tx.merchant, promotion, variant, total, per_person):
            raise FewerThanSold


async def changed(tx: Tx) -> None:
    """Let every process see at its next price that promotions have changed."""
    await tx.run(CHANGED, tx.merchant, [VERSION_SUBJECT])


async def move(tx: Tx, *, promotion: UUID, what: str) -> PromotionView:
    """Start, pause or end a promotion. Harmless when it is so already."""
    known = await tx.one(Row, ONE, tx.merchant, promotion)
    state = PROMOTION.move(what, P(known.state))
    if state != known.state:
        await tx.run(MOVE, tx.merchant, promotion, state, PROMOTION.sources(what), tx.now)
        await changed(tx)
    return await get(tx, promotion=promotion)


async def get(tx: Tx, *, promotion: UUID) -> PromotionView:
    """Give a promotion."""
    (view,) = await _viewed(tx, [await tx.one(Row, ONE, tx.merchant, promotion)])
    known = view.promotion
    meant = [*named(known), *(special.variant_id for special in known.specials if known.kind in PRICED)]
    goods = await tx.all(Meant, MEANT, tx.merchant, meant) if meant else []
    return msgspec.structs.replace(view, goods=goods)


async def listed(tx: Tx, *, state: str = "") -> list[PromotionView]:
    """List promotions, those that have not ended first, newest first."""
    if state and state not in {*P}:
        raise Invalid(field="state", problem=state)
    return await _viewed(tx, await tx.all(Row, LIST, tx.merchant, state, 2 * MOST))


async def _viewed(tx: Tx, rows: Sequence[Row]) -> list[PromotionView]:
    used = await tx.all(_Used, USED, tx.merchant, [row.id for row in rows])
    made = []
    for row in rows:
        mine = [one for one in used if one.promotion_id == row.id]
        whole = next((one for one in mine if one.variant_id == NIL), None)
        figures = Figures(
            whole.orders if whole else 0, whole.fen if whole else 0,
            {str(one.variant_id): one.pieces for one in mine if one.variant_id != NIL},
        )  # fmt: skip
        promotion = row.promotion()
        zh, en = words.sentence(promotion)
        made.append(PromotionView(
            id=row.id, promotion=promotion, state=row.state, version=row.version, created_at=row.created_at,
            updated_at=row.updated_at, zh=zh, en=en, now=standing(row.state, promotion, tx.now), figures=figures,
        ))  # fmt: skip
    return made


def standing(state: str, promotion: Promotion, now: datetime) -> str:
    """Say how a promotion stands today: its state, or of one that is on, whether its time has come."""
    if state != P.ON:
        return state
    if promotion.ends_at and promotion.ends_at <= now:
        return "over"
    if promotion.starts_at and promotion.starts_at > now:
        return "soon"
    return "running" if promotion.open_at(now) else "resting"

"""What buyers do: write a review of what they bought, say one more word, send pictures along."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec

from tongshang.fans import people
from tongshang.media import pictures
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade import orders
from tongshang.trade.model import S
from tongshang.trade.reviews import desk
from tongshang.trade.reviews.facts import ReviewWritten

MOST_WORDS = 500
MOST_PICTURES = 9
NOBODY = "匿名用户"
LINE = """select l.id as line_id, l.product_id, l.variant_id, l.options, l.quantity, l.refunded_quantity
from order_line l where l.merchant_id = $1 and l.order_id = $2 and l.id = $3"""
ADD = """insert into review (merchant_id, id, order_line_id, order_id, product_id, variant_id, options, fan_id, nick,
  anonymous, stars, words, pictures, state, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"""
KNOWN = """select id, stars, words, anonymous, pictures from review
where merchant_id = $1 and order_line_id = $2"""
MORE = """update review set more_words = $4, more_pictures = $5, more_at = $6,
  state = case when state = 'shown' and $7 then 'pending' else state end
where merchant_id = $1 and id = $2 and fan_id = $3 and more_at is null returning product_id"""
OWN = "select more_at is not null from review where merchant_id = $1 and id = $2 and fan_id = $3"


class NotYet(Refused):
    """You can review this once the order is completed."""

    code, status, zh = "review.not_yet", 409, "订单完成后才能评价。"


class Already(Refused):
    """You have reviewed this already."""

    code, status, zh = "review.already", 409, "这件商品您已经评价过了。"


class Returned(Refused):
    """This was refunded; there is nothing left of it to review."""

    code, status, zh = "review.returned", 409, "商品已全部退款，不能评价。"


class AlreadyMore(Refused):
    """You have added a word already."""

    code, status, zh = "review.already_more", 409, "追评只能发表一次。"


class ReviewAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a buyer says of a line of his order."""

    line_id: UUID
    stars: int
    words: str = ""
    pictures: list[UUID] = []
    anonymous: bool = False


class MoreAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One more word, later."""

    words: str = ""
    pictures: list[UUID] = []


class _Line(msgspec.Struct, frozen=True):
    line_id: UUID
    product_id: UUID
    variant_id: UUID
    options: list[str]
    quantity: int
    refunded_quantity: int


class _Known(msgspec.Struct, frozen=True):
    id: UUID
    stars: int
    words: str
    anonymous: bool
    pictures: list[UUID]


async def write(tx: Tx, *, fan: UUID, order: UUID, review: UUID, asked: ReviewAsked) -> None:
    """Write a review of a line of one's own completed order; the same again is once, another is refused."""
    await may_write(tx, fan=fan, order=order)
    line = await tx.one(_Line, LINE, tx.merchant, order, asked.line_id)
    words = await _checked(tx, asked.words, asked.pictures)
    if not 1 <= asked.stars <= 5:
        raise Invalid(field="stars", problem="1-5")
    if line.refunded_quantity >= line.quantity:
        raise Returned
    if known := await tx.first(_Known, KNOWN, tx.merchant, asked.line_id):
        if known == _Known(review, asked.stars, words, asked.anonymous, asked.pictures):
            return
        raise Already
    state = "pending" if await desk.moderated(tx) else "shown"
    nick = NOBODY if asked.anonymous else masked((await people.get(tx, fan_id=fan)).nickname)
    try:
        await tx.run(
            ADD, tx.merchant, review, line.line_id, order, line.product_id, line.variant_id, line.options, fan, nick,
            asked.anonymous, asked.stars, words, [str(one) for one in asked.pictures], state, tx.now,
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        if violates(error, "review_once_a_line") or violates(error, "review_pk"):
            raise Already from None
        raise
    await desk.recount(tx, product=line.product_id)
    await tx.emit(ReviewWritten(review, order, fan, line.product_id, asked.stars))


async def add(tx: Tx, *, fan: UUID, review: UUID, asked: MoreAsked) -> None:
    """Say one more word to one's own review, once."""
    words = await _checked(tx, asked.words, asked.pictures)
    if not words and not asked.pictures:
        raise Invalid(field="words", problem="required")
    shown = [str(one) for one in asked.pictures]
    product = await tx.value(MORE, tx.merchant, review, fan, words, shown, tx.now, await desk.moderated(tx))
    if product is None:
        if await tx.value(OWN, tx.merchant, review, fan):
            raise AlreadyMore
        raise NotFound
    await desk.recount(tx, product=product)


async def may_write(tx: Tx, *, fan: UUID, order: UUID) -> None:
    """Refuse whoever did not buy, or has not got, what he would speak of."""
    if (await orders.get(tx, order=order, fan=fan)).state != S.COMPLETED:
        raise NotYet


async def _checked(tx: Tx, words: str, shown: Sequence[UUID]) -> str:
    words = words.strip()
    if len(words) > MOST_WORDS:
        raise Invalid(field="words", problem=f"≤ {MOST_WORDS}")
    if len(shown) > MOST_PICTURES or len(set(shown)) != len(shown):
        raise Invalid(field="pictures", problem=f"≤ {MOST_PICTURES}")
    if len(await pictures.find(tx, shown)) != len(shown):
        raise Invalid(field="pictures", problem="unknown")
    return words


def masked(name: str | None) -> str:
    """Leave of a name what its bearer knows himself by, and nobody else: its first letter, and its last."""
    name = (name or "").strip()
    if not name:
        return NOBODY
    return f"{name[0]}**" if len(name) < 3 else f"{name[0]}**{name[-1]}"

"""Reading reviews: of a product as customers see them, of an order by who wrote them, at the merchant's desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeVar
from uuid import UUID

import msgspec

from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx

Filter = Literal["", "good", "middling", "bad", "pictured"]
SAID = """r.id, r.product_id, r.options, r.nick, r.stars, r.words, r.pictures, r.at, r.more_words, r.more_pictures,
  r.more_at, r.reply, r.replied_at"""
OF_PRODUCT = f"""select {SAID} from review r where r.merchant_id = $1 and r.product_id = $2 and r.state = 'shown'
  and case $3 when '' then true when 'good' then r.stars >= 4 when 'middling' then r.stars = 3
    when 'bad' then r.stars <= 2 else r.pictures <> '[]' or r.more_pictures <> '[]' end
  and ($4::timestamptz is null or (r.at, r.id) < ($4, $5)) order by r.at desc, r.id desc limit $6"""
COUNT = """select shown, stars_sum, good, middling, bad, pictured from review_count
where merchant_id = $1 and product_id = $2"""
OF_ORDER = f"""select {SAID}, r.order_line_id as line_id, r.state, r.hidden_because, r.anonymous from review r
where r.merchant_id = $1 and r.order_id = $2 and r.fan_id = $3"""
DESK = f"""select {SAID}, r.order_id, r.state, r.hidden_because, r.fan_id, p.title from review r
join product p on p.merchant_id = r.merchant_id and p.id = r.product_id
where r.merchant_id = $1 and ($2 = '' or r.state = $2) and ($3::uuid is null or r.product_id = $3)
  and ($4 = 0 or r.stars <= $4) and ($5::timestamptz is null or (r.at, r.id) < ($5, $6))
order by r.at desc, r.id desc limit $7"""
TALLY = """select count(*) filter (where state = 'pending') as pending,
  count(*) filter (where state = 'shown') as shown, count(*) filter (where state = 'hidden') as hidden
from review where merchant_id = $1"""


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    product_id: UUID
    options: list[str]
    nick: str
    stars: int
    words: str
    at: datetime
    more_words: str
    more_at: datetime | None
    reply: str
    replied_at: datetime | None


class _SaidRow(_Said, frozen=True, kw_only=True):
    pictures: list[UUID]
    more_pictures: list[UUID]


class ReviewShown(_Said, frozen=True, kw_only=True):
    """A review as customers see it: whose it is, is not in it."""

    pictures: list[Picture]
    more_pictures: list[Picture]


class _MineRow(_SaidRow, frozen=True, kw_only=True):
    line_id: UUID
    state: str
    hidden_because: str
    anonymous: bool


class ReviewMine(ReviewShown, frozen=True, kw_only=True):
    """A review as its writer sees it."""

    line_id: UUID
    state: str
    hidden_because: str
    anonymous: bool


class _DeskRow(_SaidRow, frozen=True, kw_only=True):
    order_id: UUID
    state: str
    hidden_because: str
    fan_id: UUID | None
    title: str


class ReviewAtDesk(ReviewShown, frozen=True, kw_only=True):
    """A review as the merchant's staff see it."""

    order_id: UUID
    state: str
    hidden_because: str
    fan_id: UUID | None
    title: str


K = TypeVar("K", bound=ReviewShown)


class Count(msgspec.Struct, frozen=True):
    """How many reviews of a product are shown, and what they say; the average is `stars_sum / shown`."""

    shown: int = 0
    stars_sum: int = 0
    good: int = 0
    middling: int = 0
    bad: int = 0
    pictured: int = 0


class Tally(msgspec.Struct, frozen=True):
    """How many reviews the desk has of each state."""

    pending: int
    shown: int
    hidden: int


async def of_product(
    tx: Tx, *, product: UUID, narrow: Filter, before: tuple[datetime, UUID] | None, limit: int
) -> list[ReviewShown]:
    """List what is shown of a product, newest first; one more than asked for tells that there are more."""
    at, last = before or (None, None)
    rows = await tx.all(_SaidRow, OF_PRODUCT, tx.merchant, product, narrow, at, last, limit + 1)
    return await _pictured(tx, ReviewShown, rows)


async def count(tx: Tx, *, product: UUID) -> Count:
    """Say what the reviews of a product come to."""
    return await tx.first(Count, COUNT, tx.merchant, product) or Count()


async def mine(tx: Tx, *, order: UUID, fan: UUID) -> list[ReviewMine]:
    """List what somebody wrote of an order of his."""
    return await _pictured(tx, ReviewMine, await tx.all(_MineRow, OF_ORDER, tx.merchant, order, fan))


async def at_desk(
    tx: Tx, *, state: str, product: UUID | None, most_stars: int, before: tuple[datetime, UUID] | None, limit: int
) -> list[ReviewAtDesk]:
    """List reviews for staff, newest first."""
    at, last = before or (None, None)
    rows = await tx.all(_DeskRow, DESK, tx.merchant, state, product, most_stars, at, last, limit + 1)
    return await _pictured(tx, ReviewAtDesk, rows)


async def tally(tx: Tx) -> Tally:
    """Count the desk's reviews by state."""
    return await tx.one(Tally, TALLY, tx.merchant)


async def _pictured(tx: Tx, kind: type[K], rows: Sequence[_SaidRow]) -> list[K]:
    seen = await pictures.find(tx, [one for row in rows for one in (*row.pictures, *row.more_pictures)])
    found = []
    for row in rows:
        fields = {name: getattr(row, name) for name in kind.__struct_fields__}
        fields["pictures"] = [seen[one] for one in row.pictures if one in seen]
        fields["more_pictures"] = [seen[one] for one in row.more_pictures if one in seen]
        found.append(kind(**fields))
    return found

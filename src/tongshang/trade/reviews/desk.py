"""What the merchant does with reviews: lets them be shown, hides them with a reason, answers; and how they count."""

from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound

NOBODY = "匿名用户"
MODERATED = "select moderated from review_setting where merchant_id = $1"
SET_MODERATED = """insert into review_setting (merchant_id, moderated) values ($1, $2)
on conflict (merchant_id) do update set moderated = $2"""
MOVE = """update review set state = $3, hidden_because = $4 where merchant_id = $1 and id = $2 returning product_id"""
REPLY = """update review set reply = $3, replied_at = case when $3 = '' then null else $4::timestamptz end
where merchant_id = $1 and id = $2"""
LOCK = """insert into review_count (merchant_id, product_id, shown, stars_sum, good, middling, bad, pictured)
values ($1, $2, 0, 0, 0, 0, 0, 0) on conflict (merchant_id, product_id) do update set shown = review_count.shown"""
RECOUNT = """update review_count set (shown, stars_sum, good, middling, bad, pictured) = (
  select count(*), coalesce(sum(stars), 0), count(*) filter (where stars >= 4), count(*) filter (where stars = 3),
    count(*) filter (where stars <= 2), count(*) filter (where pictures <> '[]' or more_pictures <> '[]')
  from review r where r.merchant_id = $1 and r.product_id = $2 and r.state = 'shown')
where merchant_id = $1 and product_id = $2"""
FORGET = "update review set fan_id = null, nick = $3, anonymous = true where merchant_id = $1 and fan_id = $2"


async def moderated(tx: Tx) -> bool:
    """Say whether reviews wait for the merchant before they are shown; they do unless he says otherwise."""
    said = await tx.value(MODERATED, tx.merchant)
    return said is None or bool(said)


async def set_moderated(tx: Tx, *, on: bool) -> None:
    """Let reviews wait for the merchant, or be shown at once."""
    await tx.run(SET_MODERATED, tx.merchant, on)


async def move(tx: Tx, *, review: UUID, state: str, because: str) -> None:
    """Show a review, or hide it with a reason that its writer can read."""
    because = because.strip()
    if state not in ("shown", "hidden"):
        raise Invalid(field="state", problem=state)
    if (state == "hidden") != bool(because) or len(because) > 100:
        raise Invalid(field="because", problem="1-100")
    product = await tx.value(MOVE, tx.merchant, review, state, because)
    if product is None:
        raise NotFound
    await recount(tx, product=product)


async def reply(tx: Tx, *, review: UUID, words: str) -> None:
    """Answer a review for all to read; no words take the answer back."""
    words = words.strip()
    if len(words) > 500:
        raise Invalid(field="words", problem="≤ 500")
    if not await tx.run(REPLY, tx.merchant, review, words, tx.now):
        raise NotFound


async def recount(tx: Tx, *, product: UUID) -> None:
    """Count a product's shown reviews anew, one at a time."""
    await tx.run(LOCK, tx.merchant, product)
    await tx.run(RECOUNT, tx.merchant, product)


async def forget(tx: Tx, *, fan: UUID) -> None:
    """Leave nobody's name on what somebody wrote; what he said of the goods stays."""
    await tx.run(FORGET, tx.merchant, fan, NOBODY)

"""Changes to many goods at once: each done or refused by itself, and rehearsed before it is done.

A rehearsal does everything and then rolls back, so that what was shown is what would have been. Prices are changed only
with the token of a rehearsal: where a price has moved since, or the change was done already, it is refused as a whole.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from tongshang.catalog import products, stock
from tongshang.catalog.facts import ProductChanged
from tongshang.catalog.model import HIGHEST_FEN, MOST_TAGS, Product, Variant
from tongshang.catalog.search import index
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused

MOST = 500
TAG = "update product set tags = $3, updated_at = $4, version = version + 1 where merchant_id = $1 and id = $2"
SORT = "update product set category_id = $3, updated_at = $4, version = version + 1 where merchant_id = $1 and id = $2"
LOCK = "select id from product where merchant_id = $1 and id = any($2) order by id for update"
PRICE = "update variant set price_fen = $3, member_price_fen = $4 where merchant_id = $1 and id = $2"
RANGE = """update product set low_fen = $3, high_fen = $4, updated_at = $5, version = version + 1
where merchant_id = $1 and id = $2"""
UNITS = {"fen": 1, "jiao": 10, "yuan": 100}


class Shelve(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="shelve"):
    """Put them on the shelf, take them off, or remove them for good."""

    state: Literal["on", "off", "gone"]


class Retag(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="tag"):
    """Add tags and take tags away."""

    add: list[str] = []
    remove: list[str] = []


class Sort(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="category"):
    """Put them into a category, or into none."""

    category_id: UUID | None


class Reprice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="price"):
    """Change prices and members' prices by so many percent, rounded to fen, jiao or yuan."""

    percent: int
    to: Literal["fen", "jiao", "yuan"] = "fen"


Change = Shelve | Retag | Sort | Reprice


class WentOn(Refused):
    """Prices have changed since you looked. Look at the preview again."""

    code, status, zh = "goods.changed_since", 409, "预览之后价格有变动，请重新预览。"


class AboveMarket(Refused):
    """The new price would be above the price it is compared with."""

    code, status, zh = "goods.above_market_price", 409, "新价格高于划线价，请先调整划线价。"


class OutOfRange(Refused):
    """The new price would be nothing, or too much."""

    code, status, zh = "goods.price_out_of_range", 409, "新价格超出允许范围。"


class BelowDeposit(Refused):
    """The new price would not be above the deposit of the presale."""

    code, status, zh = "goods.below_deposit", 409, "新价格不高于预售定金，请先调整定金。"


class Outcome(msgspec.Struct, frozen=True):
    """What became of one product: done, or why not; prices in fen before and after."""

    id: UUID
    title: str
    done: bool
    code: str = ""
    zh: str = ""
    en: str = ""
    before_fen: int | None = None
    after_fen: int | None = None


class Changed(msgspec.Struct, frozen=True):
    """What became of all; the token stands for exactly this."""

    outcomes: list[Outcome]
    done: int
    refused: int
    token: str


class Rehearsed(Exception):
    """Carries what would be out of a transaction that is not to be."""

    def __init__(self, changed: Changed) -> None:
        super().__init__("rehearsed")
        self.changed = changed


async def make(tx: Tx, *, ids: Sequence[UUID], change: Change, token: str | None, rehearse: bool) -> Changed:
    """Change goods one by one, each whole or not at all; a rehearsal raises what it found."""
    if not 1 <= len(ids) <= MOST or len(set(ids)) != len(ids):
        raise Invalid(field="ids", problem=f"1-{MOST}, distinct")
    _check(change)
    await tx.run(LOCK, tx.merchant, list(ids))
    outcomes = [await _one(tx, product, change) for product in sorted(ids)]
    outcomes.sort(key=lambda one: ids.index(one.id))
    done = sum(one.done for one in outcomes)
    stands_for = hashlib.sha256(msgspec.json.encode((change, outcomes))).hexdigest()[:32]
    changed = Changed(outcomes, done, len(outcomes) - done, stands_for)
    if rehearse:
        raise Rehearsed(changed)
    if isinstance(change, Reprice) and token != stands_for:
        raise WentOn
    return changed


def _check(change: Change) -> None:
    if isinstance(change, Reprice) and (not -90 <= change.percent <= 500 or change.percent == 0):
        raise Invalid(field="percent", problem="-90-500")
    if isinstance(change, Retag) and not change.add and not change.remove:
        raise Invalid(field="add", problem="required")
    if isinstance(change, Retag) and any(not 1 <= len(tag.strip()) <= 20 for tag in change.add):
        raise Invalid(field="add", problem="1-20")


async def _one(tx: Tx, product: UUID, change: Change) -> Outcome:
    title = ""
    await tx.run("savepoint one")
    try:
        found, variants = await products.get(tx, product=product)
        title = found.title
        prices = await _do(tx, found, variants, change)
    except Refused as refused:
        await tx.run("rollback to savepoint one")
        return Outcome(product, title, False, refused.code, refused.sentence("zh"), refused.sentence("en"))
    await tx.run("release savepoint one")
    return Outcome(product, title, True, before_fen=prices[0], after_fen=prices[1])


async def _do(tx: Tx, found: Product, variants: list[Variant], change: Change) -> tuple[int | None, int | None]:
    match change:
        case Shelve(state=state):
            await products.shelve(tx, product=found.id, state=state)
            return None, None
        case Retag(add=add, remove=remove):
            tags = [tag for tag in found.tags if tag not in remove]
            tags += [tag for tag in dict.fromkeys(one.strip() for one in add) if tag not in tags]
            if len(tags) > MOST_TAGS:
                raise Invalid(field="tags", problem=f"≤ {MOST_TAGS}")
            await tx.run(TAG, tx.merchant, found.id, tags, tx.now)
        case Sort(category_id=category):
            if category is not None and not await tx.value(products.KNOWN_CATEGORY, tx.merchant, category):
                raise NotFound
            await tx.run(SORT, tx.merchant, found.id, category, tx.now)
        case Reprice():
            low = await _reprice(tx, found, variants, change)
            await _changed(tx, found.id)
            return found.low_fen, low
    await _changed(tx, found.id)
    return None, None


async def _changed(tx: Tx, product: UUID) -> None:
    await index.put(tx, products=[product])
    await stock.changed(tx, products=[product])
    await tx.emit(ProductChanged(product))


async def _reprice(tx: Tx, found: Product, variants: list[Variant], change: Reprice) -> int:
    prices = []
    for one in variants:
        price = scaled(one.price_fen, change)
        member = None if one.member_price_fen is None else min(price, scaled(one.member_price_fen, change))
        if not 1 <= price <= HIGHEST_FEN or member == 0:
            raise OutOfRange
        if one.market_price_fen is not None and price > one.market_price_fen:
            raise AboveMarket
        await tx.run(PRICE, tx.merchant, one.id, price, member)
        prices.append(price)
    presale = found.terms.get("presale")
    if presale and min(prices) <= presale["deposit_fen"]:
        raise BelowDeposit
    await tx.run(RANGE, tx.merchant, found.id, min(prices), max(prices), tx.now)
    return min(prices)


def scaled(fen: int, change: Reprice) -> int:
    """Scale a price by whole percent, halves rounded up, to a multiple of fen, jiao or yuan."""
    unit = UNITS[change.to]
    return (fen * (100 + change.percent) + 50 * unit) // (100 * unit) * unit

"""Carts: wishes, always shown with today's price and stock."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from tongshang.catalog.kinds import bundles, terms
from tongshang.catalog.kinds.bundles import BundlePart
from tongshang.catalog.stock import HERE
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade.model import BasketLine

MOST_LINES, MOST_PIECES = 100, 999
VISITED = ("ticket", "service")
VARIANT = """
select v.id as variant_id, v.product_id, p.title, v.options,
  coalesce(v.picture_id, (p.pictures ->> 0)::uuid) as picture_id, v.price_fen as unit_price_fen,
  greatest(coalesce(s.on_hand - s.reserved - s.safety, 0), 0) as left, (p.state = 'on' and not v.gone) as on_shelf"""
GOODS = f"""{VARIANT}, p.kind, p.category_id, p.tags, v.member_price_fen, v.weight_g, p.freight_template_id, p.deduct,
  p.limit_order, p.limit_person, p.limit_days, p.on_sale_from, p.on_sale_until, p.terms, p.form"""
JOINS = f"""
from variant v join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id and s.place_id = {HERE}"""
LIST = f"""{VARIANT}, p.kind, c.quantity, c.selected, c.added_at, c.fan_id
{JOINS}
join cart_line c on c.merchant_id = v.merchant_id and c.variant_id = v.id
where c.merchant_id = $1 and c.fan_id = any($2) order by c.added_at desc, v.id"""
SINGLE = f"{GOODS}, 1 as quantity {JOINS} where v.merchant_id = $1 and v.id = any($2)"
CHOSEN = f"""{GOODS}, c.quantity, c.fan_id {JOINS}
join cart_line c on c.merchant_id = v.merchant_id and c.variant_id = v.id
where c.merchant_id = $1 and c.fan_id = any($2) and c.selected order by c.added_at desc, v.id"""
PUT = """insert into cart_line (merchant_id, fan_id, variant_id, quantity, selected, added_at)
select $1, w.fan_id, w.variant_id, w.quantity, w.selected, $6
from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::boolean[]) as w(fan_id, variant_id, quantity, selected)
join variant v on v.merchant_id = $1 and v.id = any($3) and v.id = w.variant_id and (not v.gone or not w.selected)
where (select count(*) from cart_line c where c.merchant_id = $1 and c.fan_id = w.fan_id
  and c.variant_id <> w.variant_id) < $7
order by w.fan_id, w.variant_id
on conflict (merchant_id, fan_id, variant_id) do update set quantity = excluded.quantity, selected = excluded.selected
returning fan_id, variant_id"""
DROP = "delete from cart_line where merchant_id = $1 and fan_id = $2 and variant_id = $3"
OTHERS = "select count(*) from cart_line where merchant_id = $1 and fan_id = $2 and variant_id <> $3"


class Full(Refused):
    """The cart is full. Remove something first."""

    code, status, zh = "cart.full", 409, "购物车已满，请先清理。"


class CartLine(msgspec.Struct, frozen=True):
    """A wish, with today's price and what is left."""

    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_id: UUID | None
    unit_price_fen: int
    quantity: int
    selected: bool
    left: int
    on_shelf: bool
    kind: str = "physical"


class Want(NamedTuple):
    """Whose basket: the selected part of the cart, or some of one variant."""

    fan: UUID
    variant: UUID | None
    quantity: int


class Wish(NamedTuple):
    """How many of a variant somebody wants, and whether to buy it next."""

    fan: UUID
    variant: UUID
    quantity: int
    selected: bool


class _Kept(msgspec.Struct, frozen=True):
    fan_id: UUID
    variant_id: UUID


class _Listed(CartLine, frozen=True, kw_only=True):
    fan_id: UUID


class _Chosen(BasketLine, frozen=True, kw_only=True):
    fan_id: UUID


L = TypeVar("L", bound=CartLine | BasketLine)


async def lines(tx: Tx, *, fan: UUID) -> list[CartLine]:
    """List somebody's cart, newest wish first."""
    return (await of_fans(tx, fans=[fan])).get(fan, [])


async def of_fans(tx: Tx, *, fans: Sequence[UUID]) -> dict[UUID, list[CartLine]]:
    """List people's carts, newest wishes first."""
    found: dict[UUID, list[CartLine]] = {}
    for line in await _bundled(tx, await tx.all(_Listed, LIST, tx.merchant, list(fans))):
        found.setdefault(line.fan_id, []).append(line)
    return found


async def put(tx: Tx, *, fan: UUID, variant: UUID, quantity: int, selected: bool) -> None:
    """Set how many of a variant somebody wants."""
    (refusal,) = await put_all(tx, [Wish(fan, variant, quantity, selected)])
    if refusal is not None:
        raise refusal


async def put_all(tx: Tx, wishes: Sequence[Wish]) -> list[Refused | None]:
    """Set how many of variants people want; say of each wish why it cannot be kept, if it cannot."""
    # Of two wishes for the same thing the later one counts.
    sane = {(one.fan, one.variant): one for one in wishes if 1 <= one.quantity <= MOST_PIECES}
    columns = list(zip(*sane.values(), strict=True)) or [()] * 4
    kept = {(row.fan_id, row.variant_id) for row in await tx.all(_Kept, PUT, tx.merchant, *columns, tx.now, MOST_LINES)}
    return [None if (one.fan, one.variant) in kept else await _refusal(tx, one) for one in wishes]


async def _refusal(tx: Tx, wish: Wish) -> Refused:
    if not 1 <= wish.quantity <= MOST_PIECES:
        return Invalid(field="quantity", problem=f"1-{MOST_PIECES}")
    return Full() if await tx.value(OTHERS, tx.merchant, wish.fan, wish.variant) >= MOST_LINES else NotFound()


async def drop(tx: Tx, *, fan: UUID, variant: UUID) -> None:
    """Forget a wish."""
    await tx.run(DROP, tx.merchant, fan, variant)


async def baskets(tx: Tx, *, wants: Sequence[Want]) -> list[list[BasketLine]]:
    """Gather what is about to be bought: the selected lines of a cart each, or one variant bought at once."""
    of_fan: dict[UUID, list[BasketLine]] = {}
    if fans := list({want.fan for want in wants if want.variant is None}):
        for line in await tx.all(_Chosen, CHOSEN, tx.merchant, fans):
            of_fan.setdefault(line.fan_id, []).append(line)
    single: dict[UUID, BasketLine] = {}
    if variants := list({want.variant for want in wants if want.variant is not None}):
        single = {line.variant_id: line for line in await tx.all(BasketLine, SINGLE, tx.merchant, variants)}
    single = {line.variant_id: line for line in await _bundled(tx, list(single.values()))}
    of_fan = {fan: await _bundled(tx, lines) for fan, lines in of_fan.items()}
    return [
        of_fan.get(want.fan, [])
        if want.variant is None
        else [msgspec.structs.replace(single[want.variant], quantity=want.quantity)]
        if want.variant in single
        else []
        for want in wants
    ]


async def _bundled(tx: Tx, lines: list[L]) -> list[L]:
    """Say of bundles what they are made of, and how many of them can be made of what is left."""
    parts = await bundles.parts_of(tx, bundles=list({line.product_id for line in lines if line.kind == "bundle"}))
    return [
        _made(line, parts.get(line.product_id, [])) if line.kind == "bundle" else _timely(tx, line) for line in lines
    ]


def _timely(tx: Tx, line: L) -> L:
    """Take off the shelf what could not be used any more on the day it is bought."""
    if line.kind not in VISITED or not isinstance(line, BasketLine):
        return line
    over = terms.visits(line.terms).over(tx.now)
    return msgspec.structs.replace(line, on_shelf=line.on_shelf and not over)


def _made(line: L, parts: list[BundlePart]) -> L:
    left = bundles.left_of(parts)
    if isinstance(line, BasketLine):
        return msgspec.structs.replace(line, parts=parts, left=left)
    return msgspec.structs.replace(line, left=left)

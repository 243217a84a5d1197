"""Carts: wishes, always shown with today's price and stock."""

from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade.model import BasketLine

MOST_LINES = 100
VARIANT = """
select v.id as variant_id, v.product_id, p.title, v.options,
  coalesce(v.picture_id, (p.pictures ->> 0)::uuid) as picture_id, v.price_fen as unit_price_fen,
  coalesce(s.on_hand - s.reserved, 0) as left, (p.state = 'on' and not v.gone) as on_shelf"""
JOINS = """
from variant v join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id"""
LIST = f"""{VARIANT}, c.quantity, c.selected, c.added_at
{JOINS}
join cart_line c on c.merchant_id = v.merchant_id and c.variant_id = v.id
where c.merchant_id = $1 and c.fan_id = $2 order by c.added_at desc, v.id"""
SINGLE = f"{VARIANT}, $3::integer as quantity {JOINS} where v.merchant_id = $1 and v.id = $2"
CHOSEN = f"""{VARIANT}, c.quantity {JOINS}
join cart_line c on c.merchant_id = v.merchant_id and c.variant_id = v.id
where c.merchant_id = $1 and c.fan_id = $2 and c.selected order by c.added_at desc, v.id"""
PUT = """insert into cart_line (merchant_id, fan_id, variant_id, quantity, selected, added_at)
select $1, $2, $3, $4, $5, $6 where exists (select 1 from variant where merchant_id = $1 and id = $3 and not gone)
on conflict (merchant_id, fan_id, variant_id) do update set quantity = $4, selected = $5"""
DROP = "delete from cart_line where merchant_id = $1 and fan_id = $2 and variant_id = $3"
EMPTY = "delete from cart_line where merchant_id = $1 and fan_id = $2 and variant_id = any($3)"
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


async def lines(tx: Tx, *, fan: UUID) -> list[CartLine]:
    """List somebody's cart, newest wish first."""
    return await tx.all(CartLine, LIST, tx.merchant, fan)


async def put(tx: Tx, *, fan: UUID, variant: UUID, quantity: int, selected: bool) -> None:
    """Set how many of a variant somebody wants."""
    if not 1 <= quantity <= 999:
        raise Invalid(field="quantity", problem="1-999")
    if await tx.value(OTHERS, tx.merchant, fan, variant) >= MOST_LINES:
        raise Full
    if not await tx.run(PUT, tx.merchant, fan, variant, quantity, selected, tx.now):
        raise NotFound


async def drop(tx: Tx, *, fan: UUID, variant: UUID) -> None:
    """Forget a wish."""
    await tx.run(DROP, tx.merchant, fan, variant)


async def emptied(tx: Tx, *, fan: UUID, variants: list[UUID]) -> None:
    """Forget the wishes that became an order."""
    await tx.run(EMPTY, tx.merchant, fan, variants)


async def basket(tx: Tx, *, fan: UUID, variant: UUID | None, quantity: int) -> list[BasketLine]:
    """Gather what is about to be bought: the selected lines of the cart, or one variant bought at once."""
    if variant is not None:
        return await tx.all(BasketLine, SINGLE, tx.merchant, variant, quantity)
    return await tx.all(BasketLine, CHOSEN, tx.merchant, fan)

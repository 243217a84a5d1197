"""What customers do before they order: carts, addresses; quotes are beside."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.fans.access import Shopper
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.batch import gathered
from tongshang.platform.db import Tx
from tongshang.trade import addresses, carts
from tongshang.trade.addresses import Address
from tongshang.trade.carts import CartLine
from tongshang.trade.routes.quotes import quote


class CartRow(msgspec.Struct):
    """A wish in the cart."""

    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture: Picture | None
    price_fen: int
    quantity: int
    selected: bool
    stock: int
    state: str


class CartView(msgspec.Struct):
    """The cart, and what the selected part of it comes to."""

    lines: list[CartRow]
    count: int
    selected_fen: int


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """How many of a variant somebody wants."""

    quantity: int
    selected: bool = True


class AddressAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An address to keep."""

    name: str
    phone: str
    region: list[str]
    detail: str
    is_default: bool = False


@get("/cart", operation_id="get_cart")
async def get_cart(who: Shopper) -> CartView:
    """Show the cart with today's prices."""
    async with who.tx() as tx:
        return await _cart(tx, who)


async def _cart(tx: Tx, who: Shopper) -> CartView:
    found = await carts.lines(tx, fan=who.fan)
    return _view(found, await pictures.find(tx, (line.picture_id for line in found)))


def _view(found: Sequence[CartLine], shown: Mapping[UUID, Picture]) -> CartView:
    rows = [
        CartRow(
            line.variant_id, line.product_id, line.title, line.options,
            shown.get(line.picture_id) if line.picture_id else None, line.unit_price_fen, line.quantity,
            line.selected, max(0, line.left), "on" if line.on_shelf else "off",
        )
        for line in found
    ]  # fmt: skip
    selected = sum(row.price_fen * row.quantity for row in rows if row.selected and row.state == "on")
    return CartView(rows, sum(row.quantity for row in rows), selected)


@put("/cart/lines/{variant_id:uuid}", operation_id="put_cart_line")
async def put_cart_line(who: Shopper, variant_id: UUID, data: Wish) -> CartView:
    """Set how many of a variant one wants."""
    wish = carts.Wish(who.fan, variant_id, data.quantity, data.selected)
    return await gathered(who.world, "trade.carts", _put_all).ask(who.merchant, wish)


async def _put_all(tx: Tx, wishes: Sequence[carts.Wish]) -> list[CartView | Exception]:
    """Set what people want who say so just now, and show each his cart."""
    refused = await carts.put_all(tx, wishes)
    found = await carts.of_fans(tx, fans=list({one.fan for one in wishes}))
    shown = await pictures.find(tx, (line.picture_id for lines in found.values() for line in lines))
    return [
        _view(found.get(one.fan, []), shown) if refusal is None else refusal
        for one, refusal in zip(wishes, refused, strict=True)
    ]


@delete("/cart/lines/{variant_id:uuid}", operation_id="drop_cart_line", status_code=200)
async def drop_cart_line(who: Shopper, variant_id: UUID) -> CartView:
    """Forget a wish."""
    async with who.tx() as tx:
        await carts.drop(tx, fan=who.fan, variant=variant_id)
        return await _cart(tx, who)


@get("/addresses", operation_id="list_addresses")
async def list_addresses(who: Shopper) -> list[Address]:
    """List one's addresses."""
    return await addresses.of_fan(who.world, who.merchant, fan=who.fan)


@put("/addresses/{address_id:uuid}", operation_id="put_address")
async def put_address(who: Shopper, address_id: UUID, data: AddressAsked) -> Address:
    """Keep an address; needs consent to the privacy text."""
    async with who.tx() as tx:
        row = Address(
            address_id, who.fan, data.name.strip(), data.phone.strip(), data.region, data.detail.strip(),
            data.is_default, tx.now,
        )  # fmt: skip
        return await addresses.put(tx, address=row)


@delete("/addresses/{address_id:uuid}", operation_id="drop_address")
async def drop_address(who: Shopper, address_id: UUID) -> None:
    """Forget an address."""
    async with who.tx() as tx:
        await addresses.drop(tx, fan=who.fan, address=address_id)


store = [get_cart, put_cart_line, drop_cart_line, quote, list_addresses, put_address, drop_address]

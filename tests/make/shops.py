"""Shops for tests: goods on the shelf, fans, carts, all through public verbs."""

import io
from typing import Any
from uuid import UUID

from PIL import Image

from tongshang.catalog import products
from tongshang.catalog.model import Axis, ProductAsked, VariantAsked
from tongshang.fans import people
from tongshang.fans.model import Source
from tongshang.media import files
from tongshang.platform.world import World
from tongshang.trade import carts, place, quotes
from tongshang.trade.model import Delivery, Order
from tongshang.trade.quotes import Wanted


def png(colour: str = "#2a6", size: tuple[int, int] = (640, 640)) -> bytes:
    """Draw a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


async def make_product(
    world: World, merchant: UUID, *, title: str = "明前龙井", prices: tuple[int, ...] = (9_900,), stock: int = 10,
    **more: Any,
) -> tuple[UUID, list[UUID]]:  # fmt: skip
    """Put a product on the shelf; give its id and its variants'. `more` is what else is written down of it."""
    picture = await files.keep(world, merchant, data=png(), name="tea.png")
    async with world.tx(merchant) as tx:
        product = tx.new_id()
        ids = [tx.new_id() for _ in prices]
        values = [f"{50 * (n + 1)}g" for n in range(len(prices))]
        variants = [
            VariantAsked(id=one, options=[value], price_fen=price, stock=stock, sku_code=value)
            for one, value, price in zip(ids, values, prices, strict=True)
        ]
        asked = ProductAsked(
            title=title, pictures=[picture.id], options=[Axis("规格", values)], variants=variants, state="on", **more
        )
        await products.put(tx, product=product, asked=asked)
    return product, ids


async def make_kind(
    world: World, merchant: UUID, kind: str, *, terms: dict[str, Any], title: str = "茶会", stock: int | None = None,
    weight_g: int = 0,
) -> UUID:  # fmt: skip
    """Put goods of a kind, of one variant, on the shelf; give the variant."""
    picture = await files.keep(world, merchant, data=png(), name="tea.png")
    async with world.tx(merchant) as tx:
        one = VariantAsked(id=tx.new_id(), price_fen=9_900, stock=stock, weight_g=weight_g)
        asked: dict[str, Any] = {"title": title, "pictures": [picture.id], "state": "on", "kind": kind, "terms": terms}
        await products.put(tx, product=tx.new_id(), asked=ProductAsked(**asked, variants=[one]))
    return one.id


async def make_fan(world: World, merchant: UUID, *, name: str = "xiaowang") -> UUID:
    """Let somebody be known to the shop."""
    async with world.tx(merchant) as tx:
        fan = await people.known(tx, appid="wx0000000000000001", openid=f"o{name:0>27}", source=Source.STORE)
    return fan.id


async def order(
    world: World,
    merchant: UUID,
    fan: UUID,
    variant: UUID,
    *,
    quantity: int = 1,
    coupon: UUID | None = None,
    order_id: UUID | None = None,
) -> Order:
    """Quote and place an order to be picked up, at once; raises what the customer would be told."""
    wanted = Wanted(variant_id=variant, quantity=quantity, delivery=Delivery.PICKUP, coupon_id=coupon)
    async with world.tx(merchant) as tx:
        quote = await quotes.make(tx, fan=fan, wanted=wanted)
        fresh = tx.new_id()
    asked = place.Asked(order_id=order_id or fresh, fan_id=fan, wanted=wanted, quote_token=quote.quote_token)
    return await place.place(world, merchant, asked)


async def fill_cart(world: World, merchant: UUID, fan: UUID, wishes: dict[UUID, int]) -> None:
    """Put things into somebody's cart."""
    async with world.tx(merchant) as tx:
        for variant, quantity in wishes.items():
            await carts.put(tx, fan=fan, variant=variant, quantity=quantity, selected=True)

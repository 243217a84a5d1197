"""What customers do before they order: carts, quotes, addresses."""

from typing import Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from tongshang.catalog.forms import FormField
from tongshang.fans.access import Shopper
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx
from tongshang.platform.web import AnyRequest, language_of
from tongshang.trade import addresses, carts, quotes, views
from tongshang.trade.addresses import Address
from tongshang.trade.model import Delivery
from tongshang.trade.quotes import Offer, Wanted


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


class One(msgspec.Struct, forbid_unknown_fields=True):
    """One variant, bought at once."""

    variant_id: UUID
    quantity: int = 1


class QuoteAsked(msgspec.Struct, rename={"source": "from"}, kw_only=True):
    """What shall be bought, and how."""

    source: Literal["cart"] | One = "cart"
    delivery: Delivery = Delivery.EXPRESS
    address_id: UUID | None = None
    coupon_id: UUID | None = None
    best_coupon: bool = False

    def wanted(self) -> Wanted:
        """Say it in trade's words."""
        if isinstance(self.source, One):
            return Wanted(variant_id=self.source.variant_id, quantity=self.source.quantity, delivery=self.delivery,
                          coupon_id=self.coupon_id, best_coupon=self.best_coupon)  # fmt: skip
        return Wanted(delivery=self.delivery, coupon_id=self.coupon_id, best_coupon=self.best_coupon)


class QuoteRow(msgspec.Struct):
    """A line of a quote."""

    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture: Picture | None
    price_fen: int
    quantity: int
    amount_fen: int


class QuoteCoupon(msgspec.Struct):
    """A coupon one has: whether it can be used here, and if not, why."""

    id: UUID
    name: str
    minus_fen: int
    min_spend_fen: int
    expires_at: str
    usable: bool
    why: str | None


class QuoteView(msgspec.Struct):
    """What it costs and why, and a token of exactly this."""

    lines: list[QuoteRow]
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    money: list[views.Money]
    coupons: list[QuoteCoupon]
    coupon_id: UUID | None
    quote_token: str
    problems: list[dict[str, str]]
    delivery: Delivery
    form: list[FormField]


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
    shown = await pictures.find(tx, (line.picture_id for line in found))
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
    async with who.tx() as tx:
        await carts.put(tx, fan=who.fan, variant=variant_id, quantity=data.quantity, selected=data.selected)
        return await _cart(tx, who)


@delete("/cart/lines/{variant_id:uuid}", operation_id="drop_cart_line", status_code=200)
async def drop_cart_line(who: Shopper, variant_id: UUID) -> CartView:
    """Forget a wish."""
    async with who.tx() as tx:
        await carts.drop(tx, fan=who.fan, variant=variant_id)
        return await _cart(tx, who)


@post("/quote", operation_id="quote", status_code=200)
async def quote(request: AnyRequest, who: Shopper, data: QuoteAsked) -> QuoteView:
    """Say what it would cost, and why."""
    async with who.tx() as tx:
        made = await quotes.make(tx, fan=who.fan, wanted=data.wanted())
        shown = await pictures.find(tx, (line.picture_id for line in made.price.lines))
    price = made.price
    rows = [
        QuoteRow(
            line.variant_id, line.product_id, line.title, line.options,
            shown.get(line.picture_id) if line.picture_id else None, line.unit_price_fen, line.quantity, line.goods_fen,
        )
        for line in price.lines
    ]  # fmt: skip
    zh = language_of(request) == "zh"

    def why(offer: Offer) -> str | None:
        return (offer.why_zh if zh else offer.why_en) or None

    offers = [
        QuoteCoupon(o.id, o.name, o.minus_fen, o.min_spend_fen, o.expires_at, o.usable, why(o)) for o in made.coupons
    ]
    money = [views.Money(reason.zh, reason.en, reason.fen, reason.kind) for reason in price.explanation]
    return QuoteView(
        rows, price.goods_fen, price.discount_fen, price.freight_fen, price.total_fen, money, offers, made.coupon_id,
        made.quote_token, [{key: str(value) for key, value in problem.items()} for problem in made.problems],
        made.delivery, made.form,
    )  # fmt: skip


@get("/addresses", operation_id="list_addresses")
async def list_addresses(who: Shopper) -> list[Address]:
    """List one's addresses."""
    async with who.tx() as tx:
        return await addresses.listed(tx, fan=who.fan)


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

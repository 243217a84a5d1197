"""What customers do: carts, quotes, addresses, orders."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import Parameter

from tongshang.fans.access import Shopper
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.payments import paying
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.paging import Page, cursor, limit_of, read_cursor
from tongshang.trade import addresses, carts, orders, place, quotes, views
from tongshang.trade.addresses import Address
from tongshang.trade.model import Delivery, S
from tongshang.trade.quotes import Wanted
from tongshang.trade.views import OrderView


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


class OrderAsked(QuoteAsked, kw_only=True):
    """The order: what was quoted, its token, and the total that was shown."""

    quote_token: str
    expected_total_fen: int
    remark: str = ""


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
    found = await carts.lines(tx, fan=who.fan_id)
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
        await carts.put(tx, fan=who.fan_id, variant=variant_id, quantity=data.quantity, selected=data.selected)
        return await _cart(tx, who)


@delete("/cart/lines/{variant_id:uuid}", operation_id="drop_cart_line", status_code=200)
async def drop_cart_line(who: Shopper, variant_id: UUID) -> CartView:
    """Forget a wish."""
    async with who.tx() as tx:
        await carts.drop(tx, fan=who.fan_id, variant=variant_id)
        return await _cart(tx, who)


@post("/quote", operation_id="quote", status_code=200)
async def quote(who: Shopper, data: QuoteAsked) -> QuoteView:
    """Say what it would cost, and why."""
    async with who.tx() as tx:
        made = await quotes.make(tx, fan=who.fan_id, wanted=data.wanted())
        shown = await pictures.find(tx, (line.picture_id for line in made.price.lines))
    price = made.price
    rows = [
        QuoteRow(
            line.variant_id, line.product_id, line.title, line.options,
            shown.get(line.picture_id) if line.picture_id else None, line.unit_price_fen, line.quantity, line.goods_fen,
        )
        for line in price.lines
    ]  # fmt: skip
    offers = [
        QuoteCoupon(o.id, o.name, o.minus_fen, o.min_spend_fen, o.expires_at, o.usable, o.why_zh or None)
        for o in made.coupons
    ]
    money = [views.Money(reason.zh, reason.en, reason.fen, reason.kind) for reason in price.explanation]
    return QuoteView(
        rows, price.goods_fen, price.discount_fen, price.freight_fen, price.total_fen, money, offers, made.coupon_id,
        made.quote_token, [{key: str(value) for key, value in problem.items()} for problem in made.problems],
    )  # fmt: skip


@put("/orders/{order_id:uuid}", operation_id="place_order")
async def place_order(who: Shopper, order_id: UUID, data: OrderAsked) -> OrderView:
    """Place an order under one's own id; asking again is asking once."""
    asked = place.Asked(
        order_id=order_id,
        fan_id=who.fan_id,
        wanted=data.wanted(),
        address_id=data.address_id,
        quote_token=data.quote_token,
        remark=data.remark,
    )
    order = await place.place(who.world, who.merchant, asked)
    async with who.tx() as tx:
        return await views.whole(tx, order=order)


@post("/orders/{order_id:uuid}/payment", operation_id="pay_order", status_code=200)
async def pay_order(who: Shopper, order_id: UUID) -> dict[str, str]:
    """Give what WeChatPay's cashier needs; asking again while it is valid gives the same payment."""
    async with who.tx() as tx:
        lines = await orders.lines(tx, order=order_id)
        if not lines:
            raise NotFound
        title = lines[0].title + (f" 等{sum(line.quantity for line in lines)}件" if len(lines) > 1 else "")
        charge = await orders.ask_payment(tx, order=order_id, fan=who.fan_id, openid=who.openid, title=title[:40])
    return await paying.prepare(who.world, who.merchant, charge=charge)


@get("/orders", operation_id="list_my_orders")
async def list_my_orders(
    who: Shopper,
    section: Annotated[str, Parameter(query="state")] = "",
    after: str | None = None,
    limit: int | None = None,
) -> Page[OrderView]:
    """List one's orders, newest first; `section` is a state, or several separated by commas."""
    states = set(filter(None, section.split(",")))
    if states - {*S}:
        raise Invalid(field="section", problem=section)
    if "closed" in states:
        states.add(S.CLOSING)
    most = limit_of(limit, default=10)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.tx() as tx:
        found = await views.of_fan(tx, fan=who.fan_id, state=",".join(sorted(states)), before=start, limit=most)
        shown = await views.many(tx, found=found[:most])
    return Page(shown, cursor(shown[-1].id) if len(found) > most else None)


@get("/orders/{order_id:uuid}", operation_id="get_my_order")
async def get_my_order(who: Shopper, order_id: UUID, confirm: bool = False) -> OrderView:
    """Show one of one's orders; `confirm` asks WeChat whether it is paid, for when the notice is late."""
    if confirm:
        async with who.tx() as tx:
            await orders.get(tx, order=order_id, fan=who.fan_id)
        if await paying.confirm(who.world, who.merchant, subject=order_id):
            async with who.tx() as tx:
                await orders.mark_paid(tx, order=order_id)
    async with who.tx() as tx:
        return await views.whole(tx, order=await orders.get(tx, order=order_id, fan=who.fan_id))


@put("/orders/{order_id:uuid}/cancellation", operation_id="cancel_my_order")
async def cancel_my_order(who: Shopper, order_id: UUID) -> OrderView:
    """Cancel an unpaid order of one's own."""
    async with who.tx() as tx:
        await orders.get(tx, order=order_id, fan=who.fan_id)
        await orders.close(tx, order=order_id, reason="customer")
        return await views.whole(tx, order=await orders.get(tx, order=order_id))


@put("/orders/{order_id:uuid}/receipt", operation_id="receive_my_order")
async def receive_my_order(who: Shopper, order_id: UUID) -> OrderView:
    """Say that the goods have arrived."""
    async with who.tx() as tx:
        found = await orders.get(tx, order=order_id, fan=who.fan_id)
        if found.state != S.COMPLETED:
            await orders.receive(tx, order=order_id)
        return await views.whole(tx, order=await orders.get(tx, order=order_id))


@get("/addresses", operation_id="list_addresses")
async def list_addresses(who: Shopper) -> list[Address]:
    """List one's addresses."""
    async with who.tx() as tx:
        return await addresses.listed(tx, fan=who.fan_id)


@put("/addresses/{address_id:uuid}", operation_id="put_address")
async def put_address(who: Shopper, address_id: UUID, data: AddressAsked) -> Address:
    """Keep an address; needs consent to the privacy text."""
    async with who.tx() as tx:
        row = Address(
            address_id, who.fan_id, data.name.strip(), data.phone.strip(), data.region, data.detail.strip(),
            data.is_default, tx.now,
        )  # fmt: skip
        return await addresses.put(tx, address=row)


@delete("/addresses/{address_id:uuid}", operation_id="drop_address")
async def drop_address(who: Shopper, address_id: UUID) -> None:
    """Forget an address."""
    async with who.tx() as tx:
        await addresses.drop(tx, fan=who.fan_id, address=address_id)


store = [
    get_cart, put_cart_line, drop_cart_line, quote, place_order, pay_order, list_my_orders, get_my_order,
    cancel_my_order, receive_my_order, list_addresses, put_address, drop_address,
]  # fmt: skip

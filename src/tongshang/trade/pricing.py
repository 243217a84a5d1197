"""The price of a basket: pure functions, integer fen, and an explanation of every fen."""

from collections.abc import Sequence

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.money import allocate, yuan
from tongshang.trade.model import BasketLine, Price, PricedLine, Reason


class Nothing(Refused):
    """There is nothing to buy."""

    code, status, zh = "basket.empty", 400, "请先选择商品。"


class Freight(msgspec.Struct, frozen=True):
    """A flat rate, free from some amount of goods on (None: never free)."""

    flat_fen: int = 0
    free_over_fen: int | None = None


class Benefit(msgspec.Struct, frozen=True):
    """What takes something off the goods: a coupon, for now. `minus_fen` is what it is worth on this basket."""

    kind: str
    zh: str
    en: str
    minus_fen: int


def price(lines: Sequence[BasketLine], *, freight: Freight, express: bool, benefits: Sequence[Benefit] = ()) -> Price:
    """Price a basket. A benefit never takes the goods below zero, and at least one fen remains to be paid."""
    if not lines:
        raise Nothing
    goods = sum(line.goods_fen for line in lines)
    reasons = [Reason("goods", "商品金额", "Goods", goods)]
    shipping = _freight(goods, freight, express, reasons)
    discount = 0
    for benefit in benefits:
        worth = min(benefit.minus_fen, goods - discount, goods - discount + shipping - 1)
        if worth > 0:
            discount += worth
            reasons.append(Reason(benefit.kind, benefit.zh, benefit.en, -worth))
    shares = allocate(discount, [line.goods_fen for line in lines])
    priced = [_priced(line, share) for line, share in zip(lines, shares, strict=True)]
    return Price(priced, goods, discount, shipping, goods - discount + shipping, reasons)


def _freight(goods: int, freight: Freight, express: bool, reasons: list[Reason]) -> int:
    if not express:
        reasons.append(Reason("freight", "到店自提，免运费", "Pick-up, no freight", 0))
        return 0
    if freight.free_over_fen is not None and goods >= freight.free_over_fen:
        over = yuan(freight.free_over_fen)
        reasons.append(Reason("freight", f"满 {over} 元包邮", f"Free over {over} yuan", 0))
        return 0
    reasons.append(Reason("freight", "运费", "Freight", freight.flat_fen))
    return freight.flat_fen


def _priced(line: BasketLine, discount: int) -> PricedLine:
    return PricedLine(
        variant_id=line.variant_id,
        product_id=line.product_id,
        title=line.title,
        options=line.options,
        picture_id=line.picture_id,
        unit_price_fen=line.unit_price_fen,
        quantity=line.quantity,
        goods_fen=line.goods_fen,
        discount_fen=discount,
        paid_fen=line.goods_fen - discount,
        kind=line.kind,
    )


def refundable(*, paid_fen: int, quantity: int, refunded_quantity: int, refunded_fen: int, more: int) -> int:
    """Say what `more` pieces of a line are worth when they come back: the last piece brings the rest.

    Computed from the allocation that was stored with the order, never from today's prices.
    """
    if more <= 0 or refunded_quantity + more > quantity:
        return 0
    due = paid_fen * (refunded_quantity + more) // quantity
    return max(0, due - refunded_fen)

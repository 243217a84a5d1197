"""Coupons on a basket: what each one in somebody's hands would do, and if it does nothing, why."""

from collections.abc import Sequence

from tongshang.platform.errors import Refused
from tongshang.platform.money import yuan
from tongshang.trade.model import BasketLine, Price
from tongshang.trade.prices import items, players
from tongshang.trade.prices.players import ITEM
from tongshang.trade.prices.rules import Coupon, Rules
from tongshang.trade.prices.words import Pair


class NotUsable(Refused):
    """This coupon cannot be used here: {why}"""

    code, status, zh = "coupon.not_usable", 409, "该优惠券不可用：{why_zh}"


def worth_of(price: Price) -> int:
    """Say what the coupon took off a price (fen)."""
    return -sum(reason.fen for reason in price.explanation if reason.kind == "coupon")


def why_not(coupon: Coupon, lines: Sequence[BasketLine], rules: Rules) -> Pair:
    """Say why a coupon takes nothing off a basket."""
    covered = [n for n, line in enumerate(lines) if coupon.scope.covers(line)]
    if not covered:
        return "不适用于所选商品", "it is not for these goods"
    everybody = [player for player in players.gather(lines, rules) if player.phase == ITEM]
    amounts = items.priced(lines, everybody, rules).amounts
    short = coupon.min_spend_fen - sum(amounts[n] for n in covered)
    if short > 0:
        return f"还差 {yuan(short)} 元可用", f"spend {yuan(short)} yuan more"
    return "所选商品已享其他优惠，不可同享", "these goods have another benefit that excludes it"

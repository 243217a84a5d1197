"""What is almost reached: how much more would bring the next step, and what may be added on at a price of its own."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.trade.model import BasketLine
from tongshang.trade.prices import engine, items, players, words, worth
from tongshang.trade.prices.players import ITEM
from tongshang.trade.prices.rules import Kind, Promotion, Rates, Rules, Step


class AddonOffer(msgspec.Struct, frozen=True):
    """What could be added on: at which price instead of which."""

    variant_id: UUID
    title: str
    options: list[str]
    picture_id: UUID | None
    price_fen: int
    tag_fen: int
    left: int


class Near(msgspec.Struct, frozen=True):
    """A promotion that bears on a basket: reached, or so much short of its next step."""

    promotion_id: UUID
    kind: str
    zh: str
    en: str
    reached: bool
    short_fen: int = 0
    short_pieces: int = 0
    addons: list[AddonOffer] = []
    most: int = 1


def near(lines: Sequence[BasketLine], rules: Rules, rates: Rates = engine.NO_FREIGHT) -> list[Near]:
    """List the promotions that a little more would bring, the nearest first, and what may be added on."""
    everybody = [player for player in players.gather(lines, rules) if player.phase == ITEM]
    amounts = items.priced(lines, everybody, rules).amounts
    found = []
    for promotion in rules.promotions:
        if not players.eligible(promotion, rules):
            continue
        covered = [n for n, line in enumerate(lines) if promotion.scope.covers(line)]
        if not covered:
            continue
        fen, pieces = sum(amounts[n] for n in covered), sum(lines[n].quantity for n in covered)
        if one := _near(promotion, rules, fen, pieces):
            found.append(one)
    if any(one.addons for one in found):
        # Where something else is had that excludes it, nothing would come of choosing it.
        there = engine.addable(lines, rules=rules, rates=rates)
        found = [one for one in found if not one.addons or one.promotion_id in there]
    return sorted(found, key=lambda one: (one.kind != Kind.ADDON, one.short_fen, one.short_pieces, one.zh))


def _near(promotion: Promotion, rules: Rules, fen: int, pieces: int) -> Near | None:
    if promotion.kind in (Kind.N_FOR, Kind.NTH):
        short = -pieces % promotion.pieces
        if not short or (promotion.most is not None and pieces // promotion.pieces >= promotion.most):
            return None
        zh, en = words.terms(promotion)
        return Near(promotion.id, promotion.kind, f"再买 {short} 件享{zh}", f"{short} more for {en}", False, 0, short)
    if promotion.kind == Kind.FLASH or not promotion.steps:
        return None
    number = worth.reached(promotion.steps, fen, pieces)
    if promotion.kind == Kind.ADDON and number:
        zh, en = words.terms(promotion)
        return Near(
            promotion.id, promotion.kind, zh, en, True, addons=_addons(promotion, rules), most=promotion.most or 1
        )
    if number == len(promotion.steps):
        return None
    step = promotion.steps[number]
    return _short(promotion, step, max(0, step.min_fen - fen), max(0, step.min_pieces - pieces))


def _short(promotion: Promotion, step: Step, fen: int, pieces: int) -> Near:
    given_zh, given_en = words.given(promotion, step)
    more_zh = f"{words.short(fen)} 元" if fen else f"{pieces} 件"
    more_en = f"{words.short(fen)} yuan" if fen else words.counted(pieces, "piece")
    return Near(
        promotion.id, promotion.kind, f"再买 {more_zh}{given_zh}", f"{more_en} more: {given_en}", False, fen, pieces
    )


def _addons(promotion: Promotion, rules: Rules) -> list[AddonOffer]:
    found = []
    for special in promotion.specials:
        line = rules.goods.get(special.variant_id)
        if line is not None and line.left > 0 and line.on_shelf:
            found.append(AddonOffer(
                line.variant_id, line.title, line.options, line.picture_id, special.price_fen, line.unit_price_fen,
                line.left,
            ))  # fmt: skip
    return found

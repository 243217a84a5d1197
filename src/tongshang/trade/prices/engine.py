"""The price of a basket: one pure function, in integer fen, that explains every fen of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongshang.platform.errors import Refused
from tongshang.trade.model import BasketLine, Price, PricedLine, Reason, Share, Use
from tongshang.trade.parts.model import left_of, pieces
from tongshang.trade.prices import players, telling, worth
from tongshang.trade.prices.players import GIFT, Player
from tongshang.trade.prices.rules import Freight, Kind, Promotion, Rates, Rules
from tongshang.trade.prices.search import Search, State, gifts_of


class Nothing(Refused):
    """There is nothing to buy."""

    code, status, zh = "basket.empty", 400, "请先选择商品。"


NO_RULES = Rules()
NO_FREIGHT = Freight()


def price(lines: Sequence[BasketLine], *, rules: Rules = NO_RULES, rates: Rates = NO_FREIGHT) -> Price:
    """Price a basket. Nothing goes below zero, and at least one fen remains to be paid.

    The order of lines does not matter for anything: where fen cannot be shared out evenly, variant ids decide.
    """
    if not lines:
        raise Nothing
    order = sorted(range(len(lines)), key=lambda n: lines[n].variant_id)
    known = [lines[n] for n in order]
    best = Search(known, players.gather(known, rules), rules, rates).run()
    return _Bill(known, order, rules, best).written()


@dataclass(frozen=True)
class _Extra:
    promotion: Promotion
    line: BasketLine
    fen: int
    parent: int


class _Bill:
    """The best way found, written down line by line and step by step."""

    def __init__(self, known: Sequence[BasketLine], order: list[int], rules: Rules, best: State) -> None:
        self.known, self.rules, self.best = known, rules, best
        self.places = dict(enumerate(order))
        self.extras: list[_Extra] = []
        self.gone: list[Reason] = []

    def written(self) -> Price:
        """Write it."""
        shares: dict[int, list[Share]] = {}
        for taken in self.best.taken:
            tell = telling.sharer(taken)
            for n, fen in zip(taken.lines, taken.parts, strict=False):
                if fen:
                    shares.setdefault(self.places[n], []).append(tell(fen))
        self._gifts()
        self._addons()
        lines: list[PricedLine | None] = [None] * len(self.known)
        for n, line in enumerate(self.known):
            lines[self.places[n]] = _priced(line, line.goods_fen - self.best.left[n], shares.get(self.places[n], []))
        done = [line for line in lines if line is not None]
        for extra in self.extras:
            kind = extra.promotion.kind
            told = telling.added(kind, extra.promotion, extra.line, extra.fen, len(done))
            mine = [Share(kind, told.zh, told.en, -extra.fen, told.rule)]
            done.append(_priced(extra.line, extra.fen, mine, gift=kind == Kind.GIFT, parent=self.places[extra.parent]))
        goods = sum(line.goods_fen for line in done)
        discount = sum(line.discount_fen for line in done)
        freight = self.best.freight
        return Price(
            done, goods, discount, freight, goods - discount + freight, self._told(goods), self._uses(),
            self.best.coupon_used,
        )  # fmt: skip

    def _told(self, goods: int) -> list[Reason]:
        told = [Reason("goods", "商品金额", "Goods", goods)]
        late: list[Reason] = []
        for taken in self.best.taken:
            if taken.player.phase == GIFT:
                continue
            (late if taken.player.phase == players.FREIGHT else told).append(telling.reason(taken, self.places))
        for place, extra in enumerate(self.extras, len(self.known)):
            kind = extra.promotion.kind
            told.append(telling.added(kind, extra.promotion, extra.line, extra.fen, place))
        return [*told, *self.gone, *self.best.fee.reasons, *late]

    def _gifts(self) -> None:
        for taken in self.best.taken:
            promotion = taken.player.promotion
            if taken.player.phase != GIFT or promotion is None:
                continue
            gone = []
            for gift in gifts_of(taken.player, taken.worth):
                count = gift.quantity * taken.worth.times
                line = self._stocked(gift.variant_id, count)
                if line is None:
                    known = self.rules.goods.get(gift.variant_id)
                    gone.append(known.title if known is not None else "")
                else:
                    self.extras.append(_Extra(promotion, line, line.goods_fen, self._parent(taken.lines)))
            if gone:
                self.gone.append(telling.missing(promotion, [title for title in gone if title]))

    def _addons(self) -> None:
        """Add what the customer chose, where its promotion's threshold is reached on lines that it may look at."""
        wanted = {(one.promotion_id, one.variant_id): one.quantity for one in self.rules.addons}
        for promotion in sorted(self.rules.promotions, key=lambda one: (one.position, str(one.id))):
            if promotion.kind != Kind.ADDON or not players.eligible(promotion, self.rules):
                continue
            if (lines := addon_lines(promotion, self.known, self.best)) is None:
                continue
            room = promotion.most or 1
            for special in promotion.specials:
                count = min(wanted.get((promotion.id, special.variant_id), 0), room)
                line = self._stocked(special.variant_id, count) if count > 0 else None
                if line is None or not line.on_shelf:
                    continue
                room -= count
                off = max(0, line.unit_price_fen - special.price_fen) * count
                self.extras.append(_Extra(promotion, line, off, self._parent(lines)))

    def _stocked(self, variant: UUID, count: int) -> BasketLine | None:
        """Give so many of a gift or an add-on, beside what the basket and its other gifts take of it already."""
        known = self.rules.goods.get(variant)
        if known is None:
            return None
        # A bundle in the basket takes of its parts, of which one may be the gift.
        taken: Counter[UUID] = Counter()
        for line in (*self.known, *(extra.line for extra in self.extras)):
            taken.update(pieces(line, line.quantity))
        left = left_of([known])
        there = all(left[one] >= taken[one] + more for one, more in pieces(known, count).items())
        return with_quantity(known, count) if there else None

    def _parent(self, lines: Sequence[int]) -> int:
        return min(lines, key=lambda n: self.places[n])

    def _uses(self) -> list[Use]:
        uses: list[Use] = []
        given = {extra.promotion.id for extra in self.extras}
        for taken in self.best.taken:
            promotion = taken.player.promotion
            # Where all its gifts are gone nothing was had of it, and that is not counted.
            if promotion is None or (promotion.kind == Kind.GIFT and promotion.id not in given):
                continue
            uses.append(Use(promotion.id, fen=taken.fen))
            if promotion.kind == Kind.FLASH:
                off = self.best.items.off[taken.player.number]
                uses += [Use(promotion.id, self.known[n].variant_id, pieces) for n, (_, pieces) in off.items()]
        uses += [Use(one, fen=sum(e.fen for e in self.extras if e.promotion.id == one)) for one in self._added()]
        return uses

    def _added(self) -> list[UUID]:
        return sorted({extra.promotion.id for extra in self.extras if extra.promotion.kind == Kind.ADDON})


def addable(lines: Sequence[BasketLine], *, rules: Rules, rates: Rates = NO_FREIGHT) -> set[UUID]:
    """Say from which promotions something may be added on, beside what else is had on the basket."""
    known = sorted(lines, key=lambda line: line.variant_id)
    best = Search(known, players.gather(known, rules), rules, rates).run()
    some = [one for one in rules.promotions if one.kind == Kind.ADDON and players.eligible(one, rules)]
    return {one.id for one in some if addon_lines(one, known, best) is not None}


def addon_lines(promotion: Promotion, known: Sequence[BasketLine], best: State) -> list[int] | None:
    """Say on which lines an add-on promotion's threshold is reached; None where it is not."""
    me = Player(promotion, None, GIFT, [])
    quarrelling = sum(1 << t.player.number for t in best.taken if players.quarrel(me, t.player))
    lines = [n for n, line in enumerate(known) if promotion.scope.covers(line) and not best.touched[n] & quarrelling]
    fen, pieces = sum(best.items.amounts[n] for n in lines), sum(known[n].quantity for n in lines)
    return lines if lines and worth.reached(promotion.steps, fen, pieces) else None


def with_quantity(line: BasketLine, quantity: int) -> BasketLine:
    """Give another number of the same goods."""
    return BasketLine(**{name: getattr(line, name) for name in line.__struct_fields__} | {"quantity": quantity})


def _priced(
    line: BasketLine, discount: int, reasons: list[Share], *, gift: bool = False, parent: int | None = None
) -> PricedLine:
    return PricedLine(
        line.variant_id, line.product_id, line.title, line.options, line.picture_id, line.unit_price_fen,
        line.quantity, line.goods_fen, discount, line.goods_fen - discount, line.kind, gift, parent, reasons,
    )  # fmt: skip

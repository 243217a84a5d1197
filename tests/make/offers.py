"""Baskets and declared promotions for tests of prices: plain data, drawn by hypothesis."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tongshang.trade.model import BasketLine
from tongshang.trade.prices.rules import (
    PRICED,
    Coupon,
    Freight,
    Gift,
    Kind,
    Promotion,
    Rules,
    Scope,
    Special,
    Step,
)  # fmt: skip

CATEGORIES = [UUID(int=900 + n) for n in range(3)]
PRODUCTS = [str(UUID(int=n)) for n in range(101, 107)]
GIFT = UUID(int=777)


def line(number: int, unit_fen: int, quantity: int = 1, **more: Any) -> BasketLine:
    """Make a line of a basket; product and variant are numbered alike."""
    return BasketLine(**{
        "variant_id": UUID(int=number + 1), "product_id": UUID(int=number + 101), "title": f"茶{number}",
        "options": [], "picture_id": None, "unit_price_fen": unit_fen, "quantity": quantity, "left": 10**6,
        "on_shelf": True,
    } | more)  # fmt: skip


def promotion(number: int, kind: Kind, **more: Any) -> Promotion:
    """Declare a promotion."""
    return Promotion(id=UUID(int=500 + number), kind=kind, name=f"活动{number}", **more)


@st.composite
def _lines(draw: st.DrawFn) -> list[BasketLine]:
    found = []
    for number in range(draw(st.integers(1, 6))):
        unit = draw(st.integers(1, 30_000))
        member = draw(st.none() | st.integers(1, unit))
        found.append(line(
            number, unit, draw(st.integers(1, 7)), member_price_fen=member,
            category_id=draw(st.sampled_from(CATEGORIES)), tags=draw(st.lists(st.sampled_from("abc"), max_size=2)),
        ))  # fmt: skip
    return found


BASKETS = _lines()
SCOPES = st.one_of(
    st.just(Scope()),
    st.builds(Scope, st.just("categories"), st.lists(st.sampled_from(CATEGORIES).map(str), min_size=1, max_size=2)),
    st.builds(Scope, st.just("tags"), st.lists(st.sampled_from("abc"), min_size=1, max_size=2)),
    st.builds(Scope, st.just("products"), st.lists(st.sampled_from(PRODUCTS), min_size=1, max_size=3)),
)  # fmt: skip
STACKS = st.lists(st.sampled_from(["promotions", "coupons", "member", "flash"]), unique=True).map(tuple)
FREIGHTS = st.builds(Freight, st.integers(0, 3_000), st.none() | st.integers(1, 60_000))


@st.composite
def _steps(draw: st.DrawFn, kind: Kind) -> list[Step]:
    """Draw steps that rise: each asks for more and gives more."""
    by_fen = draw(st.booleans())
    low, minus, percent, found = 0, 0, 100, []
    for _ in range(draw(st.integers(1, 3))):
        low += draw(st.integers(1, 20_000)) if by_fen else draw(st.integers(1, 4))
        minus += draw(st.integers(1, 5_000))
        percent = draw(st.integers(1, percent))
        gifts = [Gift(GIFT, draw(st.integers(1, 2)))] if kind == Kind.GIFT else []
        found.append(Step(
            min_fen=low if by_fen else 0, min_pieces=0 if by_fen else low, gifts=gifts,
            minus_fen=minus if kind == Kind.FULL else 0, percent=percent if kind == Kind.PERCENT else 100,
        ))  # fmt: skip
    return found


@st.composite
def promotions(draw: st.DrawFn, number: int = 0, kinds: tuple[Kind, ...] = tuple(Kind)) -> Promotion:
    """Draw one promotion of any kind."""
    kind = draw(st.sampled_from([kind for kind in kinds if kind != Kind.ADDON]))
    more: dict[str, Any] = {}
    if kind in PRICED:
        more["specials"] = [
            Special(variant_id=UUID(int=n), price_fen=draw(st.integers(1, 9_000)))
            for n in draw(st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True))
        ]
    elif kind in (Kind.N_FOR, Kind.NTH):
        more = {"pieces": draw(st.integers(2, 4)), "most": draw(st.none() | st.integers(1, 3))}
        more |= (
            {"price_fen": draw(st.integers(1, 40_000))} if kind == Kind.N_FOR else {"percent": draw(st.integers(0, 99))}
        )
    else:
        more["steps"] = draw(_steps(kind))
        more["each"] = kind == Kind.FULL and len(more["steps"]) == 1 and draw(st.booleans())
    return promotion(
        number, kind, scope=draw(SCOPES), stacks_with=draw(STACKS), group=draw(st.sampled_from(["", "", "x"])),
        position=draw(st.integers(0, 2)), **more,
    )  # fmt: skip


COUPONS = st.builds(
    Coupon, id=st.just(UUID(int=60)), coupon_id=st.just(UUID(int=61)), name=st.just("券"),
    kind=st.sampled_from(["minus", "percent"]), minus_fen=st.integers(1, 8_000), percent=st.integers(1, 99),
    cap_fen=st.none() | st.integers(1, 5_000), min_spend_fen=st.integers(0, 40_000), scope=SCOPES, stacks_with=STACKS,
)  # fmt: skip


@st.composite
def rules(draw: st.DrawFn, most: int = 4, kinds: tuple[Kind, ...] = tuple(Kind)) -> Rules:
    """Draw all that may be declared at once."""
    found = [draw(promotions(number, kinds)) for number in range(draw(st.integers(0, most)))]
    pieces = {
        (one.id, special.variant_id): draw(st.integers(0, 5))
        for one in found
        for special in one.specials
        if draw(st.booleans())
    }
    goods = {GIFT: line(800, 4_000, 1, variant_id=GIFT, left=draw(st.integers(0, 9)))}
    return Rules(
        promotions=found, coupon=draw(st.none() | COUPONS), member=draw(st.booleans()), goods=goods, pieces=pieces,
    )  # fmt: skip

"""Freight by template: whole, never negative, the same in any order, and every fen with its reason."""

import random
from dataclasses import dataclass
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.platform.errors import Invalid
from tongshang.trade.freights.model import By, Flat, Parcel, Place, Rate, Rates, Template, Zone, check
from tongshang.trade.freights.reckon import reckon

CODES = ["330000", "330100", "330106", "310000", "650000", "540000"]
IDS = [UUID(int=n) for n in range(1, 5)]
ZHEJIANG = Place(["浙江省", "杭州市", "西湖区"], ["330000", "330100", "330106"])
XINJIANG = Place(["新疆维吾尔自治区", "乌鲁木齐市"], ["650000", "650100"])

RATE = st.builds(
    Rate, first=st.integers(1, 5000), first_fen=st.integers(0, 5000), more=st.integers(1, 3000),
    more_fen=st.integers(0, 3000), free_over_fen=st.none() | st.integers(1, 10**6),
    free_over_pieces=st.none() | st.integers(1, 50),
)  # fmt: skip
ZONES = st.lists(st.sampled_from(CODES), unique=True, max_size=4).flatmap(
    lambda codes: st.tuples(*(st.builds(Zone, regions=st.just([code]), rate=st.none() | RATE) for code in codes))
)
TEMPLATE = st.builds(
    Template, id=st.sampled_from(IDS), name=st.sampled_from(["江浙沪", "生鲜"]), by=st.sampled_from(By),
    zones=ZONES.map(list), rest=st.none() | RATE,
)  # fmt: skip
RATES = st.builds(
    lambda flat, templates, default: Rates(flat=flat, templates={t.id: t for t in templates}, default_id=default),
    st.builds(Flat, st.integers(0, 100_000), st.none() | st.integers(1, 10**6)),
    st.lists(TEMPLATE, max_size=4), st.none() | st.sampled_from(IDS),
)  # fmt: skip
PARCEL = st.builds(
    Parcel, title=st.sampled_from("茶米油"), pieces=st.integers(1, 99), fen=st.integers(0, 10**6),
    weight_g=st.integers(0, 20_000), template_id=st.none() | st.sampled_from(IDS),
)  # fmt: skip
PARCELS = st.lists(PARCEL, min_size=1, max_size=8)
PLACE = st.none() | st.lists(st.sampled_from(CODES), max_size=3, unique=True).map(
    lambda codes: Place(["省", "市", "区"][: len(codes)], codes)
)


@given(PARCELS, RATES, PLACE, st.randoms(use_true_random=False))
def test_every_fen_has_its_reason_and_the_order_of_lines_does_not_matter(
    parcels: list[Parcel], rates: Rates, place: Place | None, rng: random.Random
) -> None:
    made = reckon(parcels, rates=rates, place=place)
    assert made.fen == sum(reason.fen for reason in made.reasons) >= 0
    assert all(part.fen >= 0 for part in made.parts)
    placed = sorted([*made.undelivered, *(index for part in made.parts for index in part.lines)])
    assert placed == list(range(len(parcels)))  # each line is sent once, or refused
    mixed = list(parcels)
    rng.shuffle(mixed)
    other = reckon(mixed, rates=rates, place=place)
    assert (other.fen, other.reasons, len(other.undelivered)) == (made.fen, made.reasons, len(made.undelivered))


@given(PARCELS, RATES, PLACE, PARCEL)
def test_sending_more_costs_less_only_where_a_rule_makes_it_free(
    parcels: list[Parcel], rates: Rates, place: Place | None, more: Parcel
) -> None:
    before, after = (reckon(some, rates=rates, place=place) for some in (parcels, [*parcels, more]))
    parts = {part.template_id: part for part in after.parts}
    for part in before.parts:  # a template's part only ever falls to nothing
        assert parts[part.template_id].fen >= part.fen or "包邮" in parts[part.template_id].reason.zh


@given(PARCELS, st.integers(0, 100_000), st.none() | st.integers(1, 10**6), PLACE)
def test_a_shop_without_templates_keeps_its_flat_rate(
    parcels: list[Parcel], flat_fen: int, over: int | None, place: Place | None
) -> None:
    made = reckon(parcels, rates=Rates(flat=Flat(flat_fen, over)), place=place)
    free = over is not None and sum(one.fen for one in parcels) >= over
    assert made.fen == (0 if free else flat_fen)
    assert not made.undelivered


@dataclass
class Shop:
    """Two templates: tea by pieces, rice by weight; rice never goes to Xinjiang."""

    tea = Template(
        id=IDS[0], name="茶", zones=[
            Zone(regions=["330000", "310000"], rate=Rate(first=2, first_fen=500, more=1, more_fen=100)),
            Zone(regions=["330106"], rate=Rate(first=1, first_fen=0)),
        ], rest=Rate(first=1, first_fen=1200, more=1, more_fen=300, free_over_pieces=10),
    )  # fmt: skip
    rice = Template(
        id=IDS[1], name="米", by=By.WEIGHT, zones=[Zone(regions=["650000"])],
        rest=Rate(first=1000, first_fen=800, more=500, more_fen=200, free_over_fen=20_000),
    )  # fmt: skip
    rates = Rates(flat=Flat(700), templates={tea.id: tea, rice.id: rice})


def parcel(template: int | None, pieces: int, *, fen: int = 1000, weight_g: int = 0) -> Parcel:
    known = None if template is None else IDS[template]
    return Parcel(title="货", pieces=pieces, fen=fen, weight_g=weight_g, template_id=known)


@pytest.mark.parametrize(
    ("parcels", "codes", "fen"),
    [
        ([parcel(0, 2)], ["330000", "330100"], 500),
        ([parcel(0, 5)], ["330000", "330100"], 800),
        ([parcel(0, 5)], ["330000", "330100", "330106"], 0),  # the narrowest zone decides
        ([parcel(0, 3)], ["440000"], 1800),
        ([parcel(0, 3)], [], 1800),  # a region nobody knows is the rest of the country
        ([parcel(0, 9), parcel(0, 1)], ["440000"], 0),  # ten pieces together
        ([parcel(1, 2, weight_g=500)], ["440000"], 800),
        ([parcel(1, 1, weight_g=1001)], ["440000"], 1000),  # a step that is begun
        ([parcel(1, 1, weight_g=2000)], ["440000"], 1200),
        ([parcel(1, 1, weight_g=9000, fen=20_000)], ["440000"], 0),
        ([parcel(0, 1), parcel(1, 1, weight_g=1), parcel(None, 3)], ["440000"], 1200 + 800 + 700),
        ([parcel(1, 1, fen=19_999), parcel(0, 1, fen=99_999)], ["440000"], 800 + 1200),  # each looks at its own goods
        ([parcel(3, 2)], ["440000"], 700),  # a template that is no more: the flat rate
    ],
)
def test_a_sum_by_hand(parcels: list[Parcel], codes: list[str], fen: int) -> None:
    assert reckon(parcels, rates=Shop.rates, place=Place(codes, codes)).fen == fen


def test_what_cannot_be_sent_is_named_and_the_rest_is_reckoned() -> None:
    made = reckon([parcel(0, 1), parcel(1, 1)], rates=Shop.rates, place=XINJIANG)
    assert (made.fen, made.undelivered) == (1200, [1])
    assert reckon([parcel(1, 1)], rates=Shop.rates, place=None).undelivered == []  # nobody said where yet


def test_the_reason_says_how_it_was_reckoned() -> None:
    made = reckon([parcel(1, 1, weight_g=2200)], rates=Shop.rates, place=ZHEJIANG)
    assert made.reasons[0].zh == "运费：米，至浙江省杭州市，共 2.2 kg（1 kg内 8.00 元，续 3 × 2.00 元）"
    assert made.reasons[0].en == "Freight: 米, 2.2 kg (8.00 yuan up to 1 kg, then 3 × 2.00)"
    default = msgspec.structs.replace(Shop.rates, default_id=IDS[0])
    assert reckon([parcel(None, 1)], rates=default, place=ZHEJIANG).reasons[0].zh == "运费：茶，至浙江省杭州市，包邮"


@pytest.mark.parametrize(
    ("name", "zones", "rest"),
    [
        ("", [], Rate()),
        ("茶", [], None),  # sent nowhere
        ("茶", [Zone(regions=[])], Rate()),
        ("茶", [Zone(regions=["999999"])], Rate()),
        ("茶", [Zone(regions=["330000"]), Zone(regions=["330000"], rate=Rate())], Rate()),
        ("茶", [], Rate(first=0)),
        ("茶", [], Rate(more=0)),
        ("茶", [], Rate(first_fen=-1)),
        ("茶", [], Rate(free_over_fen=0)),
        ("茶", [Zone(regions=["330000"], rate=Rate(more_fen=10**9))], None),
    ],
)
def test_a_template_nobody_could_reckon_with_is_refused(name: str, zones: list[Zone], rest: Rate | None) -> None:
    with pytest.raises(Invalid):
        check(name, zones, rest, dict.fromkeys(CODES, "某地"))

"""Reckoning freight: a pure function of goods, place and the merchant's rates.

The declared rule for mixed carts: lines are put together by the template they follow, each template is reckoned on its
own goods alone (their pieces, weight and amount), and the parts are summed. The flat rate is such a part, once.
"""

from collections.abc import Sequence
from uuid import UUID

from tongshang.platform.money import yuan
from tongshang.trade.freights.model import By, Flat, Parcel, Part, Place, Rate, Rates, Reckoning, Template
from tongshang.trade.model import Reason


def reckon(parcels: Sequence[Parcel], *, rates: Rates, place: Place | None) -> Reckoning:
    """Say what sending costs there, in fen; without a place the rates of the rest of the country stand for it.

    Lines that cannot be sent there cost nothing and are named in `undelivered`; the caller refuses them.
    """
    groups: dict[UUID | None, list[int]] = {}
    for index, parcel in enumerate(parcels):
        template = rates.template_of(parcel.template_id)
        groups.setdefault(template.id if template else None, []).append(index)
    parts: list[Part] = []
    undelivered: list[int] = []
    for key, lines in sorted(groups.items(), key=lambda group: group[0].hex if group[0] else ""):
        goods = [parcels[index] for index in lines]
        if key is None:
            fen, reason = _flat(goods, rates.flat)
        elif (rate := _rate(rates.templates[key], place)) is not None:
            fen, reason = _rated(goods, rates.templates[key], rate, place)
        else:
            undelivered += lines
            continue
        parts.append(Part(key, lines, fen, reason))
    return Reckoning(sum(part.fen for part in parts), parts, sorted(undelivered))


def _rate(template: Template, place: Place | None) -> Rate | None:
    """Give the rate of a place; as long as none is chosen, the one most people would have."""
    if place is not None:
        return template.rate_at(place.codes)
    return template.rest or next((zone.rate for zone in template.zones if zone.rate), None)


def _flat(goods: Sequence[Parcel], flat: Flat) -> tuple[int, Reason]:
    if flat.free_over_fen is not None and sum(one.fen for one in goods) >= flat.free_over_fen:
        over = yuan(flat.free_over_fen)
        return 0, Reason("freight", f"满 {over} 元包邮", f"Free over {over} yuan", 0)
    return flat.flat_fen, Reason("freight", "运费", "Freight", flat.flat_fen)


def _rated(goods: Sequence[Parcel], template: Template, rate: Rate, place: Place | None) -> tuple[int, Reason]:
    pieces = sum(one.pieces for one in goods)
    where = "".join(place.names[:2]) if place else ""
    zh, en = f"运费：{template.name}" + (f"，至{where}" if where else ""), f"Freight: {template.name}"
    if rate.free_over_fen is not None and sum(one.fen for one in goods) >= rate.free_over_fen:
        over = yuan(rate.free_over_fen)
        return 0, Reason("freight", f"{zh}，满 {over} 元包邮", f"{en}, free over {over} yuan", 0)
    if rate.free_over_pieces is not None and pieces >= rate.free_over_pieces:
        over = str(rate.free_over_pieces)
        return 0, Reason("freight", f"{zh}，满 {over} 件包邮", f"{en}, free from {over} pieces", 0)
    counted = pieces if template.by == By.PIECES else sum(one.weight_g * one.pieces for one in goods)
    steps = max(0, -((rate.first - counted) // rate.more))  # each step of `more` that is begun
    fen = rate.first_fen + steps * rate.more_fen
    if not fen:
        return 0, Reason("freight", f"{zh}，包邮", f"{en}, free", 0)
    least = yuan(rate.first_fen)
    zh += f"，共 {_count(counted, template.by, 'zh')}（{_count(rate.first, template.by, 'zh')}内 {least} 元"
    en += f", {_count(counted, template.by, 'en')} ({least} yuan up to {_count(rate.first, template.by, 'en')}"
    if steps and rate.more_fen:
        zh += f"，续 {steps} × {yuan(rate.more_fen)} 元"
        en += f", then {steps} × {yuan(rate.more_fen)}"
    return fen, Reason("freight", f"{zh}）", f"{en})", fen)


def _count(amount: int, by: By, language: str) -> str:
    """Write an amount as pieces, or grams as kilograms."""
    if by == By.PIECES:
        return f"{amount} 件" if language == "zh" else f"{amount} pcs"
    return f"{amount // 1000}.{amount % 1000:03d}".rstrip("0").rstrip(".") + " kg"

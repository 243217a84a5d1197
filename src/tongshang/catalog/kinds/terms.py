"""What each kind of goods promises, well formed or refused. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.errors import Invalid

MOST_DAYS = 3_650
MOST_USES = 999
MOST_PARTS = 20
MOST_OF_A_PART = 99
LONGEST_NOTE = 500
LEAST_WINDOW, MOST_WINDOW = timedelta(hours=1), timedelta(days=7)
"""How long the balance of a presale can be paid: WeChat Pay keeps an order open for 7 days at most (time_expire, page
of JSAPI orders, 2026-11)."""
LAST_DAY = date(2999, 12, 31)
"""Whoever means for ever is asked for a day that a calendar has; later ones end with the calendar's own end."""
HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Visits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A ticket's or a service's terms: when it can be used, how often, and whether its money can come back.

    Valid for `days` from purchase, or from `from_day` to `until_day`, both included. Weekdays are 1 (Monday) to 7;
    `closed_hours` are pairs of HH:MM on the merchant's clock.
    """

    days: int | None = None
    from_day: date | None = None
    until_day: date | None = None
    uses: int = 1
    closed_weekdays: list[int] = []
    closed_hours: list[tuple[str, str]] = []
    refund: Literal["anytime", "unexpired", "never"] = "unexpired"
    note: str = ""
    unlimited: bool = False

    def window(self, bought: datetime) -> tuple[datetime, datetime]:
        """Say from when until when it can be used; days end at midnight in Shanghai, the last one included."""
        start = bought
        if self.from_day is not None:
            start = max(bought, _midnight(self.from_day))
        if self.until_day is not None:
            end = _midnight(self.until_day + timedelta(days=1))
        else:
            end = _midnight(bought.astimezone(SHANGHAI).date() + timedelta(days=(self.days or 0) + 1))
        return start, max(end, start + timedelta(seconds=1))

    def over(self, now: datetime) -> bool:
        """Say whether nobody could use it any more who bought it now."""
        return self.until_day is not None and now >= _midnight(self.until_day + timedelta(days=1))

    def closed(self, now: datetime) -> bool:
        """Say whether it is not taken at this moment of the merchant's week."""
        here = now.astimezone(SHANGHAI)
        hour = f"{here:%H:%M}"
        return here.isoweekday() in self.closed_weekdays or any(a <= hour < b for a, b in self.closed_hours)


class Virtual(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A code's terms: whether its money can come back before it was seen, and how it is used."""

    refund: Literal["unseen", "never"] = "unseen"
    note: str = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many pieces of a variant in one bundle."""

    variant_id: UUID
    quantity: int = 1


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a bundle is made of."""

    parts: list[Part]


class Presale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A presale's terms: a deposit for each piece at once, the rest between two moments, sent by a day."""

    deposit_fen: int
    balance_from: datetime
    balance_until: datetime
    ships_by: date


class Physical(msgspec.Struct, frozen=True):
    """Goods one can touch promise nothing beyond themselves, unless they are sold ahead."""

    presale: Presale | None = None


Terms = Visits | Virtual | Bundle | Physical
SHAPES: dict[str, type[Terms]] = {
    "ticket": Visits,
    "service": Visits,
    "virtual": Virtual,
    "bundle": Bundle,
    "physical": Physical,
}


def read(kind: str, given: Mapping[str, Any]) -> Terms:
    """Read terms as the kind has them, or refuse, naming the field."""
    try:
        terms: Terms = msgspec.convert(dict(given), SHAPES[kind])
    except msgspec.ValidationError as error:
        raise Invalid(field="terms", problem=str(error)) from None
    if isinstance(terms, Visits):
        _check_visits(kind, terms)
    elif isinstance(terms, Bundle):
        _check_bundle(terms)
    elif isinstance(terms, Physical) and terms.presale is not None:
        _check_presale(terms.presale)
    if isinstance(terms, (Visits, Virtual)) and len(terms.note) > LONGEST_NOTE:
        raise Invalid(field="terms.note", problem=f"≤ {LONGEST_NOTE}")
    return terms


def visits(given: Mapping[str, Any]) -> Visits:
    """Read the terms of a ticket or service that was sold; they were checked when they were written down."""
    return msgspec.convert(dict(given), Visits)


def _check_visits(kind: str, terms: Visits) -> None:
    if (terms.days is None) == (terms.until_day is None):
        raise Invalid(field="terms.days", problem="days or a last day, not both", zh="有效天数和截止日须且只须填写一项")
    if terms.days is not None and not 1 <= terms.days <= MOST_DAYS:
        raise Invalid(field="terms.days", problem=f"1-{MOST_DAYS}")
    if terms.from_day is not None and (terms.until_day is None or terms.until_day < terms.from_day):
        raise Invalid(field="terms.until_day", problem="≥ from_day")
    if terms.until_day is not None and terms.until_day > LAST_DAY:
        raise Invalid(field="terms.until_day", problem=f"≤ {LAST_DAY}")
    if not 1 <= terms.uses <= (MOST_USES if kind == "ticket" else 1):
        raise Invalid(field="terms.uses", problem=f"1-{MOST_USES if kind == 'ticket' else 1}")
    if terms.unlimited and kind != "service":
        raise Invalid(field="terms.unlimited", problem="for services only", zh="只有服务可以不限次数")
    closed = terms.closed_weekdays
    if len(set(closed)) != len(closed) or len(closed) > 6 or any(not 1 <= day <= 7 for day in closed):
        raise Invalid(field="terms.closed_weekdays", problem="1-7, ≤ 6")
    if len(terms.closed_hours) > 3 or not all(_is_span(*span) for span in terms.closed_hours):
        raise Invalid(field="terms.closed_hours", problem="≤ 3, HH:MM-HH:MM")


def _check_bundle(terms: Bundle) -> None:
    if not 1 <= len(terms.parts) <= MOST_PARTS:
        raise Invalid(field="terms.parts", problem=f"1-{MOST_PARTS}")
    if len({part.variant_id for part in terms.parts}) != len(terms.parts):
        raise Invalid(field="terms.parts", problem="distinct")
    if any(not 1 <= part.quantity <= MOST_OF_A_PART for part in terms.parts):
        raise Invalid(field="terms.parts.quantity", problem=f"1-{MOST_OF_A_PART}")


def _check_presale(terms: Presale) -> None:
    if terms.deposit_fen < 1:
        raise Invalid(field="terms.presale.deposit_fen", problem="≥ 1")
    opens, ends = terms.balance_from, terms.balance_until
    if terms.ships_by > LAST_DAY or any(one.year > LAST_DAY.year for one in (opens, ends)):
        raise Invalid(field="terms.presale.ships_by", problem=f"≤ {LAST_DAY}")
    if opens.tzinfo is None or ends.tzinfo is None or not MOST_WINDOW >= ends - opens >= LEAST_WINDOW:
        raise Invalid(
            field="terms.presale.balance_until", problem="an hour to 90 days", zh="支付尾款的时间须为 1 小时到 90 天"
        )
    if terms.ships_by < opens.astimezone(SHANGHAI).date():
        raise Invalid(field="terms.presale.ships_by", problem="≥ balance_from")


def _is_span(start: str, end: str) -> bool:
    return bool(HOUR.fullmatch(start) and HOUR.fullmatch(end)) and start < end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)

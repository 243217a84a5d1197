"""When a promotion's time comes, and when it is over for now: its days and its weekly hours together. Pure."""

from datetime import datetime, timedelta

from tongshang.trade.prices.rules import SHANGHAI, Promotion

WEEK = 7


def opens(promotion: Promotion, moment: datetime) -> datetime | None:
    """Give the first moment from this one on at which a promotion runs; None: there will be none."""
    if promotion.open_at(moment):
        return moment
    start = max(moment, promotion.starts_at) if promotion.starts_at else moment
    if promotion.open_at(start):
        return start
    found = [at for at in _begins(promotion, start) if at > start and promotion.open_at(at)]
    return min(found, default=None)


def closes(promotion: Promotion, moment: datetime) -> datetime | None:
    """Say until when a promotion that runs goes on without a break; None: for good.

    Hours that follow each other, as 10 to 12 and 12 to 14, are one stretch.
    """
    end = promotion.ends_at
    if not promotion.hours:
        return end
    at = moment
    for _ in promotion.hours:  # each of them is gone through once at most, unless they fill the week
        stops = [stop for stop in _ends(promotion, at) if stop > at]
        if not stops:
            return end
        at = min(stops)
        if not promotion.open_at(at):
            return min(at, end) if end else at
    return end


def _begins(promotion: Promotion, moment: datetime) -> list[datetime]:
    return [day + timedelta(minutes=h.start) for h in promotion.hours for day in _days(moment, h.day)]


def _ends(promotion: Promotion, moment: datetime) -> list[datetime]:
    """Give when the hours that a moment lies in end."""
    return [
        day + timedelta(minutes=h.end)
        for h in promotion.hours
        for day in _days(moment, h.day)
        if day + timedelta(minutes=h.start) <= moment < day + timedelta(minutes=h.end)
    ]


def _days(moment: datetime, weekday: int) -> list[datetime]:
    """Give the midnights in Shanghai of a weekday, in the eight days from a moment's own on."""
    here = moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [here + timedelta(days=n) for n in range(WEEK + 1)]
    return [day for day in days if day.isoweekday() == weekday]

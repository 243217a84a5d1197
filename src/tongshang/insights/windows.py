"""Which days are missing of a report, and how they go into as few calls as WeChat's spans allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tongshang.platform.clock import SHANGHAI
from weixin.products.mp.datacube import ONE_DAY, READY_HOUR, Grain, Report

BACK_DAYS = 30
WEEK = 7


@dataclass(frozen=True)
class Window:
    """One call: from one day to another, both included."""

    report: Report
    begin: date
    end: date

    @property
    def days(self) -> list[date]:
        """List the days that this call answers for; a week or a month goes by its first."""
        if self.report.grain is not Grain.DAY:
            return [self.begin]
        return [self.begin + timedelta(days=n) for n in range((self.end - self.begin).days + 1)]


def last_ready(now: datetime) -> date:
    """Say which day is the last whose figures WeChat has."""
    local = now.astimezone(SHANGHAI)
    return local.date() - timedelta(days=1 if local.hour >= READY_HOUR else 2)


def ready_at(now: datetime) -> datetime:
    """Say when WeChat's figures were ready today."""
    return now.astimezone(SHANGHAI).replace(hour=READY_HOUR, minute=0, second=0, microsecond=0)


def first_wanted(last: date) -> date:
    """Say from which day on figures are wanted."""
    return last - timedelta(days=BACK_DAYS - 1)


def missing(report: Report, *, last: date, fetched: Mapping[date, datetime]) -> list[Window]:
    """List the calls that a report still needs; `fetched` says when each day was fetched."""
    first = max(first_wanted(last), report.since)
    if report.grain is not Grain.DAY:
        wanted = _weeks(first, last) if report.grain is Grain.WEEK else _months(first, last)
        return [Window(report, begin, end) for begin, end in wanted if begin not in fetched]
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return _windows(report, [day for day in days if _is_wanted(report, day, last, fetched.get(day))])


def _is_wanted(report: Report, day: date, last: date, fetched: datetime | None) -> bool:
    if fetched is None:
        return True
    on = fetched.astimezone(SHANGHAI).date()
    # Some figures grow for days: what was read too early is read again.
    return any(on < day + timedelta(days=age + 1) <= last + ONE_DAY for age in report.again)


def _windows(report: Report, days: list[date]) -> list[Window]:
    found: list[Window] = []
    for day in days:
        known = found[-1] if found else None
        if known and day == known.end + ONE_DAY and (day - known.begin).days < report.days:
            found[-1] = Window(report, known.begin, day)
        else:
            found.append(Window(report, day, day))
    return found


def _weeks(first: date, last: date) -> Iterable[tuple[date, date]]:
    monday = first + timedelta(days=-first.weekday() % WEEK)
    while (sunday := monday + timedelta(days=WEEK - 1)) <= last:
        yield monday, sunday
        monday += timedelta(days=WEEK)


def _months(first: date, last: date) -> Iterable[tuple[date, date]]:
    """Give the months that ended in the wanted days; a month of 31 days is one day longer than the span."""
    month = first.replace(day=1)
    while (following := (month + timedelta(days=31)).replace(day=1)) <= last + ONE_DAY:
        yield month, min(following - ONE_DAY, month + timedelta(days=29))
        month = following

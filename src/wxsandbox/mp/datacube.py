"""WeChat's statistics, from what really happened: see `tally`. Data of a day is there from 08:00 of the next.

Official page: developers.weixin.qq.com/doc/offiaccount/Analytics/User_Analysis_Data_Interface.html and its
neighbours (articles, messages, interface), 2026-09.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.mp import datacube_rows as rows
from wxsandbox.mp.base import API, DATE, PAGES
from wxsandbox.mp.tally import CHINA
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

USER_SET, MESSAGE_SET = 2, 7
FIRST_DAY, NEW_ARTICLES = date(2014, 12, 1), date(2025, 11, 1)
READY_HOUR = 8
PAGE = f"{PAGES}/Analytics"
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Rows = Callable[["Box", str, str], list[dict[str, Any]]]


class Span(msgspec.Struct):
    """Body of every report: both days are included."""

    begin_date: Day
    end_date: Day


@dataclass(frozen=True)
class Report:
    """How many days a report may span, whose permission set it needs, and what it tells of one day."""

    most: int
    rows: Rows
    set: int = MESSAGE_SET
    since: date = FIRST_DAY
    page: str = "Graphic_Analysis_Data_Interface.html"
    every: str = "day"


USERS = partial(Report, set=USER_SET, page="User_Analysis_Data_Interface.html")
TALK = partial(Report, page="Message_analysis_data_interface.html")
NEW = partial(Report, since=NEW_ARTICLES)
REPORTS = {
    "getusersummary": USERS(7, rows.user_summary),
    "getusercumulate": USERS(7, rows.user_cumulate),
    "getarticlesummary": Report(1, rows.article_summary),
    "getarticletotal": Report(1, rows.article_total),
    "getuserread": Report(3, rows.user_read),
    "getuserreadhour": Report(1, partial(rows.user_read, hourly=True)),
    "getusershare": Report(7, rows.user_share),
    "getusersharehour": Report(1, partial(rows.user_share, hourly=True)),
    "getarticleread": NEW(1, rows.article_read),
    "getarticleshare": NEW(1, rows.article_share),
    "getbizsummary": NEW(1, rows.biz_summary),
    "getarticletotaldetail": NEW(1, rows.article_total_detail),
    "getupstreammsg": TALK(7, rows.messages),
    "getupstreammsghour": TALK(1, partial(rows.messages, hourly=True)),
    "getupstreammsgweek": TALK(30, rows.messages, every="week"),
    "getupstreammsgmonth": TALK(30, rows.messages, every="month"),
    "getupstreammsgdist": TALK(15, rows.message_spread),
    "getupstreammsgdistweek": TALK(30, rows.message_spread, every="week"),
    "getupstreammsgdistmonth": TALK(30, rows.message_spread, every="month"),
    "getinterfacesummary": Report(30, rows.interface, page="Analytics_API.html"),
    "getinterfacesummaryhour": Report(1, partial(rows.interface, hourly=True), page="Analytics_API.html"),
}


def ready_through(box: "Box") -> date:
    """Say which day is the last whose data is there."""
    local = datetime.fromtimestamp(box.clock.now(), UTC).astimezone(CHINA)
    return local.date() - timedelta(days=1 if local.hour >= READY_HOUR else 2)


def days_of(box: "Box", report: Report, span: Span) -> list[date]:
    """Check a span; raises 61500 for no date, 61501 for a range that cannot be, 61503 for data that is not there."""
    try:
        begin, end = date.fromisoformat(span.begin_date), date.fromisoformat(span.end_date)
    except ValueError:
        raise WxError(61500) from None
    today = datetime.fromtimestamp(box.clock.now(), UTC).astimezone(CHINA).date()
    if begin > end or begin < report.since or end >= today or (end - begin).days >= report.most:
        raise WxError(61501)
    if end > ready_through(box):
        raise WxError(61503)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def spans(report: Report, days: list[date]) -> list[list[date]]:
    """Put days together as the report does: each for itself, or by the week or month they belong to."""
    if report.every == "day":
        return [[day] for day in days]
    groups: dict[date, list[date]] = {}
    for day in days:
        first = day - timedelta(days=day.weekday()) if report.every == "week" else day.replace(day=1)
        groups.setdefault(first, []).append(day)
    return [[first, *(day for day in found if day != first)] for first, found in groups.items()]


async def answer(call: Call, report: Report) -> Any:
    """Answer one report."""
    account = tokens.account_call(call, report.set)
    span = read(call.body, Span, {"begin_date": 61500, "end_date": 61500})
    found = []
    for group in spans(report, days_of(call.box, report, span)):
        told = [row for day in group for row in report.rows(call.box, account.appid, day.isoformat())]
        found += told if report.every == "day" else rows.summed(told, group[0].isoformat())
    extra = {"is_delay": False} if report.rows in (rows.article_read, rows.article_share) else {}
    return {"list": found, **extra}


def _handler(name: str, report: Report) -> Any:
    async def handle(call: Call) -> Any:
        return await answer(call, report)

    handle.__doc__ = f"Report {name.removeprefix('get')} of days that have passed."
    return handle


ERRORS = (40001, 41001, 42001, 47001, 61007, 61500, 61501, 61503)
ROUTES = tuple(
    Route(API, "POST", f"/datacube/{name}", _handler(name, report), f"{PAGE}/{report.page}", DATE, Span, ERRORS)
    for name, report in REPORTS.items()
)

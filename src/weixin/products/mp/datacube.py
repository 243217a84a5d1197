"""WeChat's own statistics: growth, articles, messages, the callback interface; per day, ready at about 08:00.

https://developers.weixin.qq.com/doc/offiaccount/Analytics/User_Analysis_Data_Interface.html (2026-11), and its
neighbours for articles, messages and the interface.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from weixin.client import Client

FIRST_DAY = date(2014, 12, 1)
READY_HOUR = 8
ONE_DAY = timedelta(days=1)


class Grain(StrEnum):
    """What one row is about."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Report:
    """One of WeChat's reports: how many days one call may span, and at which ages (days) a day is read again."""

    name: str
    days: int
    grain: Grain = Grain.DAY
    again: Sequence[int] = ()
    since: date = FIRST_DAY


# Contract C14, read 2026-11. Where no span is documented, one day is surely allowed.
REPORTS = (
    Report("getusersummary", 7),
    Report("getusercumulate", 7),
    Report("getarticlesummary", 1),
    Report("getarticletotal", 1, again=(3, 7)),
    Report("getuserread", 3),
    Report("getuserreadhour", 1),
    Report("getusershare", 7),
    Report("getusersharehour", 1),
    Report("getarticleread", 1, since=date(2025, 11, 1)),
    Report("getarticleshare", 1, since=date(2025, 11, 1)),
    Report("getbizsummary", 1, since=date(2025, 11, 1)),
    Report("getarticletotaldetail", 1, again=(3, 7, 30), since=date(2025, 11, 1)),
    Report("getupstreammsg", 7),
    Report("getupstreammsghour", 1),
    Report("getupstreammsgweek", 30, Grain.WEEK),
    Report("getupstreammsgmonth", 30, Grain.MONTH),
    Report("getupstreammsgdist", 15),
    Report("getupstreammsgdistweek", 30, Grain.WEEK),
    Report("getupstreammsgdistmonth", 30, Grain.MONTH),
    Report("getinterfacesummary", 30),
    Report("getinterfacesummaryhour", 1),
)


async def read(client: Client, *, token: str, name: str, begin: date, end: date) -> list[dict[str, Any]]:
    """Read a report from one day to another, both included.

    61500 a bad date, 61501 too long a span, 61503 not ready yet.
    """
    body = {"begin_date": begin.isoformat(), "end_date": end.isoformat()}
    answer = await client.post(f"/datacube/{name}", body, token=token)
    return [row for row in answer.get("list") or () if isinstance(row, dict)]

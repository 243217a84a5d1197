"""WeChat's ways to write a time, turned into UTC and back. Elsewhere times are UTC."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from weixin.errors import BadMessage

# China has had no daylight saving since 1991, so a fixed offset is the truth and needs no zone files.
SHANGHAI = timezone(timedelta(hours=8))

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_BILL = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


def to_rfc3339(moment: datetime) -> str:
    """Write a moment as WeChat Pay does, 2018-06-08T10:34:56+08:00; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment has a time zone")
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def from_rfc3339(text: str) -> datetime:
    """Read WeChat Pay's time into UTC; raises BadMessage."""
    found = _RFC3339.fullmatch(text)
    try:
        if found:
            zone = found[3].replace("Z", "+00:00")
            return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadMessage(f"not a time: {text[:40]!r}")


def from_bill(text: str) -> datetime:
    """Read a bill's local time, 2019-02-19 18:19:32, into UTC; raises BadMessage."""
    try:
        if _BILL.fullmatch(text):  # strptime takes ten times as long, and a bill has a million of these
            return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadMessage(f"not a bill's time: {text[:40]!r}")


def business_day(moment: datetime) -> date:
    """Give the day whose bill a moment is in: Shanghai's."""
    return moment.astimezone(SHANGHAI).date()

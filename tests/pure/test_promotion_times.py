"""When promotions begin and end for now: days, weekly hours, and both together."""

from datetime import datetime, timedelta, timezone

import pytest

from make.offers import promotion
from tongshang.trade.prices.rules import Hours, Kind
from tongshang.trade.prices.times import closes, opens

HERE = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=HERE)
MORNING, NOON, LATE = Hours(1, 600, 720), Hours(1, 720, 840), Hours(1, 1_320, 1_440)


@pytest.mark.parametrize(("more", "at", "opening", "closing"), [
    ({}, 9, 9, None),
    ({"starts_at": 12}, 9, 12, None),
    ({"ends_at": 8}, 9, None, 8),
    ({"ends_at": 12}, 9, 9, 12),
    ({"hours": [MORNING]}, 9, 10, None),
    ({"hours": [MORNING]}, 11, 11, 12),
    ({"hours": [MORNING, NOON]}, 11, 11, 14),
    ({"hours": [MORNING], "ends_at": 11}, 10, 10, 11),
    ({"hours": [LATE, Hours(2, 0, 60)]}, 23, 23, 25),
    ({"hours": [MORNING]}, 13, 7 * 24 + 10, None),
    ({"hours": [MORNING], "starts_at": 11}, 9, 11, None),
    ({"hours": [MORNING], "starts_at": 12, "ends_at": 48}, 9, None, 48),
    ({"hours": [Hours(day, 0, 1_440) for day in range(1, 8)]}, 9, 9, None),
])  # fmt: skip
def test_days_and_hours(more: dict[str, object], at: int, opening: int | None, closing: int | None) -> None:
    """Hours are counted from Monday's midnight."""
    midnight = MONDAY.replace(hour=0)

    def moment(hour: int | None) -> datetime | None:
        return None if hour is None else midnight + timedelta(hours=hour)

    days = {name: moment(value) if isinstance(value, int) else value for name, value in more.items()}
    one, now = promotion(1, Kind.FREE_FREIGHT, **days), midnight + timedelta(hours=at)
    assert opens(one, now) == moment(opening)
    if opening == at:
        assert closes(one, now) == moment(closing)

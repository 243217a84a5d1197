"""What became of a broadcast's articles: WeChat's cumulative figures, joined by `msg_data_id` and place.

https://developers.weixin.qq.com/doc/offiaccount/Analytics/Graphic_Analysis_Data_Interface.html: msgid is the message's
data id, `_` and the article's place from 1 (2026-11). The older report counts what the newer one does not (reads beside
readers), and is not kept up for accounts that are new; whichever there is, is told.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tongshang.messages.articles import sets
from tongshang.messages.broadcasts import letters
from tongshang.messages.broadcasts.model import Kind
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx

# A large send that began before midnight may count as the next day's.
LATE = timedelta(days=1)
ROWS = """select name, day, rows from datacube
where merchant_id = $1 and appid = $2 and name = any($3) and day between $4 and $5 order by name, day"""
TOTAL, DETAIL = "getarticletotal", "getarticletotaldetail"


@dataclass(frozen=True)
class Stored:
    """One day of one report."""

    name: str
    day: date
    rows: list[dict[str, Any]]


class Reading(msgspec.Struct):
    """An article of a broadcast and what people did with it up to a day (none: WeChat has not told yet)."""

    place: int
    title: str
    readers: int = 0
    reads: int | None = None
    sharers: int = 0
    kept: int = 0
    through: str | None = None


async def of_broadcast(tx: Tx, *, broadcast_id: UUID) -> list[Reading]:
    """Tell of each article of a broadcast how it was read; nothing for what are no articles. Raises NotFound."""
    one = await letters.get(tx, broadcast_id=broadcast_id)
    parts = [part for part in await letters.parts(tx, broadcast_id=broadcast_id) if part.msg_data_id]
    if one.kind is not Kind.MPNEWS or one.article_set_id is None or not parts or one.appid is None:
        return []
    articles = (await sets.get(tx, set_id=one.article_set_id)).articles
    readings = [Reading(place, article.title) for place, article in enumerate(articles, start=1)]
    days = [part.accepted_at.astimezone(SHANGHAI).date() for part in parts if part.accepted_at]
    stored = await tx.all(Stored, ROWS, tx.merchant, one.appid, [TOTAL, DETAIL], min(days), max(days) + LATE)
    known: dict[str, dict[str, dict[str, Any]]] = {TOTAL: {}, DETAIL: {}}
    for report in stored:
        for row in report.rows:
            known[report.name][str(row.get("msgid"))] = row
    for part in parts:
        for reading in readings:
            msgid = f"{part.msg_data_id}_{reading.place}"
            _add(reading, known[TOTAL].get(msgid), known[DETAIL].get(msgid))
    return readings


def _add(reading: Reading, total: dict[str, Any] | None, detail: dict[str, Any] | None) -> None:
    old, new = _last(total, "details"), _last(detail, "detail_list")
    if not old and not new:
        return
    # Of two reports of one article the one that goes further is right: both are cumulative.
    through = max(str(one.get("stat_date", "")) for one in (old, new) if one)
    reading.through = max(through, reading.through or "")
    reading.readers += max(_number(old, "int_page_read_user"), _number(new, "read_user"))
    reading.sharers += max(_number(old, "share_user"), _number(new, "share_user"))
    reading.kept += max(_number(old, "add_to_fav_user"), _number(new, "collection_user"))
    if old:
        reading.reads = (reading.reads or 0) + _number(old, "int_page_read_count")


def _last(row: dict[str, Any] | None, of: str) -> dict[str, Any]:
    days = (row or {}).get(of) or []
    return max(days, key=lambda day: str(day.get("stat_date", ""))) if days else {}


def _number(row: dict[str, Any], field: str) -> int:
    return int(row.get(field) or 0)

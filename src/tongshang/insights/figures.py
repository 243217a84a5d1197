"""Reading the figures: what came from WeChat, put into days for the charts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from tongshang.insights import imports, windows
from tongshang.platform.db import Tx
from tongshang.wechat import accounts

ALL_SOURCES = 99999999
MOST_DAYS = 90
TOP = 10
ROWS = """select name, day, rows from datacube
where merchant_id = $1 and appid = $2 and name = any($3) and day >= $4 order by name, day"""
SHOWN = ["getusersummary", "getusercumulate", "getuserread", "getusershare", "getarticletotal", "getupstreammsg",
         "getinterfacesummary"]  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """One day of one report."""

    name: str
    day: date
    rows: list[dict[str, Any]]


class GrowthDay(msgspec.Struct):
    """Who came, who left, and how many follow at the end of the day."""

    date: str
    new: int = 0
    cancelled: int = 0
    net: int = 0
    total: int | None = None


class MessageDay(msgspec.Struct):
    """How many people wrote how much."""

    date: str
    people: int = 0
    count: int = 0


class ArticleDay(msgspec.Struct):
    """How much was read and shared."""

    date: str
    readers: int = 0
    reads: int = 0
    shares: int = 0


class InterfaceDay(msgspec.Struct):
    """How our own server answered WeChat."""

    date: str
    calls: int = 0
    failed: int = 0
    average_ms: float = 0.0
    most_ms: int = 0


class SourceSum(msgspec.Struct):
    """How many came through one of WeChat's sources."""

    source: int
    new: int


class ArticleSum(msgspec.Struct):
    """An article, and what was done with it so far."""

    msgid: str
    title: str
    date: str
    readers: int
    reads: int
    shares: int


class Insights(msgspec.Struct):
    """Everything the console draws; `through` is the last day there is, `refused` names reports with errcodes."""

    state: str
    through: str | None
    refused: dict[str, int]
    growth: list[GrowthDay]
    messages: list[MessageDay]
    articles: list[ArticleDay]
    interface: list[InterfaceDay]
    sources: list[SourceSum]
    top: list[ArticleSum]


async def shown(tx: Tx, *, days: int) -> Insights:
    """Tell the figures of the last `days` days that WeChat has."""
    account = await accounts.latest(tx)
    state = await imports.get(tx, appid=account.appid) if account else None
    if account is None or state is None:
        return Insights("none", None, {}, [], [], [], [], [], [])
    last = windows.last_ready(tx.now)
    first = last - timedelta(days=max(1, min(days, MOST_DAYS)) - 1)
    stored = await tx.all(Stored, ROWS, tx.merchant, account.appid, SHOWN, first)
    by = {name: {f"{one.day}": one.rows for one in stored if one.name == name} for name in SHOWN}
    dates = [f"{first + timedelta(days=n)}" for n in range((last - first).days + 1)]
    known = [day for day in dates if day in by["getusersummary"]]
    return Insights(
        state.state,
        known[-1] if known else None,
        state.refused,
        [_growth(day, by["getusersummary"].get(day, []), by["getusercumulate"].get(day, [])) for day in dates],
        [_messages(day, by["getupstreammsg"].get(day, [])) for day in dates],
        [_articles(day, by["getuserread"].get(day, []), by["getusershare"].get(day, [])) for day in dates],
        [_interface(day, by["getinterfacesummary"].get(day, [])) for day in dates],
        _sources(row for rows in by["getusersummary"].values() for row in rows),
        _top(row for rows in by["getarticletotal"].values() for row in rows),
    )


def _sum(rows: Any, field: str) -> int:
    return sum(int(row.get(field) or 0) for row in rows)


def _growth(day: str, summary: list[dict[str, Any]], cumulate: list[dict[str, Any]]) -> GrowthDay:
    new, cancelled = _sum(summary, "new_user"), _sum(summary, "cancel_user")
    total = int(cumulate[0].get("cumulate_user") or 0) if cumulate else None
    return GrowthDay(day, new, cancelled, new - cancelled, total)


def _messages(day: str, rows: list[dict[str, Any]]) -> MessageDay:
    return MessageDay(day, _sum(rows, "msg_user"), _sum(rows, "msg_count"))


def _articles(day: str, read: list[dict[str, Any]], share: list[dict[str, Any]]) -> ArticleDay:
    # Where WeChat gives the sum it counts nobody twice; adding sources up would.
    rows = [row for row in read if row.get("user_source") == ALL_SOURCES] or read
    return ArticleDay(
        day, _sum(rows, "int_page_read_user"), _sum(rows, "int_page_read_count"), _sum(share, "share_count")
    )


def _interface(day: str, rows: list[dict[str, Any]]) -> InterfaceDay:
    calls = _sum(rows, "callback_count")
    average = round(_sum(rows, "total_time_cost") / calls, 1) if calls else 0.0
    most = max((int(row.get("max_time_cost") or 0) for row in rows), default=0)
    return InterfaceDay(day, calls, _sum(rows, "fail_count"), average, most)


def _sources(rows: Any) -> list[SourceSum]:
    sums: dict[int, int] = {}
    for row in rows:
        source = int(row.get("user_source") or 0)
        sums[source] = sums.get(source, 0) + int(row.get("new_user") or 0)
    found = [SourceSum(source, new) for source, new in sums.items() if new]
    return sorted(found, key=lambda one: (-one.new, one.source))


def _top(rows: Any) -> list[ArticleSum]:
    found = []
    for row in rows:
        details = row.get("details") or [{}]
        final = details[-1]  # cumulative: the last day says all
        found.append(
            ArticleSum(
                str(row.get("msgid", "")), str(row.get("title", "")), str(row.get("ref_date", "")),
                int(final.get("int_page_read_user") or 0), int(final.get("int_page_read_count") or 0),
                int(final.get("share_count") or 0),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: -one.reads)[:TOP]

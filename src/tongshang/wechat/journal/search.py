"""Reading the journal: by account, person, code, request id, name, direction, state, latency and time; newest first."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.paging import Page, page_of, read_cursor
from tongshang.wechat.journal import masking
from tongshang.wechat.journal.entries import PLACE
from weixin.errors_table import Kind, meaning

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS = "id, at, direction, appid, openid, name, state, errcode, rid, latency_ms, times"
PAGE = f"select {FIELDS} from wechat_journal where merchant_id = $1 and at >= $2 and (at, id) < ($3, $4)"
ORDER = " order by at desc, id desc limit $5"
ONE = f"select {FIELDS}, request, answer, raw_sealed from wechat_journal where merchant_id = $1 and at = $2 and id = $3"
# Only what is asked for is in the statement, so that each search finds its own index.
EQUAL = ("direction", "appid", "openid", "errcode", "rid", "name", "state")
# A call that took a second or longer; the number stands in the index, too.
SLOW = " and latency_ms >= 1000"
LAST_ID = UUID(int=2**128 - 1)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; empty means any. A `name` that ends in * means whatever begins so; a bare path, any verb."""

    direction: str = ""
    appid: str = ""
    openid: str = ""
    errcode: int | None = None
    rid: str = ""
    name: str = ""
    state: str = ""
    trouble: bool = False
    slow: bool = False
    since: datetime | None = None
    until: datetime | None = None


class Line(msgspec.Struct, frozen=True):
    """One line as it is found; `key` names it, `kind` and the sentences explain its errcode."""

    id: str
    at: datetime
    direction: str
    appid: str
    openid: str | None
    name: str
    state: str
    errcode: int
    rid: str | None
    latency_ms: int | None
    times: int
    kind: Kind | None
    zh: str | None
    en: str | None


class Whole(msgspec.Struct, frozen=True):
    """A line with its masked bodies, and whether it can be replayed: `effects`, `again`, or nothing and why not."""

    line: Line
    request: str
    answer: str
    replay: str
    why_zh: str | None
    why_en: str | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is kept."""

    id: UUID
    at: datetime
    direction: str
    appid: str
    openid: str
    name: str
    state: str
    errcode: int
    rid: str
    latency_ms: int | None
    times: int
    request: str = ""
    answer: str = ""
    raw_sealed: bytes | None = None


def key_of(at: datetime, entry: UUID) -> str:
    """Name a line: its microsecond and its id."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{entry.hex}"


def read_key(key: str) -> tuple[datetime, UUID]:
    """Read a line's name back, or raise NotFound."""
    micros, _, entry = key.partition("-")
    try:
        if not micros.isascii() or not micros.isdigit() or len(micros) > 17:
            raise ValueError
        return EPOCH + timedelta(microseconds=int(micros)), UUID(hex=entry)
    except (ValueError, OverflowError):
        raise NotFound from None


async def find(tx: Tx, asked: Asked, *, after: str | None, limit: int) -> Page[Line]:
    """Search the merchant's journal, a page at a time."""
    until, last = asked.until or tx.now + timedelta(minutes=1), LAST_ID
    if after:
        until, last = read_cursor(after, datetime, UUID)
    args: list[Any] = [tx.merchant, asked.since or EPOCH, until, last, limit + 1]
    sql = PAGE
    for name in EQUAL:
        value = getattr(asked, name)
        if value in ("", None):
            continue
        if name == "name" and (value.endswith("*") or value.startswith("/")):
            begins = [f"{verb} {value}" for verb in ("GET", "POST")] if value.startswith("/") else [value]
            ways = [(one[:-1], one[:-1] + "\uffff") if one.endswith("*") else (one, one + "\x01") for one in begins]
            spots = (len(args) + 1 + 2 * n for n in range(len(ways)))
            sql += f" and ({' or '.join(f'name >= ${spot} and name < ${spot + 1}' for spot in spots)})"
            args += [end for way in ways for end in way]
            continue
        args.append(value)
        sql += f" and {name} = ${len(args)}"
    if asked.errcode:
        sql += " and errcode <> 0"
    if asked.openid:
        sql += " and openid <> ''"
    if asked.rid:
        sql += " and rid <> ''"
    if asked.slow:
        sql += SLOW
    if asked.trouble:
        sql += " and state not in ('received', 'done')"
    rows = await tx.all(Row, sql + ORDER, *args)
    page = page_of(rows, limit, lambda row: (row.at, row.id))
    return Page([line_of(row) for row in page.items], page.next)


async def one(tx: Tx, *, key: str) -> Row:
    """Find a line by its name, or raise NotFound."""
    at, entry = read_key(key)
    return await tx.one(Row, ONE, tx.merchant, at, entry)


def request_of(tx: Tx, row: Row) -> str:
    """Give a line's masked body; that of a push is opened and masked now."""
    return row.request if row.raw_sealed is None else masking.body(tx.unseal(PLACE, row.raw_sealed))


def line_of(row: Row) -> Line:
    """Show a line."""
    said = meaning(row.errcode) if row.errcode else None
    return Line(
        key_of(row.at, row.id), row.at, row.direction, row.appid, row.openid or None, row.name, row.state, row.errcode,
        row.rid or None, row.latency_ms, row.times, said.kind if said else None, said.zh if said else None,
        said.en if said else None,
    )  # fmt: skip


def check(asked: Asked) -> None:
    """Refuse a search that can find nothing."""
    if asked.since and asked.until and asked.since > asked.until:
        raise Invalid(field="since", problem="≤ until")

"""Which articles can have comments: those published or sent from here, for WeChat names them by a number it tells once.

What was published or sent elsewhere has no such number in any of WeChat's lists: its comments are at the official site.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.wechat import accounts

# A publication as it is in the archive; a mass send as its set was written.
OUT = """select * from (
  (select p.id, p.appid, p.msg_data_id, 'published' as how, p.ended_at as at, a.articles, p.urls
  from publication p join account_article a on a.merchant_id = p.merchant_id and a.appid = p.appid
    and a.place = 'published' and a.wechat_id = p.wechat_article_id
  where p.merchant_id = $1 and p.appid = $2 and p.state = 'published' and p.msg_data_id is not null)
  union all
  (select q.id, b.appid, q.msg_data_id, 'sent' as how, q.finished_at as at, s.articles, q.urls
  from broadcast_part q join broadcast b on b.merchant_id = q.merchant_id and b.id = q.broadcast_id
  join article_set s on s.merchant_id = b.merchant_id and s.id = b.article_set_id
  where q.merchant_id = $1 and b.appid = $2 and q.state = 'finished' and q.msg_data_id is not null)
) o"""
LIST = f"{OUT} where $3::timestamptz is null or (o.at, o.id) < ($3, $4) order by o.at desc, o.id desc limit $5"
ONE = f"{OUT} where o.msg_data_id = $3"
SWITCHES = """select msg_data_id, number, open from comment_switch
where merchant_id = $1 and appid = $2 and msg_data_id = any($3)"""
TURN = """insert into comment_switch (merchant_id, appid, msg_data_id, number, open, changed_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id, appid, msg_data_id, number) do update set open = $5, changed_at = $6"""


class _Title(msgspec.Struct, frozen=True):
    title: str
    comments: bool | None = None
    deleted: bool = False


class _Out(msgspec.Struct, frozen=True):
    id: UUID
    appid: str
    msg_data_id: str
    how: Literal["published", "sent"]
    at: datetime
    articles: list[_Title]
    urls: list[str]


class _Switch(msgspec.Struct, frozen=True):
    msg_data_id: str
    number: int
    open: bool


class Open(msgspec.Struct, frozen=True):
    """One article of those; `open` is unknown until somebody has turned it here."""

    number: int
    title: str
    url: str
    open: bool | None


class Out(msgspec.Struct, frozen=True):
    """Articles that went out together."""

    msg_data_id: str
    how: Literal["published", "sent"]
    at: datetime
    articles: list[Open]


async def listed(tx: Tx, *, after: str | None = None, limit: int | None = None) -> Page[Out]:
    """List articles that can have comments, the latest first. Raises NoAccount."""
    account, most = await accounts.current(tx), limit_of(limit)
    at, out_id = read_cursor(after, datetime, UUID) if after else (None, None)
    page = page_of(
        await tx.all(_Out, LIST, tx.merchant, account.appid, at, out_id, most + 1), most, lambda one: (one.at, one.id)
    )
    return Page(await _shown(tx, account.appid, page.items), page.next)


async def get(tx: Tx, *, msg_data_id: str, number: int) -> tuple[Out, Open]:
    """Give an article by its number at WeChat and its place counted from 1, or refuse."""
    account = await accounts.current(tx)
    found = await tx.one(_Out, ONE, tx.merchant, account.appid, msg_data_id)
    (shown,) = await _shown(tx, account.appid, [found])
    for one in shown.articles:
        if one.number == number:
            return shown, one
    raise NotFound


async def _shown(tx: Tx, appid: str, found: list[_Out]) -> list[Out]:
    names = [one.msg_data_id for one in found]
    turned = {(s.msg_data_id, s.number): s.open for s in await tx.all(_Switch, SWITCHES, tx.merchant, appid, names)}
    return [
        Out(
            one.msg_data_id,
            one.how,
            one.at,
            [
                Open(n, article.title, one.urls[n - 1] if n <= len(one.urls) else "",
                     turned.get((one.msg_data_id, n), article.comments))
                for n, article in enumerate(one.articles, 1)
                if not article.deleted
            ],
        )
        for one in found
    ]  # fmt: skip


async def turned(tx: Tx, *, msg_data_id: str, number: int, open: bool) -> None:
    """Keep whether an article takes comments."""
    appid = (await accounts.current(tx)).appid
    await tx.run(TURN, tx.merchant, appid, msg_data_id, number, open, tx.now)

"""What the account has of articles at WeChat: found, listed, forgotten."""

from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.wechat import accounts

Place: TypeAlias = Literal["draft", "published"]
TITLE_MOST, DIGEST_MOST = 200, 400
FIELDS = "id, appid, place, wechat_id, title, articles, changed_at"
ONE = f"select {FIELDS} from account_article where merchant_id = $1 and id = $2"
LIST = f"""select {FIELDS} from account_article where merchant_id = $1 and appid = $2 and place = $3
  and ($4 = '' or title ilike '%' || $4 || '%') and ($5::timestamptz is null or (changed_at, id) < ($5, $6))
order by changed_at desc, id desc limit $7"""
SEE = """insert into account_article (merchant_id, id, appid, place, wechat_id, title, articles, changed_at, found_at,
  import_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (merchant_id, appid, place, wechat_id) do update set title = $6, articles = $7, changed_at = $8,
  import_id = coalesce($10, account_article.import_id)
returning found_at = $9"""
DROP = """delete from account_article
where merchant_id = $1 and appid = $2 and place = $3 and wechat_id = $4"""
OURS_DRAFTED = """select draft_media_id as wechat_id, id from article_set
where merchant_id = $1 and draft_media_id = any($2)"""
OURS_OUT = """select wechat_article_id as wechat_id, article_set_id as id from publication
where merchant_id = $1 and wechat_article_id = any($2)"""


class Piece(msgspec.Struct, frozen=True, omit_defaults=False):
    """One article of those, without its body."""

    title: str
    url: str = ""
    digest: str = ""
    author: str = ""
    thumb_media_id: str = ""
    thumb_url: str = ""
    kind: str = "news"
    deleted: bool = False
    comments: bool | None = None


class Found(msgspec.Struct, frozen=True):
    """Articles that belong together, at WeChat; `wechat_id` is a draft's media_id or a publication's article_id."""

    id: UUID
    appid: str
    place: Place
    wechat_id: str
    title: str
    articles: list[Piece]
    changed_at: datetime


class Ours(msgspec.Struct, frozen=True):
    """Which set of ours one was made from."""

    wechat_id: str
    id: UUID


async def get(tx: Tx, *, found_id: UUID) -> Found:
    """Give one, or refuse."""
    return await tx.one(Found, ONE, tx.merchant, found_id)


async def listed(
    tx: Tx, *, place: Place, q: str = "", after: str | None = None, limit: int | None = None
) -> Page[Found]:
    """List what the account has in a place, the latest first. Raises NoAccount."""
    account, most = await accounts.current(tx), limit_of(limit)
    at, found_id = read_cursor(after, datetime, UUID) if after else (None, None)
    rows = await tx.all(Found, LIST, tx.merchant, account.appid, place, q.strip()[:60], at, found_id, most + 1)
    return page_of(rows, most, lambda one: (one.changed_at, one.id))


async def ours(tx: Tx, *, found: list[Found]) -> dict[str, UUID]:
    """Say which of these were made from sets of ours."""
    names = [one.wechat_id for one in found]
    rows = await tx.all(Ours, OURS_DRAFTED, tx.merchant, names) + await tx.all(Ours, OURS_OUT, tx.merchant, names)
    return {one.wechat_id: one.id for one in rows}


async def see(
    tx: Tx, *, appid: str, place: Place, wechat_id: str, articles: list[dict[str, Any]], changed_at: int,
    import_id: UUID | None = None,
) -> bool:  # fmt: skip
    """Write down articles as WeChat told of them; say whether they are new to us."""
    pieces = [piece(one) for one in articles[:8]]
    if not pieces:
        return False
    at = datetime.fromtimestamp(changed_at, UTC) if changed_at else tx.now
    row = (tx.new_id(), appid, place, wechat_id, pieces[0].title, pieces, at, tx.now, import_id)
    return bool(await tx.value(SEE, tx.merchant, *row))


def piece(told: dict[str, Any]) -> Piece:
    """Read an article as WeChat tells it, of whatever length."""

    def words(name: str, most: int) -> str:
        return str(told.get(name) or "")[:most]

    return Piece(
        words("title", TITLE_MOST), words("url", 1024), words("digest", DIGEST_MOST), words("author", 64),
        words("thumb_media_id", 256), words("thumb_url", 1024), words("article_type", 20) or "news",
        bool(told.get("is_deleted")), bool(told["need_open_comment"]) if "need_open_comment" in told else None,
    )  # fmt: skip


async def forget(tx: Tx, *, appid: str, place: Place, wechat_id: str) -> None:
    """Forget one that WeChat no longer has."""
    await tx.run(DROP, tx.merchant, appid, place, wechat_id)

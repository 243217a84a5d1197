"""Sets of articles: written, kept, listed, dropped."""

from uuid import UUID

from tongshang.messages.articles import clean
from tongshang.messages.articles.model import Article, ArticleSet, BadArticle, check
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor

FIELDS = """id, articles, rev, title, created_at, updated_at, draft_appid, draft_media_id, draft_rev, draft_size,
  draft_at"""
ONE = f"select {FIELDS} from article_set where merchant_id = $1 and id = $2"
LIST = f"""select {FIELDS} from article_set where merchant_id = $1 and ($2::uuid is null or id < $2)
order by id desc limit $3"""
ADD = """insert into article_set (merchant_id, id, articles, rev, title, created_at, updated_at)
values ($1, $2, $3, 1, $4, $5, $5) on conflict (merchant_id, id) do nothing"""
CHANGE = """update article_set set articles = $4, rev = rev + 1, title = $5, updated_at = $6
where merchant_id = $1 and id = $2 and rev = $3"""
DROP = """delete from article_set s where s.merchant_id = $1 and s.id = $2 and not exists (
  select 1 from publication p where p.merchant_id = s.merchant_id and p.article_set_id = s.id)"""
HAS = "select count(*) from material where merchant_id = $1 and id = any($2) and kind = 'image'"


class Edited(Refused):
    """Somebody else has changed these articles meanwhile; reload before you save."""

    code, status, zh = "article.edited", 409, "这组图文已被他人修改，请刷新后再保存。"


class Kept(Refused):
    """Articles that were published stay, so that the record of it stays."""

    code, status, zh = "article.published", 409, "已发布过的图文不能删除，记录需要保留。"


async def get(tx: Tx, *, set_id: UUID) -> ArticleSet:
    """Give a set, or refuse."""
    return await tx.one(ArticleSet, ONE, tx.merchant, set_id)


async def listed(tx: Tx, *, after: str | None = None, limit: int | None = None) -> Page[ArticleSet]:
    """List sets, newest first."""
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    found = await tx.all(ArticleSet, LIST, tx.merchant, start, most + 1)
    return page_of(found, most, lambda one: (one.id,))


async def put(tx: Tx, *, set_id: UUID, articles: list[Article], rev: int | None = None) -> ArticleSet:
    """Write a set (no `rev`: a new one), its bodies cleaned; raises BadArticle, Edited."""
    cleaned = [_cleaned(one) for one in articles]
    check(cleaned)
    await _check_pictures(tx, cleaned)
    title = cleaned[0].title
    if rev is None:
        if not await tx.run(ADD, tx.merchant, set_id, cleaned, title, tx.now):
            known = await get(tx, set_id=set_id)
            if known.articles != cleaned:
                raise Edited
        return await get(tx, set_id=set_id)
    if not await tx.run(CHANGE, tx.merchant, set_id, rev, cleaned, title, tx.now):
        known = await get(tx, set_id=set_id)
        # The same words once more, because the answer was lost: nothing to do.
        if known.articles != cleaned:
            raise Edited
    return await get(tx, set_id=set_id)


async def drop(tx: Tx, *, set_id: UUID) -> None:
    """Forget a set that was never published; its draft at WeChat stays there."""
    if not await tx.run(DROP, tx.merchant, set_id):
        await get(tx, set_id=set_id)
        raise Kept


def _cleaned(one: Article) -> Article:
    pictures = one.kind == "newspic"
    body = one.body.strip() if pictures else clean.clean(one.body)
    return Article(
        one.title.strip(), body, one.cover_id, one.author.strip(), one.digest.strip(), one.source_url.strip(),
        one.comments, one.fans_only and one.comments, one.crop_wide, one.crop_square, one.kind,
        list(dict.fromkeys(one.pictures)) if pictures else [],
    )  # fmt: skip


async def _check_pictures(tx: Tx, articles: list[Article]) -> None:
    for number, one in enumerate(articles, 1):
        wanted = set(clean.pictures(one.body)) if one.kind == "news" else set(one.pictures)
        wanted |= {one.cover_id} if one.cover_id else set()
        if wanted and int(await tx.value(HAS, tx.merchant, list(wanted))) < len(wanted):
            raise BadArticle(
                number=number, problem="a picture is not in the library any more", problem_zh="有图片已不在素材库",
                errcode=40007,
            )  # fmt: skip

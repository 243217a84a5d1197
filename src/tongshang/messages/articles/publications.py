"""Publications: promised, handed to WeChat, and ended by the event or by asking, whichever comes first."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from tongshang.messages.articles import drafts, sets
from tongshang.messages.articles.facts import (
    ArticlesPublished,
    PublicationAsked,
    PublicationDeleted,
    PublicationFailed,
    PublicationSubmitted,
)
from tongshang.messages.articles.model import PUBLICATION, Publication, check
from tongshang.messages.articles.sentences import why
from tongshang.messages.outgoing import surely_undone
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again, Job
from tongshang.platform.world import World
from tongshang.wechat import calls
from tongshang.wechat.authorization import permissions
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import publishing
from weixin.products.mp.publishing import Submitted

PATIENCE = timedelta(days=1)
FIELDS = """id, article_set_id, rev, appid, state, media_id, publish_id, wechat_article_id, status, errcode, asked_at,
  ended_at, urls, deleted, failed, msg_data_id"""
ONE = f"select {FIELDS} from publication where merchant_id = $1 and id = $2"
OF_SET = f"select {FIELDS} from publication where merchant_id = $1 and article_set_id = $2 order by asked_at desc"
OF_SETS = f"""select distinct on (article_set_id) {FIELDS} from publication
where merchant_id = $1 and article_set_id = any($2) order by article_set_id, asked_at desc"""
BY_NUMBER = f"select {FIELDS} from publication where merchant_id = $1 and publish_id = $2"
# A publication whose answer was lost is the only one its event can be about.
NAMELESS = f"""select {FIELDS} from publication where merchant_id = $1 and appid = $2 and publish_id is null
  and state = any($3) and asked_at > $4 order by asked_at"""
ADD = """insert into publication (merchant_id, id, article_set_id, rev, appid, state, asked_at)
values ($1, $2, $3, $4, $5, 'asked', $6)"""
MOVE = """update publication set state = $4, media_id = coalesce($5, media_id), publish_id = coalesce($6, publish_id),
  msg_data_id = coalesce($7, msg_data_id)
where merchant_id = $1 and id = $2 and state = any($3)"""
END = """update publication set state = $4, publish_id = coalesce(publish_id, $5), wechat_article_id = $6, urls = $7,
  status = $8, failed = $9, errcode = $10, ended_at = $11 where merchant_id = $1 and id = $2 and state = any($3)"""
TAKE_BACK = """update publication set deleted = $3, state = $4 where merchant_id = $1 and id = $2
  and state = 'published' and deleted = $5"""


class UnderWay(Refused):
    """These articles are being published just now."""

    code, status, zh = "publication.under_way", 409, "这组图文正在发布中，请等待结果。"


class MayBeOut(Refused):
    """WeChat's answer to the last attempt was lost; ask what became of it first."""

    code, status, zh = "publication.unknown", 409, "上一次发布没有收到微信的回答，请先查询结果。"


async def get(tx: Tx, *, publication_id: UUID) -> Publication:
    """Give a publication, or refuse."""
    return await tx.one(Publication, ONE, tx.merchant, publication_id)


async def of_set(tx: Tx, *, set_id: UUID) -> list[Publication]:
    """List the publications of a set, the latest first."""
    return await tx.all(Publication, OF_SET, tx.merchant, set_id)


async def latest(tx: Tx, *, set_ids: list[UUID]) -> dict[UUID, Publication]:
    """Give the latest publication of each set."""
    found = await tx.all(Publication, OF_SETS, tx.merchant, set_ids)
    return {one.article_set_id: one for one in found}


async def ask(tx: Tx, *, publication_id: UUID, set_id: UUID) -> Publication:
    """Promise to publish a set; asking twice under one id is asking once. Raises UnderWay, MayBeOut, BadArticle."""
    if known := await tx.first(Publication, ONE, tx.merchant, publication_id):
        return known
    kept, account = await sets.get(tx, set_id=set_id), await permissions.needs(tx, "publishing")
    check(kept.articles, strict=True)
    if any(one.state == "unknown" for one in await of_set(tx, set_id=set_id)):
        raise MayBeOut
    try:
        await tx.run(ADD, tx.merchant, publication_id, set_id, kept.rev, account.appid, tx.now)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "publication_one_at_a_time"):
            raise UnderWay from None
        raise
    await tx.emit(PublicationAsked(set_id, publication_id))
    return await get(tx, publication_id=publication_id)


async def submit(job: Job, *, publication_id: UUID) -> None:
    """Hand a promised publication to WeChat, and end the job."""
    async with job.begin() as tx:
        one = await get(tx, publication_id=publication_id)
    if one.state == "sending":  # killed between asking and hearing: nobody knows
        async with job.finish() as tx:
            await tx.run(MOVE, tx.merchant, one.id, PUBLICATION.sources("lose"), "unknown", None, None, None)
        return
    if one.state != "asked":
        return
    try:
        media_id = await drafts.pushed(job, job.merchant, set_id=one.article_set_id)
        async with job.begin() as tx:
            await tx.run(MOVE, tx.merchant, one.id, PUBLICATION.sources("send"), "sending", media_id, None, None)
        taken = await _hand(job, one, media_id)
    except Unreachable:
        raise
    except (WeixinError, Refused) as error:
        async with job.finish() as tx:
            await _end(tx, one, "fail", errcode=getattr(error, "errcode", None))
        return
    async with job.finish() as tx:
        numbers = (taken.publish_id, taken.msg_data_id)
        if await tx.run(MOVE, tx.merchant, one.id, PUBLICATION.sources("wait"), "waiting", None, *numbers):
            await tx.emit(PublicationSubmitted(one.article_set_id, one.id))


async def _hand(job: Job, one: Publication, media_id: str) -> Submitted:
    try:
        return await calls.ask(job, job.merchant, lambda c, token: publishing.submit(c, token=token, media_id=media_id))
    except Unreachable as error:
        if surely_undone(error):
            async with job.begin() as tx:
                await tx.run(MOVE, tx.merchant, one.id, PUBLICATION.sources("hold"), "asked", None, None, None)
        raise


async def watch(job: Job, *, publication_id: UUID) -> None:
    """Ask WeChat what became of a publication until it has ended."""
    async with job.begin() as tx:
        one = await get(tx, publication_id=publication_id)
        late = tx.now > one.asked_at + PATIENCE
    if one.state != "waiting" or one.publish_id is None:
        return
    number = one.publish_id
    try:
        told = await calls.ask(job, job.merchant, lambda c, token: publishing.get(c, token=token, publish_id=number))
    except Unreachable:
        raise
    except (WeixinError, Refused) as error:
        async with job.finish() as tx:
            await _end(tx, one, "fail", errcode=getattr(error, "errcode", None))
        return
    if told.status == publishing.UNDER_WAY and not late:
        raise Again(60)
    async with job.finish() as tx:
        await ended(tx, one, status=told.status, article_id=told.article_id, urls=told.urls, failed=told.failed)


async def told(tx: Tx, *, appid: str, publish_id: str) -> Publication | None:
    """Find the publication an event is about; one whose answer was lost, when it can be no other."""
    if one := await tx.first(Publication, BY_NUMBER, tx.merchant, publish_id):
        return one
    states = ["sending", "unknown"]
    found = await tx.all(Publication, NAMELESS, tx.merchant, appid, states, tx.now - PATIENCE)
    return found[0] if len(found) == 1 else None


async def ended(
    tx: Tx,
    one: Publication,
    *,
    status: int,
    article_id: str | None,
    urls: list[str],
    failed: list[int],
    publish_id: str | None = None,
) -> None:
    """Record what became of a publication; a repeat changes nothing."""
    good = status == publishing.DONE and article_id is not None
    move = "publish" if good else "fail"
    await _end(
        tx, one, move, status=status, article_id=article_id if good else None, urls=urls if good else [],
        failed=failed, publish_id=publish_id,
    )  # fmt: skip


async def _end(
    tx: Tx,
    one: Publication,
    move: str,
    *,
    status: int | None = None,
    article_id: str | None = None,
    urls: list[str] | None = None,
    failed: list[int] | None = None,
    errcode: int | None = None,
    publish_id: str | None = None,
) -> None:
    state = "published" if move == "publish" else "failed"
    moved = await tx.run(
        END, tx.merchant, one.id, PUBLICATION.sources(move), state, publish_id, article_id, urls or [], status,
        failed or [], errcode, tx.now,
    )  # fmt: skip
    if not moved:
        return
    if move == "publish":
        await tx.emit(ArticlesPublished(one.article_set_id, one.id, urls or []))
        # A draft disappears once it is out.
        current = await tx.first(Publication, ONE, tx.merchant, one.id)
        if current and current.media_id:
            await tx.run(drafts.FORGET, tx.merchant, one.article_set_id, current.media_id)
    else:
        zh, en = why(status, errcode)
        await tx.emit(PublicationFailed(one.article_set_id, one.id, en, zh))


async def look(world: World, merchant: UUID, *, publication_id: UUID) -> Publication:
    """Find out what became of a publication whose answer was lost: its draft is gone exactly when it is out."""
    async with world.tx(merchant) as tx:
        one = await get(tx, publication_id=publication_id)
        title = (await sets.get(tx, set_id=one.article_set_id)).title
    if one.state != "unknown":
        return one
    _, found = await calls.ask(world, merchant, lambda c, token: publishing.page(c, token=token, offset=0))
    asked = int(one.asked_at.timestamp())
    match = [x for x in found if x.updated_at >= asked and x.articles and x.articles[0].get("title") == title]
    async with world.tx(merchant) as tx:
        if match:
            urls = [str(article.get("url", "")) for article in match[0].articles]
            await ended(tx, one, status=0, article_id=match[0].article_id, urls=urls, failed=[])
        elif tx.now > one.asked_at + timedelta(hours=1):
            await _end(tx, one, "fail")  # an hour is longer than any publication takes
        return await get(tx, publication_id=publication_id)


async def take_back(world: World, merchant: UUID, *, publication_id: UUID, article: int = 0) -> Publication:
    """Delete a published article (counted from 1) or all of them (0) at WeChat, for good. Raises WeixinError."""
    async with world.tx(merchant) as tx:
        one = await get(tx, publication_id=publication_id)
    PUBLICATION.move("delete", one.state)
    assert one.wechat_article_id is not None, "published ones have it"
    article_id = one.wechat_article_id
    try:
        await calls.ask(
            world, merchant, lambda c, token: publishing.delete(c, token=token, article_id=article_id, index=article)
        )
    except WeixinError as error:
        if error.errcode != 53600:  # gone already
            raise
    everything = list(range(1, len(one.urls) + 1))
    deleted = everything if article == 0 else sorted({*one.deleted, article})
    state = "deleted" if deleted == everything else "published"
    async with world.tx(merchant) as tx:
        if await tx.run(TAKE_BACK, merchant, one.id, deleted, state, one.deleted):
            await tx.emit(PublicationDeleted(one.article_set_id, one.id, article))
        return await get(tx, publication_id=publication_id)

"""Bringing a set to WeChat as a draft: pictures first, then the articles, changed one by one where that will do."""

from uuid import UUID

from tongshang.messages.articles import clean, sets
from tongshang.messages.articles.model import Article, ArticleSet, Wire, check
from tongshang.messages.materials import transfer
from tongshang.messages.materials.limits import Use
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.errors import WeixinError
from weixin.products.mp import drafts

GONE = 40007
PUSHED = """update article_set set draft_appid = $3, draft_media_id = $4, draft_rev = $5, draft_size = $6, draft_at = $7
where merchant_id = $1 and id = $2"""
# Only while it is still the same draft: another push may have come between.
FORGET = """update article_set set draft_appid = null, draft_media_id = null, draft_rev = null, draft_size = null,
  draft_at = null where merchant_id = $1 and id = $2 and draft_media_id = $3"""


async def pushed(at: World | Job, merchant: UUID, *, set_id: UUID) -> str:
    """Have WeChat's draft of a set say what the set says, and give its media_id; raises WeixinError, BadArticle.

    A draft of the same size is changed article by article; one that is gone or of another size is made anew.
    """
    world = at.world if isinstance(at, Job) else at
    async with world.tx(merchant) as tx:
        kept, appid = await sets.get(tx, set_id=set_id), (await accounts.current(tx)).appid
    check(kept.articles, strict=True)
    articles = [await _wire(at, merchant, one) for one in kept.articles]
    media_id = kept.draft_media_id if kept.draft_appid == appid else None
    if media_id is not None:
        media_id = await _changed(at, merchant, kept, media_id, articles)
    if media_id is None:
        media_id = await calls.ask(at, merchant, lambda c, token: drafts.add(c, token=token, articles=articles))
    async with world.tx(merchant) as tx:
        await tx.run(PUSHED, merchant, set_id, appid, media_id, kept.rev, len(articles), tx.now)
    return media_id


async def fresh(at: World | Job, merchant: UUID, *, set_id: UUID) -> str:
    """Make another draft of a set, to be sent: sending takes a draft away, and several parts need one each."""
    world = at.world if isinstance(at, Job) else at
    async with world.tx(merchant) as tx:
        kept = await sets.get(tx, set_id=set_id)
    check(kept.articles, strict=True)
    articles = [await _wire(at, merchant, one) for one in kept.articles]
    return await calls.ask(at, merchant, lambda c, token: drafts.add(c, token=token, articles=articles))


async def address(world: World, merchant: UUID, *, set_id: UUID) -> list[str]:
    """Push a set and give the addresses at which WeChat shows the draft for a while."""
    media_id = await pushed(world, merchant, set_id=set_id)
    found = await calls.ask(world, merchant, lambda c, token: drafts.get(c, token=token, media_id=media_id))
    return [str(one.get("url", "")) for one in found]


async def forget(world: World, merchant: UUID, *, set_id: UUID, media_id: str) -> None:
    """Forget a draft that WeChat has published, sent or lost."""
    async with world.tx(merchant) as tx:
        await tx.run(FORGET, merchant, set_id, media_id)


async def drop(world: World, merchant: UUID, *, set_id: UUID) -> None:
    """Delete a set's draft at WeChat, if it has one."""
    async with world.tx(merchant) as tx:
        kept = await sets.get(tx, set_id=set_id)
    if (media_id := kept.draft_media_id) is None:
        return
    try:
        await calls.ask(world, merchant, lambda c, token: drafts.delete(c, token=token, media_id=media_id))
    except WeixinError as error:
        if error.errcode != GONE:
            raise
    await forget(world, merchant, set_id=set_id, media_id=media_id)


async def _changed(
    at: World | Job, merchant: UUID, kept: ArticleSet, media_id: str, articles: list[Wire]
) -> str | None:
    """Change a draft that is there; None where it has to be made anew."""
    if kept.draft_size != len(articles):
        await drop(at.world if isinstance(at, Job) else at, merchant, set_id=kept.id)
        return None
    try:
        if kept.draft_rev == kept.rev:
            await calls.ask(at, merchant, lambda c, token: drafts.get(c, token=token, media_id=media_id))
            return media_id
        for index, article in enumerate(articles):
            await calls.ask(
                at,
                merchant,
                lambda c, token, index=index, article=article: drafts.update(  # type: ignore[misc]
                    c, token=token, media_id=media_id, index=index, article=article
                ),
            )
    except WeixinError as error:
        if error.errcode != GONE:
            raise
        return None
    return media_id


async def _wire(at: World | Job, merchant: UUID, one: Article) -> Wire:
    """Write an article the way WeChat wants it, its pictures uploaded."""
    if one.kind == "newspic":
        return await _pictures(at, merchant, one)
    assert one.cover_id is not None, "checked before"
    urls = {
        material: await transfer.address(at, merchant, material_id=material) for material in clean.pictures(one.body)
    }
    cover = await transfer.media_id(at, merchant, material_id=one.cover_id, use=Use.PERMANENT)
    told: Wire = {
        "article_type": "news", "title": one.title, "author": one.author, "digest": one.digest,
        "content": clean.wire(one.body, urls), "content_source_url": one.source_url, "thumb_media_id": cover,
        "need_open_comment": int(one.comments), "only_fans_can_comment": int(one.fans_only),
    }  # fmt: skip
    if one.crop_wide:
        told["pic_crop_235_1"] = one.crop_wide.wire()
    if one.crop_square:
        told["pic_crop_1_1"] = one.crop_square.wire()
    return told


async def _pictures(at: World | Job, merchant: UUID, one: Article) -> Wire:
    """Write a message of pictures, which are permanent materials."""
    ids = [await transfer.media_id(at, merchant, material_id=x, use=Use.PERMANENT) for x in one.pictures]
    return {
        "article_type": "newspic", "title": one.title, "content": one.body,
        "image_info": {"image_list": [{"image_media_id": id} for id in ids]},
        "need_open_comment": int(one.comments), "only_fans_can_comment": int(one.fans_only),
    }  # fmt: skip

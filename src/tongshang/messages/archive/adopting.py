"""Adopting: a set of ours made from what lies at WeChat, to be edited and published from here."""

from typing import Any
from uuid import UUID

from tongshang.messages.archive import shelf
from tongshang.messages.archive.shelf import Found
from tongshang.messages.articles import drafts, sets
from tongshang.messages.articles.model import AUTHOR, CONTENT, DIGEST, TITLE, Article, ArticleSet
from tongshang.messages.materials import sync
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import calls
from weixin.errors import WeixinError
from weixin.products.mp import drafts as wechat_drafts
from weixin.products.mp import publishing
from weixin.products.mp.materials import Item

GONE = (40007, 53600)


class GoneAtWechat(Refused):
    """WeChat does not have these articles any more."""

    code, status, zh = "archive.gone", 409, "微信上已经没有这组图文，列表已更新。"


async def adopt(world: World, merchant: UUID, *, found_id: UUID, set_id: UUID) -> ArticleSet:
    """Make a set from a draft or a publication; adopting under one id twice is adopting once.

    Raises GoneAtWechat, BadArticle, WeixinError.
    """
    async with world.tx(merchant) as tx:
        found = await shelf.get(tx, found_id=found_id)
        made = (await shelf.ours(tx, found=[found])).get(found.wechat_id) if found.place == "draft" else None
        if made is not None:
            return await sets.get(tx, set_id=made)
    told = await _read(world, merchant, found)
    async with world.tx(merchant) as tx:
        articles = [await _article(tx, found.appid, one) for one in told]
        await sets.put(tx, set_id=set_id, articles=articles)
        if found.place == "draft":
            # It is this draft that a push from here changes.
            row = (found.appid, found.wechat_id, 1, len(articles), tx.now)
            await tx.run(drafts.PUSHED, merchant, set_id, *row)
        return await sets.get(tx, set_id=set_id)


async def _read(world: World, merchant: UUID, found: Found) -> list[dict[str, Any]]:
    wanted = found.wechat_id
    try:
        if found.place == "draft":
            return await calls.ask(world, merchant, lambda c, token: wechat_drafts.get(c, token=token, media_id=wanted))
        return await calls.ask(world, merchant, lambda c, token: publishing.articles(c, token=token, article_id=wanted))
    except WeixinError as error:
        if error.errcode not in GONE:
            raise
    async with world.tx(merchant) as tx:
        await shelf.forget(tx, appid=found.appid, place=found.place, wechat_id=wanted)
    raise GoneAtWechat


async def _article(tx: Tx, appid: str, told: dict[str, Any]) -> Article:
    """Write an article of ours from WeChat's words, cut to what WeChat takes today."""
    title = str(told.get("title") or "").strip()[:TITLE] or "无标题"
    comments = (bool(int(told.get("need_open_comment") or 0)), bool(int(told.get("only_fans_can_comment") or 0)))
    if told.get("article_type") == "newspic":
        images = (told.get("image_info") or {}).get("image_list") or []
        found = [Item(str(one.get("image_media_id")), f"{title[:20]} {n}", 0, None) for n, one in enumerate(images, 1)]
        pictures = [await sync.met(tx, appid=appid, item=item) for item in found]
        body = str(told.get("content") or "")[: CONTENT - 1]
        return Article(title, body, None, "", "", "", *comments, kind="newspic", pictures=pictures)
    thumb = str(told.get("thumb_media_id") or "")
    item = Item(thumb, f"{title[:20]} 封面", 0, str(told.get("thumb_url") or "") or None)
    cover = await sync.met(tx, appid=appid, item=item) if thumb else None
    return Article(
        title, str(told.get("content") or "")[: CONTENT - 1], cover, str(told.get("author") or "")[:AUTHOR],
        str(told.get("digest") or "")[:DIGEST], str(told.get("content_source_url") or ""),
        *comments,
    )  # fmt: skip

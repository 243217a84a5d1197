"""Composing: a rule's messages in WeChat's words, with names, links, products and coupons filled in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import msgspec

from tongshang.media import pictures
from tongshang.messages import welcome
from tongshang.messages.replies import lent, model
from tongshang.messages.replies.model import Message, Occasion, Ready
from tongshang.messages.replies.rules import VARIABLE
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.world import Seam
from tongshang.tenancy import merchants

TEXT_BYTES = 2048  # of a text message, passive or by customer service (2026-11)
NAME_MOST = 40


class Card(msgspec.Struct, frozen=True):
    """Something of the shop as a card; `path` is within the store's pages."""

    title: str
    description: str
    picture_id: UUID | None
    path: str


Cards: TypeAlias = Callable[[Tx, str, UUID], Awaitable[Card | None]]
CARDS: Seam[Cards] = Seam("messages.cards")
"""Who draws a card of a `product` or `coupon` (tx, kind, id); None when it cannot be had (any more)."""


@dataclass(frozen=True)
class Reader:
    """Whom the messages are for: what variables say, and where links lead."""

    shop: str
    store: str
    nickname: str
    occasion: Occasion

    def values(self) -> dict[str, str]:
        """Give what each variable stands for."""
        local = self.occasion.at.astimezone(SHANGHAI)
        return {
            "nickname": tame(self.nickname) or "朋友",
            "shop": self.shop,
            "store": f'<a href="{self.store}">进入店铺</a>',
            "coupon": f'<a href="{self.store}#/pages/coupons/coupons">领取优惠券</a>',
            "text": tame(self.occasion.text),
            "date": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M}",
        }


def tame(text: str) -> str:
    """Take what people wrote, so that it can be repeated within a message: short, and no links."""
    return "".join(c for c in text if c not in "<>")[:NAME_MOST].strip()


async def reader(tx: Tx, *, nickname: str | None, occasion: Occasion) -> Reader:
    """Say whom messages are written for."""
    shop = await merchants.get(tx)
    return Reader(shop.name, welcome.store_url(tx, shop.slug), nickname or "", occasion)


async def compose(tx: Tx, *, messages: Sequence[Message], reader: Reader, appid: str) -> list[Ready]:
    """Write messages in order; those whose product or coupon is gone are left out."""
    ready = [await _one(tx, message, reader) for message in messages]
    return [await lent.filled(tx, one, appid=appid) for one in ready if one is not None]


async def _one(tx: Tx, message: Message, reader: Reader) -> Ready | None:
    match message:
        case model.Words(text):
            return words(fill(text, reader))
        case model.Picture(picture_id):
            return Ready("image", {}, "[图片]", picture_id)
        case model.Voice(material_id):
            return Ready("voice", {}, "[语音]", material=material_id)
        case model.Video(material_id, title, description):
            return Ready("video", {"title": title, "description": description}, f"[视频] {title}", material=material_id)
        case model.Music(title, url, picture_id, description):
            content: dict[str, object] = {"title": title, "description": description}
            content |= {"musicurl": url, "hqmusicurl": url}
            return Ready("music", content, f"[音乐] {title}", picture_id, "thumb_media_id")
        case model.News(title, description, url, picture_id):
            texts = (fill(title, reader), fill(description, reader))
            return await _news(tx, *texts, url or reader.store, picture_id)
        case model.MiniProgram(title, appid, page_path, picture_id):
            content = {"title": title, "appid": appid, "pagepath": page_path}
            return Ready("miniprogrampage", content, f"[小程序] {title}", picture_id, "thumb_media_id")
        case model.Article(article_id, title):
            return Ready("mpnewsarticle", {"article_id": article_id}, f"[图文] {title}".rstrip())
        case model.MaterialArticle(media_id, title):
            return Ready("mpnews", {"media_id": media_id}, f"[图文] {title}".rstrip())
        case model.WechatCard(card_id, title):
            return Ready("wxcard", {"card_id": card_id}, f"[卡券] {title}".rstrip())
        case model.Choices(head, choices, tail):
            rows = [{"id": one.id, "content": one.text} for one in choices]
            asked: dict[str, object] = {"head_content": fill(head, reader), "list": rows, "tail_content": tail}
            return Ready("msgmenu", asked, "\n".join([fill(head, reader), *(f"· {one.text}" for one in choices)]))
        case model.Transfer(kf_account):
            return Ready("transfer_customer_service", {"kf_account": kf_account}, "[转接人工客服]")
        case model.ProductCard(about):
            return await _card(tx, "product", about, reader)
        case model.CouponCard(about):
            return await _card(tx, "coupon", about, reader)


async def _card(tx: Tx, kind: str, about: UUID, reader: Reader) -> Ready | None:
    for draw in tx.world.at(CARDS):
        if (card := await draw(tx, kind, about)) is not None:
            return await _news(tx, card.title, card.description, f"{reader.store}#/{card.path}", card.picture_id)
    return None


async def _news(tx: Tx, title: str, description: str, url: str, picture_id: UUID | None) -> Ready:
    found = (await pictures.find(tx, [picture_id])).get(picture_id) if picture_id else None
    # WeChat draws JPG and PNG only.
    picture = f"{tx.world.settings.public_url}{found.url.removesuffix('.webp')}.jpg" if found else ""
    article = {"title": title[:64], "description": description[:120], "url": url, "picurl": picture}
    return Ready("news", {"articles": [article]}, f"[图文] {title}")


def words(text: str) -> Ready:
    """Write a text message."""
    return Ready("text", {"content": text}, text)


def fill(text: str, reader: Reader) -> str:
    """Fill variables in; when that grows too long for WeChat, what people wrote themselves goes first."""
    values = reader.values()
    filled = VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
    if len(filled.encode()) > TEXT_BYTES:
        short = values | {"text": "…", "nickname": "朋友", "coupon": "优惠券", "store": reader.shop}
        filled = VARIABLE.sub(lambda found: short.get(found[1], found[0]), text)
    return filled.encode()[:TEXT_BYTES].decode(errors="ignore")

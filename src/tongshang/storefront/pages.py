"""Pages: saved as they were written, published as revisions, read with the live data they refer to."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from tongshang.catalog import queries
from tongshang.catalog.queries import ProductCard
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import Seam
from tongshang.storefront import blocks
from tongshang.storefront.blocks import Auto, ByCategory, ByGroup, ByIds, Goods, PageDoc
from tongshang.storefront.facts import PagePublished

CURRENT = """select p.rev, r.doc, r.at as updated_at from page p
join page_rev r on r.merchant_id = p.merchant_id and r.kind = p.kind and r.rev = p.rev
where p.merchant_id = $1 and p.kind = $2"""
MOVE = "update page set rev = rev + 1 where merchant_id = $1 and kind = $2 and rev = $3"
START = "insert into page (merchant_id, kind, rev) values ($1, $2, 1) on conflict do nothing"
KEEP = "insert into page_rev (merchant_id, kind, rev, doc, author, at) values ($1, $2, $3, $4, $5, $6)"


class PageChanged(Refused):
    """Somebody else has published this page meanwhile. Load it again before you publish."""

    code, status, zh = "page.changed", 409, "页面已被他人更新，请刷新后再发布。"


class CouponCards(Protocol):
    """Something that can show coupons on a page."""

    async def cards(self, tx: Tx, ids: list[UUID], fan: UUID | None) -> dict[str, Any]:
        """Show the named coupons that can be taken, by id."""
        ...


COUPON_CARDS: Seam[CouponCards] = Seam("coupon cards")


class Current(msgspec.Struct, frozen=True):
    """A published page."""

    rev: int
    doc: PageDoc
    updated_at: datetime


class Resolved(msgspec.Struct, frozen=True):
    """What a page's blocks refer to: pictures by id, products by block, coupons by id."""

    media: dict[str, Picture]
    products: dict[str, list[ProductCard]]
    coupons: dict[str, Any]


async def current(tx: Tx, *, kind: str = "home") -> Current:
    """Give a page as it is published; a page never published is empty, at revision 0."""
    return await tx.first(Current, CURRENT, tx.merchant, kind) or Current(0, PageDoc([]), tx.now)


async def publish(tx: Tx, *, doc: PageDoc, seen: int, author: str, kind: str = "home") -> Current:
    """Publish a page over the revision that its author has seen; refuses when there is another by now."""
    blocks.check(doc)
    wanted = set(blocks.media_of(doc))
    if len(await pictures.find(tx, wanted)) < len(wanted):
        raise Invalid(field="blocks.slides.media_id", problem="unknown")
    moved = await tx.run(MOVE, tx.merchant, kind, seen) if seen else await tx.run(START, tx.merchant, kind)
    if not moved:
        raise PageChanged
    await tx.run(KEEP, tx.merchant, kind, seen + 1, msgspec.to_builtins(doc), author, tx.now)
    await tx.emit(PagePublished(kind, seen + 1))
    return await current(tx, kind=kind)


async def resolve(tx: Tx, *, doc: PageDoc, fan: UUID | None = None) -> Resolved:
    """Look up what a page's blocks refer to."""
    products: dict[str, list[ProductCard]] = {}
    for block in doc.blocks:
        if isinstance(block, Goods) and not block.hidden:
            products[block.id] = await _goods(tx, block)
    wanted = [block.coupon_id for block in doc.blocks if isinstance(block, blocks.Coupon) and not block.hidden]
    coupons: dict[str, Any] = {}
    for source in tx.world.at(COUPON_CARDS) if wanted else []:
        coupons |= await source.cards(tx, wanted, fan)
    media = await pictures.find(tx, blocks.media_of(doc))
    return Resolved({str(one): picture for one, picture in media.items()}, products, coupons)


async def _goods(tx: Tx, block: Goods) -> list[ProductCard]:
    match block.source:
        case ByIds(ids=ids):
            return await queries.these(tx, ids=ids)
        case ByCategory(category_id=category, limit=limit):
            return (await queries.cards(tx, state="on", category=category, limit=limit))[:limit]
        case ByGroup(group_id=group, limit=limit):
            return await queries.of_group(tx, group=group, limit=limit)
        case Auto(sort="sales", limit=limit):
            return await queries.best(tx, limit=limit)
        case Auto(limit=limit):
            return (await queries.cards(tx, state="on", limit=limit))[:limit]

"""The page schema: typed blocks that refer to live data, validated where they are saved.

Unknown fields are refused; links are data, never raw addresses except https ones.
"""

import re
from collections.abc import Iterator
from typing import Literal
from uuid import UUID

import msgspec

from tongshang.platform.errors import Invalid

MOST_BLOCKS = 60
BLOCK_ID = re.compile(r"[A-Za-z0-9_-]{4,36}")


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=False):
    pass


class ToProduct(_Strict, frozen=True, tag_field="kind", tag="product"):
    """To a product."""

    product_id: UUID


class ToCategory(_Strict, frozen=True, tag_field="kind", tag="category"):
    """To a category."""

    category_id: UUID


class ToCoupon(_Strict, frozen=True, tag_field="kind", tag="coupon"):
    """To a coupon."""

    coupon_id: UUID


class ToPage(_Strict, frozen=True, tag_field="kind", tag="page"):
    """To a page of the shop itself."""

    page: Literal["home", "category", "cart", "me", "orders", "coupons"]


class ToUrl(_Strict, frozen=True, tag_field="kind", tag="url"):
    """To somewhere else, by https only."""

    url: str


Link = ToProduct | ToCategory | ToCoupon | ToPage | ToUrl


class ByIds(_Strict, frozen=True, tag_field="by", tag="ids"):
    """These products."""

    ids: list[UUID]


class ByCategory(_Strict, frozen=True, tag_field="by", tag="category"):
    """The newest of a category."""

    category_id: UUID
    limit: int = 8


class ByGroup(_Strict, frozen=True, tag_field="by", tag="group"):
    """What is in a group, in its order."""

    group_id: UUID
    limit: int = 8


class Auto(_Strict, frozen=True, tag_field="by", tag="auto"):
    """The newest, or the best sellers."""

    sort: Literal["new", "sales"] = "new"
    limit: int = 8


Source = ByIds | ByCategory | ByGroup | Auto


class Slide(_Strict, frozen=True):
    """A picture of a banner, and where it leads."""

    media_id: UUID
    link: Link | None = None
    alt: str = ""


class Banner(_Strict, frozen=True, tag_field="type", tag="banner"):
    """Pictures that take turns."""

    id: str
    slides: list[Slide]
    hidden: bool = False


class Goods(_Strict, frozen=True, tag_field="type", tag="goods"):
    """Products, side by side or one below the other."""

    id: str
    source: Source
    layout: Literal["grid", "list"] = "grid"
    title: str = ""
    hidden: bool = False


class Text(_Strict, frozen=True, tag_field="type", tag="text"):
    """Plain words."""

    id: str
    text: str
    align: Literal["left", "center", "right"] = "left"
    hidden: bool = False


class Coupon(_Strict, frozen=True, tag_field="type", tag="coupon"):
    """A coupon to take."""

    id: str
    coupon_id: UUID
    hidden: bool = False


Block = Banner | Goods | Text | Coupon


class Share(_Strict, frozen=True):
    """How the page looks when it is shared."""

    title: str = ""
    desc: str = ""
    media_id: UUID | None = None


class PageDoc(_Strict, frozen=True):
    """A page."""

    blocks: list[Block]
    title: str = ""
    share: Share | None = None


def check(doc: PageDoc) -> None:
    """Refuse what types cannot say: too much, twice the same id, links that are not https."""
    if len(doc.blocks) > MOST_BLOCKS:
        raise Invalid(field="blocks", problem=f"≤ {MOST_BLOCKS}")
    if len({block.id for block in doc.blocks}) != len(doc.blocks):
        raise Invalid(field="blocks.id", problem="distinct")
    for number, block in enumerate(doc.blocks):
        if not BLOCK_ID.fullmatch(block.id):
            raise Invalid(field=f"blocks.{number}.id", problem="a-z 0-9, 4-36")
        _check_block(f"blocks.{number}", block)


def _check_block(where: str, block: Block) -> None:
    if isinstance(block, Banner):
        if not 1 <= len(block.slides) <= 8:
            raise Invalid(field=f"{where}.slides", problem="1-8")
        for slide in block.slides:
            if isinstance(slide.link, ToUrl) and not slide.link.url.startswith("https://"):
                raise Invalid(field=f"{where}.slides.link.url", problem="https")
    if isinstance(block, Text) and not 1 <= len(block.text) <= 2000:
        raise Invalid(field=f"{where}.text", problem="1-2000")
    if isinstance(block, Goods):
        if isinstance(block.source, ByIds) and not 1 <= len(block.source.ids) <= 50:
            raise Invalid(field=f"{where}.source.ids", problem="1-50")
        if not isinstance(block.source, ByIds) and not 1 <= block.source.limit <= 50:
            raise Invalid(field=f"{where}.source.limit", problem="1-50")


def media_of(doc: PageDoc) -> Iterator[UUID]:
    """List the pictures a page refers to."""
    for block in doc.blocks:
        if isinstance(block, Banner):
            yield from (slide.media_id for slide in block.slides)
    if doc.share and doc.share.media_id:
        yield doc.share.media_id

"""Reviews over HTTP: the store's side, and the merchant's desk."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter

from tongshang.fans.access import Shopper
from tongshang.media import uploads
from tongshang.media.pictures import Picture
from tongshang.media.uploads import Upload
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy import merchants
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade.reviews import desk, queries, writing
from tongshang.trade.reviews.queries import Count, Filter, ReviewAtDesk, ReviewMine, ReviewShown, Tally
from tongshang.trade.reviews.writing import MoreAsked, ReviewAsked

MANAGER = {"role": Role.MANAGER}
DeskState = Annotated[Literal["", "pending", "shown", "hidden"], Parameter(query="state")]


class Reviews(msgspec.Struct):
    """What the reviews of a product come to, and a page of them."""

    count: Count
    items: list[ReviewShown]
    next: str | None


class Ruling(msgspec.Struct, forbid_unknown_fields=True):
    """To be shown, or hidden and why."""

    state: Literal["shown", "hidden"]
    because: str = ""


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    """The merchant's answer; empty takes it back."""

    words: str


class Setting(msgspec.Struct, forbid_unknown_fields=True):
    """Whether reviews wait for the merchant before they are shown."""

    moderated: bool


class Desk(msgspec.Struct):
    """The setting, and how many reviews are in each state."""

    moderated: bool
    tally: Tally


def _before(after: str | None) -> tuple[datetime, UUID] | None:
    if not after:
        return None
    at, last = read_cursor(after, datetime, UUID)
    return at, last


@get("/products/{product_id:uuid}/reviews", operation_id="product_reviews")
async def product_reviews(
    request: AnyRequest,
    shop: str,
    product_id: UUID,
    narrow: Annotated[Filter, Parameter(query="filter")] = "",
    after: str | None = None,
    limit: int | None = None,
) -> Reviews:
    """List what is shown of a product, newest first."""
    world = world_of(request)
    most = limit_of(limit, default=10)
    before = _before(after)
    async with world.tx(await merchants.by_slug(world, shop)) as tx:
        count = await queries.count(tx, product=product_id)
        found = await queries.of_product(tx, product=product_id, narrow=narrow, before=before, limit=most)
    page = page_of(found, most, lambda one: (one.at, one.id))
    return Reviews(count, page.items, page.next)


@get("/orders/{order_id:uuid}/reviews", operation_id="list_my_reviews")
async def list_my_reviews(who: Shopper, order_id: UUID) -> list[ReviewMine]:
    """List what one wrote of an order."""
    async with who.tx() as tx:
        return await queries.mine(tx, order=order_id, fan=who.fan)


@put("/orders/{order_id:uuid}/reviews/{review_id:uuid}", operation_id="write_review")
async def write_review(who: Shopper, order_id: UUID, review_id: UUID, data: ReviewAsked) -> list[ReviewMine]:
    """Write a review of a line of one's own completed order."""
    async with who.tx() as tx:
        await writing.write(tx, fan=who.fan, order=order_id, review=review_id, asked=data)
        return await queries.mine(tx, order=order_id, fan=who.fan)


@put("/reviews/{review_id:uuid}/more", operation_id="add_to_review", status_code=204)
async def add_to_review(who: Shopper, review_id: UUID, data: MoreAsked) -> None:
    """Say one more word to one's own review, once."""
    async with who.tx() as tx:
        await writing.add(tx, fan=who.fan, review=review_id, asked=data)


@post("/orders/{order_id:uuid}/review-pictures", operation_id="upload_review_picture")
async def upload_review_picture(who: Shopper, order_id: UUID, data: Upload) -> Picture:
    """Send a picture along, as the part `file`; only of one's own completed order."""
    async with who.tx() as tx:
        await writing.may_write(tx, fan=who.fan, order=order_id)
    return await uploads.keep_of_customer(who.world, who.merchant, fan=who.fan, data=data, name="评价图片")


@get("/reviews", operation_id="list_reviews")
async def list_reviews(
    who: Staff,
    section: DeskState = "",
    product: UUID | None = None,
    stars: int = 0,
    after: str | None = None,
    limit: int | None = None,
) -> Page[ReviewAtDesk]:
    """List reviews, newest first; `stars` narrows to at most so many."""
    most, before = limit_of(limit), _before(after)
    async with who.tx() as tx:
        found = await queries.at_desk(tx, state=section, product=product, most_stars=stars, before=before, limit=most)
    return page_of(found, most, lambda one: (one.at, one.id))


@get("/reviews/desk", operation_id="get_review_desk")
async def get_review_desk(who: Staff) -> Desk:
    """Show the setting, and how many reviews are in each state."""
    async with who.tx() as tx:
        return Desk(await desk.moderated(tx), await queries.tally(tx))


@put("/reviews/desk", operation_id="put_review_desk", opt=MANAGER)
async def put_review_desk(who: Staff, data: Setting) -> Desk:
    """Let reviews wait before they are shown, or not."""
    async with who.tx() as tx:
        await desk.set_moderated(tx, on=data.moderated)
        return Desk(await desk.moderated(tx), await queries.tally(tx))


@put("/reviews/{review_id:uuid}/state", operation_id="rule_review", status_code=204)
async def rule_review(who: Staff, review_id: UUID, data: Ruling) -> None:
    """Show a review, or hide it with a reason."""
    async with who.tx() as tx:
        await desk.move(tx, review=review_id, state=data.state, because=data.because)


@put("/reviews/{review_id:uuid}/reply", operation_id="reply_review", status_code=204)
async def reply_review(who: Staff, review_id: UUID, data: Reply) -> None:
    """Answer a review for all to read."""
    async with who.tx() as tx:
        await desk.reply(tx, review=review_id, words=data.words)


store = [product_reviews, list_my_reviews, write_review, add_to_review, upload_review_picture]
console = [list_reviews, get_review_desk, put_review_desk, rule_review, reply_review]

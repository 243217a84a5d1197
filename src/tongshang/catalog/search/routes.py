"""Search as customers use it in the store, and what the merchant says of it in the console."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import Parameter

from tongshang.catalog import queries
from tongshang.catalog.queries import ProductCard
from tongshang.catalog.search import asking, filters, finding, misses, settings, words
from tongshang.catalog.search.asking import Asked
from tongshang.catalog.search.filters import Filters
from tongshang.catalog.search.finding import Filter, Sort, Title
from tongshang.catalog.search.misses import Miss
from tongshang.catalog.search.settings import SearchWords
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import limit_of
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy import merchants
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MOST_START = 2_000
NEAR = 8
SUGGESTED = 6


class Results(msgspec.Struct):
    """Found goods. When there are none, `near` are like what was asked for, and `words` what may have been meant."""

    items: list[ProductCard]
    total: int
    more: bool
    next: int | None
    near: list[ProductCard]
    words: list[str]


class Suggestions(msgspec.Struct):
    """What somebody may be about to type, and goods that have it already."""

    words: list[str]
    goods: list[Title]


class Hot(msgspec.Struct):
    """The words shown before anybody types."""

    words: list[str]


def _wanted(
    category: UUID | None = None, tag: str = "", least_fen: int = 0, most_fen: int | None = None, in_stock: bool = False
) -> Filter:
    """Read the filters of a request."""
    if least_fen < 0 or (most_fen is not None and most_fen < least_fen):
        raise Invalid(field="least_fen", problem="0 ≤ least_fen ≤ most_fen", zh="不能小于 0，也不能高于最高价")
    most = 2**62 if most_fen is None else min(most_fen, 2**62)
    return Filter(category=category, tag=tag[:40], least_fen=min(least_fen, most), most_fen=most, in_stock=in_stock)


async def _asked(tx: Tx, text: str) -> Asked | None:
    return asking.read(tx.merchant, text, synonyms=(await settings.get(tx)).synonyms) if text.strip() else None


@get("/search", operation_id="search_goods")
async def search_goods(
    request: AnyRequest,
    shop: str,
    q: str = "",
    category: UUID | None = None,
    tag: str = "",
    least_fen: int = 0,
    most_fen: int | None = None,
    in_stock: bool = False,
    sort: Sort = "relevance",
    after: Annotated[int, Parameter(ge=0, le=MOST_START)] = 0,
    limit: int | None = None,
) -> Results:
    """Find goods on the shelf by whatever somebody typed; `after` is how many were shown already."""
    wanted, most = _wanted(category, tag, least_fen, most_fen, in_stock), limit_of(limit)
    world = world_of(request)
    async with world.tx(await merchants.by_slug(world, shop)) as tx:
        asked = await _asked(tx, q)
        if asked is None and q.strip():
            return await _nothing(tx, q, None)
        found = await finding.find(tx, asked=asked, wanted=wanted, sort=sort, start=after, limit=most)
        if not found.total and wanted == Filter() and q.strip():
            return await _nothing(tx, q, asked)
        items = await queries.these(tx, ids=found.ids)
    end = after + most
    some_left = len(found.ids) == most if found.more else end < found.total
    onward = end if some_left and end <= MOST_START else None
    return Results(items, found.total, found.more, onward, [], [])


async def _nothing(tx: Tx, text: str, asked: Asked | None) -> Results:
    """Answer a query that found nothing with what comes near it, else with what sells best; and count it."""
    await misses.count(tx, query=text)
    near = await finding.near(tx, asked=asked, limit=NEAR) if asked else []
    ids = near or list(await finding.popular(tx, limit=NEAR))
    return Results([], 0, False, None, await queries.these(tx, ids=ids), await words.meant(tx, text=text, limit=5))


@get("/search/filters", operation_id="count_search_filters")
async def count_search_filters(
    request: AnyRequest,
    shop: str,
    q: str = "",
    category: UUID | None = None,
    tag: str = "",
    least_fen: int = 0,
    most_fen: int | None = None,
    in_stock: bool = False,
) -> Filters:
    """Count what was found by category, tag, price and stock."""
    wanted = _wanted(category, tag, least_fen, most_fen, in_stock)
    world = world_of(request)
    async with world.tx(await merchants.by_slug(world, shop)) as tx:
        asked = await _asked(tx, q)
        if asked is None and q.strip():
            return filters.NOTHING
        return await filters.count(tx, asked=asked, wanted=wanted)


@get("/search/suggestions", operation_id="suggest_search")
async def suggest_search(request: AnyRequest, shop: str, q: str = "") -> Suggestions:
    """Suggest words and goods while somebody types."""
    world = world_of(request)
    async with world.tx(await merchants.by_slug(world, shop)) as tx:
        asked = await _asked(tx, q)
        if asked is None:
            return Suggestions([], [])
        goods = await finding.glance(tx, asked=asked, limit=SUGGESTED)
        begin = await words.beginning(tx, text=q, limit=SUGGESTED)
    return Suggestions([one.word for one in begin], goods)


@get("/search/hot", operation_id="hot_searches")
async def hot_searches(request: AnyRequest, shop: str) -> Hot:
    """List the words shown before anybody types."""
    world = world_of(request)
    async with world.tx(await merchants.by_slug(world, shop)) as tx:
        return Hot((await settings.get(tx)).hot)


@get("/search/words", operation_id="get_search_words")
async def get_search_words(who: Staff) -> SearchWords:
    """Show the synonyms and hot words."""
    async with who.tx() as tx:
        return await settings.get(tx)


@put("/search/words", operation_id="put_search_words", opt={"role": Role.MANAGER})
async def put_search_words(who: Staff, data: SearchWords) -> SearchWords:
    """Keep synonyms and hot words."""
    async with who.tx() as tx:
        return await settings.put(tx, asked=data)


@get("/search/misses", operation_id="list_search_misses")
async def list_search_misses(who: Staff, days: Annotated[int, Parameter(ge=1, le=90)] = 30) -> list[Miss]:
    """List what was looked for in vain."""
    async with who.tx() as tx:
        return await misses.listed(tx, days=days)


console = [get_search_words, put_search_words, list_search_misses]
store = [search_goods, count_search_filters, suggest_search, hot_searches]

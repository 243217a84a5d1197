"""The shop's sign and pages in the console, and what customers read of the catalog."""

from typing import Any, Protocol
from uuid import UUID

import msgspec
from litestar import Response, get, put

from tongshang.catalog import categories, queries
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.paging import LIMIT, Page, limit_of, page_of, read_cursor
from tongshang.platform.web import AnyRequest, world_of
from tongshang.platform.world import Seam, World
from tongshang.storefront import pages, shelf, shops
from tongshang.storefront.blocks import PageDoc
from tongshang.storefront.pages import Resolved
from tongshang.storefront.shops import ShopAsked
from tongshang.tenancy import merchants
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import MerchantState, Role
from tongshang.wechat import accounts


class BootParts(Protocol):
    """Something that has more to say about a shop when its first page is opened."""

    async def of(self, tx: Tx) -> dict[str, Any]:
        """Say it, as fields of the shop."""
        ...


BOOT_PARTS: Seam[BootParts] = Seam("boot parts")


class ShopView(msgspec.Struct):
    """The sign as the console edits it."""

    name: str
    logo_id: UUID | None
    logo: Picture | None
    notice: str
    phone: str
    privacy_text: str
    privacy_version: str
    theme: str


class PageView(msgspec.Struct):
    """The home page: its revision, its document, and what that refers to."""

    rev: int
    doc: PageDoc
    resolved: Resolved


class PageAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A home page to publish over the revision its author has seen."""

    doc: PageDoc
    rev: int | None = None


class Boot(msgspec.Struct):
    """What the store needs to draw its first page."""

    shop: dict[str, Any]
    home: PageView
    res_base: str
    appid: str
    login_url: str
    console_origin: str
    slug: str


@get("/shop", operation_id="get_shop")
async def get_shop(who: Staff) -> ShopView:
    """Show the shop's sign."""
    async with who.tx() as tx:
        return await _sign(tx)


@put("/shop", operation_id="put_shop", opt={"role": Role.MANAGER})
async def put_shop(who: Staff, data: ShopAsked) -> ShopView:
    """Change the shop's sign."""
    async with who.tx() as tx:
        await shops.put(tx, asked=data)
        return await _sign(tx)


async def _sign(tx: Tx) -> ShopView:
    found = await shops.get(tx)
    logo = (await pictures.find(tx, [found.logo_id])).get(found.logo_id) if found.logo_id else None
    return ShopView(
        found.name, found.logo_id, logo, found.notice, found.phone, found.privacy_text, str(found.privacy_version),
        found.theme,
    )  # fmt: skip


@get("/pages/home", operation_id="get_home_page")
async def get_home_page(who: Staff) -> PageView:
    """Show the home page for editing."""
    async with who.tx() as tx:
        return await _page(tx)


@put("/pages/home", operation_id="publish_home_page", opt={"role": Role.MANAGER})
async def publish_home_page(request: AnyRequest, who: Staff, data: PageAsked) -> PageView:
    """Publish the home page; If-Match (or `rev`) is the revision that was edited."""
    seen = request.headers.get("if-match", "").strip('W/"') or data.rev
    if seen is None or not str(seen).isdigit():
        raise Invalid(field="If-Match", problem="revision required")
    async with who.tx() as tx:
        await pages.publish(tx, doc=data.doc, seen=int(seen), author=who.name)
        return await _page(tx)


async def _page(tx: Tx, fan: UUID | None = None) -> PageView:
    found = await pages.current(tx)
    return PageView(found.rev, found.doc, await pages.resolve(tx, doc=found.doc, fan=fan))


async def boot_of(world: World, slug: str) -> Boot:
    """Gather what the store's first page needs; an unknown or suspended shop is simply not there."""
    merchant = await merchants.by_slug(world, slug)
    async with world.tx(merchant) as tx:
        if (await merchants.get(tx)).state != MerchantState.ACTIVE:
            raise NotFound
        sign = await _sign(tx)
        home = await _page(tx)
        account = await accounts.latest(tx)
        shop: dict[str, Any] = {name: getattr(sign, name) for name in sign.__struct_fields__}
        shop |= {"slug": slug, "pickup": None, "local": None}
        for source in world.at(BOOT_PARTS):
            shop |= await source.of(tx)
    settings = world.settings
    appid = account.appid if account else ""
    return Boot(shop, home, settings.wx.res, appid, f"/s/{slug}/login", settings.console_url, slug)


@get("/boot", operation_id="boot")
async def boot(request: AnyRequest, shop: str) -> Boot:
    """Give what the store's first page needs."""
    return await boot_of(world_of(request), shop)


@get("/home", operation_id="home")
async def home(request: AnyRequest, shop: str) -> PageView:
    """Show the home page with live data."""
    world = world_of(request)
    async with world.tx(await merchants.by_slug(world, shop)) as tx:
        return await _page(tx)


@get("/categories", operation_id="store_categories")
async def store_categories(request: AnyRequest, shop: str) -> Response[bytes]:
    """List the categories that have something in them."""
    world = world_of(request)
    merchant = await merchants.by_slug(world, shop)

    async def make() -> Any:
        async with world.tx(merchant) as tx:
            return [one for one in await categories.listed(tx) if one.products]

    return _json(await shelf.read(world, merchant, key="categories", make=make))


@get("/products", operation_id="store_products")
async def store_products(
    request: AnyRequest,
    shop: str,
    category: UUID | None = None,
    group: UUID | None = None,
    q: str = "",
    after: str | None = None,
    limit: int | None = None,
) -> Response[bytes]:
    """List what is on the shelf, newest first; of a group, all of it in the group's order."""
    world = world_of(request)
    merchant = await merchants.by_slug(world, shop)
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None

    async def make() -> Any:
        async with world.tx(merchant) as tx:
            if group is not None:
                return Page(await queries.of_group(tx, group=group, limit=LIMIT), None)
            found = await queries.cards(tx, state="on", category=category, text=q, before=start, limit=most)
        return page_of(found, most, lambda card: (card.id,))

    return _json(await shelf.read(world, merchant, key=f"list:{category}:{group}:{q}:{after}:{most}", make=make))


@get("/products/{product_id:uuid}", operation_id="store_product")
async def store_product(request: AnyRequest, shop: str, product_id: UUID) -> Response[bytes]:
    """Show a product that is on the shelf."""
    world = world_of(request)
    merchant = await merchants.by_slug(world, shop)

    async def make() -> Any:
        async with world.tx(merchant) as tx:
            return await queries.shown(tx, product=product_id)

    return _json(await shelf.read(world, merchant, subject=product_id, make=make))


def _json(body: bytes) -> Response[bytes]:
    return Response(body, media_type="application/json", headers={"cache-control": "no-cache"})


console = [get_shop, put_shop, get_home_page, publish_home_page]
store = [boot, home, store_categories, store_products, store_product]

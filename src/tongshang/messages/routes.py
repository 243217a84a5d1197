"""Messages over HTTP: the console's welcome, menu and scene codes."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import segno
from litestar import get, post, put

from tongshang.messages import codes, codes_routes, menu_publishing, menus, welcome
from tongshang.messages.codes import SceneCode
from tongshang.messages.menu_publishing import Comparison, Edition, Line
from tongshang.messages.menus import Button, Menu, Special
from tongshang.messages.welcome import Welcome
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}
CLERK = {"role": Role.CLERK}


class WelcomeAsked(msgspec.Struct):
    """A welcome as the merchant writes it."""

    enabled: bool
    text: str = ""
    link_title: str = ""
    coupon_id: UUID | None = None


class MenuAsked(msgspec.Struct):
    """A menu as the merchant edits it; without `special` the menus for some people stay as they are."""

    buttons: list[Button]
    special: list[Special] | None = None


class MenuView(msgspec.Struct):
    """The menu, and whether WeChat has it as it is."""

    buttons: list[Button]
    published_at: datetime | None
    changed: bool
    special: list[Special] = []


class Seen(msgspec.Struct):
    """The menu a fan sees: its name (empty: everybody's), and its buttons as WeChat writes them."""

    name: str
    buttons: list[dict[str, Any]]


class CodeAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A scene code to make."""

    name: str
    scene: str
    permanent: bool = False
    coupon_id: UUID | None = None
    days: int = codes.LONGEST_DAYS


class Counts(msgspec.Struct):
    """How many scanned, and how many of them began to follow."""

    scans: int
    follows: int


class CodeView(msgspec.Struct):
    """A scene code with its picture."""

    id: UUID
    name: str
    scene: str
    permanent: bool
    coupon_id: UUID | None
    url: str | None
    svg: str | None
    expires_at: datetime | None
    counts: Counts
    created_at: datetime
    days: int = codes.LONGEST_DAYS


@get("/welcome", operation_id="get_welcome", opt=CLERK)
async def get_welcome(who: Staff) -> Welcome:
    """Show the welcome."""
    async with who.tx() as tx:
        return await welcome.get(tx)


@put("/welcome", operation_id="put_welcome", opt=MANAGER)
async def put_welcome(who: Staff, data: WelcomeAsked) -> Welcome:
    """Change the welcome."""
    async with who.tx() as tx:
        return await welcome.put(
            tx, enabled=data.enabled, text=data.text, link_title=data.link_title, coupon_id=data.coupon_id
        )


@get("/menu", operation_id="get_menu", opt=CLERK)
async def get_menu(who: Staff) -> MenuView:
    """Show the menu as it was last edited."""
    async with who.tx() as tx:
        return _menu(await menus.get(tx), await menus.specials(tx))


@put("/menu", operation_id="put_menu", opt=MANAGER)
async def put_menu(who: Staff, data: MenuAsked) -> MenuView:
    """Change the menu; it is checked against WeChat's limits, and published apart."""
    async with who.tx() as tx:
        return _menu(await menus.put(tx, buttons=data.buttons, special=data.special), await menus.specials(tx))


@post("/menu/publication", operation_id="publish_menu", opt=MANAGER, status_code=200)
async def publish_menu(who: Staff) -> MenuView:
    """Publish the menu to WeChat."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    menu = await menu_publishing.publish(who.world, who.merchant)
    async with who.tx() as tx:
        return _menu(menu, await menus.specials(tx))


@get("/menu/comparison", operation_id="compare_menu", opt=MANAGER)
async def compare_menu(who: Staff) -> Comparison:
    """Show what WeChat has, and what publishing would change."""
    return await menu_publishing.compare(who.world, who.merchant)


@get("/menu/editions", operation_id="list_menu_editions", opt=MANAGER)
async def list_menu_editions(who: Staff) -> list[Edition]:
    """List menus as they were published, newest first."""
    async with who.tx() as tx:
        return await menu_publishing.editions(tx)


@get("/menu/editions/{edition_id:uuid}/comparison", operation_id="compare_menu_edition", opt=MANAGER)
async def compare_menu_edition(who: Staff, edition_id: UUID) -> list[Line]:
    """Show what taking an edition up again would change in the menus as they are edited now."""
    async with who.tx() as tx:
        return await menu_publishing.against(tx, edition_id=edition_id)


@post("/menu/editions/{edition_id:uuid}/restoration", operation_id="restore_menu", opt=MANAGER, status_code=200)
async def restore_menu(who: Staff, edition_id: UUID) -> MenuView:
    """Take published menus up again, to be published anew."""
    async with who.tx() as tx:
        return _menu(await menu_publishing.restore(tx, edition_id=edition_id), await menus.specials(tx))


@get("/menu/seen-by/{fan_id:uuid}", operation_id="menu_seen_by", opt=MANAGER)
async def menu_seen_by(who: Staff, fan_id: UUID) -> Seen:
    """Ask WeChat which menu a fan sees."""
    return Seen(*await menu_publishing.seen_by(who.world, who.merchant, fan_id=fan_id))


@get("/scene-codes", operation_id="list_scene_codes", opt=CLERK)
async def list_scene_codes(who: Staff, after: str | None = None, limit: int | None = None) -> Page[CodeView]:
    """List scene codes with their counts, newest first."""
    async with who.tx() as tx:
        page = await codes.listed(tx, after=after, limit=limit)
    return Page([_code(code) for code in page.items], page.next)


@put("/scene-codes/{code_id:uuid}", operation_id="put_scene_code", opt=MANAGER)
async def put_scene_code(who: Staff, code_id: UUID, data: CodeAsked) -> CodeView:
    """Make a scene code, or change its name and coupon; repeat the request when WeChat could not be reached."""
    async with who.tx() as tx:
        await codes.put(
            tx,
            code_id=code_id,
            name=data.name,
            scene=data.scene,
            permanent=data.permanent,
            coupon_id=data.coupon_id,
            days=data.days,
        )
    return _code(await codes.make(who.world, who.merchant, code_id=code_id))


def _menu(menu: Menu, special: list[Special]) -> MenuView:
    old = [one.published for one in special]
    new = [msgspec.to_builtins({"buttons": one.buttons, "rule": one.rule()}) for one in special]
    changed = menu.buttons != (menu.published or []) or old != new
    plain = [msgspec.structs.replace(one, published=None) for one in special]
    return MenuView(menu.buttons, menu.published_at, changed, plain)


def _code(code: SceneCode) -> CodeView:
    svg = segno.make(code.url, error="m").svg_inline(scale=4, border=2, omitsize=True) if code.url else None
    return CodeView(
        code.id,
        code.name,
        code.scene,
        code.permanent,
        code.coupon_id,
        code.url,
        svg,
        code.expires_at,
        Counts(code.scans, code.follows),
        code.created_at,
        code.days,
    )


console = [
    get_welcome, put_welcome, get_menu, put_menu, publish_menu, compare_menu, list_menu_editions,
    compare_menu_edition, restore_menu,
    menu_seen_by, list_scene_codes, put_scene_code, *codes_routes.console,
]  # fmt: skip

"""Messages over HTTP: the console's welcome, menu and scene codes."""

from datetime import datetime
from uuid import UUID

import msgspec
import segno
from litestar import get, post, put

from tongshang.messages import codes, codes_routes, menus, welcome
from tongshang.messages.codes import SceneCode
from tongshang.messages.menus import Button, Menu
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
    """A menu as the merchant edits it."""

    buttons: list[Button]


class MenuView(msgspec.Struct):
    """The menu, and whether WeChat has it as it is."""

    buttons: list[Button]
    published_at: datetime | None
    changed: bool


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
        return _menu(await menus.get(tx))


@put("/menu", operation_id="put_menu", opt=MANAGER)
async def put_menu(who: Staff, data: MenuAsked) -> MenuView:
    """Change the menu; it is checked against WeChat's limits, and published apart."""
    async with who.tx() as tx:
        return _menu(await menus.put(tx, buttons=data.buttons))


@post("/menu/publication", operation_id="publish_menu", opt=MANAGER, status_code=200)
async def publish_menu(who: Staff) -> MenuView:
    """Publish the menu to WeChat."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    return _menu(await menus.publish(who.world, who.merchant))


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


def _menu(menu: Menu) -> MenuView:
    return MenuView(menu.buttons, menu.published_at, menu.buttons != (menu.published or []))


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
    *(get_welcome, put_welcome, get_menu, put_menu, publish_menu, list_scene_codes, put_scene_code),
    *codes_routes.console,
]

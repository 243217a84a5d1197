"""The menu: edited and checked here, published to WeChat, where phones see it within minutes.

Some people may see another one: *special* menus, by tag and by phone. The first that fits a person counts, else the
menu for everybody. Limits of
https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html (2026-11).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused

TOP_MOST, SUB_MOST, SPECIAL_MOST, DOMAINS_MOST = 3, 5, 20, 3
TOP_BYTES, SUB_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
REPLY_MOST = 600
KEYED = (
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
    "location_select",
)  # fmt: skip
HELD = {"media_id": "media_id", "view_limited": "media_id", "article_id": "article_id",
        "article_view_limited": "article_id"}  # fmt: skip
ONE = "select buttons, published, published_at, updated_at from menu where merchant_id = $1"
PUT = """insert into menu (merchant_id, buttons, updated_at) values ($1, $2, $3)
on conflict (merchant_id) do update set buttons = $2, updated_at = $3"""
SPECIALS = """select id, name, tag_id, platform, buttons, published from menu_special
where merchant_id = $1 and not removed order by position, id"""
PUT_SPECIAL = """insert into menu_special (merchant_id, id, name, position, tag_id, platform, buttons, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (merchant_id, id) do update set name = $3, position = $4, tag_id = $5, platform = $6, buttons = $7,
  updated_at = $8, removed = false"""
REMOVE_OTHERS = "update menu_special set removed = true where merchant_id = $1 and not (id = any($2))"


class BadMenu(Refused):
    """WeChat would not take this menu: {problem}."""

    code, status, zh = "menu.invalid", 400, "菜单不符合微信的要求：{problem_zh}。"


class Button(msgspec.Struct, frozen=True, omit_defaults=False):
    """A button: with a link (none: the store), with a key and a reply, or with buttons below it."""

    name: str
    type: str | None = None
    url: str | None = None
    key: str | None = None
    reply: str | None = None
    sub_buttons: list["Button"] = []
    appid: str | None = None
    page_path: str | None = None
    media_id: str | None = None
    article_id: str | None = None
    types: ClassVar[tuple[str, ...]] = ("view", "miniprogram", *KEYED, *HELD)


class Special(msgspec.Struct, frozen=True, omit_defaults=False):
    """A menu for some people: those with a tag (WeChat's number), on a kind of phone (1 iOS, 2 Android, 3 other)."""

    id: UUID
    name: str
    buttons: list[Button]
    tag_id: int | None = None
    platform: int | None = None
    published: Any = None

    def rule(self) -> dict[str, str]:
        """Write for whom it is the way WeChat wants it."""
        wanted = {"tag_id": self.tag_id, "client_platform_type": self.platform}
        return {name: str(value) for name, value in wanted.items() if value is not None}


class Menu(msgspec.Struct, frozen=True):
    """The merchant's menu as it was last edited, and as it was last published."""

    buttons: list[Button] = []
    published: list[Button] | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None


async def get(tx: Tx) -> Menu:
    """Give the merchant's menu."""
    return await tx.first(Menu, ONE, tx.merchant) or Menu()


async def specials(tx: Tx) -> list[Special]:
    """List the menus for some people; the first that fits somebody counts."""
    return await tx.all(Special, SPECIALS, tx.merchant)


async def put(tx: Tx, *, buttons: list[Button], special: list[Special] | None = None) -> Menu:
    """Change the menu, and those for some people if given; WeChat hears of it when it is published."""
    check(buttons)
    if special is not None:
        check_special(buttons, special)
        for n, one in enumerate(special):
            args = (one.id, one.name.strip(), n, one.tag_id, one.platform, one.buttons, tx.now)
            await tx.run(PUT_SPECIAL, tx.merchant, *args)
        await tx.run(REMOVE_OTHERS, tx.merchant, [one.id for one in special])
    await tx.run(PUT, tx.merchant, buttons, tx.now)
    return await get(tx)


async def reply_to(tx: Tx, *, key: str) -> str | None:
    """Give the words with which a published button answers a tap."""
    menu = await get(tx)
    published = list(menu.published or [])
    for one in await specials(tx):
        published += msgspec.convert((one.published or {}).get("buttons", []), list[Button])
    for button in leaves(published):
        if button.type in KEYED and button.key == key:
            return button.reply or None
    return None


def leaves(buttons: list[Button]) -> Iterator[Button]:
    """Give the buttons that do something themselves."""
    for button in buttons:
        yield from button.sub_buttons or [button]


def wire(button: Button, home: str) -> dict[str, Any]:
    """Write a button the way WeChat wants it."""
    if button.sub_buttons:
        return {"name": button.name, "sub_button": [wire(sub, home) for sub in button.sub_buttons]}
    base = {"type": button.type or "view", "name": button.name}
    if button.type in KEYED:
        return base | {"key": button.key}
    if button.type in HELD:
        return base | {HELD[button.type]: getattr(button, HELD[button.type])}
    if button.type == "miniprogram":
        return base | {"url": button.url or home, "appid": button.appid, "pagepath": button.page_path}
    return base | {"url": button.url or home}


def check(buttons: list[Button]) -> None:
    """Refuse a menu that WeChat would refuse, saying which button and why."""
    if len(buttons) > TOP_MOST:
        raise BadMenu(problem=f"at most {TOP_MOST} top buttons", problem_zh=f"一级菜单最多 {TOP_MOST} 个")
    for button in buttons:
        _check_name(button, TOP_BYTES)
        if not button.sub_buttons:
            _check_leaf(button)
            continue
        if len(button.sub_buttons) > SUB_MOST:
            raise BadMenu(
                problem=f"at most {SUB_MOST} buttons below “{button.name}”",
                problem_zh=f"“{button.name}”下最多 {SUB_MOST} 个子菜单",
            )
        for sub in button.sub_buttons:
            _check_name(sub, SUB_BYTES)
            if sub.sub_buttons:
                raise BadMenu(problem="two levels only", problem_zh="菜单最多两级")
            _check_leaf(sub)
    keys = [button.key for button in leaves(buttons) if button.type in KEYED]
    if len(keys) != len(set(keys)):
        raise BadMenu(problem="two buttons have the same key", problem_zh="两个按钮的 key 相同")


def check_special(buttons: list[Button], special: list[Special]) -> None:
    """Refuse menus for some people that WeChat would refuse."""
    if special and not buttons:
        raise BadMenu(problem="there must be a menu for everybody first", problem_zh="请先设置默认菜单")
    if len(special) > SPECIAL_MOST:
        raise BadMenu(problem=f"at most {SPECIAL_MOST} menus", problem_zh=f"个性化菜单最多 {SPECIAL_MOST} 个")
    for one in special:
        name = one.name
        if not 1 <= len(name.strip()) <= 60:
            raise BadMenu(problem="a menu without a name", problem_zh="个性化菜单缺少名称")
        if not one.rule() or one.platform not in (None, 1, 2, 3):
            raise BadMenu(problem=f"“{name}” is for nobody", problem_zh=f"“{name}”没有设置适用人群")
        if not one.buttons:
            raise BadMenu(problem=f"“{name}” has no button", problem_zh=f"“{name}”没有按钮")
        check(one.buttons)
    domains = {urlsplit(leaf.url).hostname for one in special for leaf in leaves(one.buttons) if leaf.url}
    if len(domains) > DOMAINS_MOST:
        raise BadMenu(
            problem=f"links of personalized menus lead to at most {DOMAINS_MOST} domains",
            problem_zh=f"个性化菜单的链接最多 {DOMAINS_MOST} 个域名",
        )


def _check_name(button: Button, most: int) -> None:
    if not 1 <= len(button.name.encode()) <= most:
        raise BadMenu(
            problem=f"the name “{button.name}” must have 1 to {most} bytes ({most // 3} or so Chinese characters)",
            problem_zh=f"名称“{button.name}”应为 1 至 {most} 字节（约 {most // 3} 个汉字）",
        )


def _check_leaf(button: Button) -> None:
    name = button.name
    if button.type not in Button.types:
        raise BadMenu(problem=f"“{name}” has no action", problem_zh=f"“{name}”没有设置动作")
    if button.type in KEYED:
        if not button.key or len(button.key.encode()) > KEY_BYTES:
            raise BadMenu(problem=f"“{name}” needs a key of at most {KEY_BYTES} bytes", problem_zh=f"“{name}”缺少 key")
        if len(button.reply or "") > REPLY_MOST:
            raise BadMenu(problem=f"the reply of “{name}” is too long", problem_zh=f"“{name}”的回复过长")
        return
    if button.type in HELD:
        if not getattr(button, HELD[button.type]):
            raise BadMenu(problem=f"“{name}” shows nothing", problem_zh=f"“{name}”没有选择素材")
        return
    if button.type == "miniprogram" and not (button.appid and button.page_path):
        raise BadMenu(problem=f"“{name}” needs appid and page", problem_zh=f"“{name}”缺少小程序 AppID 或页面路径")
    url = button.url or ""
    tame = not url or (urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname))
    if not tame or len(url.encode()) > URL_BYTES:
        raise BadMenu(problem=f"“{name}” needs an http(s) link", problem_zh=f"“{name}”的链接应以 http(s) 开头")

"""The menu: edited and checked here, published to WeChat, where phones see it within minutes.

Limits of https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html (2026-11).
"""

from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from tongshang.messages.welcome import store_url
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.tenancy import merchants
from tongshang.wechat import calls
from tongshang.wechat.authorization import permissions
from weixin.products import mp

TOP_MOST, SUB_MOST = 3, 5
TOP_BYTES, SUB_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
REPLY_MOST = 600
ONE = "select buttons, published, published_at, updated_at from menu where merchant_id = $1"
PUT = """insert into menu (merchant_id, buttons, updated_at) values ($1, $2, $3)
on conflict (merchant_id) do update set buttons = $2, updated_at = $3"""
PUBLISHED = "update menu set published = $2, published_at = $3 where merchant_id = $1"


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
    types: ClassVar[tuple[str, ...]] = ("view", "click")


class Menu(msgspec.Struct, frozen=True):
    """The merchant's menu as it was last edited, and as it was last published."""

    buttons: list[Button] = []
    published: list[Button] | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None


async def get(tx: Tx) -> Menu:
    """Give the merchant's menu."""
    return await tx.first(Menu, ONE, tx.merchant) or Menu()


async def put(tx: Tx, *, buttons: list[Button]) -> Menu:
    """Change the menu; WeChat hears of it when it is published."""
    check(buttons)
    await tx.run(PUT, tx.merchant, buttons, tx.now)
    return await get(tx)


async def publish(world: World, merchant: UUID) -> Menu:
    """Publish the menu as it was last edited; an empty one is removed. Raises WeixinError, NoAccount, NotGranted."""
    async with world.tx(merchant) as tx:
        await permissions.needs(tx, "menus")
        menu = await get(tx)
        home = store_url(tx, (await merchants.get(tx)).slug)
    if menu.buttons:
        wanted = [wire(button, home) for button in menu.buttons]
        await calls.ask(world, merchant, lambda client, token: mp.menu_create(client, token=token, buttons=wanted))
    else:
        await calls.ask(world, merchant, lambda client, token: mp.menu_delete(client, token=token))
    async with world.tx(merchant) as tx:
        await tx.run(PUBLISHED, tx.merchant, menu.buttons, tx.now)
        return await get(tx)


async def reply_to(tx: Tx, *, key: str) -> str | None:
    """Give the words with which a published button answers a tap."""
    menu = await get(tx)
    for button in menu.published or []:
        for one in (button, *button.sub_buttons):
            if one.type == "click" and one.key == key:
                return one.reply or None
    return None


def wire(button: Button, home: str) -> dict[str, Any]:
    """Write a button the way WeChat wants it."""
    if button.sub_buttons:
        return {"name": button.name, "sub_button": [wire(sub, home) for sub in button.sub_buttons]}
    if button.type == "click":
        return {"type": "click", "name": button.name, "key": button.key}
    return {"type": "view", "name": button.name, "url": button.url or home}


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
    keys = [b.key for top in buttons for b in (top, *top.sub_buttons) if b.type == "click" and not b.sub_buttons]
    if len(keys) != len(set(keys)):
        raise BadMenu(problem="two buttons have the same key", problem_zh="两个按钮的 key 相同")


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
    if button.type == "click":
        if not button.key or len(button.key.encode()) > KEY_BYTES:
            raise BadMenu(problem=f"“{name}” needs a key of at most {KEY_BYTES} bytes", problem_zh=f"“{name}”缺少 key")
        if len(button.reply or "") > REPLY_MOST:
            raise BadMenu(problem=f"the reply of “{name}” is too long", problem_zh=f"“{name}”的回复过长")
        return
    url = button.url or ""
    tame = not url or (urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname))
    if not tame or len(url.encode()) > URL_BYTES:
        raise BadMenu(problem=f"“{name}” needs an http(s) link", problem_zh=f"“{name}”的链接应以 http(s) 开头")

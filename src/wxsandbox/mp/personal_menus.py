"""Personalized menus, who sees which, and the menu in force.

Official page: developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html, 2026-09.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.buttons import MENU_SET, Button, buttons_of, charset
from wxsandbox.people import Fan, Person, fan_by_openid
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

PRIVATE = ("sex", "country", "province", "city", "language")
PLATFORMS = ("1", "2", "3")
DOMAINS_MOST = 3
PAGE = f"{PAGES}/Custom_Menus/Personalized_menu_interface.html"


class PersonalMenu(msgspec.Struct, kw_only=True):
    """A menu for some people; the newest that fits a person counts."""

    id: str  # the menuid
    appid: str
    button: list[dict[str, Any]]
    matchrule: dict[str, str]
    seq: int = 0


class Rule(msgspec.Struct, omit_defaults=True):
    """For whom a menu is; what is private is refused."""

    tag_id: str | int = ""
    group_id: str | int = ""
    client_platform_type: str | int = ""
    sex: str | int = ""
    country: str = ""
    province: str = ""
    city: str = ""
    language: str = ""


class Add(msgspec.Struct):
    """Body of menu/addconditional."""

    button: list[Button]
    matchrule: Rule


class Delete(msgspec.Struct):
    """Body of menu/delconditional."""

    menuid: str | int


class Try(msgspec.Struct):
    """Body of menu/trymatch."""

    user_id: Text


def personal(box: "Box", appid: str) -> list[PersonalMenu]:
    """List an account's personalized menus, newest first."""
    return sorted(box.state.table(PersonalMenu).by("appid", appid), key=lambda menu: -menu.seq)


def menu_of(box: "Box", account: Account, one: Fan) -> dict[str, Any] | None:
    """Give the menu that a person's phone shows, with its menuid where it is a personalized one."""
    if account.menu is None:
        return None
    who = box.state.table(Person).get(one.person)
    for menu in personal(box, account.appid):
        tag, platform = menu.matchrule.get("tag_id"), menu.matchrule.get("client_platform_type")
        if tag and int(tag) not in one.tags:
            continue
        if platform and (who is None or str(who.platform) != platform):
            continue
        return {"button": menu.button, "menuid": menu.id}
    return account.menu


async def add(call: Call) -> Any:
    """Add a menu for some people."""
    account = tokens.account_call(call, MENU_SET)
    charset(call.body)
    body = read(call.body, Add, {"button": 65307, "matchrule": 65304})
    if account.menu is None:
        raise WxError(65303)
    if any(getattr(body.matchrule, name) for name in PRIVATE):
        raise WxError(65320)
    rule = {"tag_id": str(body.matchrule.tag_id or body.matchrule.group_id)}
    rule["client_platform_type"] = str(body.matchrule.client_platform_type)
    rule = {name: value for name, value in rule.items() if value}
    if not rule or rule.get("client_platform_type", "1") not in PLATFORMS or not rule.get("tag_id", "0").isdigit():
        raise WxError(65304)
    if not body.button:
        raise WxError(65307)
    buttons = buttons_of(body.button)
    there = personal(call.box, account.appid)
    if len({domain for menu in (buttons, *(m.button for m in there)) for domain in _domains(menu)}) > DOMAINS_MOST:
        raise WxError(65316)
    seq = call.box.state.next("menuid")
    menu = PersonalMenu(id=str(208_379_000 + seq), appid=account.appid, button=buttons, matchrule=rule, seq=seq)
    call.box.state.table(PersonalMenu).put(menu)
    call.box.publish_all({"kind": "account", "appid": account.appid})
    return {"menuid": menu.id}


def _domains(buttons: list[dict[str, Any]]) -> Iterator[str]:
    for button in buttons:
        for leaf in (button, *button.get("sub_button", [])):
            if leaf.get("url"):
                yield urlsplit(leaf["url"]).netloc


async def delete(call: Call) -> Any:
    """Delete one menu for some people."""
    account = tokens.account_call(call, MENU_SET)
    body = read(call.body, Delete, {"menuid": 65301})
    menus = call.box.state.table(PersonalMenu)
    found = menus.get(str(body.menuid))
    if found is None or found.appid != account.appid:
        raise WxError(65301)
    menus.delete(found.id)
    call.box.publish_all({"kind": "account", "appid": account.appid})
    return OK


async def trymatch(call: Call) -> Any:
    """Say which menu a follower sees."""
    account = tokens.account_call(call, MENU_SET)
    body = read(call.body, Try, {"user_id": 65302})
    one = fan_by_openid(call.box, account.appid, body.user_id)
    if one is None:
        raise WxError(65302)
    if not one.subscribed:
        raise WxError(65315)
    menu = menu_of(call.box, account, one)
    if menu is None:
        raise WxError(46003)
    return {"button": menu["button"]}


async def current(call: Call) -> Any:
    """Return the menu in force, the way WeChat's back office describes it."""
    account = tokens.account_call(call, MENU_SET)
    if account.menu is None:
        return {"is_menu_open": 0}
    buttons = [_described(button) for button in account.menu["button"]]
    return {"is_menu_open": 1, "selfmenu_info": {"button": buttons}}


def _described(button: dict[str, Any]) -> dict[str, Any]:
    if below := button.get("sub_button"):
        return {"name": button["name"], "sub_button": {"list": [_described(one) for one in below]}}
    return {name: value for name, value in button.items() if name != "sub_button"}


ERRORS = (40001, 41001, 42001, 61007)
ADD_ERRORS = (*ERRORS, 40016, 40017, 40018, 65303, 65304, 65307, 65316, 65320)
ROUTES = (
    Route(API, "POST", "/cgi-bin/menu/addconditional", add, PAGE, DATE, Add, ADD_ERRORS),
    Route(API, "POST", "/cgi-bin/menu/delconditional", delete, PAGE, DATE, Delete, (*ERRORS, 65301)),
    Route(API, "POST", "/cgi-bin/menu/trymatch", trymatch, PAGE, DATE, Try, (*ERRORS, 46003, 65302, 65315)),
    Route(
        API, "GET", "/cgi-bin/get_current_selfmenu_info", current,
        f"{PAGES}/Custom_Menus/Querying_Custom_Menus.html", DATE, None, ERRORS,
    ),
)  # fmt: skip

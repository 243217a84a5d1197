"""The custom menu under a conversation.

Official page: developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html, 2026-09.
"""

from typing import Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES
from wxsandbox.mp.buttons import MENU_SET, Button, buttons_of, charset
from wxsandbox.mp.personal_menus import PersonalMenu, personal
from wxsandbox.routes import Route
from wxsandbox.validate import read


class Create(msgspec.Struct):
    """Body of menu/create."""

    button: list[Button]


async def create(call: Call) -> Any:
    """Replace the menu."""
    account = tokens.account_call(call, MENU_SET)
    charset(call.body)
    codes = {"button": 40016, "name": 40018, "type": 40017, "key": 40019, "url": 40020, "sub_button": 40023}
    body = read(call.body, Create, codes)
    account.menu = {"button": buttons_of(body.button)}
    call.box.state.table(Account).put(account)
    call.box.publish_all({"kind": "account", "appid": account.appid})
    return OK


async def get(call: Call) -> Any:
    """Return the menu; 46003 without one."""
    account = tokens.account_call(call, MENU_SET)
    if account.menu is None:
        raise WxError(46003)
    several = personal(call.box, account.appid)
    if not several:
        return {"menu": account.menu}
    # The menu for everybody has a number of its own as soon as there are others.
    whole = {**account.menu, "menuid": 208_378_999}
    others = [{"button": m.button, "matchrule": m.matchrule, "menuid": int(m.id)} for m in several]
    return {"menu": whole, "conditionalmenu": others}


async def delete(call: Call) -> Any:
    """Take the menu away."""
    account = tokens.account_call(call, MENU_SET)
    account.menu = None
    for menu in personal(call.box, account.appid):
        call.box.state.table(PersonalMenu).delete(menu.id)
    call.box.state.table(Account).put(account)
    call.box.publish_all({"kind": "account", "appid": account.appid})
    return OK


ERRORS = (40001, 41001, 42001, 61007)
CREATE_ERRORS = (40016, 40017, 40018, 40019, 40020, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 47001)
ROUTES = (
    Route(
        API, "POST", "/cgi-bin/menu/create", create,
        f"{PAGES}/Custom_Menus/Creating_Custom-Defined_Menu.html", DATE, Create, (*ERRORS, *CREATE_ERRORS),
    ),
    Route(
        API, "GET", "/cgi-bin/menu/get", get,
        f"{PAGES}/Custom_Menus/Getting_Custom_Menu_Configurations.html", DATE, None, (*ERRORS, 46003),
    ),
    Route(
        API, "GET", "/cgi-bin/menu/delete", delete,
        f"{PAGES}/Custom_Menus/Deleting_Custom-Defined_Menu.html", DATE, None, ERRORS,
    ),
)  # fmt: skip

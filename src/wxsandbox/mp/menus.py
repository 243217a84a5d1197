"""The custom menu under a conversation.

Official page: developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html, 2026-09.
"""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES
from wxsandbox.routes import Route
from wxsandbox.validate import read

MENU_SET = 15
KEYED = (
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
    "location_select",
)  # fmt: skip
MEDIA = {"media_id": "media_id", "view_limited": "media_id", "article_id": "article_id",
         "article_view_limited": "article_id"}  # fmt: skip


class Button(msgspec.Struct, omit_defaults=True):
    """One button; which fields belong depends on the type."""

    name: str
    type: str | None = None
    key: str | None = None
    url: str | None = None
    media_id: str | None = None
    article_id: str | None = None
    appid: str | None = None
    pagepath: str | None = None
    sub_button: "list[Button]" = []


class Create(msgspec.Struct):
    """Body of menu/create."""

    button: list[Button]


# Which code answers a wrong field: (top button, sub button).
TYPE, NAME, KEY, URL, MEDIA_ID = (40017, 40024), (40018, 40025), (40019, 40026), (40020, 40027), (40117, 40118)


def check(button: Button, level: int) -> None:
    """Check one button; raises WeChat's code, another for top (0) and sub (1) buttons."""
    name_bytes = len(button.name.encode())
    if not 1 <= name_bytes <= (16, 60)[level]:
        raise WxError(NAME[level])
    if button.sub_button:
        if level:
            raise WxError(40022)
        if len(button.sub_button) > 5:
            raise WxError(40023)
        for sub in button.sub_button:
            check(sub, 1)
        return
    if button.type in KEYED:
        if not button.key or len(button.key.encode()) > 128:
            raise WxError(KEY[level])
    elif button.type in ("view", "miniprogram"):
        check_url(button.url, level)
        if button.type == "miniprogram" and not (button.appid and button.pagepath):
            raise WxError(40166 if not button.appid else 40165)
    elif button.type in MEDIA:
        if not getattr(button, MEDIA[button.type]):
            raise WxError(MEDIA_ID[level])
    else:
        raise WxError(TYPE[level])


def check_url(url: str | None, level: int) -> None:
    """Check a link: http or https, at most 1024 bytes."""
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not parts.netloc or len((url or "").encode()) > 1024:
        raise WxError(URL[level])


async def create(call: Call) -> Any:
    """Replace the menu."""
    account = tokens.account_call(call, MENU_SET)
    if b"\\u" in call.body:
        raise WxError(40033)
    codes = {"button": 40016, "name": 40018, "type": 40017, "key": 40019, "url": 40020, "sub_button": 40023}
    body = read(call.body, Create, codes)
    if not 1 <= len(body.button) <= 3:
        raise WxError(40016)
    for button in body.button:
        check(button, 0)
    account.menu = {"button": msgspec.to_builtins([complete(button) for button in body.button])}
    call.box.state.table(Account).put(account)
    call.box.publish_all({"kind": "account", "appid": account.appid})
    return OK


def complete(button: Button) -> dict[str, Any]:
    """Write a button as menu/get shows it: every button has a sub_button list."""
    fields: dict[str, Any] = msgspec.to_builtins(button)
    fields["sub_button"] = [complete(sub) for sub in button.sub_button]
    if button.sub_button:
        fields = {"name": button.name, "sub_button": fields["sub_button"]}
    return fields


async def get(call: Call) -> Any:
    """Return the menu; 46003 without one."""
    account = tokens.account_call(call, MENU_SET)
    if account.menu is None:
        raise WxError(46003)
    return {"menu": account.menu}


async def delete(call: Call) -> Any:
    """Take the menu away."""
    account = tokens.account_call(call, MENU_SET)
    account.menu = None
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

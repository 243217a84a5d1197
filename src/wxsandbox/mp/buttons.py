"""Buttons of a menu: which fields belong to which type, and WeChat's limits.

Official page: developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html, 2026-09.
"""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from wxsandbox.errors import WxError

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


def charset(body: bytes) -> None:
    """Refuse words written as escapes, which WeChat would show as they are."""
    if b"\\u" in body:
        raise WxError(40033)


def buttons_of(buttons: list[Button]) -> list[dict[str, Any]]:
    """Check the buttons of a menu, and write them as menu/get shows them."""
    if not 1 <= len(buttons) <= 3:
        raise WxError(40016)
    for button in buttons:
        check(button, 0)
    found: list[dict[str, Any]] = msgspec.to_builtins([complete(button) for button in buttons])
    return found


def complete(button: Button) -> dict[str, Any]:
    """Write a button as menu/get shows it: every button has a sub_button list."""
    fields: dict[str, Any] = msgspec.to_builtins(button)
    fields["sub_button"] = [complete(sub) for sub in button.sub_button]
    if button.sub_button:
        fields = {"name": button.name, "sub_button": fields["sub_button"]}
    return fields

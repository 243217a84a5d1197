"""Menus: what WeChat has, personalized ones, and who sees which.

https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html (2026-11)
https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Querying_Custom_Menus.html (2026-11)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weixin.client import Client
from weixin.errors import WeixinError
from weixin.tokens import text

NO_MENU = 46003


@dataclass(frozen=True, slots=True)
class Personal:
    """A personalized menu: for whom, and its buttons as WeChat writes them."""

    menu_id: str
    rule: dict[str, str]
    buttons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Menus:
    """All menus made through the API; the newest personalized one that fits a person counts."""

    buttons: list[dict[str, Any]]
    personal: list[Personal]


async def get(client: Client, *, token: str) -> Menus | None:
    """Give the menus that were made through the API, or None (GET /cgi-bin/menu/get)."""
    try:
        answer = await client.get("/cgi-bin/menu/get", token=token)
    except WeixinError as error:
        if error.errcode == NO_MENU:
            return None
        raise
    personal = [
        Personal(str(one.get("menuid", "")), _rule(one.get("matchrule") or {}), list(one.get("button") or []))
        for one in answer.get("conditionalmenu") or []
    ]
    return Menus(list((answer.get("menu") or {}).get("button") or []), personal)


def _rule(rule: Mapping[str, Any]) -> dict[str, str]:
    # group_id is what tag_id was called once.
    named = {"tag_id" if name == "group_id" else name: str(value) for name, value in rule.items()}
    return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Shown:
    """The menu phones show, made through the API or in WeChat's back office."""

    on: bool
    buttons: list[dict[str, Any]]


async def shown(client: Client, *, token: str) -> Shown:
    """Give the menu in force, whoever made it (GET /cgi-bin/get_current_selfmenu_info)."""
    answer = await client.get("/cgi-bin/get_current_selfmenu_info", token=token)
    found = (answer.get("selfmenu_info") or {}).get("button") or []
    # Here what is below a button is an object with a list; elsewhere it is the list.
    buttons = [{**one, "sub_button": list((one.get("sub_button") or {}).get("list") or [])} for one in found]
    return Shown(answer.get("is_menu_open") == 1, buttons)


async def add_personal(
    client: Client, *, token: str, buttons: Sequence[Mapping[str, Any]], rule: Mapping[str, str]
) -> str:
    """Add a menu for some people, by `tag_id`, `client_platform_type` (1 iOS, 2 Android, 3 other) or both.

    Raises WeixinError 65303 without a menu for everybody, 65305 too many, 65316 over three domains, 65320 other rules.
    """
    body = {"button": list(buttons), "matchrule": dict(rule)}
    return text(await client.post("/cgi-bin/menu/addconditional", body, token=token), "menuid")


async def delete_personal(client: Client, *, token: str, menu_id: str) -> None:
    """Delete a menu for some people; 65301 when there is none of this id."""
    await client.post("/cgi-bin/menu/delconditional", {"menuid": menu_id}, token=token)


async def try_match(client: Client, *, token: str, user: str) -> list[dict[str, Any]]:
    """Give the menu that a follower sees, by openid or WeChat number (65302, 65315 not a follower); none is empty."""
    try:
        answer = await client.post("/cgi-bin/menu/trymatch", {"user_id": user}, token=token)
    except WeixinError as error:
        if error.errcode == NO_MENU:
            return []
        raise
    # The page shows the first; some accounts get the second.
    return list(answer.get("button") or (answer.get("menu") or {}).get("button") or [])

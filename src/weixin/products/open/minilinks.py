"""Mini programs linked to an account, so that its menus and messages may lead to them; permission set 33.

https://developers.weixin.qq.com/doc/oplatform/openApi/officalaccount-management/link-miniprogram/api_getlinkminiprogram
(and api_linkminiprogram, api_unlinkminiprogram; 2026-11). `token` is the account's own or authorizer token. Both
administrators have to agree: what was asked for is in the list, with a status, until they have.
"""

from dataclasses import dataclass
from enum import IntEnum

from weixin.client import Client

BASE = "/cgi-bin/wxopen"


class Status(IntEnum):
    """Where a link stands; others than these have been seen nowhere."""

    LINKED = 1
    MINI_ASKED = 2
    REFUSED = 3
    ACCOUNT_ASKED = 12


@dataclass(frozen=True)
class Linked:
    """A mini program in the list; older answers have no appid."""

    appid: str
    username: str
    nickname: str
    picture: str
    status: int
    selected: bool
    released: bool


async def linked(client: Client, *, token: str) -> list[Linked]:
    """List the mini programs that are linked, or asked for."""
    answer = await client.post(f"{BASE}/wxamplinkget", {}, token=token)
    found = answer.get("wxopens")
    items = found.get("items") if isinstance(found, dict) else None
    rows = [row for row in items if isinstance(row, dict)] if isinstance(items, list) else []
    return [
        Linked(
            str(row.get("appid") or ""), str(row.get("username") or ""), str(row.get("nickname") or ""),
            str(row.get("headimg_url") or ""), int(row.get("status") or 0), bool(row.get("selected")),
            bool(row.get("released")),
        )
        for row in rows
    ]  # fmt: skip


async def link(client: Client, *, token: str, appid: str, notify: bool, shown: bool) -> None:
    """Ask for a link: `notify` tells the followers, `shown` puts it on the account's page; 89015 linked already."""
    body = {"appid": appid, "notify_users": int(notify), "show_profile": int(shown)}
    await client.post(f"{BASE}/wxamplink", body, token=token)


async def unlink(client: Client, *, token: str, appid: str) -> None:
    """Undo a link."""
    await client.post(f"{BASE}/wxampunlink", {"appid": appid}, token=token)

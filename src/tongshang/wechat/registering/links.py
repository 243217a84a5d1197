"""Mini programs linked to the account: listed, asked for and undone at WeChat, which alone knows how they stand."""

import re
from uuid import UUID

import msgspec

from tongshang.platform.errors import Invalid
from tongshang.platform.world import World
from tongshang.wechat import calls
from weixin.errors import WeixinError
from weixin.products.open import minilinks
from weixin.products.open.minilinks import Linked

APPID = re.compile(r"wx[0-9a-f]{16}")
LINKED_ALREADY = 89015


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """Whether followers are told of the link, and whether the account's page shows it."""

    notify: bool = False
    shown: bool = True


async def listed(world: World, merchant: UUID) -> list[Linked]:
    """Ask WeChat which mini programs are linked; raises NotGranted, NoAccount, WeixinError."""
    return await calls.ask(world, merchant, lambda c, token: minilinks.linked(c, token=token))


async def link(world: World, merchant: UUID, *, appid: str, wanted: Wanted) -> list[Linked]:
    """Ask for a link, which both administrators confirm by phone; asking again is asking once. Raises Invalid."""
    checked(appid)
    try:
        await calls.ask(
            world,
            merchant,
            lambda c, token: minilinks.link(c, token=token, appid=appid, notify=wanted.notify, shown=wanted.shown),
        )
    except WeixinError as error:
        if error.errcode != LINKED_ALREADY:
            raise
    return await listed(world, merchant)


async def unlink(world: World, merchant: UUID, *, appid: str) -> list[Linked]:
    """Undo a link, if there is one; menus that lead to the mini program stop working. Raises Invalid."""
    checked(appid)
    found = await listed(world, merchant)
    if all(one.appid != appid for one in found):
        return found
    await calls.ask(world, merchant, lambda c, token: minilinks.unlink(c, token=token, appid=appid))
    return await listed(world, merchant)


def checked(appid: str) -> None:
    """Refuse what cannot be a mini program's AppID."""
    if not APPID.fullmatch(appid):
        raise Invalid(field="appid", problem="wx + 16 hex digits", zh="须为 wx 开头的 18 位 AppID")

"""The Open Platform account under which people have one UnionID in all of a merchant's accounts and mini programs."""

from uuid import UUID

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import calls
from tongshang.wechat.authorization import permissions
from weixin.errors import WeixinError
from weixin.products.open import binding


class BoundAlready(Refused):
    """The account is already bound to an Open Platform account. Undo that first."""

    code, status, zh = "wechat.open.bound", 409, "公众号已绑定开放平台帐号，请先解除绑定。"


class OtherContractor(Refused):
    """Both accounts must belong to the same company."""

    code, status, zh = "wechat.open.contractor", 409, "公众号与开放平台帐号的主体不一致，无法绑定。"


class MadeElsewhere(Refused):
    """This Open Platform account was made at open.weixin.qq.com: it can be changed only there."""

    code, status, zh = "wechat.open.elsewhere", 409, "该开放平台帐号不是由接口创建的，请到 open.weixin.qq.com 操作。"


class Full(Refused):
    """An Open Platform account takes at most 100 accounts."""

    code, status, zh = "wechat.open.full", 409, "一个开放平台帐号最多绑定 100 个帐号。"


MEANINGS = {89000: BoundAlready, 89001: OtherContractor, 89003: MadeElsewhere, 89004: Full}


class Binding(msgspec.Struct):
    """What the account is bound to, if anything."""

    open_appid: str | None


async def read(world: World, merchant: UUID) -> Binding:
    """Ask WeChat what the account is bound to; raises NotGranted, NoAccount, WeixinError."""
    appid = await _appid(world, merchant)
    return Binding(await calls.ask(world, merchant, lambda c, token: binding.get(c, token=token, appid=appid)))


async def bind(world: World, merchant: UUID, *, open_appid: str | None) -> Binding:
    """Bind the account, to a new Open Platform account when none is named; asking again changes nothing."""
    appid = await _appid(world, merchant)
    now = (await read(world, merchant)).open_appid
    if now is not None and open_appid in (None, now):
        return Binding(now)
    try:
        if open_appid is None:
            made = await calls.ask(world, merchant, lambda c, token: binding.create(c, token=token, appid=appid))
            return Binding(made)
        await calls.ask(
            world, merchant, lambda c, token: binding.bind(c, token=token, appid=appid, open_appid=open_appid)
        )
    except WeixinError as error:
        raise _meaning(error) from None
    return Binding(open_appid)


async def unbind(world: World, merchant: UUID) -> None:
    """Undo the binding; nothing when there is none."""
    appid = await _appid(world, merchant)
    now = (await read(world, merchant)).open_appid
    if now is None:
        return
    try:
        await calls.ask(world, merchant, lambda c, token: binding.unbind(c, token=token, appid=appid, open_appid=now))
    except WeixinError as error:
        raise _meaning(error) from None


async def _appid(world: World, merchant: UUID) -> str:
    async with world.tx(merchant) as tx:
        return (await permissions.needs(tx, "open_account")).appid


def _meaning(error: WeixinError) -> Exception:
    refusal = MEANINGS.get(error.errcode)
    return refusal() if refusal else error

"""Seats: the accounts under which people answer in WeChat's program; added, named, given a face, invited, removed."""

import asyncio
from uuid import UUID

from tongshang.media import files
from tongshang.media.encode import jpeg
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import World
from tongshang.wechat import calls
from weixin.errors import Unreachable, WeixinError
from weixin.multipart import File
from weixin.products.mp import kf
from weixin.products.mp.kf import Account

NICK_MOST = 16
# WeChat suggests 640 x 640.
SIDE = 640
# The same person is asked already: nothing is to be done.
ASKED = 65408
EXISTS, NO_SUCH = 65406, 65401


class BadSeatName(Refused):
    """A desk account is named with letters, digits and underscores, at most ten, then @ and the account's WeChat id."""

    code, status = "desk.bad_name", 400
    zh = "客服账号格式为“前缀@公众号微信号”，前缀最多 10 位字母、数字或下划线。"


async def put(world: World, merchant: UUID, *, name: str, nick: str, wechat: str) -> None:
    """Add an account or rename it, and (with a WeChat id) ask somebody to answer under it. Raises WeixinError."""
    prefix, _, suffix = name.partition("@")
    plain = prefix.replace("_", "a")
    if not (plain.isascii() and plain.isalnum() and len(prefix) <= 10 and suffix):
        raise BadSeatName
    nick, wechat = nick.strip(), wechat.strip()
    if not 1 <= len(nick) <= NICK_MOST:
        raise Invalid(field="nick", problem=f"1-{NICK_MOST}")
    known = {one.kf_account: one for one in await listed(world, merchant)}
    if name not in known:
        await calls.ask(world, merchant, lambda client, token: kf.add(client, token=token, kf_account=name, nick=nick))
    elif known[name].nick != nick:
        await calls.ask(
            world, merchant, lambda client, token: kf.update(client, token=token, kf_account=name, nick=nick)
        )
    if wechat and (name not in known or known[name].wechat != wechat):
        await _invite(world, merchant, name, wechat)


async def _invite(world: World, merchant: UUID, name: str, wechat: str) -> None:
    try:
        await calls.ask(
            world, merchant, lambda client, token: kf.invite(client, token=token, kf_account=name, wechat=wechat)
        )
    except Unreachable:
        raise
    except WeixinError as refusal:
        if refusal.errcode != ASKED:
            raise


async def give_face(world: World, merchant: UUID, *, name: str, picture_id: UUID) -> None:
    """Give an account one of our pictures, as the JPEG that WeChat takes. Raises NotFound, WeixinError."""
    webp = await files.read(world, merchant, picture_id, 750)
    body = await asyncio.to_thread(jpeg, webp, width=SIDE)
    face = File(f"{picture_id.hex}.jpg", "image/jpeg", body)
    await calls.ask(
        world, merchant, lambda client, token: kf.upload_head(client, token=token, kf_account=name, picture=face)
    )


async def drop(world: World, merchant: UUID, *, name: str) -> None:
    """Remove an account; one that is gone already is gone."""
    try:
        await calls.ask(world, merchant, lambda client, token: kf.delete(client, token=token, kf_account=name))
    except Unreachable:
        raise
    except WeixinError as refusal:
        if refusal.errcode != NO_SUCH:
            raise


async def listed(world: World, merchant: UUID) -> list[Account]:
    """List the accounts as WeChat has them."""
    return await calls.ask(world, merchant, lambda client, token: kf.listed(client, token=token))

"""Settings of an account that live at WeChat: whether places are reported, voice is written down, staff takes over."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import msgspec

from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts, clients
from tongshang.wechat.vault import tokens
from weixin.client import Client
from weixin.errors import WeixinError
from weixin.products.open import options

T = TypeVar("T")


class BadOption(Refused):
    """This setting cannot have the value “{value}”."""

    code, status, zh = "wechat.bad_option", 400, "该设置不能取值“{value}”。"


class ReadOnly(Refused):
    """WeChat does not let us change this setting."""

    code, status, zh = "wechat.read_only_option", 409, "微信不允许修改该设置。"


class Option(msgspec.Struct):
    """A setting, its value and what else it could be."""

    name: str
    value: str
    values: list[str]


async def read(world: World, merchant: UUID) -> list[Option]:
    """Read every setting from WeChat; raises NoAccount, WeixinError."""
    return [
        Option(name, await _ask(world, merchant, _reader(name)), list(values))
        for name, values in options.OPTIONS.items()
    ]


async def change(world: World, merchant: UUID, *, name: str, value: str) -> list[Option]:
    """Change a setting and read them all again; raises NotFound, BadOption, ReadOnly."""
    if name not in options.OPTIONS:
        raise NotFound
    if value not in options.OPTIONS[name]:
        raise BadOption(value=value)
    try:
        await _ask(world, merchant, _writer(name, value))
    except WeixinError as error:
        if error.errcode == 61025:
            raise ReadOnly from None
        raise
    return await read(world, merchant)


Call = Callable[[Client, str, str, str], Awaitable[T]]


def _reader(name: str) -> Call[str]:
    return lambda client, component, token, appid: options.get_option(
        client, component=component, component_token=token, appid=appid, name=name
    )


def _writer(name: str, value: str) -> Call[None]:
    return lambda client, component, token, appid: options.set_option(
        client, component=component, component_token=token, appid=appid, name=name, value=value
    )


async def _ask(world: World, merchant: UUID, call: Call[T]) -> T:
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
    component = account.component_appid
    if component is None:
        raise accounts.NoComponentAccount
    client = clients.client(world, merchant, account.appid)
    return await tokens.healed(
        lambda token: call(client, component, token.value, account.appid),
        lambda rejected: tokens.of_component(world, component, rejected=rejected),
    )

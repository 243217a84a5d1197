"""The domains that a platform's mini programs may speak to and open: read at WeChat, and changed there."""

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from tongshang.platform.errors import Invalid
from tongshang.platform.world import World
from tongshang.wechat import clients, components
from tongshang.wechat.vault import tokens
from weixin.client import Client
from weixin.products.open import domains
from weixin.products.open.domains import Domains, Kind

T = TypeVar("T")
DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
MOST = 1_000


class Lists(msgspec.Struct):
    """One kind of domains: in use, and in use for testing."""

    published: list[str]
    testing: list[str]


class View(msgspec.Struct):
    """Both kinds, and the file that must lie at the root of a domain of pages."""

    server: Lists
    jump: Lists
    file_name: str
    file_content: str


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The domains of one kind, as they shall be; `published`: also for what is released already."""

    kind: Kind
    domains: list[str]
    published: bool = False


async def read(world: World, component: str) -> View:
    """Read what WeChat has; raises UnknownComponent, WeixinError."""
    await components.of_appid(world, component)
    server = await _ask(world, component, lambda c, token: domains.read(c, Kind.SERVER, token=token))
    jump = await _ask(world, component, lambda c, token: domains.read(c, Kind.JUMP, token=token))
    name, words = await _ask(world, component, lambda c, token: domains.confirm_file(c, token=token))
    return View(_lists(server), _lists(jump), name, words)


async def change(world: World, component: str, asked: Asked) -> View:
    """Have WeChat replace a list; refuses what is no domain before it is asked."""
    await components.of_appid(world, component)
    wanted = list(dict.fromkeys(one.strip().lower() for one in asked.domains if one.strip()))
    if wrong := [one for one in wanted if not DOMAIN.fullmatch(one)]:
        raise Invalid(field="domains", problem="no domain", zh=f"“{wrong[0][:60]}”不是域名")
    if len(wanted) > MOST:
        raise Invalid(field="domains", problem=f"≤ {MOST}")
    kind, published = asked.kind, asked.published
    if wanted:
        await _ask(
            world, component, lambda c, token: domains.put(c, kind, token=token, domains=wanted, published=published)
        )
    else:
        await _clear(world, component, kind, published=published)
    return await read(world, component)


async def _clear(world: World, component: str, kind: Kind, *, published: bool) -> None:
    """Take everything off: WeChat takes no empty list (85017)."""
    now = await _ask(world, component, lambda c, token: domains.read(c, kind, token=token))
    there = list(dict.fromkeys([*now.testing, *(now.published if published else ())]))
    if there:
        await _ask(
            world, component, lambda c, token: domains.drop(c, kind, token=token, domains=there, published=published)
        )


def _lists(found: Domains) -> Lists:
    return Lists(list(found.published), list(found.testing))


async def _ask(world: World, component: str, call: Callable[[Client, str], Awaitable[T]]) -> T:
    client = clients.client(world, appid=component)
    return await tokens.healed(
        lambda token: call(client, token.value),
        lambda rejected: tokens.of_component(world, component, rejected=rejected),
    )

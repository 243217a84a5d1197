"""Signing pages for WeChat's JS-SDK: only pages of our own hosts."""

from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from tongshang.platform.addresses import store_base
from tongshang.platform.config import Settings
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts
from tongshang.wechat.vault import tokens
from tongshang.wechat.vault.store import Key, Kind
from weixin.signing import jsapi_signature


class ForeignPage(Refused):
    """This page is not one of ours."""

    code, status, zh = "jsapi.foreign_page", 403, "该页面不属于本店，无法签名。"


class JsConfig(msgspec.Struct, rename="camel"):
    """What wx.config wants, under WeChat's own names."""

    app_id: str
    timestamp: int
    nonce_str: str
    signature: str


async def config(world: World, merchant: UUID, *, url: str) -> JsConfig:
    """Sign a page, or refuse one that is not ours.

    https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html appendix 1 (2026-11)
    """
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
        nonce = tx.token(8)
    if not is_own(world.settings, url, appid=account.appid):
        raise ForeignPage
    ticket = await tokens.get(world, Key(merchant, Kind.JSAPI, account.appid))
    timestamp = int(world.clock.now().timestamp())
    return JsConfig(account.appid, timestamp, nonce, jsapi_signature(ticket.value, nonce, timestamp, url))


def is_own(settings: Settings, url: str, *, appid: str | None = None) -> bool:
    """Say whether a page is on the store's host; in a local install, people browse on hosts below localhost."""
    own, page = urlsplit(store_base(settings, appid)), urlsplit(url)
    try:
        same_port = own.port == page.port
    except ValueError:
        return False
    if own.scheme != page.scheme or not same_port or page.username is not None:
        return False
    host = page.hostname or ""
    return host == own.hostname or (settings.local and not settings.store_url and host.endswith(".localhost"))

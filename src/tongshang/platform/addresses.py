"""Which host serves what, and over what: the console apart from merchant-made pages, https outside loopback.

On loopback (development and the demo) everything is allowed. Elsewhere plain http is refused, console paths
answer on the console's host alone, and store and callback paths do not answer there, so a script in a
merchant's page never shares an origin with the console.

With STORE_URL set (`https://$APPID$.wx.example.com`) each merchant's store has a host of its own, so that no merchant's
page shares an origin with another's either.
"""

import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from urllib.parse import urlsplit

from litestar.types import HTTPScope

from tongshang.platform.config import Settings
from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.world import Seam, World

APPID = "$APPID$"
Sells: TypeAlias = Callable[[World, str, str], Awaitable[bool]]
SELLS: Seam[Sells] = Seam("platform.sells")
"""Whether an AppID's account belongs to the merchant of a shop; asked for stores on hosts of their own."""
SHOP = re.compile(r"/(?:s|api/store)/([^/]+)")
CONSOLE = ("/console", "/staff", "/api/console")
STORE = ("/s/", "/api/store/", "/wechat/")


class NeedsHttps(Refused):
    """Use https."""

    code, status, zh = "https.required", 403, "请使用 https 访问。"


async def check(scope: HTTPScope, world: World) -> None:
    """Refuse a request that came by the wrong road; health checks may come by any."""
    settings, path = world.settings, scope["path"]
    if path.startswith("/health") or (settings.local and not settings.store_url):
        return
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1").lower()
    if settings.store_url and (appid := appid_of(settings, host)):
        await _check_own_host(world, appid, path)
    if settings.local:
        return
    if _scheme(scope, headers, settings) != "https":
        raise NeedsHttps
    console, public = (urlsplit(url).netloc for url in (settings.console_url, settings.public_url))
    if console == public:
        return
    if path.startswith(CONSOLE) and host != console:
        raise NotFound
    if path.startswith(STORE) and host == console:
        raise NotFound


async def _check_own_host(world: World, appid: str, path: str) -> None:
    """Let a merchant's host serve that merchant's store, and nothing of the console or of another's."""
    if path.startswith(CONSOLE):
        raise NotFound
    if found := SHOP.match(path):
        for sells in world.at(SELLS):
            if not await sells(world, appid, found.group(1)):
                raise NotFound


def store_base(settings: Settings, appid: str | None) -> str:
    """Give the address under which an account's store is: a host of its own, or the public one."""
    if not settings.store_url or not appid:
        return settings.public_url
    return settings.store_url.replace(APPID, appid)


def appid_of(settings: Settings, host: str) -> str | None:
    """Read the AppID out of a host (with its port, lower case); None when it is not a store's own."""
    before, _, after = urlsplit(settings.store_url.replace(APPID, "appid")).netloc.partition("appid")
    inner = host[len(before) : len(host) - len(after)]
    return inner if host.startswith(before) and host.endswith(after) and inner.isalnum() else None


def _scheme(scope: HTTPScope, headers: dict[bytes, bytes], settings: Settings) -> str:
    client = scope["client"]
    if client and client[0] in settings.trusted_proxies and b"x-forwarded-proto" in headers:
        return headers[b"x-forwarded-proto"].decode("latin-1").split(",")[-1].strip()
    return scope["scheme"]

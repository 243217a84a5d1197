"""Which host serves what, and over what: the console apart from merchant-made pages, https outside loopback.

On loopback (development and the demo) everything is allowed. Elsewhere plain http is refused, console paths
answer on the console's host alone, and store and callback paths do not answer there, so a script in a
merchant's page never shares an origin with the console.
"""

from urllib.parse import urlsplit

from litestar.types import HTTPScope

from tongshang.platform.config import Settings
from tongshang.platform.errors import NotFound, Refused

CONSOLE = ("/console", "/staff", "/api/console")
STORE = ("/s/", "/api/store/", "/wechat/")


class NeedsHttps(Refused):
    """Use https."""

    code, status, zh = "https.required", 403, "请使用 https 访问。"


def check(scope: HTTPScope, settings: Settings) -> None:
    """Refuse a request that came by the wrong road; health checks may come by any."""
    if settings.local or scope["path"].startswith("/health"):
        return
    headers = dict(scope["headers"])
    if _scheme(scope, headers, settings) != "https":
        raise NeedsHttps
    console, public = (urlsplit(url).netloc for url in (settings.console_url, settings.public_url))
    host = headers.get(b"host", b"").decode("latin-1")
    if console == public:
        return
    if scope["path"].startswith(CONSOLE) and host != console:
        raise NotFound
    if scope["path"].startswith(STORE) and host == console:
        raise NotFound


def _scheme(scope: HTTPScope, headers: dict[bytes, bytes], settings: Settings) -> str:
    client = scope["client"]
    if client and client[0] in settings.trusted_proxies and b"x-forwarded-proto" in headers:
        return headers[b"x-forwarded-proto"].decode("latin-1").split(",")[-1].strip()
    return scope["scheme"]

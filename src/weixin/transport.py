"""One pooled HTTP client for all of WeChat's hosts.

It sends exactly the bytes and exactly the URL it is given: WeChat Pay signs both. It never logs, follows no
redirect and keeps no cookie; every failure of the network is one `Unreachable` without the URL, whose query
carries tokens.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from weixin.errors import Unreachable

_AGENT = "tongshang-weixin/0.1"
_CHUNK = 64 * 1024
SLOWEST = 400_000
"""Bytes a second at which a file still gets its time: 10 MB, WeChat's most, take 26 s beside the usual ten.

A server's line has more than these 3 Mbit/s (2026-11), and whoever holds a lease of a minute is done within it.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unjudged; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    # Kept out of repr: answers carry tokens.
    body: bytes = field(repr=False)


def with_query(path: str, params: Mapping[str, str | int | None] | None) -> str:
    """Append the query, percent-encoded, leaving out what is None."""
    given = {name: value for name, value in (params or {}).items() if value is not None}
    if not given:
        return path
    return path + ("&" if "?" in path else "?") + urlencode(given, quote_via=quote, safe="")


class Transport:
    """A connection pool; make one per process, inside or outside a running loop, and close it."""

    def __init__(self, *, timeout_seconds: float = 10.0, connections: int = 100) -> None:
        """Set the time one request may take in all, and how many may be open at once."""
        self._seconds = timeout_seconds
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Transport":
        """Give itself; the pool opens with the first request."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pool."""
        await self.close()

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | int | None] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        limit_bytes: int = 16 * 1024 * 1024,
        file_bytes: int = 0,
    ) -> Answer:
        """Send one request and read its answer; raises Unreachable if the network fails or it is too long.

        `file_bytes` is how large a file goes or may come: the request gets the time for it on top of the usual.
        """
        # encoded=True: the library must not normalise what was signed ("|" and "%7C" are two signatures).
        try:
            target = URL(with_query(url, params), encoded=True)
        except ValueError:
            raise ValueError("the base URL is not a URL") from None
        try:
            # A large body goes in pieces, so that other calls go on meanwhile.
            data = io.BytesIO(content) if content is not None and len(content) > _CHUNK else content
            async with self._pool().request(
                method, target, data=data, headers=headers, allow_redirects=False, timeout=self._patience(file_bytes)
            ) as response:
                body = bytearray()
                async for chunk in response.content.iter_chunked(_CHUNK):
                    body += chunk
                    if len(body) > limit_bytes:
                        raise Unreachable("the answer is too long", status=response.status)
                given = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, given, bytes(body))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # Only the kind: the library's text may hold the URL. `from None` keeps it out of tracebacks, too.
            raise Unreachable(f"{method} failed: {type(error).__name__}") from None

    def _patience(self, file_bytes: int) -> aiohttp.ClientTimeout:
        seconds = self._seconds
        return aiohttp.ClientTimeout(total=seconds + file_bytes / SLOWEST, connect=min(5.0, seconds))

    async def close(self) -> None:
        """Close the pool; a later request opens a new one."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # WeChat Pay closes idle connections after 8 s; using one at that moment would lose a request.
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=5.0),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": _AGENT, "Accept": "application/json"},
                trust_env=False,
            )
        return self._session

"""The post of the play: what the simulator sends while its clock is turned is read at the moment it was written.

Sixty days pass in seconds, in jumps of hours. A letter of some minute on the way would be stale at the end of the jump,
refused, and sent again and again, as WeChat does; so the play's clock goes along with the letters.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from tongshang.platform.clock import ManualClock


def in_time(app: ASGIApp, clock: ManualClock) -> Callable[[Scope, Receive, Send], object]:
    """Let an application hear each callback at its own time; the clock never goes back."""

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and (written := _written(dict(scope["headers"]), scope["query_string"])):
            clock.set(max(clock.now(), written))
        await app(scope, receive, send)

    return heard


def _written(headers: dict[bytes, bytes], query: bytes) -> datetime | None:
    said = headers.get(b"wechatpay-timestamp", b"").decode("latin-1")
    said = said or parse_qs(query.decode("latin-1")).get("timestamp", [""])[0]
    return datetime.fromtimestamp(int(said), UTC) if said.isdecimal() else None

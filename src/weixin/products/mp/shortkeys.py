"""Short keys: WeChat keeps up to 4 KB under 15 characters for up to 30 days, short enough for a QR code's scene.

https://developers.weixin.qq.com/doc/offiaccount/Account_Management/KEY_Shortener.html (2026-11)
"""

from dataclasses import dataclass

from weixin.client import Client
from weixin.tokens import text

LONGEST_BYTES, LONGEST_SECONDS = 4096, 2_592_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What is behind a short key, since when (unix seconds), and how many seconds it has left."""

    data: str
    created_at: int
    expire_seconds: int


async def make(client: Client, *, token: str, data: str, expire_seconds: int = LONGEST_SECONDS) -> str:
    """Have up to 4 KB kept under a short key."""
    body = {"long_data": data, "expire_seconds": expire_seconds}
    return text(await client.post("/cgi-bin/shorten/gen", body, token=token), "short_key")


async def fetch(client: Client, *, token: str, key: str) -> Kept:
    """Fetch what is behind a short key."""
    answer = await client.post("/cgi-bin/shorten/fetch", {"short_key": key}, token=token)
    return Kept(text(answer, "long_data"), int(answer.get("create_time") or 0), int(answer.get("expire_seconds") or 0))

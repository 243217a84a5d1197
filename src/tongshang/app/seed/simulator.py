"""The demo's hand on the simulator: its control plane, over HTTP."""

from datetime import datetime
from typing import Any

import msgspec

from weixin.transport import Transport


class Simulator:
    """The simulator at a base URL."""

    def __init__(self, transport: Transport, url: str) -> None:
        self.transport = transport
        self.url = url

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control plane; raises RuntimeError with its words when it refuses."""
        content = None if body is None else msgspec.json.encode(body)
        headers = {"content-type": "application/json"} if content else {}
        answer = await self.transport.request(method, f"{self.url}/_sandbox{path}", content=content, headers=headers)
        if answer.status != 200:
            raise RuntimeError(f"simulator: {method} {path}: {answer.status} {answer.body[:300]!r}")
        return msgspec.json.decode(answer.body) if answer.body else None

    async def turn(self, now: datetime, *, frozen: bool | None = None) -> None:
        """Turn the clock; what becomes due happens."""
        await self.call("POST", "/clock", {"now": now.timestamp(), "frozen": frozen})

    async def act(self, person: str, what: str, **fields: Any) -> Any:
        """Let somebody do something with his phone."""
        return await self.call("POST", f"/people/{person}/{what}", fields)

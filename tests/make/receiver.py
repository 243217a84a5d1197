"""A developer's server, as plain as can be: it keeps every callback it gets and answers as a test says."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Got:
    """One callback."""

    path: str
    query: dict[str, str]
    body: bytes


Answer = str | int | None


@dataclass
class Receiver:
    """What came in; `answer` gives the body, or an HTTP status, for a callback."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answer: Callable[[Got], Answer] = field(default=lambda got: "success")

    async def take(self, request: web.Request) -> web.Response:
        got = Got(request.path, dict(request.query), await request.read())
        self.got.append(got)
        said = self.answer(got)
        if isinstance(said, int):
            return web.Response(status=said)
        return web.Response(text=said or "")

    def at(self, path: str) -> list[Got]:
        """Return the callbacks to a path."""
        return [got for got in self.got if got.path == path]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Run a receiver on a free port."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield receiver
    finally:
        await runner.cleanup()

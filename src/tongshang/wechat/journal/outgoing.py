"""Writing what we asked: each call to WeChat, gathered per merchant and written beside the business, never within it.

A call neither waits for its line nor fails for want of one. When the database is slower than the calls, lines are
given up and counted rather than kept in memory without end.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from tongshang.platform.world import World
from tongshang.wechat.journal import masking
from weixin.client import Exchange
from weixin.errors import Unreachable

MOST_WAITING = 5_000
MOST_AT_ONCE = 200
LINGER_SECONDS = 0.1
"""How long a line waits for others: what is asked one by one costs one transaction for all, not one each."""
SHELF = "wechat.journal"
ADD = """insert into wechat_journal
  (merchant_id, id, at, direction, appid, openid, name, state, errcode, rid, latency_ms, request, answer)
select $1, r.id, r.at, 'out', r.appid, r.openid, r.name, r.state, r.errcode, r.rid, r.latency_ms, r.request, r.answer
from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::text[],
  $10::integer[], $11::text[], $12::text[])
  as r(id, at, appid, openid, name, state, errcode, rid, latency_ms, request, answer)"""
COLUMNS = ("id", "at", "appid", "openid", "name", "state", "errcode", "rid", "latency_ms", "request", "answer")
log = structlog.get_logger("journal")


class Line(msgspec.Struct, frozen=True):
    """One call, as it is kept."""

    id: UUID
    at: datetime
    appid: str
    openid: str
    name: str
    state: str
    errcode: int
    rid: str
    latency_ms: int
    request: str
    answer: str


class Keeper:
    """The lines of one process that are on their way."""

    def __init__(self, world: World) -> None:
        """Gather per merchant."""
        self.world = world
        self.lost = 0
        self._said: dict[UUID, list[tuple[str, datetime, Exchange]]] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._count = 0
        self._hurry = asyncio.Event()

    def note(self, merchant: UUID, appid: str, exchange: Exchange) -> None:
        """Take a call's line up, unless too many are waiting."""
        if self._count >= MOST_WAITING:
            self.lost += 1
            return
        self._count += 1
        self._said.setdefault(merchant, []).append((appid, self.world.clock.now(), exchange))
        if merchant not in self._tasks:
            self._tasks[merchant] = asyncio.create_task(self._keep(merchant))

    async def flushed(self) -> None:
        """Wait until every line that was taken up is written or given up."""
        self._hurry.set()
        try:
            while self._tasks:
                await asyncio.gather(*self._tasks.values())
        finally:
            self._hurry.clear()

    async def _keep(self, merchant: UUID) -> None:
        try:
            while merchant in self._said:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), LINGER_SECONDS)
                said = self._said.pop(merchant)
                for start in range(0, len(said), MOST_AT_ONCE):
                    await self._written(merchant, said[start : start + MOST_AT_ONCE])
        finally:
            del self._tasks[merchant]

    async def _written(self, merchant: UUID, batch: Sequence[tuple[str, datetime, Exchange]]) -> None:
        try:
            # Masked here, not while the caller waits.
            lines = [line_of(self.world.ids.new(at), at, appid, exchange) for appid, at, exchange in batch]
            async with self.world.hot_tx(merchant) as tx:
                await tx.run(ADD, merchant, *([getattr(line, name) for line in lines] for name in COLUMNS))
        except Exception as error:  # noqa: BLE001 - a journal that cannot be written must not stop the business
            self.lost += len(batch)
            log.warning("journal.lost", error=repr(error), lost=self.lost)
        finally:
            self._count -= len(batch)


def keeper(world: World) -> Keeper:
    """Give this process's keeper."""
    found: Keeper | None = world.shelf.get(SHELF)
    if found is None:
        found = world.shelf[SHELF] = Keeper(world)
        world.closing.append(found.flushed)
    return found


async def flushed(world: World) -> None:
    """Wait for the lines of this process."""
    await keeper(world).flushed()


def line_of(line_id: UUID, at: datetime, appid: str, exchange: Exchange) -> Line:
    """Write a call down, masked."""
    error = exchange.error
    state = "done" if error is None else "unreachable" if isinstance(error, Unreachable) else "refused"
    request = masking.body(exchange.content) or masking.query(exchange.params)
    return Line(
        id=line_id,
        at=at,
        appid=appid,
        openid=openid_of(exchange),
        name=f"{exchange.method} {exchange.path}",
        state=state,
        errcode=error.errcode if error else 0,
        rid=(error.rid or "") if error else "",
        latency_ms=round(exchange.seconds * 1000),
        request=request,
        answer=masking.body(exchange.answer) or (masking.short(error.errmsg) if error else ""),
    )


def openid_of(exchange: Exchange) -> str:
    """Say whom a call was about, if it was one person."""
    if exchange.params and (named := exchange.params.get("openid")):
        return str(named)
    if not exchange.content or len(exchange.content) > masking.READ_BYTES:
        return ""
    try:
        asked = msgspec.json.decode(exchange.content, type=About)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    found = asked.touser or asked.openid
    return found if isinstance(found, str) else ""


class About(msgspec.Struct):
    """Where calls name a person."""

    touser: str | list[str] = ""
    openid: str | list[str] = ""

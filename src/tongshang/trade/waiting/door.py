"""The door to placing: open while a shop's orders can be answered in time, else whoever comes waits for his turn.

What can be answered in time is what the batch of this process has measured of itself. While nobody waits the door
costs two look-ups in memory; whoever waits costs no more than his own asking, and nothing in the database.
"""

import math
from dataclasses import dataclass, field
from uuid import UUID

from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.trade import place, quotes
from tongshang.trade.asked import Asked, Placed
from tongshang.trade.prices import tokens
from tongshang.trade.quotes import SoldOut
from tongshang.trade.waiting import tickets
from tongshang.trade.waiting.line import GRACE_SECONDS, Line, Place
from tongshang.trade.waiting.tickets import Ticket

PATIENCE_SECONDS = 2.0
MOST_ASKS_A_SECOND = 400
SHELF = "trade.waiting"


class Queued(Refused):
    """Many are ordering right now: {ahead} ahead of you, about {seconds} seconds. Your place is kept."""

    code, status = "order.queue", 429
    zh = "下单的人太多，正在排队：前面还有 {ahead} 人，预计约 {seconds} 秒，您的位置已保留。"


@dataclass
class Door:
    """The lines of this process, by merchant; `most` orders may be under way, or (None) as many as it measures."""

    most: int | None = None
    lines: dict[UUID, Line] = field(default_factory=dict)


def of(world: World) -> Door:
    """Give this process's door."""
    if SHELF not in world.shelf:
        world.shelf[SHELF] = Door()
    door: Door = world.shelf[SHELF]
    return door


async def placed(world: World, merchant: UUID, asked: Asked, *, ticket: str = "") -> Placed:
    """Place an order when it is its turn; else raises Queued, with a ticket to ask again with."""
    door = of(world)
    through(world, door, merchant, asked, ticket)
    try:
        done = await place.placed(world, merchant, asked)
    except SoldOut as refusal:
        if (line := door.lines.get(merchant)) and "variant" in refusal.params:
            # What his own other goods take of it is nobody else's news.
            news = {**refusal.params, "left": refusal.params.get("alone", refusal.params["left"])}
            line.sold_out(tokens.tail(refusal.params["variant"]), SoldOut(**news), _now(world))
        raise
    if line := door.lines.get(merchant):
        line.done(asked.fan_id, asked.order_id)
    return done


def through(world: World, door: Door, merchant: UUID, asked: Asked, ticket: str) -> None:
    """Let an order through, or refuse it with its place in line."""
    line = door.lines.get(merchant)
    if not line and not ticket and _room(world, door, merchant) > 0:
        return
    key = world.secrets.derive(f"line {merchant}").encode()
    had = tickets.opened(ticket, key=key, fan=asked.fan_id, order=asked.order_id) if ticket else None
    wanted = tokens.pieces(asked.quote_token, key=quotes.key_of(world, merchant))
    now = _now(world)
    line = door.lines.setdefault(merchant, line or Line())
    line.sweep(now)
    if line.passed(asked.fan_id, asked.order_id, now):
        return
    if refusal := line.lacking(wanted, now):
        raise SoldOut(**refusal.params)
    mine = line.stand(asked.fan_id, now=now, since=had.since if had and had.by >= now else None)
    ahead, room = line.ahead(mine), _room(world, door, merchant)
    if ahead < room:
        line.let(mine, now)
        return
    raise _queued(world, door, merchant, asked, mine)


def _queued(world: World, door: Door, merchant: UUID, asked: Asked, mine: Place) -> Queued:
    """Say where somebody stands, how long it will take, and when to ask again: the nearer, the sooner."""
    line, now, batch = door.lines[merchant], _now(world), place.gathering(world)
    ahead = line.ahead(mine)
    by_line, by_batch = line.seconds_each(now), batch.pace(merchant) if door.most is None else None
    each = max(by_line or 0, by_batch or 0) or PATIENCE_SECONDS / max(1, door.most or 1)
    seconds = max(1, math.ceil((ahead + 1 + batch.backlog(merchant)) * each))
    again = min(max(1.0, seconds * 0.6), max(3.0, min(15.0, len(line) / MOST_ASKS_A_SECOND)))
    mine.by = now + again + GRACE_SECONDS
    key = world.secrets.derive(f"line {merchant}").encode()
    refusal = Queued(ahead=ahead, seconds=seconds)
    refusal.more = {
        "queue": {
            "ticket": tickets.sealed(Ticket(mine.since, mine.by), key=key, fan=asked.fan_id, order=asked.order_id),
            "ahead": ahead,
            "waiting": len(line),
            "seconds": seconds,
            "again_seconds": round(again, 1),
        }
    }
    return refusal


def _room(world: World, door: Door, merchant: UUID) -> int:
    batch = place.gathering(world)
    if door.most is not None:
        return door.most - batch.backlog(merchant)
    return batch.room(merchant, seconds=PATIENCE_SECONDS)


def _now(world: World) -> float:
    return world.clock.now().timestamp()

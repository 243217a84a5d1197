"""Making a world out of settings: connections, keys, clock."""

import random
from datetime import UTC, datetime

import msgspec

from tongshang.app import contexts
from tongshang.platform import secrets
from tongshang.platform.chance import Chance
from tongshang.platform.clock import Clock, FollowedClock, SystemClock
from tongshang.platform.config import Settings, is_loopback
from tongshang.platform.db import Database
from tongshang.platform.world import World
from weixin.errors import Unreachable
from weixin.transport import Transport

ROLES_PURPOSE = "database roles"


class ClockTime(msgspec.Struct):
    """What a followed clock answers."""

    now: datetime


async def make_world(
    settings: Settings, dsn: str, *, clock: Clock | None = None, rng: random.Random | None = None
) -> World:
    """Connect and assemble; the caller closes."""
    keys = secrets.load(settings.keys_path)
    transport = Transport()
    world = World(
        settings=settings,
        database=await Database.open(dsn, password=keys.derive(ROLES_PURPOSE), size=settings.pool_size),
        clock=clock or await make_clock(settings, transport),
        rng=rng or Chance(),
        secrets=keys,
        registry=contexts.registry(),
        transport=transport,
    )
    contexts.fill_seams(world)
    return world


async def make_clock(settings: Settings, transport: Transport) -> Clock:
    """Choose the world's clock: real time, or the simulator's where every WeChat host is on loopback."""
    if not settings.clock_url:
        return SystemClock()
    if not (settings.wx.all_loopback() and is_loopback(settings.clock_url)):
        raise RuntimeError("a followed clock is only for simulators: every WeChat base URL must be on loopback")

    async def ask() -> datetime:
        try:
            answer = await transport.request("GET", settings.clock_url)
        except Unreachable as away:
            # A simulator that is being restarted is followed again when it is back.
            raise ConnectionError(str(away)) from None
        return msgspec.json.decode(answer.body, type=ClockTime).now.astimezone(UTC)

    clock = FollowedClock(ask)
    try:
        await clock.follow_once()
    except (OSError, ValueError, TimeoutError):
        pass
    clock.start()
    return clock

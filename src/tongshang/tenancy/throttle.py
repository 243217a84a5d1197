"""Guesses at passwords and codes: each is counted before it is looked at, so that a burst is held up like a queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongshang.platform.db import Tx
from tongshang.platform.errors import TooMany
from tongshang.platform.world import World

WINDOW = timedelta(minutes=15)

COUNT = """
insert into login_throttle (key, failures, since) values ($1, 1, $2) on conflict (key) do update set
  failures = case when login_throttle.since < $3 then 1 else login_throttle.failures + 1 end,
  since = case when login_throttle.since < $3 then $2 else login_throttle.since end
returning failures, since"""
GIVE_BACK = "update login_throttle set failures = failures - 1 where key = $1 and failures > 0"
FORGIVE = "delete from login_throttle where key = $1"
FORGET = "delete from login_throttle where since < $1"


@dataclass(frozen=True)
class Counted:
    """How often a key was tried since when."""

    failures: int
    since: datetime


async def count(world: World, keys: Mapping[str, int]) -> None:
    """Count a try under each key, of which it may have so many in a window; raises TooMany, and then counts nothing."""
    async with world.system_tx() as tx:
        for key, most in keys.items():
            counted = await tx.one(Counted, COUNT, key, tx.now, tx.now - WINDOW)
            if counted.failures > most:
                raise TooMany(seconds=int((counted.since + WINDOW - tx.now).total_seconds()))


async def give_back(tx: Tx, *keys: str) -> None:
    """Take one try back: it was no guess."""
    for key in keys:
        await tx.run(GIVE_BACK, key)


async def forgive(tx: Tx, key: str) -> None:
    """Begin anew: whoever tried knew."""
    await tx.run(FORGIVE, key)


async def forget(world: World, moment: datetime) -> None:
    """Drop what was counted in windows that are over."""
    async with world.system_tx() as tx:
        await tx.run(FORGET, moment - WINDOW)

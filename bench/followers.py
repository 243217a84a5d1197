"""The list of followers of a large account: read to its end, with the worker's memory flat all the while.

`FOLLOWERS` says how many; the aim is 1,000,000 in ten minutes.
"""

import asyncio
import os
import time
from pathlib import Path

from bench import shop as shops
from bench.stage import Stage, staged
from tongshang.fans.sync import runs
from tongshang.fans.sync.runs import State

COUNT, PIECE = 50_000, 25_000
MEBIBYTE = 1024


async def run() -> dict[str, float]:
    """Have a crowd follow, and sync it."""
    count = int(os.environ.get("FOLLOWERS", COUNT))
    async with staged() as stage:
        shop = await shops.opened(stage)
        await stage.drained()
        for number, start in enumerate(range(0, count, PIECE)):
            crowd = {"count": min(PIECE, count - start), "prefix": "crowd" + _word(number)}
            await stage.box.call("POST", f"/accounts/{shop.built.appid}/crowd", crowd)
        before, memory = stage.spent(), _resident(stage)
        started = time.perf_counter()
        async with stage.world.tx(shop.merchant) as tx:
            run = await runs.begin(tx, sync_id=tx.new_id())
        while run.state is State.RUNNING:
            await asyncio.sleep(0.5)
            async with stage.world.tx(shop.merchant) as tx:
                run = await runs.get(tx, sync_id=run.id)
        seconds = time.perf_counter() - started
        spent = stage.spent() - before
        assert (run.state, run.seen) == (State.DONE, run.total), run
        kept = await stage.value("select count(*) from fan where merchant_id = $1 and subscribed", shop.merchant)
        assert kept == run.total >= count, kept
        return {
            "followers": float(run.total),
            "followers_per_second": round(run.total / seconds, 1),
            "followers_million_minutes": round(1_000_000 / (run.total / seconds) / 60, 1),
            "cpu_ms_per_follower": round(spent.platform / run.total * 1000, 4),
            "followers_worker_mb_before": memory,
            "followers_worker_mb_most": _most(stage),
        }


def _word(number: int) -> str:
    """Count in letters, for a crowd's name has no digits: a prefix of its own for each piece."""
    return chr(ord("a") + number // 26) + chr(ord("a") + number % 26)


def _status(stage: Stage, name: str) -> float:
    for line in Path(f"/proc/{stage.pids['worker']}/status").read_text().splitlines():
        if line.startswith(name):
            return round(int(line.split()[1]) / MEBIBYTE, 1)
    raise AssertionError(f"no {name}")


def _resident(stage: Stage) -> float:
    return _status(stage, "VmRSS:")


def _most(stage: Stage) -> float:
    return _status(stage, "VmHWM:")

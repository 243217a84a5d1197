"""Encrypted messages of an account: verified, stored durably, then answered; and read by the worker afterwards."""

import os
import signal
import time

from bench import letters, strangers
from bench import shop as shops
from bench.letters import Letter
from bench.stage import Stage, staged
from tongshang.wechat.inbox import addresses

COUNT = int(os.environ.get("MESSAGES", "12000"))
WARM = 500


async def run() -> dict[str, float]:
    """Push ready-made messages as fast as they are taken: to ourselves, then to strangers."""
    return await _ours() | await strangers.run(COUNT)


async def _ours() -> dict[str, float]:
    async with staged() as stage:
        shop = await shops.opened(stage)
        await stage.drained()
        appid = shop.built.appid
        address = await addresses.of_account(stage.world, appid)
        made = letters.made(address.crypt, address.token, appid, WARM + COUNT + COUNT // 2)
        await letters.push(stage.port, made[:WARM])
        await stage.drained()
        await stage.known()
        before, started = stage.spent(), time.perf_counter()
        latencies = sorted(await letters.push(stage.port, made[WARM : WARM + COUNT]))
        seconds = time.perf_counter() - started
        answered = stage.spent() - before
        await stage.drained(within_seconds=120)
        spent = stage.spent() - before
        kept = await stage.value("select count(*) from fact where kind = $1", "wechat.said")
        assert kept == WARM + COUNT, f"{kept} messages were read"
        alone = await _alone(stage, made[WARM + COUNT :])
        return {
            "messages_per_second": round(COUNT / seconds, 1),
            "cpu_ms_per_message": round((answered.web + answered.database) / COUNT * 1000, 3),
            "message_cpu_ms_web": round(answered.web / COUNT * 1000, 3),
            "message_cpu_ms_database": round(answered.database / COUNT * 1000, 3),
            "cpu_ms_per_message_unread": round(alone * 1000, 3),
            "cpu_ms_per_message_with_effects": round(spent.platform / COUNT * 1000, 3),
            "message_p50_ms": round(latencies[COUNT // 2] * 1000, 2),
            "message_p99_ms": round(latencies[COUNT * 99 // 100] * 1000, 2),
        }


async def _alone(stage: Stage, made: list[Letter]) -> float:
    """Give the CPU seconds of web and database per message while nobody reads them: what the answer alone costs."""
    worker = stage.pids["worker"]
    os.kill(worker, signal.SIGSTOP)
    try:
        before = stage.spent()
        await letters.push(stage.port, made)
        spent = stage.spent() - before
    finally:
        os.kill(worker, signal.SIGCONT)
    await stage.drained(within_seconds=120)
    return (spent.web + spent.database) / len(made)

"""The token vault: many accounts whose tokens all expired at once, healed by the worker; and what keeping them costs.

VAULT_ACCOUNTS sets their number (10 000). WeChat is a lean server in the generator's process, which answers at once.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count as numbers

from aiohttp import web

from bench import accounts
from bench.stage import staged

COUNT = int(os.environ.get("VAULT_ACCOUNTS", "10000"))
# A token lives for 7200 s and is refreshed ten minutes before its end.
PERIOD_SECONDS = 6600
EXPIRED = """insert into wechat_token
  (merchant_id, kind, appid, value_sealed, value_fence, fetched_at, expires_at, refresh_at, fence)
values ($1, 'authorizer', $2, $5, 1, $3, $4, $4, 1)"""
LEFT = "select count(*) from wechat_token where kind = 'authorizer' and expires_at <= now()"
IDLE_SECONDS = 10


async def run() -> dict[str, float]:
    """Let every token expire at once, and see how soon all are fresh again, and what that cost."""
    async with _wechat() as (url, asked), staged(wechat=url) as stage:
        merchants = await accounts.made(stage, COUNT)
        await stage.known()
        begun, before = time.perf_counter(), stage.spent()
        await asyncio.sleep(IDLE_SECONDS)
        idle = (stage.spent() - before).platform / (time.perf_counter() - begun)
        async with stage.world.system_tx() as tx:
            past = tx.now - timedelta(minutes=5)
            old = [stage.world.secrets.seal(b"old", bound_to=f"wechat_token.value_sealed:{m}") for m in merchants]
            rows = [(m, accounts.appid(n), past, past, old[n]) for n, m in enumerate(merchants)]
            await tx.run_many(EXPIRED, rows)
        await stage.known()
        before, waiting = stage.spent(), time.perf_counter()
        async with asyncio.timeout(240):
            while await stage.value(LEFT):  # noqa: ASYNC110  (another process's work)
                await asyncio.sleep(0.1)
        healed = time.perf_counter()
        spent = (stage.spent() - before).platform - idle * (healed - waiting)
        # The duty looks once a minute; it is its work that is timed, not the wait for it.
        seconds = healed - asked[0]
        assert len(asked) <= COUNT * 1.01 + 2, f"{len(asked)} calls for {COUNT} tokens"
        each = max(0.0, spent) / COUNT
        return {
            "vault_accounts": COUNT,
            "vault_healed_seconds": round(seconds, 2),
            "vault_calls": len(asked),
            "vault_cpu_ms_per_refresh": round(each * 1000, 3),
            "vault_kept_fresh_percent_of_core_10000": round(each * 10_000 / PERIOD_SECONDS * 100, 2),
        }


@asynccontextmanager
async def _wechat() -> AsyncIterator[tuple[str, list[float]]]:
    """Answer token calls at once; gives the address, and when each refresh was asked for."""
    asked: list[float] = []
    number = numbers()

    async def component(request: web.Request) -> web.Response:
        return web.json_response({"component_access_token": f"component{next(number)}", "expires_in": 7200})

    async def authorizer(request: web.Request) -> web.Response:
        asked.append(time.perf_counter())
        return web.json_response(
            {
                "authorizer_access_token": f"token{next(number)}",
                "expires_in": 7200,
                "authorizer_refresh_token": "refreshtoken@bench",
            }
        )

    app = web.Application()
    base = "/api.weixin.qq.com/cgi-bin/component"
    app.router.add_post(f"{base}/api_component_token", component)
    app.router.add_post(f"{base}/api_authorizer_token", authorizer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()

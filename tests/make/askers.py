"""Many who want one token: a process of its own that asks for it fifty times at once.

Run as `python askers.py DATABASE_URL VAR SANDBOX_URL MOMENT MERCHANT APPID COUNT`; prints the fences it was given.
"""

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from make.worlds import free_port, open_world, simulator_bases
from tongshang.platform.clock import ManualClock
from tongshang.wechat.vault import tokens
from tongshang.wechat.vault.store import Key, Kind


async def main(database_url: str, var: str, sandbox: str, moment: str, merchant: str, appid: str, count: str) -> None:
    """Ask, all at once, when the line on the standard input says so."""
    clock = ManualClock(datetime.fromisoformat(moment))
    bases = simulator_bases(sandbox)
    async with open_world(database_url, Path(var), clock=clock, wx=bases, port=free_port(), seed=os.getpid()) as world:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        key = Key(UUID(merchant), Kind.AUTHORIZER, appid)
        found = await asyncio.gather(*(tokens.get(world, key) for _ in range(int(count))))
        print(*sorted({one.fence for one in found}), len(found), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""`python -m bench`: run the benchmarks (ONLY=name runs one) and keep their figures."""

import asyncio
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # the builders of the tests build these shops, too
# All of them together end within a quarter of an hour; one alone has the size of its aim. Whoever names a size gets it.
TOGETHER = {"ORDERS": "1000000", "SHEET_ROWS": "2000", "BURST_CALLBACKS": "50000", "MINUTES": "1"}
if not os.environ.get("ONLY"):
    for name, size in TOGETHER.items():
        os.environ.setdefault(name, size)

import uvloop  # noqa: E402

from bench import (  # noqa: E402  (after the path)
    burst,
    checkout,
    flash,
    followers,
    ledger,
    messages,
    orders,
    quote,
    reads,
    reconcile,
    refunds,
    report,
    rush,
    search,
    sheets,
    vault,
)
from tongshang.platform import log  # noqa: E402

ALL = {
    "flash": flash.run,
    "rush": rush.run,
    "reads": reads.run,
    "messages": messages.run,
    "checkout": checkout.run,
    "vault": vault.run,
    "burst": burst.run,
    "followers": followers.run,
    "search": search.run,
    "orders": orders.run,
    "quote": quote.run,
    "reconcile": reconcile.run,
    "sheets": sheets.run,
    "ledger": ledger.run,
    "refunds": refunds.run,
}
LONGEST_SECONDS = 900


async def _run(names: list[str]) -> None:
    for name in names:
        started = time.perf_counter()
        print(f"· {name} …", flush=True)
        async with asyncio.timeout(LONGEST_SECONDS):
            found = await ALL[name]()
        for key, value in found.items():
            print(f"  {key:36} {value:g}")
        print(f"✓ {name}  {time.perf_counter() - started:.0f} s", flush=True)
        report.keep(ROOT, name, found)


def main() -> None:
    """Run what was asked for."""
    log.configure(json=False, level="ERROR")
    only = os.environ.get("ONLY", "")
    if only and only not in ALL:
        sys.exit(f"ONLY is one of {', '.join(ALL)}")
    uvloop.run(_run([only] if only else list(ALL)))


main()

"""`python -m wxsandbox --port 8800 --data var/sandbox`: the simulator as a program."""

import argparse
import asyncio
import logging
import signal
import sys
from datetime import datetime
from pathlib import Path

import uvloop

from wxsandbox.server import PortTaken, serve
from wxsandbox.state import DataInUse


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="wxsandbox", description="A WeChat on a laptop.")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--data", type=Path, default=None, help="directory for the state; none: in memory")
    parser.add_argument("--seed", type=int, default=1, help="seed of everything that looks random")
    parser.add_argument("--start", type=datetime.fromisoformat, default=None, help="stand still at this ISO time")
    return parser.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Serve until a signal says stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with serve(
        options.port, data_dir=options.data, start=options.start, seed=options.seed, address=options.address
    ) as box:
        sys.stdout.write(f"wxsandbox: {box.url} (control plane {box.url}/_sandbox/health)\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Run the program."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        uvloop.run(run(arguments()))
    except (PortTaken, DataInUse) as taken:
        sys.exit(f"wxsandbox: {taken}")


if __name__ == "__main__":
    main()

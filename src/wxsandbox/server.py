"""Serving a box over HTTP, in the process that asks for it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from wxsandbox.app import App
from wxsandbox.box import Box
from wxsandbox.clock import Clock
from wxsandbox.mounts import parts
from wxsandbox.routes import Part

READY_SECONDS = 10.0
STOP_SECONDS = 3.0
CONNECTIONS = 1024
"""How many may be open: whoever pays holds one until the notice is taken, and the shop needs one beside each."""


class PortTaken(Exception):
    """Another program listens on this port."""


@asynccontextmanager
async def serve(
    port: int = 0,
    *,
    data_dir: Path | str | None = None,
    start: datetime | None = None,
    seed: int = 1,
    address: str = "127.0.0.1",
    mounts: Sequence[Part] | None = None,
) -> AsyncIterator[Box]:
    """Serve a simulator while the block runs; `box.url` is its address.

    With `start` the clock stands still there until it is turned; without, it follows real time. With `data_dir`
    the state survives the process. Raises PortTaken.
    """
    port = port or free_port(address)
    if is_open(address, port):
        raise PortTaken(f"port {port} is already in use")
    box = Box(
        parts() if mounts is None else mounts,
        data_dir=Path(data_dir) if data_dir is not None else None,
        clock=Clock(start=start),
        seed=seed,
    )
    box.url = f"http://localhost:{port}"
    server = Server(
        App(box), address=address, port=port, interface=Interfaces.ASGINL, log_enabled=False, backlog=CONNECTIONS
    )
    serving = asyncio.create_task(server.serve())
    try:
        await until_open(address, port, serving)
        await box.start()
        yield box
    finally:
        box.end_feeds()
        server.stop()  # type: ignore[no-untyped-call]
        # An answer that is slow on purpose must not keep the program from ending.
        await asyncio.wait({serving}, timeout=STOP_SECONDS)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await box.stop()


def free_port(address: str) -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def is_open(address: str, port: int) -> bool:
    """Tell whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address, port)) == 0


async def until_open(address: str, port: int, serving: "asyncio.Task[None]") -> None:
    """Wait until the server listens; raises what kept it from doing so."""
    loop = asyncio.get_running_loop()
    end = loop.time() + READY_SECONDS
    while loop.time() < end:
        if serving.done():
            serving.result()
            raise PortTaken(f"cannot listen on {address}:{port}")
        try:
            _, writer = await asyncio.open_connection(address, port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        return
    raise PortTaken(f"cannot listen on {address}:{port}")

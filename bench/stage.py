"""The stage of a benchmark: PostgreSQL as it is shipped, web, worker and simulator as processes of their own."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import databases
from bench import cpu
from make.worlds import free_port, simulator_bases
from tongshang.app.seed.simulator import Simulator
from tongshang.app.world import ROLES_PURPOSE, make_world
from tongshang.platform import postgres, secrets
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.migrate import migrate
from tongshang.platform.pgserver import Server
from tongshang.platform.world import World
from weixin.errors import Unreachable

ROOT = Path(__file__).resolve().parent.parent
NAME = "bench"


@dataclass
class Stage:
    """The running processes, and a world in the generator's own process for setting up and for checking."""

    world: World
    box: Simulator
    port: int
    sandbox_port: int
    pids: dict[str, int]
    server: Server

    def spent(self) -> cpu.Spent:
        """Say what each group of processes has spent so far."""
        return cpu.Spent(**cpu.of_trees({**self.pids, "generator": os.getpid()}))

    async def value(self, sql: str, *args: object) -> int:
        """Read a number across merchants, to check what was done."""
        async with self.world.database.system.acquire() as connection:
            return int(await connection.fetchval(sql, *args) or 0)

    async def known(self) -> None:
        """Let the planner know the tables; a server's own autovacuum comes to it within a minute."""
        await asyncio.to_thread(self.server.psql, "analyze", NAME)

    async def drained(self, *, within_seconds: float = 60, now: bool = False) -> None:
        """Wait until no reaction is due; `now` waits for those, too, that are put off for up to ten seconds."""
        ahead = "interval '10 seconds'" if now else "interval '0'"
        sql = f"select count(*) from job where parked_at is null and due_at <= now() + {ahead}"
        async with asyncio.timeout(within_seconds):
            await self._settled()
            while await self.value(sql) + await self.unread():  # noqa: ASYNC110  (another process's work)
                await asyncio.sleep(0.1)
        failed = await self.value("select count(*) from job where last_error is not null")
        assert not failed, f"{failed} reactions failed"

    async def _settled(self) -> None:
        """Wait for WeChat's notices that are on their way."""
        while True:
            try:
                await self.box.call("POST", "/settle")
            except Unreachable:
                continue  # longer under way than one request may take
            return

    async def unread(self) -> int:
        """Count the pushes that nobody has read yet."""
        async with self.world.inbox_tx() as tx:
            return int(await tx.value("select count(*) from inbox where raw is not null"))


@asynccontextmanager
async def staged(*, web_workers: int = 1, wechat: str = "") -> AsyncIterator[Stage]:
    """Start everything on a fresh database, and leave nothing behind; `wechat` is asked instead of the simulator."""
    folder = databases.places()[0] / NAME
    folder.mkdir(exist_ok=True)
    port, sandbox_port = free_port(), free_port()
    server = await asyncio.to_thread(postgres.ensure, folder / "pg", binaries=databases.places()[1])
    try:
        databases.drop(server, NAME)
        dsn = databases.create(server, NAME)
        wx = simulator_bases(wechat or f"http://localhost:{sandbox_port}")
        settings = Settings(
            database_url=dsn,
            var=folder,
            port=port,
            public_url=f"http://localhost:{port}",
            console_url=f"http://127.0.0.1:{port}",
            wx=wx,
        )
        password = secrets.load(settings.keys_path).derive(ROLES_PURPOSE)
        await asyncio.to_thread(migrate, dsn, password=password)
        with _processes(settings, sandbox_port, web_workers) as pids:
            pids["database"] = int((server.data / "postmaster.pid").read_text().split()[0])
            world = await make_world(replace(settings, pool_size=8), dsn, clock=SystemClock(), rng=random.Random(1))
            try:
                for name, at in (("/health/ready", port), ("/_sandbox/health", sandbox_port)):
                    await _answers(world, f"http://127.0.0.1:{at}{name}")
                box = Simulator(world.transport, f"http://localhost:{sandbox_port}")
                yield Stage(world, box, port, sandbox_port, pids, server)
            finally:
                await world.close()
    finally:
        await asyncio.to_thread(postgres.stop, server)


@contextmanager
def _processes(settings: Settings, sandbox_port: int, web_workers: int) -> Iterator[dict[str, int]]:
    env = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "TONGSHANG_VAR": str(settings.var),
        "PORT": str(settings.port),
        "PUBLIC_URL": settings.public_url,
        "CONSOLE_URL": settings.console_url,
        **{f"WX_{name.upper()}_BASE": value for name, value in vars(settings.wx).items()},
    }
    commands = {
        "web": ("tongshang.app.cli", "serve", "--workers", str(web_workers)),
        "worker": ("tongshang.app.cli", "worker"),
        "simulator": ("wxsandbox", "--port", str(sandbox_port)),
    }
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            with (settings.var / f"{name}.log").open("wb") as log:
                running[name] = subprocess.Popen(
                    [sys.executable, "-m", *command],
                    env=env,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        yield {name: process.pid for name, process in running.items()}
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        for process in running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


async def _answers(world: World, url: str) -> None:
    """Wait until a server answers."""
    async with asyncio.timeout(60):
        while True:
            try:
                if (await world.transport.request("GET", url)).status == 200:
                    return
            except Unreachable:
                pass  # not listening yet
            await asyncio.sleep(0.1)

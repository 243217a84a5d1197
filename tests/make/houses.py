"""A house: all real processes under the supervisor (`tongshang up`), each of which may be killed."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

import databases
from make import worlds
from make.places import Place, introduce, seat_provider, take_on
from tongshang.platform import processes
from wxsandbox.client import Sandbox

READY_SECONDS, QUIET_SECONDS = 60, 75
INVITE = re.compile(r"/console/invites/(\S+)")
VICTIMS = {
    "platform": "app.cli serve",
    "worker": "app.cli worker",
    "postgres": "bin/postgres -D",
    "sandbox": "-m wxsandbox",
}


@dataclass
class House:
    """One `tongshang up` in a folder and on ports of its own."""

    var: Path
    port: int
    sandbox_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        """Say where everything is."""
        box = f"http://localhost:{self.sandbox_port}"
        env = {**os.environ, "TONGSHANG_VAR": str(self.var), "PORT": str(self.port), "CLOCK_URL": ""}
        env |= {"PG_BINDIR": str(databases.places()[1]), "SANDBOX_URL": box, "JSON_LOGS": "1"}
        env.pop("DATABASE_URL", None)
        return env

    def run(self, *words: str) -> list[str]:
        """Give the command line of one of our own commands."""
        return [sys.executable, "-m", "tongshang.app.cli", *words]

    def start(self) -> None:
        """Start everything, with an empty simulator and no web apps."""
        flags = ("--demo", "--no-web", "--no-seed", "--sandbox-port", str(self.sandbox_port))
        with (self.var / "out").open("ab") as out:
            self.process = subprocess.Popen(self.run("up", *flags), env=self.env, stdout=out, stderr=out)

    async def invite_provider(self) -> str:
        """Make the first log-in of the installation, as the operator does; gives the invitation's link."""
        asked = await asyncio.create_subprocess_exec(
            *self.run("provider", "admin"), env=self.env, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await asked.communicate()
        found = INVITE.search(said.decode())
        assert found, said.decode()
        return found.group(1)

    async def answers(self) -> bool:
        """Say whether platform and simulator answer."""
        return await processes.answers(self.port, "/health/ready") and await processes.answers(
            self.sandbox_port, "/_sandbox/health"
        )

    def leader(self, name: str) -> psutil.Process:
        """Find the oldest process of a part."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("TONGSHANG_VAR") == str(self.var)
                words = " ".join(process.cmdline())
                if (mine or str(self.var) in words) and VICTIMS[name] in words:
                    found.append(process)
            except psutil.Error:
                continue
        return min(found, key=lambda process: process.create_time())

    def kill(self, name: str) -> None:
        """Kill a part with signal 9, in the middle of whatever it does."""
        self.leader(name).kill()

    def said(self) -> str:
        """Read what the supervisor printed."""
        return (self.var / "out").read_text()


@dataclass(kw_only=True)
class Outside(Place):
    """The same shop from outside: time is real, and what is under way is waited for."""

    house: House

    async def settle(self) -> None:
        """Wait until nothing is late any more."""

        async def quiet() -> bool:
            await self.sandbox.settle()
            status, jobs = await self.owner.ask("GET", "/jobs")
            if status == 503:  # "please try again", says who finds a connection of before the kill
                return False
            assert status == 200, jobs
            return not jobs["late"] and not jobs["parked"]

        await until(quiet)


async def until(ready: Callable[[], Awaitable[bool]], seconds: float = QUIET_SECONDS) -> None:
    """Wait until something is so, or fail the test."""
    async with asyncio.timeout(seconds):
        while not await ready():  # noqa: ASYNC110  (other processes have no event to wait for)
            await asyncio.sleep(0.2)


@asynccontextmanager
async def standing() -> AsyncIterator[House]:
    """Start a house and wait for it; everything is gone afterwards."""
    with databases.open_folder("house") as folder:
        house = House(folder, worlds.free_port(), worlds.free_port())
        house.start()
        assert house.process is not None
        try:
            await until(house.answers, READY_SECONDS)
            yield house
        finally:
            house.process.terminate()
            await asyncio.to_thread(house.process.wait, READY_SECONDS)


@asynccontextmanager
async def moved_in(house: House) -> AsyncIterator[Outside]:
    """Take a merchant on in a house; there is no shop yet."""
    url, public_url = f"http://127.0.0.1:{house.port}", f"http://localhost:{house.port}"
    async with Sandbox(f"http://localhost:{house.sandbox_port}") as sandbox:
        now = datetime.fromtimestamp(await sandbox.now(), UTC)
        provider = await seat_provider(url, await house.invite_provider(), now)
        await introduce(public_url, sandbox, provider)
        merchant, owner = await take_on(url, provider)
        admin = await sandbox.person("admin", nickname="管理员")
        place = Outside(
            url=url, public_url=public_url, sandbox=sandbox, provider=provider, owner=owner, admin=admin,
            merchant=merchant, house=house,
        )  # fmt: skip
        try:
            yield place
        finally:
            for one in (provider, owner, admin):
                await one.close()

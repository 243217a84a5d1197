"""kill -9 of the real process: nothing it answered is forgotten, and what was due still happens."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from make.receiver import receiving
from wxsandbox.client import Sandbox
from wxsandbox.server import free_port

ACCOUNT = "wxa1a1a1a1a1a1a1a1"


@asynccontextmanager
async def program(port: int, data: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, Sandbox]]:
    """Run `python -m wxsandbox` until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wxsandbox", "--port", str(port), "--data", str(data),
        "--start", "2026-09-01T00:00:00+00:00", stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        assert b"wxsandbox: http" in await asyncio.wait_for(process.stdout.readline(), 20)
        async with Sandbox(f"http://127.0.0.1:{port}") as sandbox:
            yield process, sandbox
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def test_nothing_answered_is_forgotten(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    answered: list[str] = []
    async with receiving() as receiver:
        async with program(port, tmp_path) as (process, sandbox):
            own = {"url": f"{receiver.url}/own", "token": "t0k"}
            account = await sandbox.account(ACCOUNT, push=own)
            alice = await sandbox.person("alice")
            await alice.follow(ACCOUNT)
            await sandbox.settle()
            await sandbox.fault("callback:message.text", "delay", seconds=30, times=1)
            await alice.say(ACCOUNT, "later")
            await sandbox.settle()

            async def busy(name: str) -> None:
                for n in range(10_000):
                    words = f"{name}-{n}"
                    await alice.say(ACCOUNT, words)
                    answered.append(words)

            talkers = [asyncio.create_task(busy(name)) for name in "abcd"]
            await asyncio.sleep(0.4)
            process.send_signal(signal.SIGKILL)
            await asyncio.gather(*talkers, return_exceptions=True)
            await process.wait()
            await alice.close()
        assert len(answered) > 50
        async with program(port, tmp_path) as (_, sandbox):
            alice = await sandbox.person("alice")
            shown = {b["content"]["text"] for b in await alice.chat(ACCOUNT)}
            assert set(answered[-100:]) <= shown
            assert (await sandbox.account(ACCOUNT))["secret"] == account["secret"]
            assert await sandbox.now() == 1_788_220_800.0
            await sandbox.advance(31)
            assert any(b"later" in got.body for got in receiver.at("/own"))
            assert all(any(w.encode() in got.body for got in receiver.at("/own")) for w in answered[-20:])
            await alice.close()


async def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    async with program(port, tmp_path):
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "wxsandbox", "--port", str(port), stderr=asyncio.subprocess.PIPE
        )
        _, said = await asyncio.wait_for(second.communicate(), 20)
        assert second.returncode == 1
        assert said.decode().strip() == f"wxsandbox: port {port} is already in use"


async def test_two_simulators_do_not_share_a_directory(tmp_path: Path) -> None:
    async with program(free_port("127.0.0.1"), tmp_path):
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "wxsandbox", "--port", str(free_port("127.0.0.1")), "--data", str(tmp_path),
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await asyncio.wait_for(second.communicate(), 20)
        assert second.returncode == 1
        assert said.decode().strip() == f"wxsandbox: {tmp_path} is in use by another simulator"


async def test_it_stops_when_told_though_a_phone_listens(tmp_path: Path) -> None:
    async with program(free_port("127.0.0.1"), tmp_path) as (process, sandbox):
        alice = await sandbox.person("alice")
        listening = asyncio.create_task(anext(alice.events()))
        await asyncio.sleep(0.3)
        os.kill(process.pid, signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        await asyncio.gather(listening, return_exceptions=True)
        await alice.close()

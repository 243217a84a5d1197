"""Child processes that are kept running: their own group, their log, restarts with backoff, and no orphans.

A child dies with its parent even when that is killed with SIGKILL (Linux), and takes its own children along.
"""

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, STEADY_SECONDS = 0.25, 30.0, 60.0
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1
_LINE_LIMIT = 2**20
_LOG_BYTES = 20 * 2**20


@dataclass(frozen=True)
class Program:
    """What to run: a command, what is added to the environment, and how it is asked to stop."""

    name: str
    command: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    stop_with: signal.Signals = signal.SIGTERM
    identity: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[], None] | None = None
    """Run in a thread before each start, such as clearing what a crash left."""


Lines = Callable[[str, str], None]
"""Told each line a program prints: its name, the line."""


@dataclass
class Child:
    """A program in the course of being kept running."""

    program: Program
    on_line: Lines
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    restarts: int = 0

    async def keep(self) -> None:
        """Run the program until `stop`, starting it again whenever it ends, later each time it fails soon."""
        clock = asyncio.get_running_loop().time
        delay = FIRST_DELAY_SECONDS
        while not self.stopping.is_set():
            begun = clock()
            try:
                code = await self._once()
                why = f"exit {code}"
            except (OSError, RuntimeError) as error:
                why = str(error)
            if self.stopping.is_set():
                return
            delay = FIRST_DELAY_SECONDS if clock() - begun > STEADY_SECONDS else delay
            self.on_line(self.program.name, f"! {why}; 将在 {delay:.2g} 秒后重启 / restarting in {delay:.2g} s")
            await _either(self.stopping.wait(), delay)
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)
            self.restarts += 1

    async def _once(self) -> int:
        if self.program.before:
            await asyncio.to_thread(self.program.before)
        if self.stopping.is_set():
            return 0
        self.process, lines = await spawn(self.program)
        return await finish(self.process, lines, self.program, self.on_line)

    async def stop(self, timeout_seconds: float = 20) -> None:
        """Ask the program to stop, wait, and kill what does not."""
        self.stopping.set()
        process = self.process
        if process is None or process.returncode is not None:
            return
        try:
            process.send_signal(self.program.stop_with)
        except ProcessLookupError:
            return
        if not await _either(process.wait(), timeout_seconds):
            name = self.program.name
            self.on_line(name, f"! {timeout_seconds:g} 秒后仍未停止，已强制结束 / did not stop in time, killed")
            kill_group(process.pid)


async def spawn(program: Program) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader]:
    """Start a program in a group of its own, bound to die with this process; also gives what it prints."""
    parent = os.getpid()
    deadly = program.stop_with

    def in_the_child() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(deadly))
            if os.getppid() != parent:
                os._exit(1)  # the parent died before it was asked for

    # A pipe of our own: asyncio's would make wait() wait for whatever still holds it, such as orphaned workers.
    out, into = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=into,
            stderr=into,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.env},
            start_new_session=True,
            preexec_fn=in_the_child,
            **program.identity,
        )
    except BaseException:
        os.close(out)
        raise
    finally:
        os.close(into)
    lines = asyncio.StreamReader(limit=_LINE_LIMIT)
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(out, "rb"))
    return process, lines


async def finish(
    process: asyncio.subprocess.Process, lines: asyncio.StreamReader, program: Program, on_line: Lines
) -> int:
    """Pass a program's lines on until it ends, then end what it left behind; returns its exit code."""
    pump = asyncio.create_task(_pump(lines, program, on_line))
    try:
        code = await process.wait()
        # Its workers may have outlived it: they hold its port and its pipe.
        kill_group(process.pid)
        await _either(pump, 5)
    finally:
        pump.cancel()
    return code


async def run(program: Program, on_line: Lines) -> int:
    """Run a program once, to its end; returns its exit code."""
    process, lines = await spawn(program)
    try:
        return await finish(process, lines, program, on_line)
    finally:
        kill_group(process.pid)


def kill_group(leader: int) -> None:
    """Kill a program and everything in its group, if anything is left."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def allow_files(most: int) -> int:
    """Let this process and its children hold up to `most` files and connections open; returns how many it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft == resource.RLIM_INFINITY or soft >= allowed:
        return allowed
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


async def answers(port: int, path: str, timeout_seconds: float = 2) -> bool:
    """Say whether an HTTP server on this machine answers a path with a 2xx."""
    try:
        async with asyncio.timeout(timeout_seconds):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode())
                return (await reader.readline()).split()[1:2][0].startswith(b"2")
            finally:
                writer.close()
    except (OSError, TimeoutError, IndexError):
        return False


async def _pump(lines: asyncio.StreamReader, program: Program, on_line: Lines) -> None:
    """Copy what a program prints to its log and to whoever listens."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    if program.log.exists() and program.log.stat().st_size > _LOG_BYTES:
        program.log.replace(program.log.with_suffix(".log.1"))
    with program.log.open("ab", buffering=0) as log:
        while True:
            try:
                line = await lines.readline()
            except ValueError:
                continue  # a line of a megabyte: dropped
            if not line:
                return
            log.write(line)
            on_line(program.name, line.decode("utf-8", "replace").rstrip())


async def _either(work: Awaitable[Any], seconds: float) -> bool:
    """Wait for something, but not for ever; says whether it came."""
    try:
        await asyncio.wait_for(asyncio.ensure_future(work), seconds)
    except TimeoutError:
        return False
    return True


def output(command: list[str]) -> str:
    """Run a small command and return what it printed, "" when it cannot run."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def path() -> str:
    """Give the PATH of this process."""
    return os.environ.get("PATH", "/usr/bin:/bin")


def call(command: list[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> tuple[int, str]:
    """Run a command to its end; returns its exit code and what it printed, which the log keeps.

    SIGTERM and SIGINT meanwhile end the command with everything it started.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        printed = process.communicate()[0].decode("utf-8", "replace")
    finally:
        signal.signal(signal.SIGTERM, before)
        kill_group(process.pid)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        file.write(f"$ {' '.join(command)}\n{printed}\n")
    return process.returncode, printed

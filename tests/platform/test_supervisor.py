"""One command runs the whole house: it answers, mends what is killed, and leaves nothing behind."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest

import databases
from tongshang.app.terminal import routine
from tongshang.platform import pgserver, processes
from tongshang.platform.ids import NIL

WAIT_SECONDS = 60
FAILING = """insert into job (merchant_id, id, kind, data, due_at, created_at)
values (%s, %s, 'nobody.knows', '{}', now() - interval '1 minute', now())"""


@dataclass
class Demo:
    """One `tongshang up`, on ports and in a folder of its own."""

    var: Path
    port: int
    sandbox_port: int
    process: subprocess.Popen[str] | None = None

    def start(self, **more: str) -> None:
        env = {
            **os.environ,
            "TONGSHANG_VAR": str(self.var),
            "PORT": str(self.port),
            "PG_BINDIR": str(databases.places()[1]),
            **more,
        }
        env.pop("DATABASE_URL", None)
        flags = ("--demo", "--no-web", "--no-seed", "--sandbox-port", str(self.sandbox_port))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tongshang.app.cli", "up", *flags],
            env=env,
            stdout=(self.var / "out").open("a"),
            stderr=subprocess.STDOUT,
            text=True,
        )

    def answers(self) -> bool:
        return asyncio.run(processes.answers(self.port, "/health/ready")) and asyncio.run(
            processes.answers(self.sandbox_port, "/_sandbox/health")
        )

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while not (self.answers() and f":{self.port}/console/" in self.said()):
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return (self.var / "out").read_text()

    def members(self) -> list[psutil.Process]:
        """Every process that works in or for this folder."""
        found = []
        for process in psutil.process_iter():
            try:
                told = process.environ().get("TONGSHANG_VAR") == str(self.var)
                if told or str(self.var) in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.Error:
                continue
        return [process for process in found if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

    def leader(self, *words: str) -> psutil.Process:
        """The oldest member with an argument that ends in each of these words."""
        with_words = [p for p in self.members() if all(any(a.endswith(word) for a in p.cmdline()) for word in words)]
        return min(with_words, key=lambda process: process.create_time())

    def line_of(self, name: str, word: str) -> dict[str, Any]:
        """Wait for a process's first line with a word in it, and read it."""
        log, end = self.var / "log" / f"{name}.log", time.monotonic() + WAIT_SECONDS
        while not (lines := [line for line in log.read_text().splitlines() if word in line]):
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        return dict(json.loads(lines[0]))

    def wait_until_nothing_is_left(self) -> None:
        end = time.monotonic() + 30
        while left := self.members():
            assert time.monotonic() < end, [process.cmdline() for process in left]
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def demo() -> Iterator[Demo]:
    with databases.open_folder("up") as folder:
        made = Demo(folder, free_port(), free_port())
        yield made
        if made.process and made.process.poll() is None:
            made.process.terminate()
            made.process.wait(WAIT_SECONDS)


def test_it_answers_logs_with_ids_and_sigterm_leaves_no_process(demo: Demo) -> None:
    demo.start(JSON_LOGS="1")
    demo.wait_until_it_answers()
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/metrics") as answer:
        told = answer.read().decode()
    assert "tongshang_workers 1.0" in told
    assert 'tongshang_requests_total{method="GET",route="ready",status="200"}' in told
    _log_lines_have_ids_and_no_secrets(demo)
    assert demo.process is not None
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(WAIT_SECONDS) == 0
    assert demo.members() == []


def test_who_is_connected_and_quiet_keeps_nobody_out(demo: Demo) -> None:
    demo.start()
    demo.wait_until_it_answers()
    allowed = processes.allow_files(4096)
    if allowed < 2500:
        pytest.skip(f"this machine allows {allowed} open files")
    with ExitStack() as quiet:
        for port, count in ((demo.port, 1500), (demo.sandbox_port, 500)):
            for _ in range(count):
                quiet.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        assert demo.answers()


def test_kill_nine_of_the_supervisor_leaves_no_orphan_and_the_next_start_works(demo: Demo) -> None:
    demo.start()
    demo.wait_until_it_answers()
    assert demo.process is not None
    demo.process.kill()
    demo.process.wait()
    demo.wait_until_nothing_is_left()
    demo.start()
    demo.wait_until_it_answers()


def test_whatever_is_killed_comes_back(demo: Demo) -> None:
    demo.start()
    demo.wait_until_it_answers()
    for words in (("cli", "serve"), ("postgres", "-D"), ("wxsandbox",), ("cli", "worker")):
        victim = demo.leader(*words)
        victim.kill()
        victim.wait(10)
        end = time.monotonic() + WAIT_SECONDS
        while not (demo.answers() and _has(demo, words)):
            assert time.monotonic() < end, demo.said()
            time.sleep(0.1)
        assert demo.leader(*words).pid != victim.pid
    assert "restarting" in demo.said()


def test_a_taken_port_is_one_sentence(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        demo.start()
        assert demo.process is not None
        assert demo.process.wait(WAIT_SECONDS) == 1
    said = demo.said().splitlines()
    assert said[0].startswith(f"✗ 端口 {demo.port} 已被占用")
    assert said[1:] == [f"  Port {demo.port} is taken: choose another, such as make demo PORT={demo.port + 10}."]
    assert demo.members() == []


def test_a_second_one_in_the_same_folder_is_told_so(demo: Demo) -> None:
    demo.start()
    demo.wait_until_it_answers()
    second = Demo(demo.var, free_port(), free_port())
    second.start()
    assert second.process is not None
    assert second.process.wait(WAIT_SECONDS) == 1
    assert "is running already" in demo.said()


@pytest.mark.parametrize(
    ("line", "quiet"),
    [
        ('{"level": "info", "event": "x"}', True),
        ('{"level": "error", "event": "x"}', False),
        ("{not json", False),
        ("[INFO] Started worker-1", True),
        ("2026 [\x1b[32m\x1b[1minfo     \x1b[0m] jobs.apart", True),
        ("2026 [\x1b[31m\x1b[1merror    \x1b[0m] jobs.parked", False),
        ("2026 UTC [9] LOG:  ready", True),
        ("Traceback (most recent call last):", False),
        ("", True),
    ],
)
def test_routine_lines_stay_in_the_log(line: str, quiet: bool) -> None:
    assert routine(line) is quiet


def _has(demo: Demo, words: tuple[str, ...]) -> bool:
    try:
        demo.leader(*words)
    except ValueError:
        return False
    return True


def _log_lines_have_ids_and_no_secrets(demo: Demo) -> None:
    # What no column can hold is refused, and written down: by whom it was asked, never with what.
    body = json.dumps({"login": "a\0b", "password": "the password itself", "totp": "135791"}).encode()
    headers = {"content-type": "application/json", "x-requested-with": "tongshang"}
    asked = urllib.request.Request(f"http://127.0.0.1:{demo.port}/api/console/session", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked)
    assert refused.value.code == 400
    request = refused.value.headers["x-request-id"]
    assert demo.line_of("platform", request)["event"] == "request.unkeepable"
    # A job that fails names itself, its merchant and its kind.
    job = str(uuid4())
    server = pgserver.at(demo.var / "pg", binaries=databases.places()[1])
    with psycopg.connect(server.dsn, autocommit=True) as owner:
        owner.execute(FAILING, (NIL, job))
    line = demo.line_of("worker", job)
    assert (line["event"], line["job"], line["kind"]) == ("job.failed", job, "nobody.knows")
    assert line["merchant"] == str(NIL)
    written = "".join(file.read_text() for file in (demo.var / "log").glob("*.log"))
    keys = json.loads((demo.var / "keys" / "master.json").read_text())["keys"].values()
    for secret in ("the password itself", "135791", *keys):
        assert secret not in written

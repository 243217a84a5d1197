"""Children that are kept running: restarts that slow down, groups that end together, and no orphans."""

import asyncio
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tongshang.platform import processes
from tongshang.platform.processes import Child, Program

FOREVER = "import time; print('up', flush=True); time.sleep(30)"


def program(tmp_path: Path, script: str) -> Program:
    return Program("child", (sys.executable, "-c", script), tmp_path / "log" / "child.log")


async def test_a_child_that_fails_is_started_again_later_each_time(tmp_path: Path) -> None:
    starts: list[float] = []
    enough = asyncio.Event()

    def on_line(name: str, line: str) -> None:
        if line == "up":
            starts.append(asyncio.get_running_loop().time())
            if len(starts) == 4:
                enough.set()

    child = Child(program(tmp_path, "print('up'); raise SystemExit(3)"), on_line)
    keeping = asyncio.create_task(child.keep())
    await asyncio.wait_for(enough.wait(), 20)
    await child.stop()
    await asyncio.wait_for(keeping, 5)
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses[0] >= 0.25
    assert pauses[1] >= 0.5
    assert pauses[2] >= 1.0
    assert (tmp_path / "log" / "child.log").read_text().count("up") >= 4


async def test_stop_ends_the_whole_group(tmp_path: Path) -> None:
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "grandchild = subprocess.Popen(['sleep', '30']); print(grandchild.pid, flush=True); time.sleep(30)"
    )
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    child = Child(program(tmp_path, stubborn), lambda name, line: told.done() or told.set_result(int(line)))
    keeping = asyncio.create_task(child.keep())
    grandchild = await asyncio.wait_for(told, 10)
    await child.stop(timeout_seconds=0.5)
    await asyncio.wait_for(keeping, 10)
    assert ends(grandchild)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


async def test_what_a_dead_child_left_behind_is_ended_before_the_restart(tmp_path: Path) -> None:
    leaves = "import subprocess; print(subprocess.Popen(['sleep', '30']).pid, flush=True)"
    left: list[int] = []
    code = await processes.run(program(tmp_path, leaves), lambda name, line: left.append(int(line)))
    assert code == 0
    assert len(left) == 1
    assert ends(left[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_kill_nine_of_the_parent_leaves_no_orphan(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path; from tongshang.platform.processes import Program, spawn\n"
        "async def main():\n"
        "    child, _ = await spawn(Program('c', ('sleep', '30'), Path(sys.argv[1])))\n"
        "    print(child.pid, flush=True)\n"
        "    await child.wait()\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "log")]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert ends(child)


async def test_a_program_that_cannot_start_is_reported_and_retried(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child(Program("ghost", ("/no/such/program",), tmp_path / "log"), lambda name, line: said.append(line))
    keeping = asyncio.create_task(child.keep())
    await asyncio.sleep(0.6)
    await child.stop()
    await asyncio.wait_for(keeping, 5)
    assert child.restarts >= 1
    assert "restarting" in said[0]


def ends(pid: int) -> bool:
    """Say whether a process ends within a few seconds; a zombie has ended."""
    try:
        process = psutil.Process(pid)
        psutil.wait_procs([process], timeout=3)
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True

"""What a newcomer's machine may lack: `tongshang up` says it in one sentence and leaves nothing behind."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import databases
from make.worlds import free_port
from tongshang.app import cli, supervisor

SETTING = {"--port": "PORT", "--sandbox-port": "SANDBOX_PORT"}


@pytest.fixture
def var() -> Iterator[Path]:
    """The demo's folder, which PostgreSQL's account can enter."""
    with databases.open_folder("sad") as folder:
        yield folder


@pytest.fixture
def refused(var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Start a demo that must refuse to: gives its English sentence, the Chinese one stands before it."""
    monkeypatch.setenv("TONGSHANG_VAR", str(var))
    monkeypatch.setenv("PG_BINDIR", str(databases.places()[1]))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def start(*more: str) -> str:
        with pytest.raises(SystemExit) as ended:
            ports = ("--port", str(free_port()), "--sandbox-port", str(free_port()))
            cli.main(["up", "--demo", "--no-web", "--no-seed", *ports, *more])
        assert ended.value.code == 1
        chinese, english = capsys.readouterr().err.strip().splitlines()
        assert chinese.startswith("✗ ")
        return english

    return start


@pytest.mark.parametrize(("which", "host"), [("--port", "127.0.0.1"), ("--sandbox-port", "0.0.0.0"), ("--port", "::1")])
def test_whoever_listens_there_the_port_is_taken(refused: Callable[..., str], which: str, host: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as taken:
        try:
            taken.bind((host, 0))
        except OSError:
            pytest.skip("no IPv6 here")
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} is taken: choose another, such as make demo {SETTING[which]}=" in refused(which, str(port))


def test_one_port_for_both_is_one_sentence(refused: Callable[..., str]) -> None:
    assert "are both 8123" in refused("--port", "8123", "--sandbox-port", "8123")


def test_what_is_no_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for port in ("80000", "abc", "-1"):
        with pytest.raises(SystemExit):
            cli.main(["up", f"--port={port}"])
        assert f"a port is a number from 1 to 65535, not '{port}'" in capsys.readouterr().err


def test_a_setting_that_is_no_number_is_one_sentence(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POOL_SIZE", "many")
    assert "must be a number" in refused()


def test_data_that_was_written_for_other_ports_is_one_sentence(refused: Callable[..., str], var: Path) -> None:
    (var / "seeded").write_text("PORT=8000 SANDBOX_PORT=8800\n")
    assert "run make demo PORT=8000 SANDBOX_PORT=8800, or delete" in refused("--port", str(free_port()))


def test_a_disk_that_is_nearly_full_is_one_sentence(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "NEEDED_MB", 10**9)
    assert "The disk is full" in refused()


def test_a_disk_that_is_full_to_the_last_byte_is_one_sentence(var: Path, refused: Callable[..., str]) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=3", "tmpfs", str(var)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk of one's own can be mounted here")
    try:
        (var / "one").write_bytes(b"x" * 65_536)
        (var / "other").touch()
        assert "The disk is full" in refused()
    finally:
        subprocess.run(["umount", str(var)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has this trouble")
def test_root_in_a_closed_home_is_one_sentence(var: Path, refused: Callable[..., str]) -> None:
    var.chmod(0o700)
    assert "cannot enter" in refused()
    assert var.stat().st_mode & 0o777 == 0o700

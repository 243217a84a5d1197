"""The first minute of a newcomer: help, set-up, and the sentences that are said when it cannot work."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "scripts/bootstrap.py")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone, as far as set-up looks at it."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*command: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=120
    )


def test_make_alone_prints_help_and_prepares_nothing(clone: Path) -> None:
    done = run("make", cwd=clone)
    assert done.returncode == 0
    for target in ("demo", "test", "check", "bench", "shots", "tour", "mutants", "clean"):
        assert f"make {target} " in done.stdout
    assert not (clone / ".venv").exists()


def test_nothing_is_done_when_nothing_changed() -> None:
    first, second = (run(sys.executable, "scripts/bootstrap.py", "dev") for _ in range(2))
    assert first.returncode == second.returncode == 0
    assert second.stdout == ""


def test_a_python_without_venv_is_one_sentence(clone: Path) -> None:
    (clone / "broken").mkdir()
    (clone / "broken" / "ensurepip.py").write_text("raise ImportError('as Debian ships it')")
    done = run("make", "demo", f"PYTHON={sys.executable}", cwd=clone,
               PYTHONPATH=str(clone / "broken"), DATABASE_URL="elsewhere")  # fmt: skip
    assert done.returncode != 0
    assert "python3-venv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (clone / ".venv").exists()


def test_an_old_python_is_one_sentence(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit):
        bootstrap.a_good_python()
    assert "Python 3.11 or later is needed" in capsys.readouterr().err


def test_a_full_disk_is_one_sentence(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(bootstrap.NEEDS_MB, "demo", 10**9)
    with pytest.raises(SystemExit):
        bootstrap.check_the_disk("demo")
    assert "Not enough disk space" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        bootstrap.fail("error: failed to write: No space left on device (os error 28)")
    assert "The disk is full" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has this trouble")
def test_root_in_a_closed_home_is_told_before_anything_is_installed(clone: Path) -> None:
    clone.chmod(0o700)
    done = run("make", "demo", f"PYTHON={sys.executable}", cwd=clone, DATABASE_URL="", PG_BINDIR="")
    assert done.returncode != 0
    assert "cannot enter" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (clone / ".venv").exists()
    assert clone.stat().st_mode & 0o777 == 0o700


def test_another_lock_is_installed_again(bootstrap: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", str(clone))
    before = bootstrap.fingerprint("demo")
    assert bootstrap.fingerprint("demo") == before
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# another\n")
    assert bootstrap.fingerprint("demo") != before

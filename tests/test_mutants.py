"""Every breakage that `make mutants` plants can still be planted, and the tests that must find it are there."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_breakage_can_be_planted() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/mutants.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"words that are no longer there, or not once:\n{done.stdout}{done.stderr}"


def test_no_two_breakages_have_one_name_and_money_has_its_twenty() -> None:
    files = {path.stem: tomllib.loads(path.read_text())["breakage"] for path in (ROOT / "tests/mutants").glob("*.toml")}
    names = [one["name"] for some in files.values() for one in some]
    assert len(names) == len(set(names))
    assert len(files["money"]) >= 20

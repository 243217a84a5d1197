"""What is generated and committed is what would be generated now."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_life_cycle_is_drawn_as_it_is() -> None:
    checked = subprocess.run(
        [sys.executable, "scripts/machines.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert list((ROOT / "docs" / "machines").glob("*.mmd")), "no machine was found at all"

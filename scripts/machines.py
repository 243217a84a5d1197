"""Draw every life cycle: docs/machines/<context>-<name>.mmd, one for each Machine in a context's model module.

Usage: machines.py writes the drawings and removes those of machines that are gone; machines.py --check only
compares, and fails when one is out of date.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

import tongshang
from tongshang.platform.machine import Machine

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "machines"


def drawings() -> dict[str, str]:
    """Give each drawing's file name and text."""
    found = {}
    for module in pkgutil.walk_packages(tongshang.__path__, "tongshang."):
        if not module.name.endswith(".model"):
            continue
        context = module.name.split(".")[1]
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Machine):
                made = f"%% Made by scripts/machines.py from {module.name}.{name}; do not edit.\n"
                found[f"{context}-{name.lower()}.mmd"] = made + value.mermaid()
    return found


def main() -> int:
    """Write or compare; returns the exit code."""
    wanted = drawings()
    kept = {path.name: path.read_text() for path in FOLDER.glob("*.mmd")}
    stale = sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name))
    if "--check" in sys.argv[1:]:
        if stale:
            print(f"out of date: {', '.join(stale)}; run scripts/machines.py")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name])
        else:
            (FOLDER / name).unlink()
    print(f"{len(wanted)} machines, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

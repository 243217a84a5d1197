"""Keeping the figures: var/bench.json for programs."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def keep(root: Path, name: str, found: dict[str, float]) -> None:
    """Merge a benchmark's figures into var/bench.json, with the machine and the hour they were taken on."""
    path = root / "var" / "bench.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    known |= found
    taken = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load": [round(one, 2) for one in os.getloadavg()]}
    known.setdefault("taken", {})[name] = taken
    known["machine"] = f"{os.cpu_count()} x {_processor()}, Python {platform.python_version()}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()

"""Play a range of storms on both cores, for as long as it takes: a night, say.

Usage: storm.py FROM-TO (or 3,7-9). LANES=1 leaves a core free. Exits 1 if a seed fails; each that does is written
to tests/storm/found as a short test of its own, which every later run of the storm's ring plays.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    """Play the seeds asked for; returns pytest's exit code."""
    if len(sys.argv) != 2 or not sys.argv[1]:
        print("make storm SEEDS=FROM-TO")
        return 2
    env = dict(os.environ, STORM_SEEDS=sys.argv[1], STORM_FOUND="1")
    command = [sys.executable, "-m", "pytest", "-n", os.environ.get("LANES", "2"), "--maxschedchunk", "1"]
    command += ["tests/storm/test_storm.py"]
    return subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())

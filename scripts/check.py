"""Check everything that needs no running system: style, types, import directions, tidiness, migrations, web types."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def checks() -> dict[str, list[str]]:
    """List the checks by name, in the order in which they are cheap."""
    found = {
        "ruff": [str(BIN / "ruff"), "check", "-q", "--output-format", "concise", "."],
        "format": [str(BIN / "ruff"), "format", "-q", "--check", "--diff", "."],
        "imports": [str(BIN / "lint-imports"), "--no-cache"],
        "types": [str(BIN / "mypy"), "--no-error-summary"],
        "tidy": [sys.executable, "-m", "pytest", "tests/test_tidy.py", "tests/test_generated.py", "tests/test_docs.py"],
    }
    if migrations := sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("migrations/*.sql")):
        found["migrations"] = [str(BIN / "squawk"), "--reporter", "gcc", *migrations]
    if list(ROOT.glob("web/*/package.json")):
        found["web"] = [str(BIN / "tongshang"), "web", "check"]
    return found


def main() -> int:
    """Run all checks, show the output of those that fail, and sum up."""
    failed = []
    for name, command in checks().items():
        begun = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        print(f"  {name:12} {'failed' if done.returncode else 'ok':7} {time.monotonic() - begun:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
        if done.returncode or name == "tidy":
            print(done.stdout.decode("utf-8", "replace"), flush=True)
    if failed:
        print(f"✗ {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

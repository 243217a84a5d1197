"""Run the rings of tests, from pure to browser, and say at the end how each of them went.

Usage: rings.py [--cover] [units contract stories storm browser postgres15]. Prepares the machine first
(a browser, a Chinese font, PostgreSQL 15) where apt may do so, and says aloud where it may not.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
RINGS = {
    "units": [
        "pure",
        "weixin",
        "wxsandbox",
        "platform",
        "context",
        "test_make.py",
        "test_mutants.py",
        "test_webbuild.py",
    ],
    "contract": ["contract"],
    "stories": ["stories"],
    "storm": ["storm"],
    "browser": ["browser"],
    "postgres15": ["context", "stories"],
}
# What a ring needs from the system, as (what proves that it is there, Debian's package).
NEEDS = {
    "browser": [("/usr/bin/chromium", "chromium"), ("/usr/share/fonts/truetype/wqy", "fonts-wqy-microhei")],
    "postgres15": [(str(POSTGRES_15 / "initdb"), "postgresql-15")],
}
# More seeds are played as long as the ring is not older than this; the first ones are, however long they take.
STORM_SECONDS = 95
# In CI all must end within 25 minutes. Where the rings before took longer than this, the machine is slow, and the last
# one repeats the stories alone, which go through every context.
BUSY_SECONDS = 960
MONEY = ["weixin", "tongshang.payments", "tongshang.trade"]


def prepare(rings: list[str]) -> None:
    """Install what the rings need and the machine lacks; where that is not possible, say so."""
    needs = [need for ring in rings for need in NEEDS.get(ring, [])]
    missing = [package for proof, package in needs if not Path(proof).exists()]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"! 未安装 {' '.join(missing)}（不是 root 或没有 apt），相关测试会跳过。")
        print(f"! {' '.join(missing)} not installed (not root, or no apt): what needs them is skipped.")
        return
    begun = time.monotonic()
    print(f"· apt-get install {' '.join(missing)} …", flush=True)
    apt("update")
    for package in missing:
        if apt("install", "-y", "--no-install-recommends", package):
            print(f"! apt cannot install {package} here: what needs it is skipped.")
    print(f"  {time.monotonic() - begun:.0f} s", flush=True)


def apt(*words: str) -> int:
    """Run apt-get without questions and without chatter; returns its exit code."""
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    quiet = subprocess.DEVNULL
    command = ["apt-get", "-qq", *words]
    return subprocess.run(command, check=False, stdin=quiet, stdout=quiet, env=env).returncode


def run(ring: str, *, cover: bool, late: bool) -> str:
    """Run one ring and return its verdict: passed (perhaps at the second try), failed, skipped or empty."""
    folders = [TESTS / name for name in RINGS[ring]]
    if ring == "postgres15" and late:
        print("! 这台机器较慢，这一环只跑 stories。/ A slow machine: this ring plays the stories alone.")
        folders = [TESTS / "stories"]
    tested = [str(f) for f in folders if f.is_file() or any(f.rglob("test_*.py"))]
    env = dict(os.environ)
    if ring == "postgres15":
        if not POSTGRES_15.exists():
            print("! 没有 PostgreSQL 15，这一环跳过。/ No PostgreSQL 15 here: this ring is skipped.")
            return "skipped"
        env["TEST_PG_BINDIR"] = str(POSTGRES_15)
    if not tested:
        return "empty"
    command = [sys.executable, "-m", "pytest", "-n", "2", *tested]
    if ring == "storm":
        env.setdefault("STORM_UNTIL", str(time.time() + STORM_SECONDS))
        command += ["--maxschedchunk", "1"]
    if ring == "postgres15":
        print("· 标为 slow 的只在默认的 PostgreSQL 上跑。/ What is marked slow runs on the default PostgreSQL alone.")
        command += ["-m", "not slow"]
    if cover:
        env["COVERAGE_FILE"] = str(ROOT / "var" / "coverage" / f".coverage.{ring}")
        command += [*(f"--cov={package}" for package in MONEY), "--cov-report="]
    code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    if code == 1 and os.environ.get("CI"):
        # On a busy machine a test with real processes may run out of time. Said aloud, and once only.
        print(f"! {ring}: what failed is run once more, by itself.", flush=True)
        again = [sys.executable, "-m", "pytest", "--last-failed", "--last-failed-no-failures", "none", *tested]
        code = subprocess.run(again, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
        return "passed at the second try" if code in (0, 5) else "failed"
    return {0: "passed", 5: "empty"}.get(code, "failed")


def report_coverage() -> int:
    """Add the rings' measurements up; under 95 % of lines is a failure."""
    folder = ROOT / "var" / "coverage"
    coverage = [sys.executable, "-m", "coverage"]
    env = dict(os.environ, COVERAGE_FILE=str(folder / ".coverage"))
    subprocess.run([*coverage, "combine", "-q", str(folder)], cwd=ROOT, env=env, check=False)
    report = [*coverage, "report", "--skip-covered", "--fail-under=95"]
    return subprocess.run(report, cwd=ROOT, env=env, check=False).returncode


def main() -> int:
    """Run the rings asked for, all of them by default, to the end even when one fails."""
    asked = [name for name in sys.argv[1:] if not name.startswith("-")]
    cover = "--cover" in sys.argv
    rings = asked or list(RINGS)
    prepare(rings)
    if cover:
        shutil.rmtree(ROOT / "var" / "coverage", ignore_errors=True)
        (ROOT / "var" / "coverage").mkdir(parents=True)
    verdicts, started = {}, time.monotonic()
    for ring in rings:
        print(f"\n== {ring}: {' '.join(RINGS[ring])}", flush=True)
        begun = time.monotonic()
        late = bool(os.environ.get("CI")) and begun - started > BUSY_SECONDS
        verdicts[ring] = (run(ring, cover=cover, late=late), time.monotonic() - begun)
    print()
    for ring, (verdict, seconds) in verdicts.items():
        print(f"  {ring:12} {seconds:5.0f} s  {verdict}")
    failed = any(verdict == "failed" for verdict, _ in verdicts.values())
    return 1 if failed or (cover and report_coverage()) else 0


if __name__ == "__main__":
    raise SystemExit(main())

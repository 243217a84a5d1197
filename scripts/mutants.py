"""Plant the named breakages of tests/mutants/*.toml, one by one, and see that each turns a test red.

Usage: mutants.py [--check] [words of names, or of a file's]. Works on copies of the sources under var/, LANES at a
time (two); the working tree is never touched. Exits non-zero when a breakage survives, or cannot be planted any more;
--check looks at nothing but that.
"""

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKSHOP = ROOT / "var" / "mutants"
COPIED = ("src", "migrations", "tests")
LANES = int(os.environ.get("LANES", "2"))
TIMEOUT_SECONDS = 180
AT_ONCE = 12  # tests that are judged together without any breakage
LEFT_OUT = shutil.ignore_patterns("__pycache__", "browser", "node_modules")


def breakages():
    """Read the breakages, those whose names (the file's before it) hold the words given."""
    words, found = [word for word in sys.argv[1:] if not word.startswith("-")], []
    for file in sorted((ROOT / "tests" / "mutants").glob("*.toml")):
        found += [one for one in tomllib.loads(file.read_text())["breakage"] if _asked(file.stem, one, words)]
    return found


def _asked(stem, one, words):
    return all(word in f"{stem} {one['name']}" for word in words)


def misplaced(breakage):
    """List what of a breakage is not there exactly once: the words it changes, the tests it names."""
    wrong = []
    for edit in breakage["edits"]:
        file = ROOT / edit["file"]
        count = file.read_text().count(edit["old"]) if file.exists() else 0
        if count != 1 or edit["old"] == edit["new"]:
            wrong.append(f"{edit['file']}: {count} times {edit['old'].strip()[:90]}")
    for test in breakage["tests"]:
        file, _, name = test.partition("::")
        text = (ROOT / "tests" / file).read_text() if (ROOT / "tests" / file).exists() else ""
        if f"def {name.partition('[')[0]}(" not in text:
            wrong.append(f"no test {test}")
    return wrong


def check():
    """Say which breakages cannot be planted any more; gives the exit code."""
    found = [(one["name"], wrong) for one in breakages() if (wrong := misplaced(one))]
    for name, wrong in found:
        print("\n".join([f"  {name}", *(f"      {line}" for line in wrong)]))
    return 1 if found else 0


def lane(number):
    """Make a copy of the sources to break."""
    folder = WORKSHOP / f"lane{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", folder)
    # Compiled once and checked by content: what is broken is compiled anew, and nothing else.
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "src", "tests"],
        cwd=folder, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return folder


KEEPER = """import sys, databases
with databases.shared_server():
    sys.stdin.read()"""


def keeper(folder):
    """Keep a copy's database server up from its first test to its last: the last to leave would stop it each time."""
    env = dict(os.environ, PYTHONPATH=f"{folder / 'src'}{os.pathsep}{folder / 'tests'}")
    command = [sys.executable, "-c", KEEPER]
    return subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def plant(folder, breakage):
    """Break the copy; gives what was there before, or None when the place is not found exactly once."""
    before = {}
    for edit in breakage["edits"]:
        file = folder / edit["file"]
        text = file.read_text()
        before.setdefault(file, text)
        if text.count(edit["old"]) != 1:
            mend(before)
            return None
        file.write_text(text.replace(edit["old"], edit["new"]))
    return before


def mend(before):
    """Put back what was there."""
    for file, text in before.items():
        file.write_text(text)


def run(folder, names):
    """Run tests of a copy; gives pytest's exit code and what it said."""
    env = dict(os.environ, PYTHONPATH=str(folder / "src"), PYTHONDONTWRITEBYTECODE="1", CI="true")
    tests = [f"tests/{one}" for one in names]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return -1, "hung"
    return done.returncode, done.stdout


def judge(folder, breakage):
    """Say what became of a breakage: killed, survived, misplaced or (the tests cannot even run) unfair."""
    before = plant(folder, breakage)
    if before is None:
        return "misplaced", "\n".join(edit["old"] for edit in breakage["edits"])
    try:
        code, said = run(folder, breakage["tests"])
    finally:
        mend(before)
    return {0: "survived", 1: "killed"}.get(code, "unfair"), said


def work(number, todo, verdicts):
    """Judge breakages until none is left; the tests themselves are judged first, without any."""
    folder = lane(number)
    server = keeper(folder)
    while True:
        try:
            breakage = todo.get_nowait()
        except queue.Empty:
            server.communicate()
            return
        begun = time.monotonic()
        if "edits" in breakage:
            verdict, said = judge(folder, breakage)
        else:
            code, said = run(folder, breakage["tests"])
            verdict = "unfair" if code else "passed"
        verdicts.append(verdict)
        lines = [f"  {breakage['name']:45} {verdict:10} {time.monotonic() - begun:5.1f} s"]
        if verdict not in ("killed", "passed"):
            lines += [f"      {line}" for line in said.splitlines()[-25:]]
        print("\n".join(lines), flush=True)


def main():
    """Judge all breakages and sum up."""
    if "--check" in sys.argv[1:]:
        return check()
    begun, verdicts, todo = time.monotonic(), [], queue.Queue()
    asked = breakages()
    # Without a breakage all of these must pass, or their failing with it means nothing.
    tests = list(dict.fromkeys(test for breakage in asked for test in breakage["tests"]))
    some = [tests[at : at + AT_ONCE] for at in range(0, len(tests), AT_ONCE)]
    for one in [*({"name": f"(no breakage, {n} of {len(some)})", "tests": t} for n, t in enumerate(some, 1)), *asked]:
        todo.put(one)
    threads = [threading.Thread(target=work, args=(n, todo, verdicts)) for n in range(LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shutil.rmtree(WORKSHOP, ignore_errors=True)
    killed = verdicts.count("killed")
    print(f"{killed} of {len(asked)} breakages were found out, {time.monotonic() - begun:.0f} s")
    return 0 if asked and killed == len(asked) and verdicts.count("passed") == len(some) else 1


if __name__ == "__main__":
    raise SystemExit(main())

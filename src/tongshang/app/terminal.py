"""What a person at the terminal sees: steps with their seconds, children's lines, and one sentence when it ends."""

import json
import re
import sys
from asyncio import get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_COLOURS = {"postgres": 34, "platform": 32, "worker": 36, "sandbox": 35, "web": 33, "seed": 33, "migrate": 34}
_ROUTINE = ("info", "debug")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_CALM = ("[INFO]", "[info", "[debug", " LOG:  ", " FATAL:  the database system is starting up", "yoyo_")


class Stop(Exception):
    """The command cannot go on; the message says in one sentence per language what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"✗ {zh}\n  {en}")


def say(line: str = "") -> None:
    """Print a line to whoever started the command."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@asynccontextmanager
async def step(zh: str, en: str) -> AsyncIterator[None]:
    """Print one line when a piece of work is done, with the seconds it took."""
    clock = get_running_loop().time
    begun = clock()
    yield
    say(f"· {zh} / {en} … {clock() - begun:.1f} s")


def child_line(name: str, line: str) -> None:
    """Print a child's line under its name, unless it is routine: everything is in var/log anyway."""
    if routine(line):
        return
    mark = f"{name:>9} |"
    if sys.stdout.isatty():
        mark = f"\x1b[{_COLOURS.get(name, 37)}m{mark}\x1b[0m"
    say(f"{mark} {line}")


def routine(line: str) -> bool:
    """Say whether a line reports nothing but that all is well."""
    if line.startswith("{"):
        try:
            return json.loads(line).get("level") in _ROUTINE
        except ValueError:
            return False
    plain = _ESCAPES.sub("", line)
    return not plain.strip() or any(mark in plain for mark in _CALM)

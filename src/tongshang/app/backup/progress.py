"""How far a backup or a restore is, told every few seconds and not oftener."""

import asyncio
from collections.abc import Callable

EVERY_SECONDS = 3.0


class Progress:
    """Tells how far it is, every few seconds and not oftener."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._clock = tell, asyncio.get_running_loop().time
        self._last, self.rows = self._clock(), 0

    def table(self, name: str, rows: int) -> None:
        """Take note of a table that is written."""
        self.rows += rows
        self._now_and_then(f"  … {name}: {rows} 行 / rows")

    def file(self, many: int) -> None:
        """Take note of a file that is copied."""
        self._now_and_then(f"  … {many} 个文件 / files")

    def _now_and_then(self, line: str) -> None:
        if self._clock() - self._last >= EVERY_SECONDS:
            self._last = self._clock()
            self._tell(line)

"""World time of the simulator: follows real time at an offset, or stands still until somebody turns it.

Only this module of the package may look at the wall clock.
"""

import time
from datetime import UTC, datetime
from typing import Final


class Clock:
    """A clock that runs (real time plus an offset) or is frozen; both can be turned."""

    def __init__(self, *, start: datetime | None = None) -> None:
        """Start running at real time, or frozen at `start`."""
        self.frozen: bool = start is not None
        self._offset = 0.0
        self._frozen_at = start.timestamp() if start is not None else 0.0
        # Where an advance under way is going; periodic work skips the beats in between.
        self.heading = 0.0

    def now(self) -> float:
        """Return world time in unix seconds."""
        return self._frozen_at if self.frozen else time.time() + self._offset

    def seconds(self) -> int:
        """Return world time in whole unix seconds."""
        return int(self.now())

    def set(self, moment: float) -> None:
        """Turn the clock to `moment` (unix seconds) without running anything."""
        if self.frozen:
            self._frozen_at = moment
        else:
            self._offset = moment - time.time()

    def freeze(self) -> None:
        """Stop the clock where it is."""
        self._frozen_at = self.now()
        self.frozen = True

    def run(self) -> None:
        """Let the clock run from where it is."""
        moment = self.now()
        self.frozen = False
        self.set(moment)

    def horizon(self) -> float:
        """Return the later of now and the target of an advance under way."""
        return max(self.now(), self.heading)

    def dump(self) -> dict[str, float | bool]:
        """Describe the clock so that a restart finds the same time."""
        return {"frozen": self.frozen, "at": self._frozen_at, "offset": self._offset}

    def load(self, kept: dict[str, float | bool]) -> None:
        """Take up a clock that an earlier process left."""
        self.frozen = bool(kept["frozen"])
        self._frozen_at = float(kept["at"])
        self._offset = float(kept["offset"])


STOPWATCH: Final = time.perf_counter


def iso(moment: float) -> str:
    """Write unix seconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> float:
    """Read ISO 8601 (or unix seconds as digits) as unix seconds."""
    if text.replace(".", "", 1).isdigit():
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

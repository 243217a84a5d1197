"""The journal: every call and every callback, searchable and replayable, bounded in memory and on disk."""

from collections import deque
from typing import Any

import msgspec

from wxsandbox.state import State

IN_MEMORY = 4000
ON_DISK = 20_000
BODY_LIMIT = 16_384


class Entry(msgspec.Struct):
    """One exchange. `kind` is "call" (to the simulator) or "callback" (from it)."""

    id: int
    at: float
    kind: str
    method: str
    url: str
    name: str
    status: int = 0
    ms: float = 0.0
    appid: str = ""
    person: str = ""
    delivery: str = ""
    request_headers: dict[str, str] = {}
    request: str = ""
    response: str = ""
    note: str = ""


class Journal:
    """Entries in memory, flushed to disk in batches: a call must not wait for its own diary."""

    def __init__(self, state: State) -> None:
        """Read what an earlier process left."""
        self._state = state
        decoder = msgspec.json.Decoder(Entry)
        kept = [decoder.decode(body) for body in state.read_journal()[-IN_MEMORY:]]
        self.entries: deque[Entry] = deque(kept, maxlen=IN_MEMORY)
        self._last = kept[-1].id if kept else 0
        self._unwritten: list[Entry] = []

    def add(self, at: float, kind: str, method: str, url: str, name: str, **rest: Any) -> Entry:
        """Write an exchange down."""
        self._last += 1
        entry = Entry(self._last, at, kind, method, url, name, **rest)
        self.entries.append(entry)
        self._unwritten.append(entry)
        return entry

    def flush(self) -> None:
        """Put on disk what is new."""
        if not self._unwritten:
            return
        entries, self._unwritten = self._unwritten, []
        self._state.append_journal([(e.id, msgspec.json.encode(e)) for e in entries], ON_DISK)

    def get(self, id: int) -> Entry | None:
        """Return the entry of this number, if it is still kept in memory."""
        return next((e for e in self.entries if e.id == id), None)

    def search(self, *, limit: int = 100, after: int = 0, words: str = "", **equal: str) -> list[Entry]:
        """Return entries, newest first, whose fields equal and whose text holds `words`."""
        found: list[Entry] = []
        for entry in reversed(self.entries):
            if entry.id <= after or len(found) >= limit:
                break
            if any(getattr(entry, field) != value for field, value in equal.items()):
                continue
            if words and not any(words in part for part in (entry.url, entry.request, entry.response, entry.note)):
                continue
            found.append(entry)
        return found

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self.entries.clear()
        self._unwritten.clear()


def cut(body: bytes) -> str:
    """Return a body as text for the journal, cut to a bearable length."""
    return body[:BODY_LIMIT].decode("utf-8", "replace")

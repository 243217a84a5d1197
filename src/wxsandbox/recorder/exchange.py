"""One recorded call as a line of JSON, and files of such lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec


class FilePart(msgspec.Struct, omit_defaults=True):
    """A part of a form: a file by its name, size and first bytes (hex), or a field by its value."""

    name: str
    value: str = ""
    filename: str = ""
    content_type: str = ""
    size: int = 0
    head: str = ""


class Exchange(msgspec.Struct, omit_defaults=True):
    """One call and its answer, redacted. `at` is the answering server's own time, unix seconds.

    A body is JSON (`body`), a form (`parts`), or something we cannot read, of which only the size is kept (`opaque`).
    An answer is JSON (`answer`) or a file, of which the content type is kept (`file`).
    """

    at: int
    host: str
    method: str
    path: str
    status: int
    query: dict[str, str] = {}
    body: Any = None
    parts: list[FilePart] = []
    opaque: int = 0
    answer: Any = None
    file: str = ""


def read(path: Path) -> list[Exchange]:
    """Read a file of exchanges; raises msgspec.DecodeError for a line that is none."""
    decoder = msgspec.json.Decoder(Exchange)
    return [decoder.decode(line) for line in path.read_bytes().splitlines() if line.strip()]


def write(path: Path, exchanges: Iterable[Exchange]) -> None:
    """Write a file of exchanges."""
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in exchanges))


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Give everything in a document that is not a list or an object, under the nearest key."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, key)
    else:
        yield key, value

"""The words in which cases are told: who asks, with which ids and body, and what a stranger is told."""

from dataclasses import dataclass, field
from typing import Any

DONE = range(200, 300)
GONE, NOBODY, NOT_HIS, UNWELL = {404}, {401}, {403}, {400, 404, 409, 502, 503}
OWN = set(DONE)
"""A stranger may do this, in his own shop: then nothing of the first merchant is in the answer."""


@dataclass(frozen=True)
class Case:
    """How to ask: names in the path and `$names` in the body and query stand for what the first merchant has."""

    stranger: set[int] = field(default_factory=lambda: OWN)
    body: Any = None
    who: str = "owner"
    query: str = ""
    path: dict[str, str] = field(default_factory=dict)
    strange: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def gone(body: Any = None, **path: str) -> Case:
    """Make the case of something that has an id: for a stranger it is not there."""
    return Case(GONE, body, path=path)


def owns(body: Any = None, **path: str) -> Case:
    """Make the case of creating under the caller's own id: a stranger with the same id gets his own."""
    return Case(OWN, body, path=path)


def provider(body: Any = None, **path: str) -> Case:
    """Make the case of what the provider's staff alone may do."""
    return Case(NOT_HIS, body, "provider", path=path)


def shopper(stranger: set[int] = OWN, body: Any = None, query: str = "", **path: str) -> Case:
    """Make the case of what a customer does."""
    return Case(stranger, body, "shopper", query, path)

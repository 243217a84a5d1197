"""Routes as data: what answers where, from which official page, checked against which types."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.http import Call, Reply

if TYPE_CHECKING:
    from wxsandbox.box import Box
    from wxsandbox.deliveries import Courier
    from wxsandbox.faults import Fault

Handler = Callable[[Call], Awaitable[Any]]
Refusal = Callable[[Call, "Fault"], Reply]
Due = Callable[["Box", dict[str, Any]], Awaitable[None]]
Start = Callable[["Box"], Awaitable[None]]


class Route(msgspec.Struct, frozen=True):
    """One endpoint. A handler returns a Reply, or a value that is sent as JSON.

    `host` is a WeChat host, `_sandbox` for the control plane, or "" for paths at the root such as `/phone`.
    `path` may hold `{name}` (one part) and `{name*}` (the rest). `page` and `date` name the official page
    and the day it was read; `errors` lists the codes this endpoint can answer.
    """

    host: str
    method: str
    path: str
    handler: Handler
    page: str = ""
    date: str = ""
    body: Any = None
    errors: tuple[int | str, ...] = ()
    refuse: Refusal | None = None
    journal: bool = True

    @property
    def name(self) -> str:
        """Name the route as faults and the journal do: method and path."""
        return f"{self.method} {self.path}"


class Part(msgspec.Struct, frozen=True):
    """What one product contributes: routes, timed work by kind, couriers by kind, and a start hook."""

    name: str
    routes: tuple[Route, ...] = ()
    dues: dict[str, Due] = msgspec.field(default_factory=dict)
    couriers: "dict[str, Courier]" = msgspec.field(default_factory=dict)
    start: Start | None = None


class Router:
    """Finds the route of a request: a dictionary for plain paths, patterns for the rest."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Sort the routes by host."""
        self.routes = list(routes)
        self.hosts = {route.host for route in self.routes}
        self._exact: dict[tuple[str, str, str], Route] = {}
        self._patterns: dict[tuple[str, str], list[tuple[re.Pattern[str], Route]]] = {}
        for route in self.routes:
            if "{" in route.path:
                self._patterns.setdefault((route.host, route.method), []).append((pattern(route.path), route))
            else:
                assert (route.host, route.method, route.path) not in self._exact, f"twice: {route.name}"
                self._exact[route.host, route.method, route.path] = route

    def find(self, host: str, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route and its path parameters, or None."""
        if route := self._exact.get((host, method, path)):
            return route, {}
        for regex, route in self._patterns.get((host, method), ()):
            if found := regex.match(path):
                return route, found.groupdict()
        return None

    def methods(self, host: str, path: str) -> list[str]:
        """List the methods under which this path exists."""
        return [m for m in ("GET", "POST", "PUT", "DELETE") if self.find(host, m, path)]


def pattern(path: str) -> re.Pattern[str]:
    """Turn a path with {parts} into a regular expression."""
    parts = re.split(r"(\{\w+\*?\})", path)
    return re.compile("".join(_piece(part) for part in parts) + r"\Z")


def _piece(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part[1:-1]
    return f"(?P<{name[:-1]}>.*)" if name.endswith("*") else f"(?P<{name}>[^/]+)"

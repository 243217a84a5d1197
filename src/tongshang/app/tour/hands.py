"""The tour's hands, over public HTTP only: the console, the simulator's control plane, a person's browser in WeChat."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit, urlunsplit

import aiohttp
import msgspec

PATIENCE = aiohttp.ClientTimeout(total=120)
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 15


class NotDone(Exception):
    """Somebody said no, or nothing came of it: a sentence for the person who watches."""


class LoopbackNames(aiohttp.ThreadedResolver):
    """Finds every *.localhost on this machine, as browsers do and not every system."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        """Return the addresses of a host."""
        own = host == "localhost" or host.endswith(".localhost")
        return await super().resolve("127.0.0.1" if own else host, port, family)


class Hand:
    """A client of one base address, with cookies of its own."""

    def __init__(self, base: str, **headers: str) -> None:
        self.base = base
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=LoopbackNames()),
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=PATIENCE,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.close()

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and decode the answer; raises NotDone with the refusal's own words."""
        data = None if body is None else msgspec.json.encode(body)
        headers = {**self.headers, **({"content-type": "application/json"} if data else {})}
        async with self.http.request(method, self.base + path, data=data, headers=headers) as answer:
            raw = await answer.read()
            if answer.status >= 300:
                raise NotDone(_words(raw) or f"{method} {path}: {answer.status}")
            return msgspec.json.decode(raw) if raw else None


class Simulator(Hand):
    """The simulator's control plane."""

    async def act(self, person: str, what: str, **fields: Any) -> dict[str, Any]:
        """Let somebody do something with the phone."""
        return dict(await self.call("POST", f"/people/{person}/{what}", fields))

    async def chat(self, person: str, appid: str) -> list[dict[str, Any]]:
        """Read the bubbles of somebody's chat, oldest first."""
        return list((await self.call("GET", f"/people/{person}/chats/{appid}"))["messages"])


class Phone(Hand):
    """A person's browser inside WeChat, at one store; `base` is the store's API on the person's own host."""

    def __init__(self, base: str, person: str) -> None:
        super().__init__(base, user_agent="Mozilla/5.0 (iPhone) MicroMessenger/8.0.50", accept_language="zh-CN")
        self.person = person

    async def enter(self, login: str) -> dict[str, Any]:
        """Go through the store's log-in, by WeChat's page and back; give the fan that came of it."""
        url = at_person(login, self.person)
        for _ in range(MOST_REDIRECTS):
            async with self.http.get(url.partition("#")[0], headers=self.headers, allow_redirects=False) as answer:
                if answer.status not in REDIRECTS:
                    break
                url = at_person(urljoin(url, answer.headers["location"]), self.person)
        _, found, ticket = url.partition("login_ticket=")
        if not found:
            raise NotDone(f"{url}: no log-in ticket")
        made = await self.call("POST", "/sessions", {"ticket": ticket})
        self.headers["authorization"] = f"Bearer {made['token']}"
        return dict(made["fan"])


def at_person(url: str, person: str) -> str:
    """Turn a loopback address into the same address on the person's own host."""
    parts = urlsplit(url)
    if parts.hostname not in ("localhost", "127.0.0.1"):
        return url
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{person}.localhost{port}"))


def _words(raw: bytes) -> str:
    """Read the sentence of a problem document, if it is one, without its full stop."""
    try:
        problem = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.MsgspecError:
        return ""
    return str(problem.get("detail") or problem.get("title") or "").rstrip("。.")

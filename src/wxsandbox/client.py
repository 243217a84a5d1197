"""A small async client of the control plane, and a headless browser for each person.

async with Sandbox("http://localhost:8800") as sandbox:
    alice = await sandbox.person("alice", nickname="小爱")
    await alice.scan(ticket=ticket)
    page = await alice.open("http://localhost:8000/s/tea/login")
"""

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
import msgspec

from wxsandbox.box import LoopbackResolver
from wxsandbox.http import at_person
from wxsandbox.pay.client import PayHand, PayPhone

MOST_REDIRECTS = 15
LINK = re.compile(r'id="(allow|deny)" href="([^"]+)"')
FORM = re.compile(r"""<form[^>]*\saction=['"]([^'"]+)['"]""")


class SandboxError(Exception):
    """The control plane refused: its status and sentence."""

    def __init__(self, status: int, detail: str) -> None:
        """Keep what it said."""
        super().__init__(f"{status} {detail}")
        self.status, self.detail = status, detail


class Sandbox(PayHand):
    """The control plane of one simulator."""

    def __init__(self, base_url: str) -> None:
        """Talk to the simulator at `base_url`."""
        self.url = base_url.rstrip("/")
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=LoopbackResolver()))

    async def __aenter__(self) -> Self:
        """Open."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Call the control plane; raises SandboxError unless it answers 200."""
        data = None if body is None else msgspec.json.encode(body)
        params = {name: str(value) for name, value in query.items()}
        headers = {"content-type": "application/json"}
        url = f"{self.url}/_sandbox{path}"
        async with self._http.request(method, url, data=data, params=params, headers=headers) as answer:
            raw = await answer.read()
            if answer.status != 200:
                raise SandboxError(answer.status, raw.decode("utf-8", "replace"))
            return msgspec.json.decode(raw) if answer.content_type == "application/json" else raw.decode()

    async def component(self, appid: str, **fields: Any) -> dict[str, Any]:
        """Create or configure a third-party platform."""
        return dict(await self.call("POST", "/components", {"appid": appid, **fields}))

    async def account(self, appid: str = "", **fields: Any) -> dict[str, Any]:
        """Create or change an account."""
        return dict(await self.call("POST", "/accounts", {"appid": appid, **fields}))

    async def person(self, name: str, nickname: str = "", **fields: Any) -> "Phone":
        """Create a person (or take one that exists) and hold their phone."""
        await self.call("POST", "/people", {"name": name, "nickname": nickname, **fields})
        return Phone(self, name)

    async def now(self) -> float:
        """Read the clock, in unix seconds."""
        return float((await self.call("GET", "/clock"))["unix"])

    async def advance(self, seconds: float) -> float:
        """Let world time pass; returns the new time."""
        return float((await self.call("POST", "/clock/advance", {"seconds": seconds}))["unix"])

    async def settle(self) -> bool:
        """Wait until every callback that is due has been made."""
        return bool((await self.call("POST", "/settle"))["settled"])

    async def fault(self, on: str, effect: str, **fields: Any) -> str:
        """Put a fault rule in force; returns its id."""
        return str((await self.call("POST", "/faults", {"on": on, "effect": effect, **fields}))["id"])

    async def heal(self, fault: str = "") -> None:
        """Drop one fault rule, or all."""
        await self.call("DELETE", f"/faults/{fault}" if fault else "/faults")

    async def journal(self, **query: Any) -> list[dict[str, Any]]:
        """Search the journal, newest first."""
        return list((await self.call("GET", "/journal", **query))["items"])

    async def withdraw(self, component: str, appid: str) -> None:
        """Take an account's authorization back, as its administrator."""
        await self.call("DELETE", f"/accounts/{appid}/authorizations/{component}")


class Page(msgspec.Struct):
    """Where a browser ended."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    visited: list[str]

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as JSON."""
        return msgspec.json.decode(self.body)


class Phone(PayPhone):
    """A person's phone: what they do in WeChat, and a browser with cookies of its own."""

    def __init__(self, sandbox: Sandbox, name: str) -> None:
        """Hold the phone of `name`."""
        self.sandbox, self.name = sandbox, name
        self._referer = f"{at_person(sandbox.url, name)}/"
        self._browser = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=LoopbackResolver()),
            cookie_jar=aiohttp.CookieJar(),
            headers={"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50", "accept-language": "zh-CN"},
        )

    async def close(self) -> None:
        """Close the browser."""
        await self._browser.close()

    async def act(self, what: str, **fields: Any) -> dict[str, Any]:
        """Do something: follow, unfollow, say, tap, scan, open, consent, authorize, pay, ..."""
        return dict(await self.sandbox.call("POST", f"/people/{self.name}/{what}", fields))

    async def follow(self, appid: str) -> dict[str, Any]:
        """Follow an account."""
        return await self.act("follow", appid=appid)

    async def unfollow(self, appid: str) -> dict[str, Any]:
        """Stop following."""
        return await self.act("unfollow", appid=appid)

    async def say(self, appid: str, text: str) -> dict[str, Any]:
        """Say something to an account."""
        return await self.act("say", appid=appid, text=text)

    async def scan(self, *, text: str = "", ticket: str = "") -> dict[str, Any]:
        """Scan a QR code; a stranger follows."""
        return await self.act("scan", text=text, ticket=ticket)

    async def tap(self, appid: str, button: str) -> dict[str, Any]:
        """Tap a menu button by name or place."""
        return await self.act("tap", appid=appid, button=button)

    async def authorize(self, url: str, appid: str, func_ids: list[int] | None = None) -> str:
        """Authorize an account through a platform's link; returns where the browser goes."""
        return str((await self.act("authorize", url=url, appid=appid, func_ids=func_ids or []))["url"])

    async def chat(self, appid: str) -> list[dict[str, Any]]:
        """Read the bubbles of a chat, oldest first."""
        return list((await self.sandbox.call("GET", f"/people/{self.name}/chats/{appid}"))["messages"])

    async def profile(self) -> dict[str, Any]:
        """Read everything the person sees."""
        return dict(await self.sandbox.call("GET", f"/people/{self.name}"))

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """Hear what happens on the phone, as it happens."""
        url = f"{self.sandbox.url}/_sandbox/people/{self.name}/events"
        async with self._browser.get(url, timeout=aiohttp.ClientTimeout(total=None)) as answer:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    yield msgspec.json.decode(line[6:])

    async def open(self, url: str) -> Page:
        """Open a link in the phone's browser and follow redirects, as this person."""
        return await self.request("GET", url)

    async def submit(self, page: Page, fields: dict[str, str]) -> Page:
        """Fill in the form of a page and send it off."""
        if (found := FORM.search(page.text)) is None:
            raise SandboxError(422, f"no form: {page.url} {page.text[:200]}")
        headers = {"content-type": "application/x-www-form-urlencoded"}
        url = urljoin(page.url, unescape(found[1]))
        return await self.request("POST", url, body=urlencode(fields).encode(), headers=headers)

    async def request(
        self, method: str, url: str, *, json: Any = None, body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Page:  # fmt: skip
        """Make a request in the phone's browser, with its cookies; loopback hosts become the person's own."""
        url, visited = at_person(url, self.name), []
        data = body if json is None else msgspec.json.encode(json)
        extra = {"referer": self._referer, **({"content-type": "application/json"} if json is not None else {})}
        for _ in range(MOST_REDIRECTS):
            visited.append(url)
            async with self._browser.request(
                method, url.partition("#")[0], data=data, headers={**extra, **(headers or {})}, allow_redirects=False
            ) as answer:
                read = await answer.read()
                if answer.status not in (301, 302, 303, 307, 308):
                    if "text/html" in answer.headers.get("content-type", ""):
                        self._referer = origin(url)
                    return Page(url, answer.status, dict(answer.headers), read, visited)
                url = at_person(urljoin(url, answer.headers["location"]), self.name)
                if answer.status in (301, 302, 303):
                    method, data = "GET", None
        raise SandboxError(310, f"more than {MOST_REDIRECTS} redirects: {visited}")

    async def consent(self, page: Page, *, allow: bool = True) -> Page:
        """Tap 允许 or 拒绝 on an OAuth consent page."""
        links = dict(LINK.findall(page.text))
        wanted = "allow" if allow else "deny"
        if wanted not in links:
            raise SandboxError(422, f"no consent page: {page.url} {page.text[:200]}")
        return await self.open(urljoin(page.url, unescape(links[wanted])))

    async def until(self, appid: str, count: int, seconds: float = 5.0) -> list[dict[str, Any]]:
        """Wait until a chat has at least `count` bubbles, and return them."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            bubbles = await self.chat(appid)
            if len(bubbles) >= count or asyncio.get_running_loop().time() > end:
                return bubbles
            await asyncio.sleep(0.05)


def origin(url: str) -> str:
    """Return the origin of an address, as browsers send it across sites."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"

"""Asking the simulator what WeChat was asked, and saying where its answers have another shape."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import aiohttp
import msgspec
from yarl import URL

from wxsandbox.client import Sandbox
from wxsandbox.recorder import bindings, platforms
from wxsandbox.recorder.bindings import Bindings
from wxsandbox.recorder.exchange import Exchange, FilePart
from wxsandbox.recorder.shapes import Difference, differences
from wxsandbox.server import serve


class Finding(NamedTuple):
    """One difference, with the number of the exchange in its file (from 1) and its call."""

    number: int
    call: str
    difference: Difference

    def __str__(self) -> str:
        """Write it as a line."""
        where, recorded, answered = self.difference
        return f"{self.number}: {self.call}: {where}: WeChat {recorded}, simulator {answered}"


class Report(NamedTuple):
    """What a replay found, and which exchanges it could not ask again."""

    asked: int
    findings: list[Finding]
    skipped: list[int]


async def replay(exchanges: Sequence[Exchange]) -> Report:
    """Replay a recording against a fresh simulator that begins when the recording begins, and follows its clock."""
    begun = min((one.at for one in exchanges if one.at), default=0)
    start = datetime.fromtimestamp(begun, UTC) if begun else datetime(2026, 9, 1, tzinfo=UTC)
    findings: list[Finding] = []
    skipped: list[int] = []
    async with serve(start=start) as box, Sandbox(box.url) as sandbox, aiohttp.ClientSession() as http:
        known = await prepare(sandbox, exchanges)
        for number, one in enumerate(exchanges, 1):
            if one.opaque:
                skipped.append(number)
                continue
            if (behind := one.at - await sandbox.now()) > 0:
                await sandbox.advance(behind)
            platforms.before(box, one, known)
            found = await ask(http, box.url, one, known)
            findings += [Finding(number, f"{one.method} {one.path}", difference) for difference in found]
    return Report(len(exchanges) - len(skipped), findings, skipped)


async def prepare(sandbox: Sandbox, exchanges: Sequence[Exchange]) -> Bindings:
    """Set up the accounts of a recording, and the people it speaks of: followers who have just written."""
    known = Bindings()
    await platforms.prepare(sandbox, list(exchanges))
    credentials = bindings.accounts(exchanges)
    for appid, secret in credentials.items():
        await sandbox.account(appid, secret=secret)
    for n, openid in enumerate(bindings.followers(exchanges)):
        for appid in [*credentials, *platforms.authorizers(exchanges)][:1]:
            phone = await sandbox.person(f"person-{n}")
            known.bind(openid, (await phone.follow(appid))["openid"])
            await phone.act("say", appid=appid, text="在吗")
            await phone.close()
    return known


async def ask(http: aiohttp.ClientSession, url: str, one: Exchange, known: Bindings) -> list[Difference]:
    """Ask one question again, learn from the answer, and compare."""
    target = URL(f"{url}/{one.host}{one.path}").with_query({k: known.fill(v, k) for k, v in one.query.items()})
    data: Any = None
    if one.parts:
        data = form(one.parts, known)
    elif one.body is not None:
        data = msgspec.json.encode(known.fill(one.body))
    async with http.request(one.method, target, data=data, allow_redirects=False) as answer:
        said, kind = await answer.read(), answer.content_type
    if answer.status != one.status:
        return [Difference("status", str(one.status), str(answer.status))]
    try:
        given = msgspec.json.decode(said)
    except (msgspec.DecodeError, UnicodeDecodeError):
        same = one.file.partition("/")[0] == kind.partition("/")[0]
        return [] if same else [Difference("file", one.file or "JSON", kind)]
    if one.file:
        return [Difference("file", one.file, "JSON")]
    known.learn(one.answer, given)
    return sorted(differences(one.answer, given))


def form(parts: Sequence[FilePart], known: Bindings) -> aiohttp.FormData:
    """Make a form like the recorded one; files have their first bytes and their size, and nothing else in them."""
    made = aiohttp.FormData()
    for part in parts:
        if part.filename:
            content = bytes.fromhex(part.head).ljust(part.size, b"\x00")
            kind = part.content_type or "application/octet-stream"
            made.add_field(part.name, content, filename=part.filename, content_type=kind)
        else:
            made.add_field(part.name, known.fill(part.value, part.name))
    return made

"""Conversations over HTTP: the list, a thread, writing, and what people sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post, put

from tongshang.fans import people
from tongshang.media import blobs
from tongshang.messages.conversations import contacts, service, threads
from tongshang.messages.conversations.service import ServiceMessage
from tongshang.messages.conversations.threads import Conversation, Line
from tongshang.messages.conversations.windows import LIMITS, Windows
from tongshang.messages.outgoing import Outgoing
from tongshang.messages.reasons import Why
from tongshang.platform.errors import NotFound
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

CLERK = {"role": Role.CLERK}
# A stranger's file on our own host: shown as what it says it is, and never run.
SAFE = {"cache-control": "private, max-age=86400", "content-security-policy": "default-src 'none'; sandbox"}


class LineView(msgspec.Struct):
    """One thing that was said; `file` is where a picture or a voice can be had."""

    id: UUID
    at: datetime
    by: str
    kind: str
    text: str
    about: dict[str, Any]
    file: str | None
    file_type: str | None
    state: str
    why: Why | None
    outcome: str | None
    channel: str
    staff_id: UUID | None
    msgtype: str | None
    content: dict[str, Any]


class WindowView(msgspec.Struct):
    """An open window: after which act, until when, how many messages are left (null: any number)."""

    kind: str
    zh: str
    en: str
    until: datetime
    left: int | None


class WindowsView(msgspec.Struct):
    """What may be sent: until when and how many (null: any number); `refusal` is the errcode, or 0."""

    until: datetime | None
    left: int | None
    refusal: int
    open: list[WindowView]


class ThreadView(msgspec.Struct):
    """Who a conversation is with, and whether one may write."""

    fan_id: UUID
    openid: str
    nickname: str | None
    avatar: str | None
    remark: str
    subscribed: bool
    blocked: bool
    windows: WindowsView


class ListView(msgspec.Struct):
    """Conversations, the latest first, and how many are unread in all."""

    items: list[Conversation]
    next: str | None
    unread: int


class MessageAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A message to a person."""

    message: ServiceMessage


class SentView(msgspec.Struct):
    """A message as it is on its way."""

    id: UUID
    state: str
    text: str
    created_at: datetime


class TypingAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether somebody is typing."""

    on: bool = True


class TypingView(msgspec.Struct):
    """Whether WeChat shows it."""

    shown: bool


@get("/conversations", operation_id="list_conversations", opt=CLERK)
async def list_conversations(
    who: Staff, unread: bool = False, q: str = "", after: str | None = None, limit: int | None = None
) -> ListView:
    """List conversations, the latest first."""
    async with who.tx() as tx:
        page = await threads.listed(tx, unread=unread, q=q, after=after, limit=limit)
        return ListView(page.items, page.next, await threads.unread(tx))


@get("/conversations/{fan_id:uuid}", operation_id="get_conversation", opt=CLERK)
async def get_conversation(who: Staff, fan_id: UUID) -> ThreadView:
    """Show who a conversation is with, and until when one may write."""
    async with who.tx() as tx:
        fan = await people.get(tx, fan_id=fan_id)
        open_ = await contacts.windows(tx, fan_id=fan_id)
    return ThreadView(
        fan.id, fan.openid, fan.nickname, fan.avatar, fan.remark, fan.subscribed, fan.blocked, _windows(open_)
    )


@get("/conversations/{fan_id:uuid}/messages", operation_id="list_messages", opt=CLERK)
async def list_messages(who: Staff, fan_id: UUID, after: str | None = None, limit: int | None = None) -> Page[LineView]:
    """List what was said, newest first."""
    async with who.tx() as tx:
        page = await threads.lines(tx, fan_id=fan_id, after=after, limit=limit)
    return Page([_line(fan_id, line) for line in page.items], page.next)


@put("/conversations/{fan_id:uuid}/messages/{message_id:uuid}", operation_id="put_message", opt=CLERK, status_code=202)
async def put_message(who: Staff, fan_id: UUID, message_id: UUID, data: MessageAsked) -> SentView:
    """Write to a person; asking twice under one id is asking once."""
    async with who.tx() as tx:
        made = await service.promise(tx, fan_id=fan_id, message_id=message_id, message=data.message, staff_id=who.id)
    return _sent(made)


@put("/conversations/{fan_id:uuid}/reading", operation_id="read_conversation", opt=CLERK, status_code=204)
async def read_conversation(who: Staff, fan_id: UUID) -> None:
    """Note that a conversation was read."""
    async with who.tx() as tx:
        await threads.read(tx, fan_id=fan_id)


@post("/conversations/{fan_id:uuid}/typing", operation_id="show_typing", opt=CLERK, status_code=200)
async def show_typing(who: Staff, fan_id: UUID, data: TypingAsked) -> TypingView:
    """Show the person that somebody is typing."""
    return TypingView(await service.type_to(who.world, who.merchant, fan_id=fan_id, on=data.on))


@get("/conversations/{fan_id:uuid}/files/{said_id:uuid}", operation_id="get_said_file", opt=CLERK)
async def get_said_file(who: Staff, fan_id: UUID, said_id: UUID) -> Response[bytes]:
    """Give what a person sent: a picture, a voice, a video."""
    async with who.tx() as tx:
        found = await threads.file_of(tx, fan_id=fan_id, said_id=said_id)
    if found.file_sha is None:
        raise NotFound
    body = await blobs.read(who.world, who.merchant, digest=found.file_sha)
    return Response(body, media_type=found.file_type or "application/octet-stream", headers=SAFE)


def _windows(found: Windows) -> WindowsView:
    rows = [WindowView(one.kind, LIMITS[one.kind].zh, LIMITS[one.kind].en, one.until, one.left) for one in found.open]
    return WindowsView(found.until, found.left, found.refusal, rows)


def _sent(one: Outgoing) -> SentView:
    return SentView(one.id, one.state, one.text, one.created_at)


def _line(fan_id: UUID, line: Line) -> LineView:
    file = f"/api/console/conversations/{fan_id}/files/{line.id}" if line.file else None
    content = line.content or {}
    why = line.why if line.state in ("refused", "unknown") else None
    return LineView(
        line.id, line.at, line.by, line.kind, line.text, line.about, file, line.file_type, line.state, why,
        line.outcome, line.channel, line.staff_id, content.get("msgtype"), dict(content.get("content") or {}),
    )  # fmt: skip


console = [
    list_conversations, get_conversation, list_messages, put_message, read_conversation, show_typing, get_said_file,
]  # fmt: skip

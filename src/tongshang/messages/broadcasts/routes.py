"""Messages to many over HTTP: the console's mass send."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from tongshang.fans import people
from tongshang.messages.broadcasts import audience as audiences
from tongshang.messages.broadcasts import letters, results, sending
from tongshang.messages.broadcasts.audience import Quota, Reach
from tongshang.messages.broadcasts.model import Audience, Broadcast, Message, Part
from tongshang.messages.broadcasts.sentences import why
from tongshang.platform import facts
from tongshang.platform.errors import Invalid
from tongshang.platform.facts import Happening
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import calls
from weixin.products.mp import broadcasts

MANAGER = {"role": Role.MANAGER}


class BroadcastAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A message to many as it is to be."""

    message: Message
    audience: Audience
    ignore_reprint: bool = False


class AudienceAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An audience to count."""

    audience: Audience


class Confirmed(msgspec.Struct, forbid_unknown_fields=True):
    """How many people somebody has read it goes to, and when it goes (none: now)."""

    people: int
    send_at: datetime | None = None


class Trial(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to show it first: a fan, or somebody by WeChat name."""

    fan_id: UUID | None = None
    name: str = ""


class Taken(msgspec.Struct, forbid_unknown_fields=True):
    """Which article is made unreadable, counted from 1; 0 is all."""

    article: int = 0


class SpeedView(msgspec.Struct):
    """The level of speed, 0 the fastest, and what it means in people a minute."""

    level: int
    people_per_minute: int
    levels: list[int]


class SpeedAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A level of speed."""

    level: int


class Result(msgspec.Struct):
    """What became of one call at WeChat."""

    state: str
    people: int
    total: int | None
    filtered: int | None
    sent: int | None
    errors: int | None
    check_state: int
    urls: list[str]
    why: tuple[str, str] | None


class BroadcastView(msgspec.Struct):
    """A message to many; `why` says in both languages why it did not go out."""

    id: UUID
    message: Message
    headline: str
    audience: Audience
    ignore_reprint: bool
    state: str
    send_at: datetime | None
    people: int | None
    total: int | None
    filtered: int | None
    sent: int | None
    errors: int | None
    why: tuple[str, str] | None
    created_at: datetime
    began_at: datetime | None
    finished_at: datetime | None
    parts: list[Result] = []
    timeline: list[Happening] = []


@get("/broadcasts", operation_id="list_broadcasts", opt=MANAGER)
async def list_broadcasts(who: Staff, after: str | None = None, limit: int | None = None) -> Page[BroadcastView]:
    """List messages to many, newest first."""
    async with who.tx() as tx:
        page = await letters.listed(tx, after=after, limit=limit)
        items = [_view(one, await letters.headline(tx, one)) for one in page.items]
    return Page(items, page.next)


@get("/broadcasts/quota", operation_id="get_broadcast_quota", opt=MANAGER)
async def get_broadcast_quota(who: Staff) -> Quota:
    """Show what may still be sent today."""
    async with who.tx() as tx:
        return await audiences.quota(tx)


@post("/broadcasts/reach", operation_id="count_audience", opt=MANAGER, status_code=200)
async def count_audience(who: Staff, data: AudienceAsked) -> Reach:
    """Count who is meant by an audience."""
    async with who.tx() as tx:
        return await audiences.reach(tx, data.audience)


@get("/broadcasts/speed", operation_id="get_broadcast_speed", opt=MANAGER)
async def get_broadcast_speed(who: Staff) -> SpeedView:
    """Show how fast WeChat sends for the account."""
    level, real = await calls.ask(who.world, who.merchant, lambda c, token: broadcasts.speed(c, token=token))
    return SpeedView(level, real * 10_000, [speed * 10_000 for speed in broadcasts.SPEEDS])


@put("/broadcasts/speed", operation_id="put_broadcast_speed", opt=MANAGER)
async def put_broadcast_speed(who: Staff, data: SpeedAsked) -> SpeedView:
    """Change how fast WeChat sends for the account."""
    if not 0 <= data.level < len(broadcasts.SPEEDS):
        raise Invalid(field="level", problem="0-4")
    async with who.tx():
        pass  # the audit's line
    await calls.ask(who.world, who.merchant, lambda c, token: broadcasts.set_speed(c, token=token, level=data.level))
    level, real = await calls.ask(who.world, who.merchant, lambda c, token: broadcasts.speed(c, token=token))
    return SpeedView(level, real * 10_000, [speed * 10_000 for speed in broadcasts.SPEEDS])


@get("/broadcasts/{broadcast_id:uuid}", operation_id="get_broadcast", opt=MANAGER)
async def get_broadcast(who: Staff, broadcast_id: UUID) -> BroadcastView:
    """Show a message to many, with what became of each part of it."""
    return await _shown(who, broadcast_id)


@put("/broadcasts/{broadcast_id:uuid}", operation_id="put_broadcast", opt=MANAGER)
async def put_broadcast(who: Staff, broadcast_id: UUID, data: BroadcastAsked) -> BroadcastView:
    """Write a message to many, or change one that is not confirmed."""
    async with who.tx() as tx:
        await letters.put(
            tx, broadcast_id=broadcast_id, message=data.message, audience=data.audience,
            ignore_reprint=data.ignore_reprint,
        )  # fmt: skip
    return await _shown(who, broadcast_id)


@delete("/broadcasts/{broadcast_id:uuid}", operation_id="drop_broadcast", opt=MANAGER, status_code=204)
async def drop_broadcast(who: Staff, broadcast_id: UUID) -> None:
    """Forget a message that was never confirmed."""
    async with who.tx() as tx:
        await letters.drop(tx, broadcast_id=broadcast_id)


@post("/broadcasts/{broadcast_id:uuid}/trial", operation_id="try_broadcast", opt=MANAGER, status_code=204)
async def try_broadcast(who: Staff, broadcast_id: UUID, data: Trial) -> None:
    """Show it to one person first."""
    if (data.fan_id is None) == (not data.name.strip()):
        raise Invalid(field="fan_id", problem="a follower or a WeChat name is needed", zh="请选择一位粉丝或填写微信号")
    async with who.tx() as tx:
        await letters.get(tx, broadcast_id=broadcast_id)
        openid = (await people.get(tx, fan_id=data.fan_id)).openid if data.fan_id else ""
    await sending.trial(who.world, who.merchant, broadcast_id=broadcast_id, openid=openid, name=data.name.strip())


@post("/broadcasts/{broadcast_id:uuid}/confirmation", operation_id="confirm_broadcast", opt=MANAGER, status_code=200)
async def confirm_broadcast(who: Staff, broadcast_id: UUID, data: Confirmed) -> BroadcastView:
    """Promise to send it, now or later, to as many people as was read."""
    async with who.tx() as tx:
        await letters.confirm(tx, broadcast_id=broadcast_id, people=data.people, send_at=data.send_at)
    return await _shown(who, broadcast_id)


@post("/broadcasts/{broadcast_id:uuid}/cancellation", operation_id="cancel_broadcast", opt=MANAGER, status_code=200)
async def cancel_broadcast(who: Staff, broadcast_id: UUID) -> BroadcastView:
    """Call it off before it goes."""
    async with who.tx() as tx:
        await letters.cancel(tx, broadcast_id=broadcast_id)
    return await _shown(who, broadcast_id)


@post("/broadcasts/{broadcast_id:uuid}/deletion", operation_id="delete_broadcast", opt=MANAGER, status_code=200)
async def delete_broadcast(who: Staff, broadcast_id: UUID, data: Taken) -> BroadcastView:
    """Make sent articles or a film unreadable, for good."""
    async with who.tx() as tx:
        await letters.get(tx, broadcast_id=broadcast_id)
    await results.delete(who.world, who.merchant, broadcast_id=broadcast_id, article=data.article)
    return await _shown(who, broadcast_id)


async def _shown(who: Staff, broadcast_id: UUID) -> BroadcastView:
    async with who.tx() as tx:
        one = await letters.get(tx, broadcast_id=broadcast_id)
        parts = await letters.parts(tx, broadcast_id=broadcast_id)
        happened = await facts.timeline(tx, subject=broadcast_id)
        headline = await letters.headline(tx, one)
    view = _view(one, headline)
    view.parts, view.timeline = [_result(part) for part in parts], happened
    return view


def _view(one: Broadcast, headline: str) -> BroadcastView:
    return BroadcastView(
        one.id, Message(one.kind, one.text, one.materials, one.article_set_id, one.extra), headline, one.audience,
        one.ignore_reprint, one.state, one.send_at, one.people, one.total, one.filtered, one.sent, one.errors,
        why(one.status, one.errcode) if one.state == "failed" else None, one.created_at, one.began_at,
        one.finished_at,
    )  # fmt: skip


def _result(part: Part) -> Result:
    failed = why(part.status, part.errcode) if part.state == "failed" else None
    return Result(
        part.state, part.people, part.total, part.filtered, part.sent, part.errors, part.check_state, part.urls, failed
    )  # fmt: skip


console = [
    list_broadcasts, get_broadcast_quota, count_audience, get_broadcast_speed, put_broadcast_speed, get_broadcast,
    put_broadcast, drop_broadcast, try_broadcast, confirm_broadcast, cancel_broadcast, delete_broadcast,
]  # fmt: skip

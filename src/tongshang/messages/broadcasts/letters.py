"""Broadcasts written, counted, confirmed and called off; nothing here reaches WeChat."""

from datetime import datetime
from uuid import UUID

from tongshang.messages.articles import sets
from tongshang.messages.broadcasts import audience as audiences
from tongshang.messages.broadcasts.audience import Reach
from tongshang.messages.broadcasts.facts import BroadcastCancelled, BroadcastConfirmed
from tongshang.messages.broadcasts.model import (
    BROADCAST,
    Audience,
    Broadcast,
    By,
    Extra,
    Kind,
    Message,
    OtherCount,
    Part,
    State,
    TooEarly,
    check,
)
from tongshang.messages.materials import library
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.wechat.authorization import permissions

FIELDS = """id, kind, text, materials, article_set_id, audience, ignore_reprint, state, created_at, updated_at, appid,
  send_at, people, total, filtered, sent, errors, status, errcode, began_at, finished_at, extra"""
PARTS = """id, broadcast_id, number, state, people, draft_media_id, msg_id, msg_data_id, status, errcode, total,
  filtered, sent, errors, check_state, accepted_at, finished_at, urls"""
ONE = f"select {FIELDS} from broadcast where merchant_id = $1 and id = $2"
LIST = f"""select {FIELDS} from broadcast where merchant_id = $1 and ($2::uuid is null or id < $2)
order by id desc limit $3"""
PARTS_OF = f"select {PARTS} from broadcast_part where merchant_id = $1 and broadcast_id = $2 order by number"
ADD = """insert into broadcast (merchant_id, id, kind, text, materials, article_set_id, audience, ignore_reprint, extra,
  state, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', $10, $10) on conflict (merchant_id, id) do nothing"""
CHANGE = """update broadcast set kind = $3, text = $4, materials = $5, article_set_id = $6, audience = $7,
  ignore_reprint = $8, extra = $9, updated_at = $10 where merchant_id = $1 and id = $2 and state = 'draft'"""
CONFIRM = """update broadcast set state = $4, send_at = $5, people = $6, appid = $7, updated_at = $8
where merchant_id = $1 and id = $2 and state = any($3)"""
CANCEL = "update broadcast set state = $4, updated_at = $5 where merchant_id = $1 and id = $2 and state = any($3)"
DROP = "delete from broadcast where merchant_id = $1 and id = $2 and state = 'draft'"


async def get(tx: Tx, *, broadcast_id: UUID, lock: bool = False) -> Broadcast:
    """Give a broadcast, or refuse."""
    return await tx.one(Broadcast, ONE + (" for update" if lock else ""), tx.merchant, broadcast_id)


async def parts(tx: Tx, *, broadcast_id: UUID) -> list[Part]:
    """List the calls of a broadcast."""
    return await tx.all(Part, PARTS_OF, tx.merchant, broadcast_id)


async def listed(tx: Tx, *, after: str | None = None, limit: int | None = None) -> Page[Broadcast]:
    """List broadcasts, newest first."""
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    found = await tx.all(Broadcast, LIST, tx.merchant, start, most + 1)
    return page_of(found, most, lambda one: (one.id,))


async def put(
    tx: Tx, *, broadcast_id: UUID, message: Message, audience: Audience, ignore_reprint: bool = False
) -> Broadcast:
    """Write a broadcast, or change one that is not confirmed yet. Raises Invalid, NotFound, IllegalMove."""
    check(message, audience)
    for material_id in message.materials:
        wanted = "image" if message.kind is Kind.MUSIC else message.kind.value
        if (await library.get(tx, material_id=material_id)).kind.value != wanted:
            raise Invalid(field="materials", problem=f"one of {wanted}")
    if message.article_set_id is not None:
        await sets.get(tx, set_id=message.article_set_id)
    words = (message.kind, message.text.strip() if message.kind is Kind.TEXT else "", message.materials)
    extra = message.extra if message.kind in (Kind.MUSIC, Kind.WXCARD) else Extra()
    row = (*words, message.article_set_id, audience, ignore_reprint, extra)
    if not await tx.run(ADD, tx.merchant, broadcast_id, *row, tx.now) and not await tx.run(
        CHANGE, tx.merchant, broadcast_id, *row, tx.now
    ):
        BROADCAST.move("confirm", (await get(tx, broadcast_id=broadcast_id)).state)
    return await get(tx, broadcast_id=broadcast_id)


async def drop(tx: Tx, *, broadcast_id: UUID) -> None:
    """Forget a broadcast that was never confirmed."""
    if not await tx.run(DROP, tx.merchant, broadcast_id):
        BROADCAST.move("confirm", (await get(tx, broadcast_id=broadcast_id)).state)


async def confirm(tx: Tx, *, broadcast_id: UUID, people: int, send_at: datetime | None) -> Broadcast:
    """Promise to send it now or later, to as many people as somebody has read and typed.

    Confirming twice is confirming once. Raises OtherCount, TooEarly, NobodyThere, OnePerson, QuotaUsed, NotGranted.
    """
    one = await get(tx, broadcast_id=broadcast_id, lock=True)
    if one.state is State.SCHEDULED and one.people == people and (send_at is None or one.send_at == send_at):
        return one
    BROADCAST.move("confirm", one.state)
    if send_at is not None and send_at <= tx.now:
        raise TooEarly
    reach = await audiences.reach(tx, one.audience)
    if reach.people != people:
        raise OtherCount(now=reach.people, confirmed=people)
    named = one.audience.by in (By.FILTER, By.PEOPLE)
    audiences.check_size(one.audience, reach.people - (reach.exhausted if named else 0))
    await audiences.check_quota(tx, at=send_at)
    if one.audience.by is By.TAG:
        await audiences.wechat_tag(tx, one.audience)
    when, appid = send_at or tx.now, (await permissions.needs(tx, "mass")).appid
    moved = (BROADCAST.sources("confirm"), State.SCHEDULED, when, people, appid, tx.now)
    if await tx.run(CONFIRM, tx.merchant, broadcast_id, *moved):
        await tx.emit(BroadcastConfirmed(broadcast_id, when, people))
    return await get(tx, broadcast_id=broadcast_id)


async def cancel(tx: Tx, *, broadcast_id: UUID) -> Broadcast:
    """Call a broadcast off before it goes; whoever began to send it first wins."""
    one = await get(tx, broadcast_id=broadcast_id, lock=True)
    if one.state is State.CANCELLED:
        return one
    to = BROADCAST.move("cancel", one.state)
    if await tx.run(CANCEL, tx.merchant, broadcast_id, BROADCAST.sources("cancel"), to, tx.now):
        await tx.emit(BroadcastCancelled(broadcast_id))
    return await get(tx, broadcast_id=broadcast_id)


async def headline(tx: Tx, one: Broadcast) -> str:
    """Say in a line what a broadcast says."""
    if one.kind is Kind.TEXT:
        return one.text[:60]
    if one.article_set_id is not None:
        return f"《{(await sets.get(tx, set_id=one.article_set_id)).title}》"
    if one.kind is Kind.MUSIC:
        return f"[音乐] {one.extra.title}"
    return {Kind.IMAGE: "[图片]", Kind.VOICE: "[语音]", Kind.VIDEO: "[视频]", Kind.WXCARD: "[卡券]"}[one.kind]


__all__ = ["Reach", "cancel", "confirm", "drop", "get", "headline", "listed", "parts", "put"]

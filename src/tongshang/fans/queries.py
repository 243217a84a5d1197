"""Reading fans: lists for the console, and everything about one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fans import consents, people
from tongshang.fans.model import FIGURES, PARTS, Fan, Figures
from tongshang.platform import facts
from tongshang.platform.db import Tx
from tongshang.platform.facts import Happening
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor

LIST = f"""select {people.FIELDS} from fan
where merchant_id = $1 and ($2::uuid is null or id < $2) and ($3::boolean is null or subscribed = $3)
  and ($4 = '' or nickname ilike '%' || $4 || '%' or remark ilike '%' || $4 || '%' or openid = $4)
  and ($6::boolean is null or blocked = $6)
  and ($7::uuid is null or exists (
    select 1 from fan_tag t where t.merchant_id = $1 and t.tag_id = $7 and t.fan_id = fan.id))
order by id desc limit $5"""
TAGS = """select t.fan_id, t.tag_id as id, g.name from fan_tag t
join tag g on g.merchant_id = t.merchant_id and g.id = t.tag_id
where t.merchant_id = $1 and t.fan_id = any($2) order by g.created_at, g.id"""
# One person at several accounts of the merchant, as far as WeChat says so: never across merchants.
SAME = f"""select {people.FIELDS} from fan where merchant_id = $1 and unionid = $2 and id <> $3 order by id limit 20"""
COUNT = "select count(*) from fan where merchant_id = $1 and followed_at >= $2 and followed_at < $3"


class TagMark(msgspec.Struct):
    """A tag that a fan has."""

    id: UUID
    name: str


class Marked(msgspec.Struct):
    """Whose tag it is."""

    fan_id: UUID
    id: UUID
    name: str


class SameView(msgspec.Struct):
    """The same person at another account of the merchant."""

    id: UUID
    appid: str
    nickname: str | None
    subscribed: bool


class FanView(msgspec.Struct):
    """A fan in a list."""

    id: UUID
    nickname: str | None
    avatar: str | None
    subscribed: bool
    followed_at: datetime | None
    last_seen_at: datetime
    source: str
    scene: str | None
    orders: int
    spent_fen: int
    remark: str = ""
    blocked: bool = False
    tags: list[TagMark] = []


class ConsentView(msgspec.Struct):
    """An answer to a privacy text."""

    version: str
    accepted: bool
    at: datetime


class FanProfile(msgspec.Struct):
    """Everything the console shows of a fan; `more` comes from the contexts above."""

    fan: FanView
    openid: str
    unionid: str | None
    created_at: datetime
    consents: list[ConsentView]
    timeline: list[Happening]
    more: dict[str, Any]
    subscribe_scene: str | None = None
    elsewhere: list[SameView] = []


async def listed(
    tx: Tx,
    *,
    q: str = "",
    subscribed: bool | None = None,
    blocked: bool | None = None,
    tag: UUID | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Page[FanView]:
    """List fans, newest first, by words in name or remark, by a tag, or by whether they follow or are blocked."""
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    found = await tx.all(Fan, LIST, tx.merchant, start, subscribed, q.strip()[:60], most + 1, blocked, tag)
    views = await _views(tx, found)
    return page_of(views, most, lambda view: (view.id,))


async def profile(tx: Tx, *, fan_id: UUID) -> FanProfile:
    """Tell everything about a fan."""
    fan = await people.get(tx, fan_id=fan_id)
    more: dict[str, Any] = {}
    for part in tx.world.at(PARTS):
        more.update(await part(tx, fan_id))
    answers = await consents.history(tx, fan_id=fan_id)
    return FanProfile(
        (await _views(tx, [fan]))[0],
        fan.openid,
        fan.unionid,
        fan.created_at,
        [ConsentView(c.version, c.accepted, c.at) for c in answers],
        await facts.timeline(tx, subject=fan_id),
        more,
        fan.subscribe_scene,
        await _elsewhere(tx, fan),
    )


async def _elsewhere(tx: Tx, fan: Fan) -> list[SameView]:
    if fan.unionid is None:
        return []
    found = await tx.all(Fan, SAME, tx.merchant, fan.unionid, fan.id)
    return [SameView(one.id, one.appid, one.nickname, one.subscribed) for one in found]


async def new_between(tx: Tx, *, start: datetime, end: datetime) -> int:
    """Count who followed in a span of time."""
    return int(await tx.value(COUNT, tx.merchant, start, end))


async def _views(tx: Tx, fans: Sequence[Fan]) -> list[FanView]:
    figures: dict[UUID, Figures] = {}
    for ask in tx.world.at(FIGURES):
        figures.update(await ask(tx, [fan.id for fan in fans]))
    tags: dict[UUID, list[TagMark]] = {}
    for mark in await tx.all(Marked, TAGS, tx.merchant, [fan.id for fan in fans]) if fans else ():
        tags.setdefault(mark.fan_id, []).append(TagMark(mark.id, mark.name))
    nothing = Figures()
    return [
        FanView(
            fan.id,
            fan.nickname,
            fan.avatar,
            fan.subscribed,
            fan.followed_at,
            fan.seen_at,
            fan.source,
            fan.scene,
            figures.get(fan.id, nothing).orders,
            figures.get(fan.id, nothing).spent_fen,
            fan.remark,
            fan.blocked,
            tags.get(fan.id, []),
        )
        for fan in fans
    ]

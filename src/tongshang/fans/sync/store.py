"""Storing what was read of many people at once: one statement for a thousand of them.

Events and list are compared by WeChat's own seconds: somebody whose last event says "left" later than the list's
subscribe_time has left after the list was made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.fans.facts import FanUnfollowed
from tongshang.fans.sync.runs import Run
from tongshang.platform.db import Tx
from weixin.products.mp.users import Person

PUT = """
insert into fan as f (merchant_id, id, appid, openid, unionid, subscribed, followed_at, follow_second, scene,
  subscribe_scene, remark, source, created_at, seen_at, sync_id)
select $1, s.id, $2, s.openid, s.unionid, true, to_timestamp(s.at), s.at, s.scene, s.subscribe_scene, s.remark,
  case when s.scene is null then 'follow' else 'scan' end, $10, to_timestamp(s.at), $11
from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[])
  as s (id, openid, unionid, at, scene, subscribe_scene, remark) order by s.openid
on conflict (merchant_id, appid, openid) do update set
  unionid = coalesce(excluded.unionid, f.unionid),
  subscribed = f.subscribed or excluded.follow_second >= f.follow_second,
  followed_at = case when f.followed_at is null or (not f.subscribed and excluded.follow_second >= f.follow_second)
    then excluded.followed_at else f.followed_at end,
  follow_second = greatest(f.follow_second, excluded.follow_second),
  scene = coalesce(f.scene, excluded.scene),
  subscribe_scene = excluded.subscribe_scene,
  remark = case when f.edited_at >= $12 then f.remark else excluded.remark end,
  sync_id = excluded.sync_id
returning f.id, f.openid, f.edited_at"""
TAGS = "select id, wechat_id from tag where merchant_id = $1 and appid = $2 and wechat_id is not null"
UNTAG = """delete from fan_tag t where t.merchant_id = $1 and t.fan_id = any($2) and not exists (
  select 1 from unnest($3::uuid[], $4::uuid[]) as w (fan_id, tag_id)
  where w.fan_id = t.fan_id and w.tag_id = t.tag_id)"""
TAG = """insert into fan_tag (merchant_id, tag_id, fan_id) select $1, w.tag_id, w.fan_id
from unnest($2::uuid[], $3::uuid[]) as w (fan_id, tag_id) on conflict (merchant_id, tag_id, fan_id) do nothing"""
BLOCK = """
insert into fan as f (merchant_id, id, appid, openid, subscribed, source, created_at, seen_at, blocked, sync_id,
  block_sync_id)
select $1, s.id, $2, s.openid, false, 'message', $5, $5, true, $6, $6
from unnest($3::uuid[], $4::text[]) as s (id, openid) order by s.openid
on conflict (merchant_id, appid, openid) do update set sync_id = excluded.sync_id,
  block_sync_id = excluded.block_sync_id,
  blocked = case when f.edited_at >= $7 then f.blocked else true end"""
UNBLOCK = """update fan set blocked = false where merchant_id = $1 and appid = $2 and blocked
  and block_sync_id is distinct from $3 and (edited_at is null or edited_at < $4)"""
GONE = """select id from fan where merchant_id = $1 and appid = $2 and subscribed and id > $3
  and sync_id is distinct from $4 and follow_second < $5 and seen_at < $6 order by id limit $7"""
LEAVE = """update fan set subscribed = false, unfollowed_at = $3, follow_second = greatest(follow_second, $4)
where merchant_id = $1 and id = any($2) and subscribed and follow_second < $4 returning id"""


@dataclass(frozen=True)
class Stored:
    """Who a person is with us."""

    id: UUID
    openid: str
    edited_at: datetime | None


@dataclass(frozen=True)
class Numbered:
    """A tag by WeChat's number."""

    id: UUID
    wechat_id: int


@dataclass(frozen=True)
class Left:
    """Somebody who is gone."""

    id: UUID


async def people(tx: Tx, run: Run, persons: Sequence[Person], *, read_at: datetime) -> int:
    """Store followers as they were when WeChat was asked at `read_at`; give how many were new to us."""
    following = [one for one in persons if one.subscribed]
    ids = [tx.new_id() for _ in following]
    stored = await tx.all(
        Stored, PUT, tx.merchant, run.appid, ids,
        [one.openid for one in following], [one.unionid for one in following],
        [one.subscribed_at for one in following], [one.scene for one in following],
        [one.subscribe_scene for one in following], [one.remark for one in following],
        tx.now, run.id, read_at,
    )  # fmt: skip
    wanted = {one.openid: one.tag_ids for one in following}
    await tags(tx, appid=run.appid, stored=stored, tag_ids=wanted, read_at=read_at)
    made = set(ids)
    return sum(one.id in made for one in stored)


async def tags(
    tx: Tx, *, appid: str, stored: Sequence[Stored], tag_ids: Mapping[str, Sequence[int]], read_at: datetime
) -> None:
    """Make people's tags what WeChat said they are, but for those whom we have changed since it was asked."""
    known = {one.wechat_id: one.id for one in await tx.all(Numbered, TAGS, tx.merchant, appid)}
    calm = [one for one in stored if one.edited_at is None or one.edited_at < read_at]
    pairs = [(one.id, known[number]) for one in calm for number in tag_ids[one.openid] if number in known]
    fans, tags = [fan for fan, _ in pairs], [tag for _, tag in pairs]
    await tx.run(UNTAG, tx.merchant, [one.id for one in calm], fans, tags)
    if pairs:
        await tx.run(TAG, tx.merchant, fans, tags)


async def blocked(tx: Tx, run: Run, openids: Sequence[str], *, read_at: datetime) -> None:
    """Store who is on the blacklist."""
    ids = [tx.new_id() for _ in openids]
    await tx.run(BLOCK, tx.merchant, run.appid, ids, list(openids), tx.now, run.id, read_at)


async def unblocked(tx: Tx, run: Run) -> None:
    """Free those of the blacklist whom this run did not see there."""
    await tx.run(UNBLOCK, tx.merchant, run.appid, run.id, run.started_at)


async def gone(tx: Tx, run: Run, *, after: UUID, before_second: int, limit: int) -> tuple[list[UUID], int]:
    """Let those go whom the list no longer has and of whom nothing was heard since; give whom was looked at, and how
    many left."""
    found = [
        one.id
        for one in await tx.all(Left, GONE, tx.merchant, run.appid, after, run.id, before_second, run.started_at, limit)
    ]
    left = await tx.all(Left, LEAVE, tx.merchant, found, tx.now, before_second) if found else []
    for one in left:
        await tx.emit(FanUnfollowed(one.id))
    return found, len(left)

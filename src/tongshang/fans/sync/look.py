"""Looking people up: a push tells that somebody follows, not who it is.

UnionID, tags, remark and where they came from are asked for at once, up to 100 people in a call: those who follow
within two seconds are asked about together. Nobody is asked about by two workers, and a kill costs a minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.fans.sync import store
from tongshang.fans.sync.store import Stored
from tongshang.fans.tags import catalogue
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Job
from tongshang.wechat import accounts, calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import tags as wx_tags
from weixin.products.mp import users
from weixin.products.mp.users import Person

GATHER = timedelta(seconds=2)
# As long as a worker may keep what it took: less than its job, so that whoever takes that over finds it waiting.
LEASE = timedelta(seconds=45)
# Somebody of the batch is the trouble: a stranger's openid, or one who has left.
PERSONAL = frozenset({40003, 46004, 49003})
WANT = """insert into fan_look (merchant_id, fan_id, due_at) values ($1, $2, $3)
on conflict (merchant_id, fan_id) do update set due_at = excluded.due_at"""
WAITING = "select fan_id from fan_look where merchant_id = $1 and fan_id = any($2)"
TAKE = """update fan_look l set due_at = $3 from fan f
where l.merchant_id = $1 and f.merchant_id = l.merchant_id and f.id = l.fan_id and l.fan_id = any(array(
  select fan_id from fan_look where merchant_id = $1 and due_at <= $2 order by due_at limit $4
  for update skip locked))
returning f.id, f.appid, f.openid"""
# Who followed again meanwhile has another moment, and is asked about again.
DONE = "delete from fan_look where merchant_id = $1 and fan_id = any($2) and due_at = $3"
BACK = "update fan_look set due_at = $4 where merchant_id = $1 and fan_id = any($2) and due_at = $3"
KNOWN = """update fan f set unionid = coalesce(n.unionid, f.unionid),
  subscribe_scene = coalesce(n.subscribe_scene, f.subscribe_scene), scene = coalesce(f.scene, n.scene),
  remark = case when f.edited_at >= $8 then f.remark else n.remark end
from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as n (openid, unionid, subscribe_scene, scene,
  remark)
where f.merchant_id = $1 and f.appid = $2 and f.openid = n.openid
returning f.id, f.openid, f.edited_at"""
NUMBERS = "select wechat_id from tag where merchant_id = $1 and appid = $2 and wechat_id is not null"


@dataclass(frozen=True)
class Wanted:
    """Somebody to ask about."""

    id: UUID
    appid: str
    openid: str


@dataclass(frozen=True)
class Waiting:
    """Somebody who is still to be asked about."""

    fan_id: UUID


@dataclass(frozen=True)
class Number:
    """WeChat's number of a tag we know."""

    wechat_id: int


async def want(tx: Tx, *, fan_id: UUID) -> None:
    """Promise to ask about somebody who follows."""
    await tx.run(WANT, tx.merchant, fan_id, tx.now + GATHER)


async def waiting(tx: Tx, *, fan_ids: Sequence[UUID]) -> set[UUID]:
    """Say who of these is still to be asked about."""
    return {one.fan_id for one in await tx.all(Waiting, WAITING, tx.merchant, list(fan_ids))}


async def go_on(job: Job) -> None:
    """Ask about everybody whose time has come. Raises Unreachable to come again."""
    while True:
        async with job.begin() as tx:
            until = tx.now + LEASE
            some = await tx.all(Wanted, TAKE, tx.merchant, tx.now, until, users.DESCRIBE_MOST)
            account = await accounts.latest(tx)
        if not some:
            return
        ids = [one.id for one in some]
        here = [one.openid for one in some if account is not None and one.appid == account.appid]
        try:
            if here and account is not None:
                await _ask(job, account.appid, here)
        except Unreachable:
            async with job.begin() as tx:
                await tx.run(BACK, tx.merchant, ids, until, tx.now)
            raise
        except (WeixinError, Refused):
            pass  # an account that may not ask: what it may know comes with a log-in or a sync
        async with job.begin() as tx:
            await tx.run(DONE, tx.merchant, ids, until)


async def _ask(job: Job, appid: str, openids: Sequence[str]) -> None:
    read_at = job.world.clock.now()
    try:
        persons = await calls.ask(
            job, job.merchant, lambda client, token: users.described(client, token=token, openids=openids)
        )
    except WeixinError as refusal:
        if refusal.errcode not in PERSONAL:
            raise
        for one in openids if len(openids) > 1 else ():
            await _ask(job, appid, [one])
        return
    following = [one for one in persons if one.subscribed]
    if await _has_new_tags(job, appid, following):
        await catalogue.pull(job.world, job.merchant, appid=appid)
    async with job.begin() as tx:
        await _keep(tx, appid, following, read_at)


async def _has_new_tags(job: Job, appid: str, persons: Sequence[Person]) -> bool:
    carried = {number for one in persons for number in one.tag_ids} - wx_tags.SYSTEM_IDS
    if not carried:
        return False
    async with job.begin() as tx:
        known = {one.wechat_id for one in await tx.all(Number, NUMBERS, tx.merchant, appid)}
    return not carried <= known


async def _keep(tx: Tx, appid: str, persons: Sequence[Person], read_at: datetime) -> None:
    stored = await tx.all(
        Stored, KNOWN, tx.merchant, appid, [one.openid for one in persons], [one.unionid for one in persons],
        [one.subscribe_scene for one in persons], [one.scene for one in persons], [one.remark for one in persons],
        read_at,
    )  # fmt: skip
    wanted = {one.openid: one.tag_ids for one in persons}
    await store.tags(tx, appid=appid, stored=stored, tag_ids=wanted, read_at=read_at)

"""The account's tags: wanted here, carried to WeChat, and taken over from there.

https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html (2026-11)
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from tongshang.fans.facts import TagWanted
from tongshang.fans.tags.model import (
    FORBIDDEN,
    Tag,
    TagNotReady,
    TagState,
    TagTaken,
    TagTooLarge,
    TagTooLong,
    TooManyTags,
)
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from tongshang.wechat.authorization import permissions
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import tags as wx
from weixin.products.mp.tags import WxTag

FIELDS = "id, appid, wechat_id, name, wechat_name, people, state, errcode, created_at"
ONE = f"select {FIELDS} from tag where merchant_id = $1 and id = $2"
LIST = f"select {FIELDS} from tag where merchant_id = $1 and appid = $2 order by created_at, id"
LOCK_ALL = "select id from tag where merchant_id = $1 and appid = $2 order by id for update"
NAME = "update tag set name = $3, state = $4, errcode = null where merchant_id = $1 and id = $2"
MOVE = "update tag set state = $3, errcode = null where merchant_id = $1 and id = $2"
MADE = """update tag set wechat_id = $3, wechat_name = $4, errcode = null,
  state = case when name = $4 then 'kept' else 'renaming' end where merchant_id = $1 and id = $2"""
REFUSED = """update tag set errcode = $3, state = case when wechat_id is null then 'refused' else 'kept' end,
  name = case when wechat_id is null then name else wechat_name end where merchant_id = $1 and id = $2"""
DROP = "delete from tag where merchant_id = $1 and id = $2"
TAKEN, UNKNOWN = 45157, 45159
# Two tags may have swapped their names: first out of each other's way, then to where they belong.
STEP_ASIDE = """update tag t set name = '~' || t.wechat_id from unnest($3::bigint[], $4::text[]) as w (wechat_id, name)
where t.merchant_id = $1 and t.appid = $2 and t.wechat_id = w.wechat_id and t.name <> w.name and t.state = 'kept'"""
TAKE_OVER = """update tag t set wechat_name = w.name, people = w.people,
  name = case when t.state = 'kept' then w.name else t.name end
from unnest($3::bigint[], $4::text[], $5::bigint[]) as w (wechat_id, name, people)
where t.merchant_id = $1 and t.appid = $2 and t.wechat_id = w.wechat_id"""
ADOPT = """update tag t set wechat_id = w.wechat_id, wechat_name = w.name, people = w.people, state = 'kept',
  errcode = null from unnest($3::bigint[], $4::text[], $5::bigint[]) as w (wechat_id, name, people)
where t.merchant_id = $1 and t.appid = $2 and t.wechat_id is null and t.name = w.name"""
ADD = """insert into tag (merchant_id, id, appid, wechat_id, name, wechat_name, people, state, created_at)
select $1, w.id, $2, w.wechat_id, w.name, w.name, w.people, 'kept', $7
from unnest($3::bigint[], $4::text[], $5::bigint[], $6::uuid[]) as w (wechat_id, name, people, id)
where not exists (select 1 from tag k where k.merchant_id = $1 and k.appid = $2
  and (k.wechat_id = w.wechat_id or k.name = w.name))"""
FORGET = """delete from tag where merchant_id = $1 and appid = $2 and wechat_id is not null
  and not (wechat_id = any($3)) and created_at < $4"""


async def get(tx: Tx, *, tag_id: UUID) -> Tag:
    """Give a tag."""
    return await tx.one(Tag, ONE, tx.merchant, tag_id)


async def listed(tx: Tx) -> list[Tag]:
    """List the account's tags, oldest first; none without an account."""
    account = await accounts.latest(tx)
    return await tx.all(Tag, LIST, tx.merchant, account.appid) if account else []


async def put(tx: Tx, *, tag_id: UUID, name: str) -> Tag:
    """Make a tag or rename it, here at once and at WeChat soon after.

    Raises TagTooLong, TagTaken, TooManyTags, NoAccount.
    """
    name = name.strip()
    if not name:
        raise Invalid(field="name", problem="1-30")
    if len(name.encode()) > wx.NAME_BYTES:
        raise TagTooLong
    if name in FORBIDDEN:
        raise TagTaken(name=name)
    account = await permissions.needs(tx, "tags")
    known = await tx.first(Tag, ONE, tx.merchant, tag_id)
    try:
        if known is None:
            await tx.run(LOCK_ALL, tx.merchant, account.appid)
            if len(await tx.all(Tag, LIST, tx.merchant, account.appid)) >= wx.MOST:
                raise TooManyTags(most=wx.MOST)
            await tx.insert("tag", Tag(tag_id, account.appid, None, name, "", 0, TagState.MAKING, None, tx.now))
        elif known.name != name or known.state is TagState.REFUSED:
            state = TagState.MAKING if known.wechat_id is None else TagState.RENAMING
            await tx.run(NAME, tx.merchant, tag_id, name, state)
        else:
            return known
    except asyncpg.UniqueViolationError as error:
        if violates(error, "tag_name_once"):
            raise TagTaken(name=name) from None
        raise
    await tx.emit(TagWanted(tag_id))
    return await get(tx, tag_id=tag_id)


async def drop(tx: Tx, *, tag_id: UUID) -> None:
    """Drop a tag, at WeChat first; what WeChat never had goes at once. Raises TagTooLarge."""
    tag = await get(tx, tag_id=tag_id)
    if tag.people > wx.PEOPLE_TO_DROP:
        raise TagTooLarge(most=wx.PEOPLE_TO_DROP)
    if tag.state is TagState.MAKING:
        raise TagNotReady  # it may be there in a moment
    if tag.wechat_id is None:
        await tx.run(DROP, tx.merchant, tag_id)
        return
    await tx.run(MOVE, tx.merchant, tag_id, TagState.DROPPING)
    await tx.emit(TagWanted(tag_id))


async def carry(job: Job, tag_id: UUID) -> None:
    """Carry what is wanted of a tag to WeChat; a repeat finds it done. Raises Unreachable to come again."""
    async with job.begin() as tx:
        try:
            tag = await get(tx, tag_id=tag_id)
        except NotFound:
            return
    try:
        made = await _reach(job, tag)
    except Unreachable:
        raise
    except WeixinError as refusal:
        async with job.finish() as tx:
            await tx.run(REFUSED, tx.merchant, tag_id, refusal.errcode)
        return
    async with job.finish() as tx:
        if made is None:
            await tx.run(DROP, tx.merchant, tag_id)
        else:
            await tx.run(MADE, tx.merchant, tag_id, made.id, made.name)
            if (await get(tx, tag_id=tag_id)).state is TagState.RENAMING:
                await tx.emit(TagWanted(tag_id))  # it was renamed while we were on our way


async def _reach(job: Job, tag: Tag) -> WxTag | None:
    """Ask WeChat for what is wanted; None when the tag is gone."""
    number = tag.wechat_id
    if number is None:
        try:
            return await calls.ask(job, job.merchant, lambda c, token: wx.create(c, token=token, name=tag.name))
        except WeixinError as refusal:
            # The answer to an earlier attempt may have been lost: then the tag of this name is ours.
            there = await _named(job, tag.name) if refusal.errcode == TAKEN else None
            if there is None:
                raise
            return there
    if tag.state is TagState.DROPPING:
        try:
            await calls.ask(job, job.merchant, lambda c, token: wx.drop(c, token=token, tag_id=number))
        except WeixinError as refusal:
            if refusal.errcode != UNKNOWN:
                raise
        return None
    await calls.ask(job, job.merchant, lambda c, token: wx.rename(c, token=token, tag_id=number, name=tag.name))
    return WxTag(number, tag.name, tag.people)


async def _named(job: Job, name: str) -> WxTag | None:
    there = await calls.ask(job, job.merchant, lambda c, token: wx.listed(c, token=token))
    return next((one for one in there if one.name == name and one.id not in wx.SYSTEM_IDS), None)


async def pull(world: World, merchant: UUID, *, appid: str) -> None:
    """Take over the tags that WeChat has: new ones, new names, new counts, and those that are gone."""
    asked_at = world.clock.now()
    there = await calls.ask(world, merchant, lambda c, token: wx.listed(c, token=token))
    async with world.tx(merchant) as tx:
        await take_over(tx, appid=appid, there=[one for one in there if one.id not in wx.SYSTEM_IDS], before=asked_at)


async def take_over(tx: Tx, *, appid: str, there: Sequence[WxTag], before: object) -> None:
    """Make ours what WeChat listed at the moment `before`."""
    numbers, names, people = [one.id for one in there], [one.name for one in there], [one.people for one in there]
    await tx.run(LOCK_ALL, tx.merchant, appid)
    await tx.run(FORGET, tx.merchant, appid, numbers, before)
    await tx.run(ADOPT, tx.merchant, appid, numbers, names, people)
    await tx.run(STEP_ASIDE, tx.merchant, appid, numbers, names)
    await tx.run(TAKE_OVER, tx.merchant, appid, numbers, names, people)
    await tx.run(ADD, tx.merchant, appid, numbers, names, people, [tx.new_id() for _ in there], tx.now)

"""Who is meant by an audience, how many that are, and who has had all that WeChat allows this month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.fans.model import FIGURES, Figures
from tongshang.messages.broadcasts.model import (
    CALLS_A_DAY,
    PER_DAY,
    PER_PERSON_MONTH,
    SERVICE,
    Audience,
    By,
    NobodyThere,
    OnePerson,
    QuotaUsed,
)
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.wechat import accounts
from tongshang.wechat.model import Account

FIGURES_AT_ONCE = 1_000
MATCH = """from fan f where f.merchant_id = $1 and f.appid = $2 and f.subscribed and not f.blocked
  and ($3::uuid[] is null or f.id = any($3))
  and ($4::uuid[] is null or exists (select 1 from fan_tag t
    where t.merchant_id = f.merchant_id and t.fan_id = f.id and t.tag_id = any($4)))
  and ($5::timestamptz is null or f.followed_at >= $5) and ($6::timestamptz is null or f.followed_at < $6)"""
COUNT = f"select count(*) {MATCH}"
LIST = f"select f.id, f.openid {MATCH} order by f.id"
EXHAUSTED = """select r.fan_id as id, '' as openid from broadcast_part p join broadcast_recipient r
  on r.merchant_id = p.merchant_id and r.part_id = p.id
where p.merchant_id = $1 and p.accepted_at >= $2 and p.state <> 'failed'
group by r.fan_id having count(*) >= $3"""
# What went to everybody is not written down person by person: it counts for whoever followed by then.
TO_ALL = """select b.began_at as at from broadcast_part p join broadcast b
  on b.merchant_id = p.merchant_id and b.id = p.broadcast_id
where p.merchant_id = $1 and p.accepted_at >= $2 and p.state <> 'failed' and b.appid = $3
  and b.audience->>'by' = 'all'"""
EXHAUSTED_BY_ALL = """select f.id, '' as openid from fan f left join (
  select r.merchant_id, r.fan_id, count(*) as n from broadcast_part p join broadcast_recipient r
    on r.merchant_id = p.merchant_id and r.part_id = p.id
  where p.merchant_id = $1 and p.accepted_at >= $2 and p.state <> 'failed' group by r.merchant_id, r.fan_id
) named on named.merchant_id = f.merchant_id and named.fan_id = f.id
where f.merchant_id = $1 and f.appid = $4 and f.subscribed and coalesce(named.n, 0) + (
  select count(*) from unnest($5::timestamptz[]) as t(at) where f.followed_at is null or f.followed_at <= t.at) >= $3"""
TODAY = "select count(*) from broadcast_part where merchant_id = $1 and accepted_at >= $2 and state <> 'failed'"
TAG = "select wechat_id from tag where merchant_id = $1 and id = $2 and appid = $3 and state <> 'dropping'"


@dataclass(frozen=True)
class Person:
    """Somebody who is meant."""

    id: UUID
    openid: str


@dataclass(frozen=True)
class _At:
    at: datetime


class Reach(msgspec.Struct, frozen=True):
    """How many are meant; `exhausted` of them have had what WeChat allows this month and are left out or filtered."""

    people: int
    exhausted: int


class Quota(msgspec.Struct, frozen=True):
    """What the account may still send, as far as it was sent from here."""

    service: bool
    per_person_month: int | None
    per_day: int | None
    sends_today: int
    calls_most: int
    left_today: int


def month_start(now: datetime) -> datetime:
    """Say when the natural month in Shanghai began."""
    return now.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def day_start(now: datetime) -> datetime:
    """Say when the day in Shanghai began."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


async def quota(tx: Tx) -> Quota:
    """Say what the account may still send today. Raises NoAccount."""
    account = await accounts.current(tx)
    sends = int(await tx.value(TODAY, tx.merchant, day_start(tx.now)))
    service = account.service_type == SERVICE
    most = CALLS_A_DAY if service else PER_DAY
    return Quota(
        service,
        PER_PERSON_MONTH if service else None,
        None if service else PER_DAY,
        sends,
        CALLS_A_DAY,
        max(0, most - sends),
    )


async def reach(tx: Tx, audience: Audience) -> Reach:
    """Count who is meant, and who of them can get no more this month."""
    account = await accounts.current(tx)
    if audience.bought is None:
        people = int(await tx.value(COUNT, *_args(tx, account, audience)))
    else:
        people = len(await meant(tx, audience))
    if not people or account.service_type != SERVICE:
        return Reach(people, 0)
    tired = await exhausted(tx)
    if not tired:
        return Reach(people, 0)
    if audience.bought is None:
        narrowed = _args(tx, account, audience, among=list(tired))
        return Reach(people, int(await tx.value(COUNT, *narrowed)))
    return Reach(people, sum(one.id in tired for one in await meant(tx, audience)))


async def meant(tx: Tx, audience: Audience) -> list[Person]:
    """List who is meant, in the order of their ids."""
    account = await accounts.current(tx)
    found = await tx.all(Person, LIST, *_args(tx, account, audience))
    if audience.bought is None:
        return found
    kept: list[Person] = []
    for start in range(0, len(found), FIGURES_AT_ONCE):
        some = found[start : start + FIGURES_AT_ONCE]
        bought = await _bought(tx, [one.id for one in some])
        kept += [one for one in some if (one.id in bought) is audience.bought]
    return kept


async def exhausted(tx: Tx) -> set[UUID]:
    """List who has had all the messages of the month that WeChat allows a service account."""
    appid, month = (await accounts.current(tx)).appid, month_start(tx.now)
    to_all = [one.at for one in await tx.all(_At, TO_ALL, tx.merchant, month, appid)]
    if to_all:
        rows = await tx.all(Person, EXHAUSTED_BY_ALL, tx.merchant, month, PER_PERSON_MONTH, appid, to_all)
    else:
        rows = await tx.all(Person, EXHAUSTED, tx.merchant, month, PER_PERSON_MONTH)
    return {row.id for row in rows}


async def to_send(tx: Tx, audience: Audience) -> list[Person]:
    """List who will be sent it: those meant, without those who can get no more, where we name people ourselves.

    Raises NobodyThere, OnePerson.
    """
    people = await meant(tx, audience)
    if audience.by in (By.FILTER, By.PEOPLE) and (await accounts.current(tx)).service_type == SERVICE:
        tired = await exhausted(tx)
        people = [one for one in people if one.id not in tired]
    check_size(audience, len(people))
    return people


def check_size(audience: Audience, people: int) -> None:
    """Refuse an audience of nobody, and of one where people are named."""
    if not people:
        raise NobodyThere
    if people == 1 and audience.by in (By.FILTER, By.PEOPLE):
        raise OnePerson


async def check_quota(tx: Tx, *, at: datetime | None = None) -> None:
    """Refuse when nothing can be sent on that day any more."""
    if at is not None and day_start(at) > day_start(tx.now):
        return
    left = await quota(tx)
    if left.left_today > 0:
        return
    if left.service:
        raise QuotaUsed(words=f"{CALLS_A_DAY} calls a day", words_zh=f"每天最多 {CALLS_A_DAY} 次调用")
    raise QuotaUsed(words="one message a day", words_zh="订阅号每天 1 次，今天已经群发过")


async def wechat_tag(tx: Tx, audience: Audience) -> int:
    """Give WeChat's number of the audience's tag, or refuse."""
    account = await accounts.current(tx)
    number = await tx.value(TAG, tx.merchant, audience.tag_id, account.appid)
    if number is None:
        raise Invalid(field="audience.tag_id", problem="unknown")
    return int(number)


async def _bought(tx: Tx, fans: Sequence[UUID]) -> set[UUID]:
    found: dict[UUID, Figures] = {}
    for ask in tx.world.at(FIGURES):
        found.update(await ask(tx, fans))
    return {fan for fan, figures in found.items() if figures.orders > 0}


def _args(tx: Tx, account: Account, audience: Audience, *, among: list[UUID] | None = None) -> list[object]:
    people: list[UUID] | None = audience.fan_ids if audience.by is By.PEOPLE else None
    if among is not None:
        people = among if people is None else [one for one in people if one in set(among)]
    tags: list[UUID] | None = None
    if audience.by is By.TAG and audience.tag_id is not None:
        tags = [audience.tag_id]
    elif audience.by is By.FILTER and audience.tag_ids:
        tags = audience.tag_ids
    narrowed = audience.by is By.FILTER
    begin = audience.followed_from if narrowed else None
    end = audience.followed_to if narrowed else None
    return [tx.merchant, account.appid, people, tags, begin, end]

"""Consents: each accept allows one notice, unless the template is a long-term one; each notice uses one up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.fans import people
from tongshang.fans.model import Source
from tongshang.messages.notices.facts import NoticeConsentChanged
from tongshang.platform.db import Tx
from tongshang.wechat.facts import SubscriptionAnswered

ANSWERS = {"accept": "允许", "reject": "拒绝", "ban": "已被封禁"}
# A prompt's accept adds one; a change in the settings allows or forbids what is left.
ANSWERED = """insert into notice_consent as c (merchant_id, fan_id, template_id, answer, remaining, given, used, at)
values ($1, $2, $3, $4, $5, $5, 0, $6)
on conflict (merchant_id, fan_id, template_id) do update set answer = $4, remaining = c.remaining + $5,
  given = c.given + $5, at = $6"""
USE = """update notice_consent set remaining = remaining - case when $4 then 0 else 1 end, used = used + 1
where merchant_id = $1 and fan_id = $2 and template_id = $3 and answer = 'accept' and ($4 or remaining > 0)"""
GIVE_BACK = """update notice_consent set remaining = remaining + case when $4 then 0 else 1 end, used = used - 1
where merchant_id = $1 and fan_id = $2 and template_id = $3 and used > 0"""
WAITING = """select exists (select from notice_consent where merchant_id = $1 and fan_id = $2
  and template_id = any($3) and answer = 'accept' and remaining > 0)"""
VOID = "update notice_consent set remaining = 0 where merchant_id = $1 and fan_id = $2 and template_id = $3"
OF = """select c.template_id, coalesce(t.title, '') as title, c.answer, c.remaining, c.given, c.used, c.at
from notice_consent c left join (
  select distinct on (template_id) template_id, title from message_template where merchant_id = $1
  order by template_id, seen_at desc) t on t.template_id = c.template_id
where c.merchant_id = $1 and c.fan_id = $2 order by c.at desc"""
TALLY = """select template_id, count(*) filter (where answer = 'accept')::integer as people,
  coalesce(sum(remaining) filter (where answer = 'accept'), 0)::integer as remaining from notice_consent
where merchant_id = $1 group by template_id"""
TITLE = "select title from message_template where merchant_id = $1 and template_id = $2 limit 1"


@dataclass(frozen=True)
class Consent:
    """What a person answered to a template, how often they agreed, and how many notices that still allows."""

    template_id: str
    title: str
    answer: str
    remaining: int
    given: int
    used: int
    at: datetime


@dataclass(frozen=True)
class Tally:
    """How many people agree to a template, and to how many notices in all."""

    template_id: str
    people: int
    remaining: int


async def answered(tx: Tx, fact: SubscriptionAnswered) -> None:
    """Record what somebody answered to a prompt, or changed in the account's settings."""
    fan = await people.known(tx, appid=fact.appid, openid=fact.openid, source=Source.MESSAGE)
    for one in fact.answers:
        if one.answer not in ANSWERS:
            continue
        more = 1 if one.answer == "accept" and not fact.changed else 0
        await tx.run(ANSWERED, tx.merchant, fan.id, one.template_id, one.answer, more, tx.now)
        title = await tx.value(TITLE, tx.merchant, one.template_id) or one.template_id
        await tx.emit(NoticeConsentChanged(fan.id, title, one.answer, ANSWERS[one.answer]))


async def use(tx: Tx, *, fan_id: UUID, template_id: str, long: bool) -> bool:
    """Use a consent up; say whether there was one."""
    return bool(await tx.run(USE, tx.merchant, fan_id, template_id, long))


async def give_back(tx: Tx, *, fan_id: UUID, template_id: str, long: bool) -> None:
    """Give a consent back that was used up for a notice WeChat refused for another reason."""
    await tx.run(GIVE_BACK, tx.merchant, fan_id, template_id, long)


async def waiting(tx: Tx, *, fan_id: UUID, templates: list[str]) -> bool:
    """Say whether somebody agreed to a notice of one of the templates that is still to come."""
    return bool(templates) and bool(await tx.value(WAITING, tx.merchant, fan_id, templates))


async def void(tx: Tx, *, fan_id: UUID, template_id: str) -> None:
    """Believe WeChat that there is no consent left."""
    await tx.run(VOID, tx.merchant, fan_id, template_id)


async def of_fan(tx: Tx, *, fan_id: UUID) -> list[Consent]:
    """List what a person answered, the latest first."""
    await people.get(tx, fan_id=fan_id)
    return await tx.all(Consent, OF, tx.merchant, fan_id)


async def tally(tx: Tx) -> dict[str, Tally]:
    """Count consents by template."""
    return {one.template_id: one for one in await tx.all(Tally, TALLY, tx.merchant)}

"""Telling: a notice is promised with what it says, and goes by the first way that works, once."""

from contextlib import suppress
from hashlib import blake2b
from uuid import UUID

from tongshang.fans import people
from tongshang.fans.model import Fan
from tongshang.messages import outgoing, ways, welcome
from tongshang.messages.conversations import contacts
from tongshang.messages.notices import consents, once, plans, templates
from tongshang.messages.notices.facts import NoticeAsked, NoticeUnsendable, TemplateLost
from tongshang.messages.notices.model import TITLES, Channel, Notice, Occasion, Plan, examples, fill, short, words
from tongshang.messages.replies.model import Ready
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.jobs import Job
from tongshang.tenancy import merchants
from tongshang.wechat import accounts

FIELDS = "id, occasion, subject_id, fan_id, values, page, state, channel, trial, created_at"
ADD = f"""insert into notice (merchant_id, {FIELDS}) values ($1, $2, $3, $4, $5, $6, $7, 'waiting', null, $8, $9)
on conflict (merchant_id, occasion, subject_id) do nothing"""
ONE = f"select {FIELDS} from notice where merchant_id = $1 and id = $2"
DONE = "update notice set state = $3, channel = $4 where merchant_id = $1 and id = $2 and state = 'waiting'"
ENDED = """update outgoing set outcome = $3 where merchant_id = $1 and number = $2 and outcome is null
returning fan_id"""
KNOWN = "select true from outgoing where merchant_id = $1 and number = $2"
# WeChat numbers subscription notices only when it tells their end: it is the latest of the template to the person.
ENDED_NOTICE = """update outgoing set outcome = $4, number = $5 where merchant_id = $1 and id = (
  select id from outgoing where merchant_id = $1 and fan_id = $2 and channel = 'subscription' and outcome is null
    and content -> 'content' ->> 'template_id' = $3 and state in ('sending', 'sent', 'unknown')
  order by created_at limit 1)"""
REFUSED = """update outgoing set outcome = 'failed'
where merchant_id = $1 and id = $2 and state = 'refused' and outcome is null"""
NO_CONSENT = "43101"
ENDS = {"success": "delivered", "failed:user block": "blocked"}


async def planned(tx: Tx, *, occasion: Occasion) -> bool:
    """Say whether people are told when such a thing happens."""
    return any(plan.enabled for plan in await plans.of(tx, occasion=occasion))


async def tell(
    tx: Tx, *, occasion: Occasion, subject: UUID, fan_id: UUID, values: dict[str, str], page: str,
    trial: Channel | None = None,
) -> None:  # fmt: skip
    """Promise to tell somebody, once for each subject; nothing is promised when no plan is on."""
    if trial is None and not await planned(tx, occasion=occasion):
        return
    notice_id = tx.new_id()
    if await tx.run(ADD, tx.merchant, notice_id, occasion, subject, fan_id, values, page, trial, tx.now):
        await tx.emit(NoticeAsked(fan_id, notice_id))


async def trial(tx: Tx, *, occasion: Occasion, channel: Channel, trial_id: UUID, fan_id: UUID) -> None:
    """Promise to send an example to somebody by one way alone; asking twice under one id is asking once."""
    await people.get(tx, fan_id=fan_id)
    if not any(plan.channel is channel for plan in await plans.of(tx, occasion=occasion)):
        raise NotFound
    said, page = examples(occasion), "pages/orders/orders"
    await tell(tx, occasion=occasion, subject=trial_id, fan_id=fan_id, values=said, page=page, trial=channel)


async def send(job: Job, *, notice_id: UUID) -> None:
    """Try the ways in their order, and end the job; raises Unreachable to come again to the one that was begun."""
    async with job.begin() as tx:
        notice = await tx.one(Notice, ONE, tx.merchant, notice_id)
        fan = await people.get(tx, fan_id=notice.fan_id)
        chosen = [plan for plan in await plans.of(tx, occasion=notice.occasion) if _wanted(plan, notice)]
        url = f"{welcome.store_url(tx, (await merchants.get(tx)).slug)}#/{notice.page}"
        appid = (await accounts.current(tx)).appid
    why = None
    for plan in chosen if appid == fan.appid else []:
        message_id = number(notice.id, plan.channel)
        async with job.begin() as tx:
            ready = await _ready(tx, notice, plan, fan, url, message_id)
        if ready is None:
            continue
        state = await outgoing.send(job, message_id=message_id, openid=fan.openid, last=False, goes_on=True)
        if state in ("sent", "unknown"):
            async with job.finish() as tx:
                await tx.run(DONE, tx.merchant, notice.id, "told", plan.channel)
            return
        async with job.begin() as tx:
            why = (await outgoing.get(tx, message_id=message_id)).why
            if plan.channel in (Channel.SUBSCRIPTION, Channel.ONCE) and await tx.run(REFUSED, tx.merchant, message_id):
                await _not_used(tx, plan, fan, none_left=why is not None and why.code == NO_CONSENT)
    async with job.finish() as tx:
        await tx.run(DONE, tx.merchant, notice.id, "nobody", None)
        await tx.emit(NoticeUnsendable(fan.id, TITLES[notice.occasion][0]))
        if why is not None:
            await tx.emit(outgoing.not_sent(fan.id, why, "notice"))


async def _not_used(tx: Tx, plan: Plan, fan: Fan, *, none_left: bool) -> None:
    """Give a yes back that a refusal has not used up, or believe WeChat that there is none left."""
    if plan.channel is Channel.ONCE and not none_left:
        await once.give_back(tx, fan_id=fan.id, plan=plan)
    elif plan.channel is Channel.SUBSCRIPTION and none_left:
        await consents.void(tx, fan_id=fan.id, template_id=plan.template_id)
    elif plan.channel is Channel.SUBSCRIPTION:
        with suppress(NotFound):  # a template that was dropped meanwhile took its consents along
            template = await templates.get(tx, template_id=plan.template_id)
            await consents.give_back(tx, fan_id=fan.id, template_id=plan.template_id, long=template.long)


def _wanted(plan: Plan, notice: Notice) -> bool:
    return plan.enabled if notice.trial is None else plan.channel is notice.trial


async def _ready(tx: Tx, notice: Notice, plan: Plan, fan: Fan, url: str, message_id: UUID) -> Ready | None:
    """Promise the notice by one way, unless that way is closed; what was promised before stays so."""
    if known := await outgoing.promised(tx, message_id=message_id):
        return known.content
    title, said = TITLES[notice.occasion][0], fill(plan, notice.values)
    if plan.channel is Channel.CUSTOM:
        if fan.blocked or not fan.subscribed or (await contacts.windows(tx, fan_id=fan.id)).refusal:
            return None
        text = words(notice.occasion, notice.values, url)
        ready = Ready("text", {"content": text}, text)
    elif plan.channel is Channel.ONCE:
        scene = await once.use(tx, fan_id=fan.id, plan=plan)
        if scene is None:
            return None
        text = short(notice.occasion, notice.values, most=once.TEXT_MOST)
        asked = {"template_id": plan.template_id, "scene": scene, "title": title[: once.TITLE_MOST]}
        ready = Ready(ways.ONCE, {**asked, "text": text, "url": url}, f"[{title}] {text}")
    else:
        try:
            template = await templates.get(tx, template_id=plan.template_id)
        except NotFound:
            return None
        if plan.channel is Channel.SUBSCRIPTION:
            if not await consents.use(tx, fan_id=fan.id, template_id=plan.template_id, long=template.long):
                return None
        elif fan.blocked or not fan.subscribed:
            return None
        kind = ways.SUBSCRIPTION if plan.channel is Channel.SUBSCRIPTION else ways.TEMPLATE
        content: dict[str, object] = {"template_id": plan.template_id, "data": said, "url": url}
        content["title"] = template.title
        ready = Ready(kind, content, f"[{template.title or title}] " + " · ".join(said.values()))
    await outgoing.promise(
        tx, message_id=message_id, fan_id=fan.id, kind="notice", text=ready.shown, ready=ready, channel=plan.channel
    )
    return ready


def number(notice: UUID, channel: Channel) -> UUID:
    """Give the message of a notice by one way its id: the same for every attempt, and the key WeChat knows it by."""
    return UUID(bytes=blake2b(notice.bytes + channel.encode(), digest_size=16).digest())


async def known(tx: Tx, *, msg_id: str) -> bool:
    """Say whether a number of WeChat's is of a message of ours."""
    return bool(await tx.value(KNOWN, tx.merchant, msg_id))


async def end(tx: Tx, *, msg_id: str, status: str) -> None:
    """Record what WeChat says became of a template message; the first word counts."""
    plain = status.replace(": ", ":").strip()
    outcome = ENDS.get(plain, "failed")
    fan_id = await tx.value(ENDED, tx.merchant, msg_id, outcome)
    if fan_id is not None and outcome != "delivered":
        why = ("blocked by the person", "对方拒收") if outcome == "blocked" else (plain, "微信系统原因")
        await tx.emit(TemplateLost(fan_id, *why))


async def end_notice(tx: Tx, *, fan_id: UUID, template_id: str, msg_id: str, delivered: bool) -> None:
    """Record what WeChat says became of a subscription notice."""
    outcome = "delivered" if delivered else "failed"
    await tx.run(ENDED_NOTICE, tx.merchant, fan_id, template_id, outcome, msg_id)

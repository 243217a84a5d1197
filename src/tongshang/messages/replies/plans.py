"""Plans: what is answered to one push, decided once and kept, whoever decides first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.fans import people
from tongshang.messages import codes, menus, welcome
from tongshang.messages.replies import compose, lent, rules
from tongshang.messages.replies.matching import Verdict, decide
from tongshang.messages.replies.model import Occasion, Ready, Words
from tongshang.messages.replies.rules import Rules
from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.wechat import accounts

# What may be the answer to a push itself; the rest goes by customer service alone.
PASSIVE = ("text", "image", "voice", "video", "music", "news", "transfer_customer_service")
KEPT_FOR = timedelta(days=7)
FIELDS = "push, purpose, rule_id, openid, messages, passive, created_at"
ONE = f"select {FIELDS} from reply_plan where merchant_id = $1 and push = $2"
MADE = "select array(select push from reply_plan where merchant_id = $1 and push = any($2))"
ADD = f"""insert into reply_plan (merchant_id, {FIELDS}) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (merchant_id, push) do nothing"""
TOO_LATE = "update reply_plan set passive = false where merchant_id = $1 and push = $2"
FORGET = """delete from reply_plan where (merchant_id, push) in
  (select merchant_id, push from reply_plan where created_at < $1 limit 10000)"""


class Plan(msgspec.Struct, frozen=True):
    """The messages that answer a push; `passive`: the first is the answer to the push itself."""

    push: UUID
    purpose: str
    rule_id: UUID | None
    openid: str
    messages: list[Ready]
    passive: bool
    created_at: datetime


class Person(msgspec.Struct, frozen=True):
    """Who is answered; `fan_id` is not known yet when an answer is given on the spot."""

    openid: str
    fan_id: UUID | None = None
    nickname: str | None = None


async def known(tx: Tx, *, push: UUID) -> Plan | None:
    """Give the plan for a push, if there is one."""
    return await tx.first(Plan, ONE, tx.merchant, push)


async def make(tx: Tx, *, push: UUID, occasion: Occasion, openid: str, fan_id: UUID | None, gifts: bool) -> Plan | None:
    """Plan the answer to a push, or give the plan that was made; None when nothing is to be said.

    With a fan the answer goes by customer service; without, it is given on the spot, or not at all when a coupon must
    be given with it. Raises Refused when the gift cannot be given: then ask again without `gifts`.
    """
    if plan := await known(tx, push=push):
        return plan
    account = await accounts.current(tx)
    nickname = await people.nickname(tx, appid=account.appid, openid=openid)
    purpose, verdict, ready = await answer(
        tx, occasion, appid=account.appid, person=Person(openid, fan_id, nickname), gifts=gifts
    )
    passive = fan_id is None
    if not passive:  # WeChat's desk takes over from the answer itself alone
        ready = [one for one in ready if one.msgtype != "transfer_customer_service"]
    if not ready or (passive and not (ready[0].msgtype in PASSIVE and lent.at_hand(ready[0]))):
        return None
    rule = verdict.rule.id if verdict and verdict.rule else None
    await tx.run(ADD, tx.merchant, push, purpose, rule, openid, ready, passive, tx.now)
    return await known(tx, push=push)


async def nothing_said(tx: Tx, *, asked: Sequence[tuple[UUID | None, Occasion]]) -> list[bool]:
    """Say of each push of words whether no rule answers it and none has: then there is nothing to plan or to send."""
    made = set(await tx.value(MADE, tx.merchant, [push for push, _ in asked if push is not None]))
    using = await rules.read(tx)
    return [
        push is not None and push not in made and decide(using.rules, using.synonyms, occasion).rule is None
        for push, occasion in asked
    ]


async def answer(
    tx: Tx, occasion: Occasion, *, appid: str, person: Person, gifts: bool, using: Rules | None = None
) -> tuple[str, Verdict | None, list[Ready]]:
    """Decide and write: the purpose, how it was decided, and the messages (none: nothing is said)."""
    using = using or await rules.read(tx)
    verdict = decide(using.rules, using.synonyms, occasion)
    reader = await compose.reader(tx, nickname=person.nickname, occasion=occasion)
    ready = []
    if verdict.rule is not None:
        messages = [Words(verdict.then)] if verdict.then else verdict.rule.messages
        ready = await compose.compose(tx, messages=messages, reader=reader, appid=appid)
    if occasion.kind == "follow":
        return "welcome", verdict, await _follow(tx, occasion, person, ready, gifts=gifts)
    if occasion.kind == "tap":
        if verdict.rule is None and (words := await menus.reply_to(tx, key=occasion.key)):
            ready = [compose.words(compose.fill(words, reader))]
        return "menu", verdict, ready
    return "reply", verdict, ready


async def _follow(tx: Tx, occasion: Occasion, person: Person, ready: list[Ready], *, gifts: bool) -> list[Ready]:
    """Greet by the rule that fits, or by the welcome; the gift comes with either."""
    greeting = await welcome.get(tx)
    if not greeting.enabled and not ready:
        return []
    coupon = await gift_of(tx, scene=occasion.key or None, usual=greeting.coupon_id) if gifts else None
    if coupon is not None and person.fan_id is None:
        return []  # it is given in the commit that promises the message, by the worker
    gift = await welcome.give(tx, fan_id=person.fan_id, coupon_id=coupon) if person.fan_id else None
    if not ready:
        return [compose.words(await welcome.written(tx, greeting, gift=gift))]
    return [*ready, compose.words(gift)] if gift else ready


async def gift_of(tx: Tx, *, scene: str | None, usual: UUID | None) -> UUID | None:
    """Say which coupon comes with a follow: that of the code, else that of the welcome."""
    code = await codes.of_scene(tx, scene=scene) if scene else None
    return code.coupon_id if code and code.coupon_id else usual


async def too_late(tx: Tx, *, push: UUID) -> None:
    """Note that the answer was not ready in time: all of it goes by customer service."""
    await tx.run(TOO_LATE, tx.merchant, push)


async def forget(world: World) -> None:
    """Forget plans of a week ago; WeChat repeats a push for seconds."""
    async with world.system_tx() as tx:
        await tx.run(FORGET, tx.now - KEPT_FOR)

"""Automatic replies over HTTP: rules, their order, synonyms, and the try-out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from tongshang.messages import welcome
from tongshang.messages.replies import importing, plans, rules
from tongshang.messages.replies.importing import Taken
from tongshang.messages.replies.matching import Step
from tongshang.messages.replies.model import Occasion, Ready, Rule
from tongshang.messages.replies.plans import PASSIVE, Person
from tongshang.messages.replies.rules import RuleAsked
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}
CLERK = {"role": Role.CLERK}


class Replies(msgspec.Struct):
    """All rules in the order in which they are tried, words that mean the same, and what the welcome does."""

    items: list[Rule]
    synonyms: list[list[str]]
    welcome_on: bool


class OrderAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Rules in their new order."""

    ids: list[UUID]


class SynonymsAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Groups of words that mean the same."""

    groups: list[list[str]]


class TryAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What to try: a sentence, or an event with its key or scene; now, or at a time."""

    kind: Literal["follow", "text", "other", "tap", "scan"] = "text"
    text: str = ""
    key: str = ""
    at: datetime | None = None
    nickname: str = ""


class Said(msgspec.Struct):
    """One message that would be sent; `how`: at_once, or custom for customer service."""

    how: str
    msgtype: str
    shown: str
    content: dict[str, object]
    picture_id: UUID | None


class Tried(msgspec.Struct):
    """Which rule answers, why the others do not, and what would be said; `by`: rule, welcome, menu, nothing."""

    by: str
    rule_id: UUID | None
    steps: list[Step]
    messages: list[Said]
    gift: bool


@get("/replies", operation_id="list_replies", opt=CLERK)
async def list_replies(who: Staff) -> Replies:
    """Show all automatic replies."""
    async with who.tx() as tx:
        greeting = await welcome.get(tx)
        return Replies(await rules.listed(tx), await rules.synonyms(tx), greeting.enabled)


@put("/replies/{rule_id:uuid}", operation_id="put_reply", opt=MANAGER)
async def put_reply(who: Staff, rule_id: UUID, data: RuleAsked) -> Rule:
    """Write a rule; a new one is tried last among its kind."""
    async with who.tx() as tx:
        return await rules.put(tx, rule_id=rule_id, asked=data)


@delete("/replies/{rule_id:uuid}", operation_id="delete_reply", opt=MANAGER)
async def delete_reply(who: Staff, rule_id: UUID) -> None:
    """Remove a rule."""
    async with who.tx() as tx:
        await rules.drop(tx, rule_id=rule_id)


@put("/replies/order", operation_id="order_replies", opt=MANAGER)
async def order_replies(who: Staff, data: OrderAsked) -> list[Rule]:
    """Put rules into another order."""
    async with who.tx() as tx:
        return await rules.put_in_order(tx, ids=data.ids)


@put("/replies/synonyms", operation_id="put_synonyms", opt=MANAGER)
async def put_synonyms(who: Staff, data: SynonymsAsked) -> list[list[str]]:
    """Say which words mean the same."""
    async with who.tx() as tx:
        return await rules.put_synonyms(tx, groups=data.groups)


@post("/replies/takeover", operation_id="take_replies_over", opt=MANAGER, status_code=200)
async def take_replies_over(who: Staff) -> Taken:
    """Make rules of the automatic replies that the account has at WeChat's own site."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    return await importing.take_over(who.world, who.merchant)


@post("/replies/trial", operation_id="try_reply", opt=CLERK, status_code=200)
async def try_reply(who: Staff, data: TryAsked) -> Tried:
    """Try what would be answered; nothing is sent, and no coupon is given."""
    async with who.tx() as tx:
        at = data.at or tx.now
        occasion = Occasion(data.kind, at, data.text[:600], data.key)
        person = Person("", None, data.nickname)
        _, verdict, ready = await plans.answer(tx, occasion, appid="", person=person, gifts=False)
        gift = None
        if data.kind == "follow":
            gift = await plans.gift_of(tx, scene=data.key or None, usual=(await welcome.get(tx)).coupon_id)
    rule = verdict.rule if verdict else None
    other = {"follow": "welcome", "tap": "menu"}.get(data.kind, "nothing")
    said = [_said(n, one, late=bool(gift)) for n, one in enumerate(ready)]
    by = "rule" if rule else other if ready else "nothing"
    return Tried(by, rule.id if rule else None, verdict.steps if verdict else [], said, gift is not None)


def _said(n: int, one: Ready, *, late: bool) -> Said:
    at_once = n == 0 and not late and one.msgtype in PASSIVE
    return Said("at_once" if at_once else "custom", one.msgtype, one.shown, one.content, one.picture)


console = [list_replies, put_reply, delete_reply, order_replies, put_synonyms, try_reply, take_replies_over]

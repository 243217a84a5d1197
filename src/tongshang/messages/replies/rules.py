"""Keeping rules and synonyms: written by merchants, checked, put in order."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from tongshang.messages.replies import model
from tongshang.messages.replies.model import Message, Rule, Window, Word
from tongshang.messages.replies.patterns import compile_pattern
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import World

RULES_MOST, MESSAGES_MOST, WORDS_MOST, GROUPS_MOST = 200, 5, 50, 100
TEXT_MOST, TITLE_MOST, WORD_MOST = 600, 64, 100
CHOICES_MOST, CHOICE_MOST, OWN_ID, ID_MOST = 10, 60, 6, 128
HELD_SECONDS = 2.0
FIELDS = "id, name, trigger, enabled, position, words, keys, windows, messages, updated_at"
ALL = f"select {FIELDS} from reply_rule where merchant_id = $1 order by trigger, position, id"
ONE = f"select {FIELDS} from reply_rule where merchant_id = $1 and id = $2"
PUT = """insert into reply_rule (merchant_id, id, name, trigger, enabled, position, words, keys, windows, messages,
  updated_at) values ($1, $2, $3, $4, $5, (select coalesce(max(o.position) + 1, 0)
    from reply_rule o where o.merchant_id = $1),
  $6, $7, $8, $9, $10)
on conflict (merchant_id, id) do update set name = $3, trigger = $4, enabled = $5, words = $6, keys = $7, windows = $8,
  messages = $9, updated_at = $10"""
COUNT = "select count(*) from reply_rule where merchant_id = $1"
DROP = "delete from reply_rule where merchant_id = $1 and id = $2"
ORDER = """update reply_rule r set position = n.position::integer - 1
from unnest($2::uuid[]) with ordinality as n(id, position) where r.merchant_id = $1 and r.id = n.id"""
GROUPS = "select groups from reply_synonyms where merchant_id = $1"
PUT_GROUPS = """insert into reply_synonyms (merchant_id, groups, updated_at) values ($1, $2, $3)
on conflict (merchant_id) do update set groups = $2, updated_at = $3"""
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
VARIABLES = ("nickname", "shop", "store", "coupon", "text", "date", "time")


class TooManyRules(Refused):
    """A shop may have at most {most} automatic replies."""

    code, status, zh = "reply.too_many", 409, "自动回复最多 {most} 条。"


class RuleAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as the merchant writes it."""

    name: str
    trigger: model.Trigger
    messages: list[Message]
    enabled: bool = True
    words: list[Word] = []
    keys: list[str] = []
    windows: list[Window] = []


@dataclass(frozen=True)
class Rules:
    """A merchant's rules and synonyms, as they were a moment ago."""

    rules: list[Rule]
    synonyms: list[list[str]]
    triggers: frozenset[str] = field(default_factory=frozenset)


async def listed(tx: Tx) -> list[Rule]:
    """List all rules, in the order in which they are tried."""
    return await tx.all(Rule, ALL, tx.merchant)


async def get(tx: Tx, *, rule_id: UUID) -> Rule:
    """Give a rule, or refuse."""
    return await tx.one(Rule, ONE, tx.merchant, rule_id)


async def put(tx: Tx, *, rule_id: UUID, asked: RuleAsked) -> Rule:
    """Write a rule down; a new one is tried last. Refuses what could not be sent or would never fit."""
    check(asked)
    known = await tx.first(Rule, ONE, tx.merchant, rule_id)
    if known is None and await tx.value(COUNT, tx.merchant) >= RULES_MOST:
        raise TooManyRules(most=RULES_MOST)
    wire: list[Any] = [asked.words, asked.keys, asked.windows, asked.messages]
    await tx.run(PUT, tx.merchant, rule_id, asked.name.strip(), asked.trigger, asked.enabled, *wire, tx.now)
    _changed(tx)
    return await get(tx, rule_id=rule_id)


async def drop(tx: Tx, *, rule_id: UUID) -> None:
    """Remove a rule; one that is gone already stays gone."""
    await tx.run(DROP, tx.merchant, rule_id)
    _changed(tx)


async def put_in_order(tx: Tx, *, ids: list[UUID]) -> list[Rule]:
    """Try rules in this order; others keep their place after them."""
    known = [rule.id for rule in await listed(tx)]
    wanted = [one for one in dict.fromkeys(ids) if one in known]
    await tx.run(ORDER, tx.merchant, wanted + [one for one in known if one not in wanted])
    _changed(tx)
    return await listed(tx)


async def synonyms(tx: Tx) -> list[list[str]]:
    """List groups of words that mean the same."""
    return await tx.value(GROUPS, tx.merchant) or []


async def put_synonyms(tx: Tx, *, groups: list[list[str]]) -> list[list[str]]:
    """Say which words mean the same."""
    clean = [[word.strip() for word in group if word.strip()] for group in groups]
    if len(clean) > GROUPS_MOST or any(len(g) > WORDS_MOST or any(len(w) > WORD_MOST for w in g) for g in clean):
        raise Invalid(field="groups", problem=f"≤ {GROUPS_MOST}")
    await tx.run(PUT_GROUPS, tx.merchant, [group for group in clean if len(group) > 1], tx.now)
    _changed(tx)
    return await synonyms(tx)


async def read(tx: Tx) -> Rules:
    """Read what is needed to decide."""
    found = await listed(tx)
    return Rules(found, await synonyms(tx), frozenset(rule.trigger for rule in found if rule.enabled))


async def held(world: World, merchant: UUID) -> Rules:
    """Give the rules as they were two seconds ago at most: every message asks, and few have just been changed."""
    if (known := at_hand(world, merchant)) is not None:
        return known
    moment = asyncio.get_running_loop().time()
    async with world.tx(merchant) as tx:
        fresh = await read(tx)
    shelf = _shelf(world)
    if len(shelf) > 20_000:
        shelf.clear()
    shelf[merchant] = (moment, fresh)
    return fresh


def at_hand(world: World, merchant: UUID) -> Rules | None:
    """Give the rules if they were read in the last two seconds."""
    known = _shelf(world).get(merchant)
    fresh = known is not None and asyncio.get_running_loop().time() - known[0] < HELD_SECONDS
    return known[1] if known is not None and fresh else None


def _shelf(world: World) -> dict[UUID, tuple[float, Rules]]:
    shelf: dict[UUID, tuple[float, Rules]] = world.shelf.setdefault("messages.rules", {})
    return shelf


def _changed(tx: Tx) -> None:
    shelf, merchant = tx.world.shelf, tx.merchant
    tx.after_commit.append(lambda: shelf.setdefault("messages.rules", {}).pop(merchant, None) and None)


def check(asked: RuleAsked) -> None:
    """Refuse a rule that could not work, naming the field."""
    _need(1 <= len(asked.name.strip()) <= 60, "name", "1-60")
    _need(1 <= len(asked.messages) <= MESSAGES_MOST, "messages", f"1-{MESSAGES_MOST}")
    _need(
        (asked.trigger == "keyword") == bool(asked.words),
        "words",
        "keywords, and only for keyword rules",
        zh="关键词回复须填写关键词，其他回复不能填写",
    )
    _need(len(asked.words) <= WORDS_MOST, "words", f"≤ {WORDS_MOST}")
    _need(
        len(asked.keys) <= WORDS_MOST and all(len(k.encode()) <= 128 for k in asked.keys),
        "keys",
        f"≤ {WORDS_MOST}",
        zh=f"最多 {WORDS_MOST} 个，每个最多 128 字节",
    )
    for word in asked.words:
        _need(1 <= len(word.text.strip()) <= WORD_MOST, "words", f"each 1-{WORD_MOST}")
        if word.how == "pattern":
            compile_pattern(word.text)
    for window in asked.windows:
        _need(all(1 <= day <= 7 for day in window.weekdays), "windows", "weekdays 1-7", zh="星期须为 1 到 7")
        turned = window.from_date and window.to_date and window.from_date > window.to_date
        _need(not turned, "windows", "from <= to", zh="开始日期不能晚于结束日期")
    for n, message in enumerate(asked.messages):
        _check_message(f"messages.{n}", message)


def _check_message(where: str, message: Message) -> None:
    match message:
        case model.Words(text):
            _need(1 <= len(text.strip()) <= TEXT_MOST, f"{where}.text", f"1-{TEXT_MOST}")
            strange = [name for name in VARIABLE.findall(text) if name not in VARIABLES]
            name = "{{" + "".join(strange[:1]) + "}}"
            _need(not strange, f"{where}.text", f"{name} is not known", zh=f"没有 {name} 这个变量")
        case model.News(title, description, url):
            _need(
                1 <= len(title.strip()) <= TITLE_MOST and len(description) <= 120, f"{where}.title", f"1-{TITLE_MOST}"
            )
            _need(not url or _tame(url), f"{where}.url", "http(s)")
        case model.Music(title, url):
            _need(1 <= len(title.strip()) <= TITLE_MOST, f"{where}.title", f"1-{TITLE_MOST}")
            _need(_tame(url), f"{where}.url", "http(s)")
        case model.MiniProgram(title, appid, page_path):
            _need(1 <= len(title.strip()) <= TITLE_MOST, f"{where}.title", f"1-{TITLE_MOST}")
            _need(
                appid.startswith("wx") and appid.isalnum() and bool(page_path.strip()),
                where,
                "an app id and a page are needed",
                zh="须填写小程序 AppID 和页面路径",
            )
        case model.Article(given) | model.MaterialArticle(given) | model.WechatCard(given):
            _need(1 <= len(given.strip()) <= ID_MOST, f"{where}.id", f"1-{ID_MOST}")
        case model.Choices(head, choices):
            _need(1 <= len(head.strip()) <= TEXT_MOST, f"{where}.text", f"1-{TEXT_MOST}")
            _need(1 <= len(choices) <= CHOICES_MOST, f"{where}.choices", f"1-{CHOICES_MOST}")
            _need(len({one.id for one in choices}) == len(choices), f"{where}.choices.id", "distinct")
            for one in choices:
                _need(1 <= len(one.text.strip()) <= CHOICE_MOST, f"{where}.choices.text", f"1-{CHOICE_MOST}")
                # Numbers of one digit are those of questions that staff ask; their answers have none of their own.
                _need(
                    OWN_ID <= len(one.id) <= 64 or (bool(one.id) and not one.then),
                    f"{where}.choices.id",
                    f"{OWN_ID}-64",
                )
                _need(len(one.then) <= TEXT_MOST, f"{where}.choices.text", f"≤ {TEXT_MOST}")


def _tame(url: str) -> bool:
    return url.startswith(("http://", "https://")) and len(url.encode()) <= 1024


def _need(fine: bool, where: str, problem: str, *, zh: str = "") -> None:
    if not fine:
        raise Invalid(field=where, problem=problem, zh=zh)

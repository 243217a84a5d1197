"""Taking over the automatic replies an account has at WeChat's own site, which stop once a platform has its messages.

What cannot be taken over is said, rule by rule; taking over twice is taking over once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

import msgspec

from tongshang.messages.materials import library, sync, transfer
from tongshang.messages.replies import model, rules
from tongshang.messages.replies.model import Message, Trigger, Word
from tongshang.messages.replies.rules import MESSAGES_MOST, WORD_MOST, WORDS_MOST, RuleAsked
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import autoreplies
from weixin.products.mp.autoreplies import AutoReplies, Reply
from weixin.products.mp.materials import Item

FOLLOW, DEFAULT, KEYWORD = "关注后回复（原公众号）", "默认回复（原公众号）", "关键词回复（原公众号）"
NAME_MOST = 60


class Left(msgspec.Struct, frozen=True):
    """Something that was not taken over, and why."""

    name: str
    zh: str
    en: str


class Taken(msgspec.Struct, frozen=True):
    """How many rules were made now, how many were here already, and what was left."""

    made: int
    known: int
    left: list[Left]


class NotHere(Refused):
    """The recording or film is not in the material library; sync the library and take the replies over again."""

    code, status, zh = "reply.material_not_here", 409, "语音或视频不在素材库中，请先同步素材库，再重新导入。"


class Empty(Refused):
    """Nothing of it can be answered with."""

    code, status, zh = "reply.nothing_to_say", 409, "没有可用的回复内容。"


@dataclass(frozen=True)
class Theirs:
    """A rule as the account had it."""

    id: UUID
    name: str
    trigger: Trigger
    enabled: bool
    words: list[Word]
    replies: Sequence[Reply]


async def take_over(world: World, merchant: UUID) -> Taken:
    """Read the account's own automatic replies and make rules of them. Raises NoAccount, WeixinError."""
    told = await calls.ask(world, merchant, lambda client, token: autoreplies.read(client, token=token))
    async with world.tx(merchant) as tx:
        appid = (await accounts.current(tx)).appid
        here = {rule.id for rule in await rules.listed(tx)}
    theirs = list(_theirs(appid, told))
    left: list[Left] = []
    made = 0
    for one in theirs:
        if one.id in here:
            continue
        already = len(left)
        messages = await _messages(world, merchant, appid, one, left)
        try:
            if not messages and len(left) > already:
                continue  # why is said
            if not messages:
                raise Empty
            asked = RuleAsked(one.name, one.trigger, messages, one.enabled, one.words)
            async with world.tx(merchant) as tx:
                await rules.put(tx, rule_id=one.id, asked=asked)
            made += 1
        except Refused as no:
            left.append(Left(one.name, no.sentence("zh"), no.sentence("en")))
    return Taken(made, sum(one.id in here for one in theirs), left)


def _theirs(appid: str, told: AutoReplies) -> Iterator[Theirs]:
    """List the rules, each under an id of its own that is the same every time."""

    def number(*parts: object) -> UUID:
        return UUID(bytes=blake2b("\0".join(map(str, (appid, *parts))).encode(), digest_size=16).digest())

    if told.follow:
        yield Theirs(number("follow"), FOLLOW, "follow", told.follow_on, [], [told.follow])
    for rule in told.rules:
        words = [Word("exact" if exact else "contains", text[:WORD_MOST]) for text, exact in rule.words[:WORDS_MOST]]
        replies = rule.replies if rule.all else rule.replies[:1]  # ours say all they have, so of several the first
        name = rule.name.strip()[:NAME_MOST] or KEYWORD
        if words:
            rule_id = number("rule", rule.name, rule.created_at, words[0].text)
            yield Theirs(rule_id, name, "keyword", told.on, words, replies)
    if told.default:
        yield Theirs(number("default"), DEFAULT, "default", told.on, [], [told.default])


async def _messages(world: World, merchant: UUID, appid: str, one: Theirs, left: list[Left]) -> list[Message]:
    """Write a rule's replies in our words; single ones that cannot be had are left, and said."""
    messages: list[Message] = []
    for reply in one.replies:
        try:
            messages += await _written(world, merchant, appid, reply)
        except Unreachable:
            raise
        except (WeixinError, Refused) as no:
            why = no if isinstance(no, Refused) else transfer.NotAtHand(name=reply.content[:20])
            left.append(Left(one.name, why.sentence("zh"), why.sentence("en")))
    return messages[:MESSAGES_MOST]


async def _written(world: World, merchant: UUID, appid: str, reply: Reply) -> list[Message]:
    match reply.kind:
        case "text":
            return [model.Words(reply.content)]
        case "news":
            return [model.News(one.title[:64], one.digest[:120], one.url) for one in reply.articles]
        case "img":
            return [model.Picture(await _picture(world, merchant, appid, reply.content))]
    async with world.tx(merchant) as tx:
        known: UUID | None = await tx.value(sync.KNOWN, merchant, appid, reply.content)
        if known is None:
            raise NotHere
        material = await library.get(tx, material_id=known)
    return [model.Voice(known) if reply.kind == "voice" else model.Video(known, material.title, material.introduction)]


async def _picture(world: World, merchant: UUID, appid: str, media_id: str) -> UUID:
    """Fetch a picture of the account's library into ours; raises WeixinError, NotAtHand."""
    async with world.tx(merchant) as tx:
        known: UUID | None = await tx.value(sync.KNOWN, merchant, appid, media_id)
        material_id = known or await sync.met(tx, appid=appid, item=Item(media_id, "自动回复图片", 0, None))
        material = await library.get(tx, material_id=material_id)
    if material.picture_id is None:
        await transfer.contents(world, merchant, material)
        async with world.tx(merchant) as tx:
            material = await library.get(tx, material_id=material_id)
    if material.picture_id is None:
        raise transfer.NotAtHand(name=material.name)
    return material.picture_id

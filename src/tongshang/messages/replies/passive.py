"""Answering on the spot: the first message of a plan is the answer to WeChat's own push, if it is ready in time.

WeChat waits five seconds and asks three times in all; each time it gets the same answer, for the plan is kept.
"""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import structlog

from tongshang.messages.replies import plans, rules
from tongshang.messages.replies.model import Occasion, Ready
from tongshang.messages.replies.plans import Plan
from tongshang.messages.replies.rules import Rules
from tongshang.platform.world import World
from weixin import messages, replies
from weixin.callbacks import Push

SECONDS = 3.5
log = structlog.get_logger("replies")


async def reply_at_once(world: World, merchant: UUID, push: Push) -> bytes | None:
    """Answer a push with XML, or say nothing and leave it to the worker."""
    said = push.message
    occasion = occasion_of(said)
    if occasion is None or not isinstance(said, messages.Said):
        return None
    # Most shops answer most words with nothing: that must cost next to nothing.
    if (held := rules.at_hand(world, merchant)) is not None and not may_answer(held, occasion):
        return None
    answer = asyncio.create_task(_plan(world, merchant, UUID(hex=push.dedupe_key), said.openid, occasion))
    done, _ = await asyncio.wait({answer}, timeout=SECONDS)
    if not done:
        late: set[asyncio.Task[None]] = world.shelf.setdefault("messages.late", set())
        giving_up = asyncio.create_task(_give_up(world, merchant, UUID(hex=push.dedupe_key), answer))
        late.add(giving_up)
        giving_up.add_done_callback(late.discard)
        return None
    plan = answer.result()
    if plan is None or not plan.passive:
        return None
    return written(said, plan.messages[0], now=int(plan.created_at.timestamp()))


async def _plan(world: World, merchant: UUID, push: UUID, openid: str, occasion: Occasion) -> Plan | None:
    try:
        if not may_answer(await rules.held(world, merchant), occasion):
            return None
        async with world.tx(merchant) as tx:
            return await plans.make(tx, push=push, occasion=occasion, openid=openid, fan_id=None, gifts=True)
    except Exception as error:  # noqa: BLE001 - the edge: the push is stored, and the worker answers
        log.warning("reply.not_at_once", error=repr(error))
        return None


async def _give_up(world: World, merchant: UUID, push: UUID, answer: asyncio.Task[Plan | None]) -> None:
    """Undo a plan that was made after WeChat had been told there is none."""
    plan = await answer
    if plan is not None and plan.passive:
        async with world.tx(merchant) as tx:
            await plans.too_late(tx, push=push)


def may_answer(held: Rules, occasion: Occasion) -> bool:
    """Say whether anything could be answered, without asking the database for each message."""
    if occasion.kind in ("follow", "tap") or (occasion.kind == "text" and occasion.key):
        return True
    wanted = {"text": {"keyword", "default"}, "other": {"default"}, "scan": {"scan"}}[occasion.kind]
    return bool(wanted & held.triggers)


def occasion_of(said: messages.Message) -> Occasion | None:
    """Say what a push is to the rules; None for what nobody waits for an answer to."""
    match said:
        case messages.Subscribe():
            return Occasion("follow", _at(said), key=said.scene or "")
        case messages.Scan():
            return Occasion("scan", _at(said), key=said.scene)
        case messages.Click() | messages.CodeScanned() | messages.PicturesPicked() | messages.PlacePicked():
            return Occasion("tap", _at(said), key=said.key)
        case messages.Text():
            return Occasion("text", _at(said), said.content, said.menu_id or "")
        case messages.Voice():
            return Occasion("text", _at(said), said.recognition) if said.recognition else Occasion("other", _at(said))
        case messages.Image() | messages.Video() | messages.Place() | messages.Link() | messages.File():
            return Occasion("other", _at(said))
        case messages.MiniPage():
            return Occasion("other", _at(said))
    return None


def _at(said: messages.Said) -> datetime:
    return datetime.fromtimestamp(said.created_at, UTC)


def written(said: messages.Said, ready: Ready, *, now: int) -> bytes:
    """Write a message as the answer to a push (XML)."""
    part = {name: str(value) for name, value in ready.content.items() if isinstance(value, str)}
    match ready.msgtype:
        case "text":
            return replies.passive_text(said, part["content"], now=now)
        case "image" | "voice":
            return replies.passive_media(said, ready.msgtype, part["media_id"], now=now)
        case "video":
            title, description = part.get("title", ""), part.get("description", "")
            return replies.passive_video(said, part["media_id"], title=title, description=description, now=now)
        case "music":
            names = ("title", "description", "musicurl", "hqmusicurl", "thumb_media_id")
            return replies.passive_music(said, replies.Music(*(part[name] for name in names)), now=now)
        case "transfer_customer_service":
            return replies.passive_transfer(said, part["kf_account"] or None, now=now)
    articles = ready.content["articles"]
    assert isinstance(articles, list)
    cards = [replies.Article(a["title"], a["description"], a["picurl"], a["url"]) for a in articles]
    return replies.passive_news(said, cards, now=now)

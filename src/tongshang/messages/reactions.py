"""Fans are greeted once, answered when they tap, and counted where they came from."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tongshang.fans.facts import FanFollowed, FanSaid, FanScanned, FanTapped
from tongshang.messages import codes
from tongshang.messages.replies import plans, sending
from tongshang.messages.replies.model import Occasion
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.platform.world import World

reactions = Reactions("messages")


@reactions.inside(FanFollowed)
async def count_follow(tx: Tx, fact: FanFollowed) -> None:
    """Count whom a scene code brought."""
    if fact.scene:
        await codes.count(tx, scene=fact.scene, followed=True)


@reactions.inside(FanScanned)
async def count_scan(tx: Tx, fact: FanScanned) -> None:
    """Count a scan by somebody who follows already."""
    await codes.count(tx, scene=fact.scene, followed=False)


@reactions.outside(FanFollowed)
async def send_welcome(job: Job, fact: FanFollowed) -> None:
    """Greet who follows: by a rule or the welcome, with the coupon of the welcome or of the code they scanned."""
    occasion = Occasion("follow", _at(job, fact.at), key=fact.scene or "")
    await sending.answer(job, fan_id=fact.fan_id, openid=fact.openid, push=fact.push, occasion=occasion)


@reactions.outside(FanTapped)
async def answer_tap(job: Job, fact: FanTapped) -> None:
    """Answer a tap on a menu button that has a reply."""
    occasion = Occasion("tap", _at(job, fact.at), key=fact.key)
    await sending.answer(job, fan_id=fact.fan_id, openid=fact.openid, push=fact.push, occasion=occasion)


@reactions.outside(FanScanned)
async def answer_scan(job: Job, fact: FanScanned) -> None:
    """Answer a follower's scan, when there is a rule for it."""
    occasion = Occasion("scan", _at(job, fact.at), key=fact.scene)
    await sending.answer(job, fan_id=fact.fan_id, openid=fact.openid, push=fact.push, occasion=occasion)


async def _unanswered(tx: Tx, facts: Sequence[FanSaid]) -> list[bool]:
    asked = [(fact.push, _words(fact, _second(fact.at) or tx.now)) for fact in facts]
    return await plans.nothing_said(tx, asked=asked)


@reactions.outside(FanSaid, moot=_unanswered)
async def answer_words(job: Job, fact: FanSaid) -> None:
    """Answer what somebody wrote, when a rule says so."""
    occasion = _words(fact, _at(job, fact.at))
    await sending.answer(job, fan_id=fact.fan_id, openid=fact.openid, push=fact.push, occasion=occasion)


def _words(fact: FanSaid, at: datetime) -> Occasion:
    # What was heard of a voice message counts as words; a mere sign of one does not.
    spoken = fact.msg_type == "text" or (fact.msg_type == "voice" and not fact.text.startswith("["))
    if spoken:
        return Occasion("text", at, fact.text, fact.menu_id or "")
    return Occasion("other", at)


@reactions.every(timedelta(hours=1))
async def forget_plans(world: World, due: datetime) -> None:
    """Forget what was answered a week ago."""
    await plans.forget(world)


def _at(job: Job, second: int | None) -> datetime:
    """Say when something was done: WeChat's second, or now for what was said before we kept it."""
    return _second(second) or job.world.clock.now()


def _second(second: int | None) -> datetime | None:
    return datetime.fromtimestamp(second, UTC) if second else None

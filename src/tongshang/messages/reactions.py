"""Fans are greeted once, answered when they tap, and counted where they came from."""

from uuid import UUID

from tongshang.fans.facts import FanFollowed, FanScanned, FanTapped
from tongshang.messages import codes, menus, outgoing, welcome
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job

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
    """Greet who follows, with a link to the store and the coupon of the welcome or of the code they scanned."""
    try:
        await _promise_welcome(job, fact, gifts=True)
    except Refused:
        # The coupon is gone, or the fan has it already: a greeting all the same.
        await _promise_welcome(job, fact, gifts=False)
    await outgoing.send(job, message_id=job.id, openid=fact.openid)


async def _promise_welcome(job: Job, fact: FanFollowed, *, gifts: bool) -> None:
    """Write the promise under the job's own id, once, and give the coupon in the same commit."""
    async with job.begin() as tx:
        if await outgoing.promised(tx, message_id=job.id):
            return
        words = await welcome.get(tx)
        if not words.enabled:
            return
        coupon = await _coupon(tx, fact.scene, words.coupon_id) if gifts else None
        gift = await welcome.give(tx, fan_id=fact.fan_id, coupon_id=coupon)
        text = await welcome.written(tx, words, gift=gift)
        await outgoing.promise(tx, message_id=job.id, fan_id=fact.fan_id, kind="welcome", text=text)


async def _coupon(tx: Tx, scene: str | None, usual: UUID | None) -> UUID | None:
    code = await codes.of_scene(tx, scene=scene) if scene else None
    return code.coupon_id if code and code.coupon_id else usual


@reactions.outside(FanTapped)
async def answer_tap(job: Job, fact: FanTapped) -> None:
    """Answer a tap on a menu button that has a reply."""
    async with job.begin() as tx:
        known = await outgoing.promised(tx, message_id=job.id)
        reply = None if known else await menus.reply_to(tx, key=fact.key)
        if reply:
            await outgoing.promise(tx, message_id=job.id, fan_id=fact.fan_id, kind="menu", text=reply)
    await outgoing.send(job, message_id=job.id, openid=fact.openid)

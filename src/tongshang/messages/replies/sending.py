"""Carrying a plan out: what was not answered on the spot goes by customer service, in order, each message once."""

from hashlib import blake2b
from uuid import UUID

from tongshang.messages import outgoing
from tongshang.messages.replies import plans
from tongshang.messages.replies.model import Occasion
from tongshang.messages.replies.plans import Plan
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Job


async def answer(job: Job, *, fan_id: UUID, openid: str, push: UUID | None, occasion: Occasion) -> None:
    """Answer what somebody did; a repeat is harmless. Raises Unreachable to come again."""
    key = push or job.id
    try:
        plan = await _planned(job, fan_id, openid, key, occasion, gifts=True)
    except Refused:
        # The coupon is gone, or the fan has it already: a greeting all the same.
        plan = await _planned(job, fan_id, openid, key, occasion, gifts=False)
    if plan is not None:
        await carry_out(job, plan, fan_id=fan_id)


async def _planned(job: Job, fan_id: UUID, openid: str, key: UUID, occasion: Occasion, *, gifts: bool) -> Plan | None:
    async with job.begin() as tx:
        return await plans.make(tx, push=key, occasion=occasion, openid=openid, fan_id=fan_id, gifts=gifts)


async def carry_out(job: Job, plan: Plan, *, fan_id: UUID) -> None:
    """Send a plan's messages one after another; what WeChat refuses ends it, for the rest would meet the same."""
    last = len(plan.messages) - 1
    for n, ready in enumerate(plan.messages):
        message_id = number(plan.push, n)
        if n == 0 and plan.passive:
            await outgoing.note_sent(
                job, message_id=message_id, fan_id=fan_id, kind=plan.purpose, ready=ready, last=n == last
            )
            continue
        async with job.begin() as tx:
            if await outgoing.promised(tx, message_id=message_id) is None:
                await outgoing.promise(
                    tx, message_id=message_id, fan_id=fan_id, kind=plan.purpose, text=ready.shown, ready=ready
                )
        state = await outgoing.send(job, message_id=message_id, openid=plan.openid, last=n == last)
        if state == "refused":
            return


def number(push: UUID, n: int) -> UUID:
    """Give the n-th message of a plan its id: the same for every attempt."""
    return UUID(bytes=blake2b(push.bytes + n.to_bytes(2, "big"), digest_size=16).digest())

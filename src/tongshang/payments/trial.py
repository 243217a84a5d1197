"""The one-fen test: order by code, scan, notice, refund; each step shown, through the same verbs as real money."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tongshang.payments import charges, paying
from tongshang.payments.model import ChargeState, Purpose, RefundState
from tongshang.platform.errors import NotFound
from tongshang.platform.world import World

WINDOW = timedelta(minutes=10)
REFUND_OF = "select state from refund where merchant_id = $1 and charge_id = $2 order by id desc limit 1"
STEPS = ("created", "paid", "refund_sent", "refunded")


@dataclass(frozen=True)
class TrialStep:
    """One step: waiting, done or failed."""

    key: str
    state: str


@dataclass(frozen=True)
class Trial:
    """A test and how far it is: waiting, done or failed."""

    id: UUID
    state: str
    code_url: str
    steps: list[TrialStep]


async def start(world: World, merchant: UUID) -> Trial:
    """Ask for one fen by a code to scan; raises what placing an order raises, which names what is wrong."""
    async with world.tx(merchant) as tx:
        test = tx.new_id()
        await charges.open(
            tx,
            charge_id=test,
            subject=test,
            amount_fen=1,
            description="微信支付配置测试",
            payer_openid="",
            expires_at=tx.now + WINDOW,
            purpose=Purpose.TEST,
        )
    await paying.prepare_attempt(world, merchant, charge=test)
    return await look(world, merchant, test=test)


async def look(world: World, merchant: UUID, *, test: UUID) -> Trial:
    """Say how far a test is, asking WeChat whether it was paid; raises NotFound."""
    async with world.tx(merchant) as tx:
        if (await charges.get(tx, charge=test)).purpose is not Purpose.TEST:
            raise NotFound
    charge = await paying.look(world, merchant, charge=test)
    async with world.tx(merchant) as tx:
        tried = await charges.attempts(tx, charge=test)
        refund = await tx.value(REFUND_OF, tx.merchant, test)
    states = (
        "done" if tried and tried[-1].code_url else "waiting",
        {ChargeState.PAID: "done", ChargeState.CLOSED: "failed"}.get(charge.state, "waiting"),
        "waiting" if refund in (None, RefundState.REQUESTED) else "done",
        _of_refund(refund),
    )
    steps = [TrialStep(key, state) for key, state in zip(STEPS, states, strict=True)]
    whole = "failed" if "failed" in states else "done" if set(states) == {"done"} else "waiting"
    return Trial(test, whole, tried[-1].code_url if tried else "", steps)


def _of_refund(state: str | None) -> str:
    if state == RefundState.SETTLED:
        return "done"
    return "failed" if state in (RefundState.CLOSED, RefundState.ABNORMAL) else "waiting"

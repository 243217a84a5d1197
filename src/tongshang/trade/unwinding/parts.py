"""Parts of refunds in the database: split when a refund is promised, ended each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tongshang.payments import refunds as payment_refunds
from tongshang.platform.db import Tx
from tongshang.platform.money import Fen
from tongshang.trade.model import Order
from tongshang.trade.seams import UNWINDERS, Unwinder
from tongshang.trade.unwinding.model import RefundPart, Source, split

COLUMNS = """id, refund_id, order_id, position, kind, source_id, amount_fen, state, label_zh, label_en, asked_at,
settled_at"""
OF_ORDER = f"""select {COLUMNS} from order_refund_part where merchant_id = $1 and order_id = $2
order by asked_at, refund_id, position"""
OF_ORDERS = f"""select {COLUMNS} from order_refund_part where merchant_id = $1 and order_id = any($2)
order by asked_at, refund_id, position"""
GIVEN = """select kind, source_id, sum(amount_fen)::bigint as amount_fen from order_refund_part
where merchant_id = $1 and order_id = $2 group by kind, source_id"""
WHOLE = """select coalesce(sum(amount_fen), 0)::bigint from order_refund r where merchant_id = $1 and order_id = $2
  and not exists (select from order_refund_part p where p.merchant_id = $1 and p.refund_id = r.id)"""
# The refund is held first: two parts that end at the same moment must see each other.
HOLD = """
select r.id from order_refund r join order_refund_part p on p.merchant_id = r.merchant_id and p.refund_id = r.id
where r.merchant_id = $1 and p.id = $2 for update of r"""
MOVE = """update order_refund_part set state = $3, settled_at = $4
where merchant_id = $1 and id = $2 and state <> 'settled'"""
STATES = "select array(select state from order_refund_part where merchant_id = $1 and refund_id = $2)"
BALANCE = "select id from order_balance where merchant_id = $1 and order_id = $2"
WAYS = {
    "wechat": ("原路退回微信支付", "Back the way it was paid, by WeChat Pay"),
    "offline": ("线下收款，由商家线下退还", "Paid offline: the shop gives it back by hand"),
}
WORST = ("closed", "stalled", "asked", "settled")


class Way(NamedTuple):
    """A source, and who gives money back to it."""

    source: Source
    unwinder: Unwinder


@dataclass(frozen=True)
class _Given:
    kind: str
    source_id: UUID
    amount_fen: Fen


@dataclass(frozen=True)
class _Of:
    id: UUID


class Payments:
    """The unwinder of what was paid by a charge of the order's own."""

    async def sources(self, tx: Tx, order: Order) -> Sequence[Source]:
        """Name the order's payment, if there is one; of a presale the balance too, which goes back first."""
        balance = [await tx.value(BALANCE, tx.merchant, order.id)] if order.deposit_fen else []
        paid = await payment_refunds.payments_of(tx, subjects=[order.id, *balance])
        return [
            Source(one.kind, one.subject_id, one.paid_fen, *WAYS[one.kind], turn=0 if one.subject_id in balance else 1)
            for one in paid
        ]

    async def give(self, tx: Tx, part: RefundPart, order: Order, reason: str) -> bool:
        """Promise the part back at WeChat Pay; a notice or a query says when it is there."""
        await payment_refunds.request(
            tx, refund_id=part.id, subject=part.source_id, amount=part.amount_fen, reason=reason
        )
        return False


async def plan(tx: Tx, *, order: Order, refund: UUID, amount: Fen) -> list[tuple[RefundPart, Unwinder]] | None:
    """Share a refund among the sources of its order; None when they have not so much left."""
    found: list[Way] = []
    for unwinder in (Payments(), *tx.world.at(UNWINDERS)):
        found += [Way(source, unwinder) for source in await unwinder.sources(tx, order)]
    given = {(g.kind, g.source_id): g.amount_fen for g in await tx.all(_Given, GIVEN, tx.merchant, order.id)}
    # Refunds of before there were parts went back the way of the order's own payment.
    old: Fen = await tx.value(WHOLE, tx.merchant, order.id)
    left = []
    for source, _ in found:
        own = old if source.source_id == order.id else 0
        left.append(max(0, source.paid_fen - given.get((source.kind, source.source_id), 0) - own))
    if sum(left) < amount:
        return None
    turns = [source.turn for source, _ in found]
    shares = [(way, part) for way, part in zip(found, split(amount, left=left, turns=turns), strict=True) if part]
    return [
        (
            RefundPart(
                refund if place == 0 else tx.new_id(), refund, order.id, place, way.source.kind, way.source.source_id,
                part, "asked", way.source.label_zh, way.source.label_en, tx.now, None,
            ),
            way.unwinder,
        )
        for place, (way, part) in enumerate(shares)
    ]  # fmt: skip


async def move(tx: Tx, *, part: UUID, state: str) -> tuple[UUID, str] | None:
    """Record how a part stands; gives its refund and how that stands with it. None: it is no part.

    A refund stands where the worst of its parts stands, and is settled when all of them are.
    """
    of = await tx.first(_Of, HOLD, tx.merchant, part)
    if of is None:
        return None
    await tx.run(MOVE, tx.merchant, part, state, tx.now if state == "settled" else None)
    states: list[str] = await tx.value(STATES, tx.merchant, of.id)
    return of.id, min(states, key=WORST.index)


async def of_order(tx: Tx, *, order: UUID) -> list[RefundPart]:
    """List the parts of an order's refunds, oldest first."""
    return await tx.all(RefundPart, OF_ORDER, tx.merchant, order)


async def of_orders(tx: Tx, *, orders: Sequence[UUID]) -> list[RefundPart]:
    """List the parts of some orders' refunds, oldest first."""
    return await tx.all(RefundPart, OF_ORDERS, tx.merchant, list(orders))

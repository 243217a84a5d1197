"""What fulfilment does when an order is paid, shipped or refunded."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from tongshang.catalog.facts import CodesAdded
from tongshang.fulfilment import giving, pickups, telling
from tongshang.fulfilment.facts import (
    InvoiceMoved,
    OrderSetOut,
    ParcelSent,
    PickupExtended,
    PickupKept,
    PickupVerified,
    ReportDue,
    TicketsExpired,
    TicketsIssued,
    TrackWanted,
)
from tongshang.fulfilment.invoices import issuing
from tongshang.fulfilment.keeping import deadlines
from tongshang.fulfilment.reporting import reports
from tongshang.fulfilment.reporting import telling as wechat_telling
from tongshang.fulfilment.tickets import issue
from tongshang.fulfilment.tracking import accounts, tracks, watching
from tongshang.messages.conversations import contacts
from tongshang.messages.notices.model import Occasion
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Again, Job
from tongshang.trade.facts import OrderClosed, OrderPaid, OrderRefundAsked, OrderRefunded, OrderShipped
from tongshang.trade.parts import progress

reactions = Reactions("fulfilment")
KEPT_LEAST = timedelta(days=1)
"""No goods are kept for less than the whole of tomorrow: nobody needs to look before, least of all at the till."""


@reactions.together(OrderPaid)
async def hand_out(tx: Tx, facts: Sequence[OrderPaid]) -> None:
    """Make pick-up codes, issue tickets and give codes, in one commit with the end of these jobs: once."""
    await pickups.make_codes(tx, paid=[fact.order_id for fact in facts if fact.delivery == "pickup"])
    for order in await progress.owing(tx, orders=[fact.order_id for fact in facts]):
        await issue.issue(tx, order=order)
        await giving.give(tx, order=order)
    for order in [fact.order_id for fact in facts if fact.delivery == "none"]:
        await reports.due(tx, order=order)  # nothing is sent later


@reactions.inside(CodesAdded)
async def give_codes(tx: Tx, fact: CodesAdded) -> None:
    """Whoever paid when the shelf was empty is served now, first come first."""
    for order in await giving.waiting(tx, variant=fact.variant_id):
        await giving.give(tx, order=order)


@reactions.inside(TicketsIssued)
async def expire_tickets(tx: Tx, fact: TicketsIssued) -> None:
    """Tickets end when their time is up, whether anybody looks or not."""
    await _expire(tx, fact.order_id)


@reactions.inside(TicketsExpired)
async def expire_later_tickets(tx: Tx, fact: TicketsExpired) -> None:
    """Others of the same order may end later."""
    await _expire(tx, fact.order_id)


async def _expire(tx: Tx, order: UUID) -> None:
    if later := await issue.expire(tx, order=order):
        raise Again((later - tx.now).total_seconds())


@reactions.inside(PickupKept, after=KEPT_LEAST)
async def expire_pickup(tx: Tx, fact: PickupKept) -> None:
    """Goods that nobody fetched are kept no longer when their time is up, whether anybody looks or not."""
    await _expire_pickup(tx, fact.order_id)


@reactions.inside(PickupExtended, after=KEPT_LEAST)
async def expire_extended_pickup(tx: Tx, fact: PickupExtended) -> None:
    """More time is not for ever either."""
    await _expire_pickup(tx, fact.order_id)


async def _expire_pickup(tx: Tx, order: UUID) -> None:
    if later := await deadlines.expire(tx, order=order):
        raise Again((later - tx.now).total_seconds())


@reactions.inside(OrderRefundAsked)
async def settle_parts(tx: Tx, fact: OrderRefundAsked) -> None:
    """With what was refunded gone, what is left of a part may have been handed over already, or waits for nobody."""
    await deadlines.settle(tx, order=fact.order_id)
    for order in await progress.owing(tx, orders=[fact.order_id]):
        await issue.settle(tx, order=order)
        await giving.give(tx, order=order)


@reactions.together(OrderPaid)
async def tell_paid(tx: Tx, facts: Sequence[OrderPaid]) -> None:
    """Tell buyers that the money came; WeChat lets the account write to them for two days after that."""
    await contacts.keep_some(tx, [(fact.fan_id, "pay", tx.now) for fact in facts])
    await telling.tell_each(tx, orders=[fact.order_id for fact in facts], occasion=Occasion.PAID)


@reactions.inside(ParcelSent)
async def tell_shipped(tx: Tx, fact: ParcelSent) -> None:
    """Tell the buyer who brings the parcel, under which number."""
    await telling.tell(
        tx, order=fact.order_id, occasion=Occasion.SHIPPED, subject=fact.shipment_id, company=fact.company,
        parcel=fact.parcel_number,
    )  # fmt: skip


@reactions.inside(ParcelSent)
async def track_parcel(tx: Tx, fact: ParcelSent) -> None:
    """Where the merchant has an account at kuaidi100, have it tell of the parcel."""
    if await accounts.in_use(tx):
        await tracks.want(tx, company=fact.company, number=fact.parcel_number)


@reactions.outside(TrackWanted)
async def watch_parcel(job: Job, fact: TrackWanted) -> None:
    """Subscribe to the parcel at kuaidi100."""
    await watching.subscribe(job, track=fact.track_id)


@reactions.inside(OrderShipped)
async def report_parcels(tx: Tx, fact: OrderShipped) -> None:
    """Everything is on its way: WeChat is told, where it holds the money until then."""
    await reports.due(tx, order=fact.order_id)


@reactions.inside(OrderClosed)
async def report_kept(tx: Tx, fact: OrderClosed) -> None:
    """All goods were refunded and some of the money was not: WeChat is told, or it would hold that for ever."""
    if fact.reason == "refunded":
        await reports.kept(tx, order=fact.order_id)


@reactions.inside(PickupVerified)
async def report_pickup(tx: Tx, fact: PickupVerified) -> None:
    """The goods went across the counter: WeChat is told."""
    await reports.due(tx, order=fact.order_id)


@reactions.outside(ReportDue)
async def report_shipping(job: Job, fact: ReportDue) -> None:
    """Tell WeChat how the order was shipped."""
    await wechat_telling.report(job, report_id=fact.report_id)


@reactions.inside(OrderSetOut)
async def tell_set_out(tx: Tx, fact: OrderSetOut) -> None:
    """Tell the buyer that the shop itself is on the way."""
    await telling.tell(
        tx, order=fact.order_id, occasion=Occasion.SHIPPED, subject=fact.order_id, company="商家配送",
        parcel=fact.phone or str(fact.number),
    )  # fmt: skip


@reactions.inside(OrderRefunded)
async def owe_red_letter(tx: Tx, fact: OrderRefunded) -> None:
    """What was invoiced and went back is owed a red letter; what was only asked for becomes less."""
    await issuing.refunded(tx, order=fact.order_id)


@reactions.inside(InvoiceMoved)
async def tell_invoice(tx: Tx, fact: InvoiceMoved) -> None:
    """Tell the customer that his invoice is there, or why it is not."""
    if fact.state in ("issued", "refused", "reversed"):
        await telling.tell(
            tx, order=fact.order_id, occasion=Occasion.INVOICE, subject=uuid5(fact.invoice_id, fact.state),
            result=fact.what_zh,
        )  # fmt: skip


@reactions.inside(OrderRefunded)
async def tell_refunded(tx: Tx, fact: OrderRefunded) -> None:
    """Tell the buyer that money went back."""
    await telling.tell(
        tx, order=fact.order_id, occasion=Occasion.REFUNDED, subject=fact.refund_id or fact.order_id,
        amount_fen=fact.amount_fen or None,
    )  # fmt: skip

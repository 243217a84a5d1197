"""What an order waits for, in the words that lists say it with."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.trade.model import Delivery, Order, OrderLine, S
from tongshang.trade.seams import HANDOVERS

STAGES = {
    "unpaid": ("待付款", "unpaid"), "closing": ("关闭中", "closing"), "deposit": ("待付尾款", "balance to pay"),
    "paid": ("已付款", "paid"), "express": ("待发货", "to ship"), "part_sent": ("部分发货", "partly shipped"),
    "local": ("待配送", "to deliver"), "pickup": ("待自提", "to pick up"), "pickup_over": ("逾期未取", "overdue"),
    "none": ("待使用", "to be used"),
    "shipped": ("已发货", "shipped"), "completed": ("已完成", "completed"), "closed": ("已关闭", "closed"),
}  # fmt: skip


async def overdue(tx: Tx, found: Sequence[Order]) -> set[UUID]:
    """Say whose goods wait to be picked up although their time is over."""
    kept = [order.id for order in found if order.delivery == Delivery.PICKUP and order.state == S.PAID]
    over: set[UUID] = set()
    for source in tx.world.at(HANDOVERS) if kept else []:
        over |= await source.overdue(tx, kept)
    return over


def part_sent(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Say whether some of an order's parcels are on their way, and some are not."""
    return order.state == S.PAID and order.delivery == Delivery.EXPRESS and any(line.sent for line in lines)


def stage(order: Order, lines: Sequence[OrderLine], over: set[UUID]) -> str:
    """Give an order's key among STAGES; `over` is what `overdue` found."""
    if order.state != S.PAID:
        return order.state
    if part_sent(order, lines):
        return "part_sent"
    if order.refund == "all":
        return S.PAID  # nothing of it is left to wait for
    return "pickup_over" if order.id in over else order.delivery

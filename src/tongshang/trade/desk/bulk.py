"""The same thing done to many orders: each by itself, so that one refusal undoes none of the others."""

from typing import Literal
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import World
from tongshang.trade import orders
from tongshang.trade.model import Order, S

MOST = 100


class NotUnpaid(Refused):
    """Only an unpaid order can be closed like this; a paid one is refunded."""

    code, status, zh = "order.not_unpaid", 409, "只能关闭待付款订单；已付款的请退款。"


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done to which orders."""

    action: Literal["cancel", "memo"]
    orders: list[UUID]
    memo: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What became of one of them; a code and a sentence where it was refused."""

    id: UUID
    number: str
    done: bool
    code: str = ""
    zh: str = ""
    en: str = ""


async def carry_out(world: World, merchant: UUID, *, work: Work) -> list[Outcome]:
    """Do it to each, in a transaction of its own; doing it again changes nothing more."""
    if not 1 <= len(work.orders) <= MOST:
        raise Invalid(field="orders", problem=f"1-{MOST}")
    return [await _one(world, merchant, order, work) for order in dict.fromkeys(work.orders)]


async def _one(world: World, merchant: UUID, order: UUID, work: Work) -> Outcome:
    number = ""
    try:
        async with world.tx(merchant) as tx:
            found = await orders.locked(tx, order=order)
            number = str(found.number)
            await _do(tx, found, work)
    except Refused as refusal:
        return Outcome(order, number, False, refusal.code, refusal.sentence("zh"), refusal.sentence("en"))
    return Outcome(order, number, True)


async def _do(tx: Tx, order: Order, work: Work) -> None:
    if work.action == "memo":
        await orders.set_memo(tx, order=order.id, memo=work.memo.strip())
    elif order.state == S.UNPAID:
        await orders.close(tx, order=order.id, reason="merchant")
    elif order.state not in (S.CLOSING, S.CLOSED):
        raise NotUnpaid

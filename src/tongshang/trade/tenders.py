"""What of an order is paid otherwise than by a charge: set aside when it is placed, taken when it is paid.

Nothing here is asked where nobody pays so: an order's own `tendered_fen` says whether there is anything to look for.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.trade.asked import Ready
from tongshang.trade.model import Order
from tongshang.trade.seams import TENDERS, Balance, Tender, Wish

KEEP = """insert into order_tender (merchant_id, order_id, kind, source_id, amount_fen, state, held_at)
select $1, x.order_id, x.kind, x.source_id, x.amount_fen, 'held', $6
from unnest($2::uuid[], $3::text[], $4::uuid[], $5::bigint[]) as x(order_id, kind, source_id, amount_fen)"""
SHARE = """update orders o set tendered_fen = x.fen from unnest($2::uuid[], $3::bigint[]) as x(id, fen)
where o.merchant_id = $1 and o.id = any($2) and o.id = x.id"""
END = """update order_tender set state = $3, ended_at = $4
where merchant_id = $1 and order_id = any($2) and state = 'held' returning order_id, kind, source_id, amount_fen"""
TAKEN = """select order_id, kind, source_id, amount_fen from order_tender
where merchant_id = $1 and order_id = $2 and state <> 'given_back' order by kind desc"""


class NotForPresale(Refused):
    """A presale is paid in two parts through WeChat Pay; the balance cannot be used for it."""

    code, status, zh = "balance.not_for_presale", 409, "预售商品分定金和尾款支付，不能使用余额。"


async def balance(tx: Tx, *, fan: UUID) -> Balance:
    """Say what somebody could pay with besides WeChat."""
    for source in tx.world.at(TENDERS):
        return await source.balance(tx, fan)
    return Balance()


async def refused(tx: Tx, *, ready: Mapping[UUID, Ready]) -> dict[UUID, Refused]:
    """Hold what orders want to be paid from, and say which cannot be."""
    answers: dict[UUID, Refused] = {}
    wishes = []
    for wish in _wishes(ready):
        one = ready[wish.order_id]
        if not 0 < wish.amount_fen <= one.price.total_fen:
            answers[wish.order_id] = Invalid(field="balance_fen", problem=f"0-{one.price.total_fen}")
        elif any(line.terms.get("presale") for line in one.lines):
            answers[wish.order_id] = NotForPresale()
        else:
            wishes.append(wish)
    for source in tx.world.at(TENDERS) if wishes else []:
        answers |= await source.refused(tx, wishes)
    return answers


async def hold(tx: Tx, *, ready: Mapping[UUID, Ready]) -> list[UUID]:
    """Set aside what orders just written are paid with, and say which of them nothing is left to pay of."""
    wishes = _wishes(ready)
    for source in tx.world.at(TENDERS) if wishes else []:
        tenders = await source.hold(tx, wishes)
        columns = zip(*((one.order_id, one.kind, one.source_id, one.amount_fen) for one in tenders), strict=True)
        await tx.run(SHARE, tx.merchant, [one.order_id for one in wishes], [one.amount_fen for one in wishes])
        await tx.run(KEEP, tx.merchant, *columns, tx.now)
    return [wish.order_id for wish in wishes if wish.amount_fen == ready[wish.order_id].price.total_fen]


def _wishes(ready: Mapping[UUID, Ready]) -> list[Wish]:
    return [Wish(id, one.asked.fan_id, one.asked.balance_fen) for id, one in ready.items() if one.asked.balance_fen]


async def take(tx: Tx, *, orders: Sequence[Order]) -> None:
    """Book what orders that are paid now had set aside."""
    ended = await _end(tx, orders, "taken")
    for source in tx.world.at(TENDERS) if ended else []:
        await source.take(tx, ended)


async def give_back(tx: Tx, *, orders: Sequence[Order]) -> None:
    """Give back what orders had set aside that came to nothing. To be called before stock is touched."""
    ended = await _end(tx, orders, "given_back")
    for source in tx.world.at(TENDERS) if ended else []:
        await source.give_back(tx, ended)


async def _end(tx: Tx, orders: Sequence[Order], state: str) -> list[Tender]:
    some = [order.id for order in orders if order.tendered_fen]
    return await tx.all(Tender, END, tx.merchant, some, state, tx.now) if some else []


async def of_order(tx: Tx, *, order: Order) -> list[Tender]:
    """List what an order is, or was, paid with besides WeChat."""
    return await tx.all(Tender, TAKEN, tx.merchant, order.id) if order.tendered_fen else []

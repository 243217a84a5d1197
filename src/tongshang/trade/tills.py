"""Asking for the money of orders: their charges opened and their attempts promised, gathered per merchant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.payments import charges, promises
from tongshang.payments.charges import Bill
from tongshang.payments.model import By, Charge, Purpose
from tongshang.payments.promises import Ready
from tongshang.platform.batch import gathered
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, NotFound, Refused
from tongshang.platform.world import World
from tongshang.trade.model import S
from tongshang.trade.orders import AlreadyPaid, TooLateToPay

HELD = """
select o.id, o.fan_id, o.state, o.paid_at, o.pay_by,
  (select f.openid from fan f where f.merchant_id = $1 and f.id = o.fan_id) as openid,
  coalesce(nullif(o.deposit_fen, 0), o.total_fen - o.tendered_fen) as total_fen,
  (select l.title from order_line l where l.merchant_id = $1 and l.order_id = o.id
    order by l.position limit 1) as title,
  (select count(*)::integer from order_line l where l.merchant_id = $1 and l.order_id = o.id) as lines,
  (select sum(l.quantity)::integer from order_line l where l.merchant_id = $1 and l.order_id = o.id) as pieces
from orders o where o.merchant_id = $1 and o.id = any($2) order by o.id for update"""


@dataclass(frozen=True)
class _Owed:
    """An order as its charge needs it."""

    id: UUID
    fan_id: UUID
    state: str
    total_fen: int
    paid_at: datetime | None
    pay_by: datetime
    openid: str
    title: str
    lines: int
    pieces: int

    def bill(self) -> Bill:
        """Say what the payer shall be asked for."""
        title = self.title + (f" 等{self.pieces}件" if self.lines > 1 else "")
        return Bill(self.id, self.id, Purpose.SALE.value, self.openid, title[:40], self.total_fen, self.pay_by)


async def open(world: World, merchant: UUID, *, order: UUID, fan: UUID) -> Ready:
    """Open an order's charge (once) and promise the attempt to pay it with; it closes when the order's time is up.

    Raises NotFound, AlreadyPaid, TooLateToPay, Mismatch, and what `promises.promise` raises.
    """
    return await gathered(world, "trade.tills", open_all).ask(merchant, (order, fan))


async def open_by(world: World, merchant: UUID, *, order: UUID, by: By, fan: UUID | None = None) -> Ready:
    """Do the same for who pays another way than inside WeChat; without `fan` it is staff who ask."""
    async with world.tx(merchant) as tx:
        charge = await owed(tx, order=order, fan=fan)
        promised = (await promises.promise_all(tx, held=[charge], by={charge.id: by}))[charge.id]
    if isinstance(promised, Refused):
        raise promised
    return promised


async def owed(tx: Tx, *, order: UUID, fan: UUID | None = None) -> Charge:
    """Open an order's charge (once), and hold it; raises NotFound, AlreadyPaid, TooLateToPay, Mismatch."""
    found = await tx.first(_Owed, HELD, tx.merchant, [order])
    if refusal := _refusal(found, found.fan_id if found and fan is None else fan, tx.now):
        raise refusal
    assert found is not None
    opened = (await charges.open_all(tx, bills=[found.bill()])).charges.get(order)
    if opened is None:
        raise Mismatch
    return opened


async def open_all(tx: Tx, asked: Sequence[tuple[UUID, UUID]]) -> list[Ready | Exception]:
    """Open the charges of orders (order, fan) in the caller's transaction; orders are locked before charges."""
    held = {owed.id: owed for owed in await tx.all(_Owed, HELD, tx.merchant, list({order for order, _ in asked}))}
    answers: dict[tuple[UUID, UUID], Ready | Exception] = {}
    bills: dict[UUID, Bill] = {}
    for order, fan in asked:
        if refusal := _refusal(held.get(order), fan, tx.now):
            answers[order, fan] = refusal
        else:
            bills[order] = held[order].bill()
    if bills:
        opened = await charges.open_all(tx, bills=list(bills.values()))
        promised = await promises.promise_all(tx, held=list(opened.charges.values()), fresh=opened.fresh)
        for order in bills:
            answers[order, held[order].fan_id] = promised.get(order, Mismatch())
    return [answers[one] for one in asked]


def _refusal(owed: _Owed | None, fan: UUID | None, now: datetime) -> Refused | None:
    """Say why somebody cannot be asked for an order's money, if he cannot."""
    if owed is None or owed.fan_id != fan:
        return NotFound()
    if owed.paid_at is not None or owed.state == S.DEPOSIT:
        return AlreadyPaid()
    if owed.state != S.UNPAID or owed.pay_by <= now:
        return TooLateToPay()
    return None

"""Invoices as people see them: the merchant's list with its counts, and those of an order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.fulfilment.invoices import asking
from tongshang.fulfilment.invoices.asking import billable
from tongshang.fulfilment.invoices.model import ASK_WITHIN, COLUMNS, Invoice, V
from tongshang.platform.db import Tx
from tongshang.trade import orders
from tongshang.trade.model import S

LIST = f"""select {COLUMNS} from invoice
where merchant_id = $1 and ($2 = '' or state = $2) and ($3::bigint is null or number < $3)
order by number desc limit $4"""
COUNTS = """select coalesce(jsonb_object_agg(state, n), '{}'::jsonb) from (
  select state, count(*)::integer as n from invoice where merchant_id = $1 group by state) x"""
NUMBERS = "select id, number from orders where merchant_id = $1 and id = any($2)"


class InvoiceView(msgspec.Struct, kw_only=True):
    """An invoice; `order_number` where it stands in a list of many orders'."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str = ""
    state: V
    kind: str
    title: str
    tax_number: str
    email: str
    amount_fen: int
    asked_at: datetime
    issued_at: datetime | None
    ended_at: datetime | None
    reason: str
    invoice_number: str
    link: str
    has_file: bool
    red_fen: int
    red_number: str


class OrderInvoices(msgspec.Struct):
    """What of an order may be asked for, and what was."""

    may_ask: bool
    amount_fen: int
    items: list[InvoiceView]


class _Named(msgspec.Struct, frozen=True):
    id: UUID
    number: int


def view(one: Invoice, order_number: int | None = None) -> InvoiceView:
    """Show an invoice."""
    return InvoiceView(
        id=one.id, number=str(one.number), order_id=one.order_id, order_number=str(order_number or ""),
        state=one.state, kind=one.kind, title=one.title, tax_number=one.tax_number, email=one.email,
        amount_fen=one.amount_fen, asked_at=one.asked_at, issued_at=one.issued_at, ended_at=one.ended_at,
        reason=one.reason, invoice_number=one.invoice_number, link=one.link, has_file=bool(one.file_name),
        red_fen=one.red_fen, red_number=one.red_number,
    )  # fmt: skip


async def of_order(tx: Tx, *, order: UUID, fan: UUID | None = None) -> OrderInvoices:
    """Show the invoices of an order (of one's own, for customers), and whether one may be asked for."""
    head = await orders.get(tx, order=order, fan=fan)
    found = await asking.of_order(tx, order=order)
    standing = any(one.state in (V.ASKED, V.ISSUED, V.RED_OWED) for one in found)
    amount = billable(head)
    late = head.paid_at is None or tx.now > head.paid_at + ASK_WITHIN
    may = amount > 0 and not standing and not late and head.state != S.CLOSED
    return OrderInvoices(may, amount, [view(one, head.number) for one in found])


async def listed(tx: Tx, *, state: str, before: int | None, limit: int) -> list[InvoiceView]:
    """List invoices, newest first; one more than asked for tells that there are more."""
    return await named(tx, await tx.all(Invoice, LIST, tx.merchant, state, before, limit + 1))


async def named(tx: Tx, found: Sequence[Invoice]) -> list[InvoiceView]:
    """Show invoices with their orders' numbers."""
    named = await tx.all(_Named, NUMBERS, tx.merchant, [one.order_id for one in found])
    numbers = {one.id: one.number for one in named}
    return [view(one, numbers.get(one.order_id)) for one in found]


async def counts(tx: Tx) -> dict[str, int]:
    """Count the invoices by state."""
    found: dict[str, int] = await tx.value(COUNTS, tx.merchant)
    return found

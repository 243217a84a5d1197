"""What customers do: ask for an invoice on their order, see how it stands, take the request back."""

from dataclasses import replace
from uuid import UUID

import asyncpg

from tongshang.fulfilment.facts import InvoiceMoved
from tongshang.fulfilment.invoices.model import (
    ASK_WITHIN,
    COLUMNS,
    INVOICE,
    Invoice,
    V,
    checked_email,
    checked_tax_number,
    checked_title,
)
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, Mismatch, NotFound, Refused
from tongshang.trade import orders
from tongshang.trade.model import Order

ONE = f"select {COLUMNS} from invoice where merchant_id = $1 and id = $2"
OF_ORDER = f"select {COLUMNS} from invoice where merchant_id = $1 and order_id = $2 order by number desc"
NUMBER = """insert into counter (merchant_id, name, value) values ($1, 'invoice', 1)
on conflict (merchant_id, name) do update set value = counter.value + 1 returning 6000000 + value"""
WITHDRAW = """update invoice set state = 'withdrawn', ended_at = $3
where merchant_id = $1 and id = $2 and state = any($4)"""


class NoInvoice(Refused):
    """There is nothing on this order that an invoice could be made out for: not paid, given back, or paid ahead."""

    code, status, zh = "invoice.nothing", 409, "该订单没有可开票金额：未付款、已退款，或全部由储值支付。"


class TooLateToAsk(Refused):
    """An invoice can be asked for within a year after the payment."""

    code, status, zh = "invoice.too_late", 409, "付款已超过一年，不能再申请开票。"


class AskedAlready(Refused):
    """An invoice was asked for, or issued, on this order before."""

    code, status, zh = "invoice.asked_already", 409, "该订单已申请或已开具发票。"


def billable(order: Order) -> int:
    """Say for how much an invoice may be made out (fen): what was paid now and not given back.

    What was paid from a balance had its paper when the balance was paid in.
    """
    return max(0, order.total_fen - order.tendered_fen - order.refunded_fen) if order.paid_at else 0


async def ask(
    tx: Tx, *, invoice: UUID, order: UUID, fan: UUID, kind: str, title: str, tax_number: str, email: str
) -> Invoice:
    """Ask for an invoice on one's own order. Asking twice under one id, with the same words, is asking once."""
    found = await orders.locked(tx, order=order)
    if found.fan_id != fan:
        raise NotFound
    if kind not in ("person", "company"):
        raise Invalid(field="kind", problem=kind)
    tax = checked_tax_number(tax_number) if kind == "company" else ""
    asked = Invoice(
        invoice, 0, order, fan, V.ASKED, kind, checked_title(title), tax, checked_email(email), billable(found), tx.now
    )
    if known := await tx.first(Invoice, ONE, tx.merchant, invoice):
        if known.order_id != order:
            raise NotFound if known.fan_id != fan else Mismatch
        if (known.kind, known.title, known.tax_number, known.email) != (kind, asked.title, tax, asked.email):
            raise Mismatch
        return known
    if asked.amount_fen < 1 or found.paid_at is None:
        raise NoInvoice
    if tx.now > found.paid_at + ASK_WITHIN:
        raise TooLateToAsk
    made = replace(asked, number=await tx.value(NUMBER, tx.merchant))
    try:
        await tx.insert("invoice", made)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "invoice_one_open"):
            raise AskedAlready from None
        raise
    await told(tx, made, order=found.number)
    return made


async def withdraw(tx: Tx, *, invoice: UUID, fan: UUID) -> Invoice:
    """Take a request of one's own back. Harmless when repeated."""
    found = await locked(tx, invoice=invoice)
    if found.fan_id != fan:
        raise NotFound
    if found.state != V.WITHDRAWN:
        INVOICE.move("withdraw", found.state)
        await tx.run(WITHDRAW, tx.merchant, invoice, tx.now, INVOICE.sources("withdraw"))
    return await get(tx, invoice=invoice)


async def get(tx: Tx, *, invoice: UUID, fan: UUID | None = None) -> Invoice:
    """Give an invoice; one customer's eyes see only his own."""
    found = await tx.one(Invoice, ONE, tx.merchant, invoice)
    if fan is not None and found.fan_id != fan:
        raise NotFound
    return found


async def locked(tx: Tx, *, invoice: UUID) -> Invoice:
    """Give an invoice and keep everybody else off it until the commit."""
    return await tx.one(Invoice, f"{ONE} for update", tx.merchant, invoice)


async def of_order(tx: Tx, *, order: UUID) -> list[Invoice]:
    """List what was asked for on an order, newest first."""
    return await tx.all(Invoice, OF_ORDER, tx.merchant, order)


async def told(tx: Tx, invoice: Invoice, *, order: int) -> None:
    """Publish where an invoice went."""
    zh, en = SAID[invoice.state]
    await tx.emit(InvoiceMoved(invoice.order_id, invoice.fan_id, order, invoice.id, invoice.state, zh, en))


SAID = {
    V.ASKED: ("申请开票", "An invoice was asked for"),
    V.ISSUED: ("发票已开具", "The invoice was issued"),
    V.REFUSED: ("开票申请被拒绝", "The invoice was refused"),
    V.WITHDRAWN: ("撤回开票申请", "The request for an invoice was taken back"),
    V.RED_OWED: ("退款后需红冲发票", "A red letter is owed after a refund"),
    V.REVERSED: ("发票已红冲", "The invoice was reversed"),
}

"""What the merchant does: issue an invoice, refuse it with a reason, and reverse it when money went back after it."""

from uuid import UUID

from tongshang.fulfilment.invoices import asking
from tongshang.fulfilment.invoices.asking import NoInvoice, billable
from tongshang.fulfilment.invoices.model import INVOICE, LINK, MOST_BYTES, NUMBER, Invoice, V, is_pdf
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, TooLarge
from tongshang.trade import orders

ISSUE = """update invoice set state = 'issued', invoice_number = $3, link = $4, issued_at = coalesce(issued_at, $5),
  ended_at = coalesce(ended_at, $5), ended_by = $6, amount_fen = $7 where merchant_id = $1 and id = $2
and state = any($8)"""
REFUSE = """update invoice set state = 'refused', reason = $3, ended_at = $4, ended_by = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
REVERSE = """update invoice set state = 'reversed', red_number = $3, ended_at = $4, ended_by = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
OWE = """update invoice set state = 'red_owed', red_since = coalesce(red_since, $3), red_fen = $4
where merchant_id = $1 and id = $2 and state = any($5)"""
SMALLER = "update invoice set amount_fen = $3 where merchant_id = $1 and id = $2 and state = 'asked'"
KEEP_FILE = """insert into invoice_file (merchant_id, invoice_id, data) values ($1, $2, $3)
on conflict (merchant_id, invoice_id) do update set data = $3"""
NAME_FILE = "update invoice set file_name = $3 where merchant_id = $1 and id = $2 and state = any($4)"
FILE = "select data from invoice_file where merchant_id = $1 and invoice_id = $2"
STANDING = ("asked", "issued", "red_owed")


async def keep_file(tx: Tx, *, invoice: UUID, data: bytes) -> Invoice:
    """Keep an invoice's PDF, with which it can be issued; another one replaces it. Refuses what is no PDF."""
    if len(data) > MOST_BYTES:
        raise TooLarge(limit=MOST_BYTES)
    if not is_pdf(data):
        raise Invalid(field="file", problem="PDF")
    found = await asking.locked(tx, invoice=invoice)
    INVOICE.move("issue", found.state)
    await tx.run(KEEP_FILE, tx.merchant, invoice, data)
    await tx.run(NAME_FILE, tx.merchant, invoice, f"invoice-{found.number}.pdf", INVOICE.sources("issue"))
    return await asking.get(tx, invoice=invoice)


async def file(tx: Tx, *, invoice: UUID) -> bytes:
    """Give an invoice's PDF."""
    data: bytes | None = await tx.value(FILE, tx.merchant, invoice)
    if data is None:
        raise NotFound
    return data


async def issue(tx: Tx, *, invoice: UUID, number: str, link: str, staff: UUID) -> Invoice:
    """Say that an invoice was issued: under a number, at a link, or with the PDF that was kept; again puts it right."""
    number, link = number.strip(), link.strip()
    if number and not NUMBER.fullmatch(number):
        raise Invalid(field="number", problem="0-9 A-Z, 6-30")
    if link and not LINK.fullmatch(link):
        raise Invalid(field="link", problem="https")
    found = await asking.locked(tx, invoice=invoice)
    if not (number or link or found.file_name):
        raise Invalid(
            field="number", problem="a number, a link or a file is needed", zh="发票号码、链接、文件至少填写一项"
        )
    order = await orders.locked(tx, order=found.order_id)
    amount = billable(order) if found.state == V.ASKED else found.amount_fen
    if amount < 1:
        raise NoInvoice
    INVOICE.move("issue", found.state)
    await tx.run(ISSUE, tx.merchant, invoice, number, link, tx.now, staff, amount, INVOICE.sources("issue"))
    made = await asking.get(tx, invoice=invoice)
    if found.state == V.ASKED:
        await asking.told(tx, made, order=order.number)
    return made


async def refuse(tx: Tx, *, invoice: UUID, reason: str, staff: UUID) -> Invoice:
    """Refuse to issue an invoice, with a reason for its customer."""
    reason = reason.strip()
    if not 2 <= len(reason) <= 200:
        raise Invalid(field="reason", problem="2-200")
    found = await asking.locked(tx, invoice=invoice)
    if found.state == V.REFUSED and found.reason == reason:
        return found
    INVOICE.move("refuse", found.state)
    await tx.run(REFUSE, tx.merchant, invoice, reason, tx.now, staff, INVOICE.sources("refuse"))
    return await _moved(tx, invoice)


async def reverse(tx: Tx, *, invoice: UUID, number: str, staff: UUID) -> Invoice:
    """Say that the red letter which is owed was written; with that an invoice for the rest may be asked for."""
    number = number.strip()
    if not NUMBER.fullmatch(number):
        raise Invalid(field="number", problem="0-9 A-Z, 6-30")
    found = await asking.locked(tx, invoice=invoice)
    if found.state == V.REVERSED and found.red_number == number:
        return found
    INVOICE.move("reverse", found.state)
    await tx.run(REVERSE, tx.merchant, invoice, number, tx.now, staff, INVOICE.sources("reverse"))
    return await _moved(tx, invoice)


async def refunded(tx: Tx, *, order: UUID) -> None:
    """Take notice that money of an order went back: what was issued is owed a red letter. Harmless when repeated."""
    head = await orders.get(tx, order=order)
    for known in await asking.of_order(tx, order=order):
        if known.state not in STANDING:
            continue
        found, left = await asking.locked(tx, invoice=known.id), billable(head)
        if found.state == V.ASKED and left < 1:
            await tx.run(asking.WITHDRAW, tx.merchant, found.id, tx.now, INVOICE.sources("withdraw"))
            await _moved(tx, found.id)
        elif found.state == V.ASKED:
            await tx.run(SMALLER, tx.merchant, found.id, min(left, found.amount_fen))
        elif found.state in STANDING and found.amount_fen > left and found.amount_fen - left != found.red_fen:
            owed = found.amount_fen - left
            await tx.run(OWE, tx.merchant, found.id, tx.now, owed, INVOICE.sources("owe red letter"))
            if found.state == V.ISSUED:
                await _moved(tx, found.id)


async def _moved(tx: Tx, invoice: UUID) -> Invoice:
    made = await asking.get(tx, invoice=invoice)
    order = await orders.get(tx, order=made.order_id)
    await asking.told(tx, made, order=order.number)
    return made

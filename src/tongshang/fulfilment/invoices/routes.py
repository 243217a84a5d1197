"""Invoices over HTTP: asked for in the store, issued or refused in the console."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.types import ControllerRouterHandler

from tongshang.fans.access import Shopper
from tongshang.fulfilment.invoices import asking, issuing, queries
from tongshang.fulfilment.invoices.model import MOST_BYTES, Invoice
from tongshang.fulfilment.invoices.queries import InvoiceView, OrderInvoices
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import cursor, limit_of, read_cursor
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]
State = Literal["", "asked", "issued", "refused", "withdrawn", "red_owed", "reversed"]
CLERK = {"role": Role.CLERK}


class InvoiceAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whom it is made out to, and where it is sent."""

    kind: Literal["person", "company"]
    title: str
    email: str
    tax_number: str = ""


class Issuance(msgspec.Struct, forbid_unknown_fields=True):
    """The number or the link of an invoice; neither is needed where its PDF was uploaded."""

    number: str = ""
    link: str = ""


class Refusal(msgspec.Struct, forbid_unknown_fields=True):
    """Why an invoice is not issued."""

    reason: str


class Reversal(msgspec.Struct, forbid_unknown_fields=True):
    """The number of the red letter."""

    number: str


class InvoicePage(msgspec.Struct):
    """A page of invoices, and how many there are of each state."""

    items: list[InvoiceView]
    next: str | None
    counts: dict[str, int]


@get("/orders/{order_id:uuid}/invoices", operation_id="list_my_invoices")
async def list_my_invoices(who: Shopper, order_id: UUID) -> OrderInvoices:
    """Show the invoices of one's order, and whether one may be asked for."""
    async with who.tx() as tx:
        return await queries.of_order(tx, order=order_id, fan=who.fan)


@put("/orders/{order_id:uuid}/invoices/{invoice_id:uuid}", operation_id="ask_invoice")
async def ask_invoice(who: Shopper, order_id: UUID, invoice_id: UUID, data: InvoiceAsked) -> OrderInvoices:
    """Ask for an invoice under one's own id; asking again is asking once."""
    async with who.tx() as tx:
        await asking.ask(
            tx, invoice=invoice_id, order=order_id, fan=who.fan, kind=data.kind, title=data.title,
            tax_number=data.tax_number, email=data.email,
        )  # fmt: skip
        return await queries.of_order(tx, order=order_id, fan=who.fan)


@put("/invoices/{invoice_id:uuid}/withdrawal", operation_id="withdraw_invoice")
async def withdraw_invoice(who: Shopper, invoice_id: UUID) -> OrderInvoices:
    """Take a request of one's own back."""
    async with who.tx() as tx:
        found = await asking.withdraw(tx, invoice=invoice_id, fan=who.fan)
        return await queries.of_order(tx, order=found.order_id, fan=who.fan)


@get("/invoices/{invoice_id:uuid}/file", operation_id="get_my_invoice_file", media_type="application/pdf")
async def get_my_invoice_file(who: Shopper, invoice_id: UUID) -> Response[bytes]:
    """Give the PDF of an invoice of one's own."""
    async with who.tx() as tx:
        found = await asking.get(tx, invoice=invoice_id, fan=who.fan)
        return _pdf(found, await issuing.file(tx, invoice=invoice_id))


@get("/invoices", operation_id="list_invoices")
async def list_invoices(
    who: Staff,
    section: Annotated[State, Parameter(query="state")] = "",
    after: str | None = None,
    limit: int | None = None,
) -> InvoicePage:
    """List invoices of a state, newest first."""
    most = limit_of(limit, default=20)
    start = read_cursor(after, int)[0] if after else None
    async with who.tx() as tx:
        found = await queries.listed(tx, state=section, before=start, limit=most)
        counts = await queries.counts(tx)
    return InvoicePage(found[:most], cursor(int(found[most - 1].number)) if len(found) > most else None, counts)


@get("/orders/{order_id:uuid}/invoices", operation_id="list_order_invoices")
async def list_order_invoices(who: Staff, order_id: UUID) -> OrderInvoices:
    """Show the invoices of an order."""
    async with who.tx() as tx:
        return await queries.of_order(tx, order=order_id)


@put("/invoices/{invoice_id:uuid}/file", operation_id="put_invoice_file", opt=CLERK)
async def put_invoice_file(who: Staff, invoice_id: UUID, data: Upload) -> InvoiceView:
    """Keep an invoice's PDF (the part `file`, up to 1 MB)."""
    upload = data.get("file")
    if upload is None:
        raise Invalid(field="file", problem="required")
    body = await upload.read(MOST_BYTES + 1)
    async with who.tx() as tx:
        return await _shown(tx, await issuing.keep_file(tx, invoice=invoice_id, data=body))


@get("/invoices/{invoice_id:uuid}/file", operation_id="get_invoice_file", media_type="application/pdf")
async def get_invoice_file(who: Staff, invoice_id: UUID) -> Response[bytes]:
    """Give an invoice's PDF."""
    async with who.tx() as tx:
        found = await asking.get(tx, invoice=invoice_id)
        return _pdf(found, await issuing.file(tx, invoice=invoice_id))


@put("/invoices/{invoice_id:uuid}/issuance", operation_id="issue_invoice", opt=CLERK)
async def issue_invoice(who: Staff, invoice_id: UUID, data: Issuance) -> InvoiceView:
    """Say that an invoice was issued; again puts its number or link right."""
    async with who.tx() as tx:
        return await _shown(
            tx, await issuing.issue(tx, invoice=invoice_id, number=data.number, link=data.link, staff=who.id)
        )


@put("/invoices/{invoice_id:uuid}/refusal", operation_id="refuse_invoice", opt=CLERK)
async def refuse_invoice(who: Staff, invoice_id: UUID, data: Refusal) -> InvoiceView:
    """Refuse an invoice, with a reason."""
    async with who.tx() as tx:
        return await _shown(tx, await issuing.refuse(tx, invoice=invoice_id, reason=data.reason, staff=who.id))


@put("/invoices/{invoice_id:uuid}/reversal", operation_id="reverse_invoice", opt=CLERK)
async def reverse_invoice(who: Staff, invoice_id: UUID, data: Reversal) -> InvoiceView:
    """Say that the red letter of an invoice was written."""
    async with who.tx() as tx:
        return await _shown(tx, await issuing.reverse(tx, invoice=invoice_id, number=data.number, staff=who.id))


async def _shown(tx: Tx, found: Invoice) -> InvoiceView:
    return (await queries.named(tx, [found]))[0]


def _pdf(found: Invoice, data: bytes) -> Response[bytes]:
    headers = {
        "content-disposition": f'attachment; filename="{found.file_name}"', "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }  # fmt: skip
    return Response(data, media_type="application/pdf", headers=headers)


console: list[ControllerRouterHandler] = [
    list_invoices, list_order_invoices, put_invoice_file, get_invoice_file, issue_invoice, refuse_invoice,
    reverse_invoice,
]  # fmt: skip
store: list[ControllerRouterHandler] = [list_my_invoices, ask_invoice, withdraw_invoice, get_my_invoice_file]

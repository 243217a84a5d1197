"""The other ways an order is paid: by scanning, in a browser, by the code at the counter, and by hand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
import segno
from litestar import delete, get, post, put
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from tongshang.fans.access import Shopper
from tongshang.payments import charges, counter, offline, paying
from tongshang.payments.model import Attempt, By, Way
from tongshang.platform.db import Tx
from tongshang.platform.web import AnyRequest, client_ip
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import orders, tills
from weixin.products.pay import with_redirect

MANAGER = {"role": Role.MANAGER}
LONGEST_BACK = 400


class CodeAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What the scanner read from a customer's screen."""

    auth_code: str


class MoneyAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Money that was taken by hand."""

    amount_fen: int
    method: str
    note: str


class ReturnAsked(msgspec.Struct, forbid_unknown_fields=True):
    """How money was given back by hand, and why so."""

    method: str
    note: str


class Tried(msgspec.Struct):
    """One try to pay: its way, and how it ended."""

    id: UUID
    way: Way
    state: str
    amount_fen: int
    opened_at: datetime
    paid_at: datetime | None
    transaction_id: str | None


class PaymentsView(msgspec.Struct):
    """How an order is being paid, or was: every try, and what passed by hand."""

    state: str
    amount_fen: int
    pay_by: datetime | None
    tries: list[Tried]
    offline: list[offline.Money]


class QrView(msgspec.Struct):
    """A code to scan with WeChat; it is good until then."""

    code_url: str
    qr_svg: str
    until: datetime | None


class Address(msgspec.Struct):
    """Where the browser goes to pay."""

    url: str


async def _shown(tx: Tx, order: UUID) -> PaymentsView:
    found = await orders.get(tx, order=order)
    charge = await charges.of_subject(tx, subject=order)
    if charge is None:
        return PaymentsView("none", found.total_fen, found.pay_by, [], [])
    tried = [_tried(one) for one in await charges.attempts(tx, charge=charge.id)]
    by_hand = await offline.of_charge(tx, charge=charge.id)
    return PaymentsView(charge.state.value, charge.amount_fen, charge.expires_at, tried, by_hand)


def _tried(one: Attempt) -> Tried:
    return Tried(one.id, one.kind, one.state.value, one.amount_fen, one.opened_at, one.paid_at, one.transaction_id)


async def _qr(who: Staff | Shopper, order: UUID, fan: UUID | None) -> QrView:
    by = By(Way.NATIVE)
    promised = await tills.open_by(who.world, who.merchant, order=order, by=by, fan=fan)
    ready = await paying.prepare_attempt(who.world, who.merchant, charge=order, promised=promised, by=by)
    url = ready.attempt.code_url
    svg = segno.make(url, micro=False).svg_inline(scale=5, border=2)
    return QrView(url, svg, ready.attempt.prepay_until)


@post("/orders/{order_id:uuid}/payment/qr", operation_id="pay_order_by_qr", status_code=200)
async def pay_by_qr(who: Shopper, order_id: UUID) -> QrView:
    """Give a code to scan with WeChat, for who sits before a screen without it."""
    return await _qr(who, order_id, who.fan)


@post("/orders/{order_id:uuid}/payment/h5", operation_id="pay_order_by_browser", status_code=200)
async def pay_by_browser(request: AnyRequest, who: Shopper, order_id: UUID, back: str = "") -> Address:
    """Give where a browser outside WeChat goes to pay; it comes back to the store's page `back`, which asks anew."""
    by = By(Way.H5, payer_ip=client_ip(request, who.world.settings.trusted_proxies) or "127.0.0.1")
    promised = await tills.open_by(who.world, who.merchant, order=order_id, by=by, fan=who.fan)
    ready = await paying.prepare_attempt(who.world, who.merchant, charge=order_id, promised=promised, by=by)
    url = ready.attempt.code_url
    # Only to pages of our own: what the payer believes afterwards must not be somebody else's page.
    own = back.startswith("/") and not back.startswith("//") and len(back) <= LONGEST_BACK
    return Address(with_redirect(url, f"{who.world.settings.public_url}{back}") if own else url)


@get("/orders/{order_id:uuid}/payments", operation_id="list_order_payments")
async def list_payments(
    who: Staff, order_id: UUID, confirm: Annotated[bool, Parameter(query="confirm")] = False
) -> PaymentsView:
    """Show how an order is being paid; `confirm` asks WeChat first."""
    if confirm:
        async with who.tx() as tx:
            await orders.get(tx, order=order_id)
        if await paying.confirm(who.world, who.merchant, subject=order_id):
            async with who.tx() as tx:
                await orders.mark_paid(tx, order=order_id)
    async with who.tx() as tx:
        return await _shown(tx, order_id)


@post("/orders/{order_id:uuid}/payments/qr", operation_id="show_order_qr", status_code=200)
async def show_qr(who: Staff, order_id: UUID) -> QrView:
    """Show a code on the counter's screen, to be scanned with WeChat."""
    async with who.tx() as tx:
        await orders.get(tx, order=order_id)
    return await _qr(who, order_id, None)


@post("/orders/{order_id:uuid}/payments/code", operation_id="scan_payment_code", status_code=200)
async def scan_code(who: Staff, order_id: UUID, data: CodeAsked) -> PaymentsView:
    """Take an order's money by the code on the customer's screen; open: the password is awaited."""
    by = counter.by_code(data.auth_code)
    async with who.tx() as tx:
        charge = await tills.owed(tx, order=order_id)
    await counter.scan(who.world, who.merchant, charge=charge.id, by=by)
    async with who.world.tx(who.merchant) as tx:
        return await _shown(tx, order_id)


@delete("/orders/{order_id:uuid}/payments/open", operation_id="call_off_payment", status_code=200)
async def call_off(who: Staff, order_id: UUID) -> PaymentsView:
    """Let nobody pay any more what was shown or scanned; the order still waits for its money."""
    async with who.tx() as tx:
        await orders.get(tx, order=order_id)
        charge = await charges.of_subject(tx, subject=order_id)
    if charge is not None:
        await counter.call_off(who.world, who.merchant, charge=charge.id)
    async with who.world.tx(who.merchant) as tx:
        return await _shown(tx, order_id)


@put("/orders/{order_id:uuid}/payments/offline/{payment_id:uuid}", operation_id="record_offline_payment", opt=MANAGER)
async def record_offline(who: Staff, order_id: UUID, payment_id: UUID, data: MoneyAsked) -> PaymentsView:
    """Record that an order was paid by hand: how much, how, and why so; who says it is kept."""
    said = offline.Said(data.method, data.note, who.id, who.name)
    async with who.tx() as tx:
        charge = await charges.of_subject(tx, subject=(await orders.get(tx, order=order_id)).id)
        charge = charge or await tills.owed(tx, order=order_id)
    await offline.take(who.world, who.merchant, charge=charge.id, id=payment_id, amount_fen=data.amount_fen, said=said)
    async with who.world.tx(who.merchant) as tx:
        await orders.mark_paid(tx, order=order_id)
        return await _shown(tx, order_id)


@put("/refunds/{refund_id:uuid}/offline-return", operation_id="record_offline_return", opt=MANAGER)
async def record_return(who: Staff, refund_id: UUID, data: ReturnAsked) -> offline.Money:
    """Record that a refund of money taken by hand was given back by hand."""
    async with who.tx() as tx:
        said = offline.Said(data.method, data.note, who.id, who.name)
        return await offline.give_back(tx, refund=refund_id, said=said)


console: list[ControllerRouterHandler] = [
    list_payments, show_qr, scan_code, call_off, record_offline, record_return,
]  # fmt: skip
store: list[ControllerRouterHandler] = [pay_by_qr, pay_by_browser]

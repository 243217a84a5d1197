"""Promising reports, and recording what came of them."""

from typing import Any
from uuid import UUID

from tongshang.fans import people
from tongshang.fulfilment.facts import ReportDue
from tongshang.fulfilment.reporting.model import COLUMNS, REPORT, R, Reported
from tongshang.payments import charges
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.trade import orders
from tongshang.trade.presales import balances

SETTING = "select enabled from shipping_report_setting where merchant_id = $1"
PUT = """insert into shipping_report_setting (merchant_id, enabled, managed, checked_at) values ($1, $2, $3, $4)
on conflict (merchant_id) do update set enabled = $2, managed = $3, checked_at = $4"""
ONE = f"select {COLUMNS} from shipping_report where merchant_id = $1 and id = $2"
OF_ORDER = f"select {COLUMNS} from shipping_report where merchant_id = $1 and order_id = $2 order by due_at, id"
REFUSED = f"""select {COLUMNS} from shipping_report where merchant_id = $1 and state = 'refused'
order by due_at desc limit 100"""
DUE = """insert into shipping_report (merchant_id, id, order_id, transaction_id, openid, state, due_at)
values ($1, $2, $3, $4, $5, 'due', $6) on conflict (merchant_id, id) do nothing"""
TRY = "update shipping_report set tried_at = $3 where merchant_id = $1 and id = $2 and state = 'due'"
SEND = """update shipping_report set state = 'sent', sent_at = $3, said = coalesce($4, said), code = 0, words = ''
where merchant_id = $1 and id = $2 and state = any($5)"""
REFUSE = """update shipping_report set state = 'refused', code = $3, words = $4
where merchant_id = $1 and id = $2 and state = any($5)"""
AGAIN = """update shipping_report set state = 'due', words = '', code = 0, due_at = $3, tried_at = null
where merchant_id = $1 and id = $2 and state = any($4)"""
CORRECT = """update shipping_report set state = 'due', corrections = corrections + 1, due_at = $3, tried_at = null
where merchant_id = $1 and id = $2 and state = any($4) and corrections = 0"""


class CorrectedBefore(Refused):
    """WeChat takes one correction of a payment's shipping, and this one was used."""

    code, status, zh = "shipping.corrected_before", 409, "每笔支付只能更正一次发货信息，已经用过。"


async def enabled(tx: Tx) -> bool:
    """Say whether shipping is reported."""
    return bool(await tx.value(SETTING, tx.merchant))


async def put_setting(tx: Tx, *, enabled: bool, managed: bool) -> None:
    """Keep whether shipping is reported, and what WeChat said of the account."""
    await tx.run(PUT, tx.merchant, enabled and managed, managed, tx.now)


async def due(tx: Tx, *, order: UUID) -> None:
    """Promise to report an order's shipping, once for each payment that WeChat holds. Harmless when repeated."""
    if not await enabled(tx):
        return
    found = await orders.get(tx, order=order)
    subjects = [order]
    if found.deposit_fen:
        subjects.append((await balances.of_order(tx, order=order)).id)
    fan = await people.get(tx, fan_id=found.fan_id)
    for subject in subjects:
        charge = await charges.of_subject(tx, subject=subject)
        if charge is None or not charge.transaction_id:
            continue  # paid by hand, or from a balance
        payer = charge.payer_openid or fan.openid
        if await tx.run(DUE, tx.merchant, charge.id, order, charge.transaction_id, payer, tx.now):
            await tx.emit(ReportDue(charge.id, order))


async def kept(tx: Tx, *, order: UUID) -> None:
    """Promise to report an order that was closed, if some of its money stays with the merchant."""
    found = await orders.get(tx, order=order)
    if found.refunded_fen < found.total_fen:
        await due(tx, order=order)


async def get(tx: Tx, *, report: UUID, lock: bool = False) -> Reported:
    """Give a report."""
    return await tx.one(Reported, f"{ONE} for update" if lock else ONE, tx.merchant, report)


async def of_order(tx: Tx, *, order: UUID) -> list[Reported]:
    """List an order's reports."""
    return await tx.all(Reported, OF_ORDER, tx.merchant, order)


async def refused_ones(tx: Tx) -> list[Reported]:
    """List what WeChat refused, newest first."""
    return await tx.all(Reported, REFUSED, tx.merchant)


async def try_once(tx: Tx, *, report: UUID) -> None:
    """Record that WeChat is being told: whoever comes after a crash asks first whether it was."""
    await tx.run(TRY, tx.merchant, report, tx.now)


async def sent(tx: Tx, *, report: UUID, said: dict[str, Any] | None) -> None:
    """Record that WeChat was told."""
    await tx.run(SEND, tx.merchant, report, tx.now, said, REPORT.sources("send"))


async def refuse(tx: Tx, *, report: UUID, code: int, words: str) -> None:
    """Record that WeChat refused, in its words."""
    await tx.run(REFUSE, tx.merchant, report, code, words[:300] or "?", REPORT.sources("refuse"))


async def again(tx: Tx, *, report: UUID) -> Reported:
    """Tell WeChat once more: what it refused, or, once, a correction of what it took."""
    found = await get(tx, report=report, lock=True)
    if found.state == R.DUE:
        return found
    if found.state == R.REFUSED:
        await tx.run(AGAIN, tx.merchant, report, tx.now, REPORT.sources("again"))
    elif not await tx.run(CORRECT, tx.merchant, report, tx.now, REPORT.sources("correct")):
        raise CorrectedBefore
    await tx.emit(ReportDue(report, found.order_id))
    return await get(tx, report=report)

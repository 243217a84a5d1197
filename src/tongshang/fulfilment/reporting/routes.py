"""Shipping reports in the console: whether there are any, what WeChat refused, and telling it again."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.types import ControllerRouterHandler

from tongshang.fulfilment import shipments
from tongshang.fulfilment.reporting import reports, telling
from tongshang.fulfilment.reporting.model import R, Reported, to_do
from tongshang.platform.db import Tx
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import orders
from tongshang.trade.model import Delivery

MANAGER, CLERK = {"role": Role.MANAGER}, {"role": Role.CLERK}


class ReportView(msgspec.Struct):
    """A report; `stale` when something else holds now, `correctable` when that can still be said."""

    id: UUID
    order_id: UUID
    order_number: str
    state: R
    code: int
    words: str
    to_do_zh: str
    to_do_en: str
    stale: bool
    correctable: bool
    sent_at: datetime | None


class ReportSetting(msgspec.Struct):
    """Whether shipping is reported, and what WeChat refused of it."""

    enabled: bool
    refused: list[ReportView]


class SettingAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether to report shipping."""

    enabled: bool


@get("/shop/shipping-reports", operation_id="get_shipping_reports", opt=MANAGER)
async def get_shipping_reports(who: Staff) -> ReportSetting:
    """Say whether shipping is reported to WeChat, and what it refused."""
    async with who.tx() as tx:
        return await _setting(tx)


@put("/shop/shipping-reports", operation_id="put_shipping_reports", opt=MANAGER)
async def put_shipping_reports(who: Staff, data: SettingAsked) -> ReportSetting:
    """Report shipping from now on, where WeChat says that the account needs it, or no more."""
    if data.enabled:
        await telling.check(who.world, who.merchant, enabled=True)
    async with who.tx() as tx:
        if not data.enabled:
            await reports.put_setting(tx, enabled=False, managed=True)
        return await _setting(tx)


@get("/orders/{order_id:uuid}/shipping-reports", operation_id="list_shipping_reports")
async def list_shipping_reports(who: Staff, order_id: UUID) -> list[ReportView]:
    """List what WeChat was told of an order's shipping."""
    async with who.tx() as tx:
        await orders.get(tx, order=order_id)
        return [await _view(tx, one) for one in await reports.of_order(tx, order=order_id)]


@put("/shipping-reports/{report_id:uuid}/repetition", operation_id="repeat_shipping_report", opt=CLERK)
async def repeat_shipping_report(who: Staff, report_id: UUID) -> ReportView:
    """Tell WeChat again what it refused, or, once, correct what it took."""
    async with who.tx() as tx:
        return await _view(tx, await reports.again(tx, report=report_id))


async def _setting(tx: Tx) -> ReportSetting:
    refused = [await _view(tx, one) for one in await reports.refused_ones(tx)]
    return ReportSetting(await reports.enabled(tx), refused)


async def _view(tx: Tx, one: Reported) -> ReportView:
    order = await orders.get(tx, order=one.order_id)
    zh, en = to_do(one.code) if one.state == R.REFUSED else ("", "")
    stale = False
    if one.state == R.SENT and one.said and order.delivery == Delivery.EXPRESS:
        stale = sorted(p.number for p in await shipments.of_order(tx, order=order.id)) != one.said.get("numbers")
    return ReportView(
        one.id, one.order_id, str(order.number), one.state, one.code, one.words, zh, en, stale,
        one.state == R.SENT and one.corrections == 0, one.sent_at,
    )  # fmt: skip


console: list[ControllerRouterHandler] = [
    get_shipping_reports, put_shipping_reports, list_shipping_reports, repeat_shipping_report,
]  # fmt: skip

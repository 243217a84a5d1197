"""How the operations of parcels, tracking, papers and invoices are asked for."""

import io
from typing import Any

from make.asking import GONE, Case, gone, shopper
from tongshang.fulfilment.reporting import reports

PARCEL = {"order_id": "shipped", "shipment_id": "parcel"}
TRACKING = {"customer": "CUSTOMER1", "key": "KuaidiKey0001", "enabled": True}
PERSON = {"kind": "person", "title": "王小爱", "email": "ai@tea.example"}
PDF = b"%PDF-1.4\n%%EOF\n"
ISSUED, RED = {"number": "24332000000012345678"}, {"number": "24332000000099999999"}
FULFILMENT: dict[str, Case] = {
    "undo_pickup": gone(code="code_of_shown"), "list_pickups": Case(query="state=waiting"),
    "extend_pickup": gone({"days": 30}, order_id="shown"), "get_tracking": Case(), "put_tracking": Case(body=TRACKING),
    "look_for_parcel": gone(**PARCEL), "look_for_my_parcel": shopper(GONE, **PARCEL),
    "get_shipping_reports": Case(), "put_shipping_reports": Case(body={"enabled": False}),
    "list_shipping_reports": gone(order_id="shipped"), "repeat_shipping_report": gone(report_id="report"),
    "print_papers": Case(GONE, query="orders=$shipped"), "print_parcel_slip": gone(**PARCEL),
    "list_my_invoices": shopper(GONE, order_id="collected"),
    "ask_invoice": shopper(GONE, PERSON, order_id="collected", invoice_id="new_invoice"),
    "withdraw_invoice": shopper(GONE, invoice_id="new_invoice"),
    "get_my_invoice_file": shopper(GONE, invoice_id="invoice"),
    "list_invoices": Case(), "list_order_invoices": gone(order_id="collected"),
    "put_invoice_file": gone(invoice_id="invoice"), "get_invoice_file": gone(invoice_id="invoice"),
    "issue_invoice": gone(ISSUED, invoice_id="invoice"),
    "refuse_invoice": gone({"reason": "抬头不符"}, invoice_id="invoice_to_refuse"),
    "reverse_invoice": gone(RED, invoice_id="invoice_to_reverse"),
}  # fmt: skip


async def fulfil_things(stage: Any) -> None:
    """Have parcels followed from the first one on, and an invoice at each point where something is done with it."""
    await stage.do("PUT", "/shop/tracking", TRACKING)
    await _reports(stage)
    stage.fresh("new_invoice")
    for name, order in (("invoice", "shown"), ("invoice_to_refuse", "reviewed"), ("invoice_to_reverse", "to_review")):
        await stage.shop("PUT", f"/orders/{stage.has[order]}/invoices/{stage.fresh(name)}", PERSON)
    file = f"/api/console/invoices/{stage.has['invoice']}/file"
    assert (await stage.owner("PUT", file, data={"file": io.BytesIO(PDF)}))[0] == 200
    await stage.do("PUT", f"/invoices/{stage.has['invoice_to_reverse']}/issuance", ISSUED)
    back = {"lines": [{"line_id": stage.has["line_of_to_review"], "quantity": 0, "amount_fen": 1}], "reason": "少了"}
    await stage.do("PUT", f"/orders/{stage.has['to_review']}/refunds/{stage.fresh('refund_of_invoiced')}", back)
    await stage.town.settle()
    await stage.town.advance(seconds=70)


async def _reports(stage: Any) -> None:
    """Have WeChat told of what is shipped from now on, which it refuses: its own ids are not to be had."""
    async with stage.town.world.tx(stage.town.merchant) as tx:
        await reports.put_setting(tx, enabled=True, managed=True)


async def name_reports(stage: Any) -> None:
    """Name the report of what was shipped."""
    (found,) = await stage.do("GET", f"/orders/{stage.has['shipped']}/shipping-reports")
    stage.has["report"] = found["id"]

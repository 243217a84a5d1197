"""How the other ways to pay are asked for, and what was paid by hand."""

from collections.abc import Awaitable, Callable
from typing import Any

from make.asking import GONE, Case, gone, shopper
from make.tenant_cases_applyments import APPLYMENTS, apply
from make.tenant_cases_sharing import SHARING, share_things
from tongshang.payments import settling
from tongshang.payments.settling import Suspicious

__all__ = ["WAYS", "lied_to", "pay_by_hand", "share_things"]
CASH = {"method": "cash", "note": "收了现金"}
WAYS: dict[str, Case] = {
    "list_settlements": Case(), "fix_difference": gone(day="day", difference_id="difference_to_fix"),
    "review_suspicious_notice": gone({"note": "问过微信，是测试"}, notice_id="suspicious_notice"),
    "list_refused_notices": Case(),
    "clear_difference": gone({"to": "sales", "note": "门店收入"}, day="day", difference_id="difference_to_clear"),
    "list_order_payments": gone(order_id="to_pay"), "call_off_payment": gone(order_id="to_call_off"),
    "show_order_qr": gone(order_id="to_call_off"), "scan_payment_code": gone({"auth_code": "$code_on_screen"},
                                                                             order_id="to_scan"),
    "record_offline_payment": gone({**CASH, "amount_fen": "$hand_fen"}, order_id="to_hand", payment_id="hand_payment"),
    "record_offline_return": gone(CASH, refund_id="hand_refund"),
    "pay_order_by_qr": shopper(GONE, order_id="to_call_off"),
    "pay_order_by_browser": shopper(GONE, order_id="to_call_off"),
    **APPLYMENTS,
    **SHARING,
}  # fmt: skip


async def lied_to(stage: Any, day: str) -> None:
    """Name what was found out about a day, have one of it booked to suspense, and hear something that does not fit."""
    wrong = Suspicious("amount: 1 expected, 2 told", number="STRANGER")
    async with stage.town.world.tx(stage.town.merchant) as tx:
        await settling.suspect(tx, id=stage.fresh("suspicious_notice"), source="QUERY", wrong=wrong, told={})
    found = [one["id"] for one in (await stage.do("GET", f"/reconciliation/{day}"))["differences"]]
    names = ("difference", "difference_to_fix", "difference_to_clear")
    stage.has |= {"day": day, **dict(zip(names, found, strict=False))}
    path = f"/reconciliation/{day}/differences/{stage.has['difference_to_clear']}/resolution"
    await stage.do("PUT", path, {"action": "booked", "note": "门店收款码的收入"})


async def pay_by_hand(stage: Any, order: Callable[..., Awaitable[None]]) -> None:
    """Have orders that wait at the counter, one paid in cash of which a fen is promised back, and applications."""
    await apply(stage)
    for name in ("to_call_off", "to_scan", "to_hand", "handed"):
        await order(stage, name)
    stage.has["hand_fen"] = (await stage.do("GET", f"/orders/{stage.has['to_hand']}"))["total_fen"]
    stage.fresh("hand_payment")
    path = f"/orders/{stage.has['handed']}/payments/offline/{stage.fresh('handed_payment')}"
    await stage.do("PUT", path, {**CASH, "amount_fen": stage.has["hand_fen"]})
    part = {"lines": [{"line_id": stage.has["line_of_handed"], "quantity": 1, "amount_fen": 1}], "reason": "少了"}
    await stage.do("PUT", f"/orders/{stage.has['handed']}/refunds/{stage.fresh('hand_refund')}", part)
    shown = await stage.town.sandbox.call("POST", "/people/alice/payment-code")
    stage.has["code_on_screen"] = shown["auth_code"]

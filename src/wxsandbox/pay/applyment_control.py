"""The hand on applications for merchant numbers: look at them, and decide as the reviewer would."""

from typing import Any

import msgspec

from wxsandbox.http import Call
from wxsandbox.pay import applyments
from wxsandbox.pay.rows_applyments import Flaw, PayApplyment
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """Into which state an application goes (without WeChat's prefix), and for REJECTED why, field by field."""

    state: str
    flaws: list[Flaw] = []


def view(row: PayApplyment) -> dict[str, Any]:
    """Show an application as the control plane does."""
    shown: dict[str, Any] = msgspec.to_builtins(row)
    return {name: value for name, value in shown.items() if name not in ("id", "timer")}


async def list_applyments(call: Call) -> Any:
    """List the applications."""
    return {"items": [view(row) for row in call.box.table(PayApplyment)]}


async def decide(call: Call) -> Any:
    """Move an application: approve, send back with reasons, verify, sign, open, cancel."""
    asked, row = control(call.body, Decision), applyments.by_code(call.box, call.params["business_code"])
    return view(applyments.decide(call.box, row, asked.state, asked.flaws))


ROUTES = (
    Route(HOST, "GET", "/applyments", list_applyments, journal=False),
    Route(HOST, "POST", "/applyments/{business_code}/decision", decide, body=Decision),
)

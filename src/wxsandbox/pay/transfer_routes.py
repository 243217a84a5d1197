"""The endpoints of merchant transfers, and what a person's phone shows of them."""

from typing import Any

import msgspec

from wxsandbox.http import Call
from wxsandbox.pay import collecting, reading, transfers
from wxsandbox.pay.collecting import Handed
from wxsandbox.pay.gate import Endpoint, guarded, struck
from wxsandbox.pay.routes import COMMON, DOC, HOST
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.transfer_rows import PayTransfer
from wxsandbox.pay.types_transfers import TransferBill
from wxsandbox.routes import Route
from wxsandbox.validate import control

CONTROL, READ = "_sandbox", "2026-11-23"
BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
BY_OURS, BY_THEIRS = "/out-bill-no/{out_bill_no}", "/transfer-bill-no/{transfer_bill_no}"
ERRORS = ("ALREADY_EXISTS", "NOT_ENOUGH", "APPID_MCHID_NOT_MATCH", "FREQUENCY_LIMITED", *COMMON)
LOOK_ERRORS = ("NOT_FOUND", "FREQUENCY_LIMITED", *COMMON)


def create(call: Call, caller: PayMerchant) -> Any:
    """Set money aside for a person, who confirms within a day."""
    asked = reading.read(TransferBill, call.body)
    return transfers.answer(transfers.create(call.box, caller, asked, call.headers.get("wechatpay-serial", "")))


def query(call: Call, caller: PayMerchant) -> Any:
    """Tell how a transfer stands."""
    return transfers.view(caller, _find(call, caller))


def cancel(call: Call, caller: PayMerchant) -> Any:
    """Call a transfer off that nobody has confirmed yet."""
    told = transfers.view(caller, transfers.cancel(call.box, _find(call, caller)))
    return {name: told[name] for name in ("out_bill_no", "transfer_bill_no", "state", "update_time")}


def _find(call: Call, caller: PayMerchant) -> PayTransfer:
    table, now = call.box.state.table(PayTransfer), call.box.clock.now()
    if "out_bill_no" in call.params:
        return transfers.find(caller, table.by("out_bill_no", call.params["out_bill_no"]), now)
    return transfers.find(caller, table.by("bill_no", call.params["transfer_bill_no"]), now)


async def present(call: Call) -> Any:
    """Open the sheet that asks a person to take a transfer."""
    return collecting.present(call.box, call.params["name"], control(call.body, Handed))


async def confirm(call: Call) -> Any:
    """Take a transfer."""
    return collecting.confirm(call.box, call.params["name"], control(call.body, Handed))


async def listed(call: Call) -> Any:
    """List the transfers there are, the newest first."""
    rows = sorted(call.box.table(PayTransfer), key=lambda row: -row.seq)
    return {"items": [msgspec.structs.asdict(row) for row in rows]}


def _route(method: str, path: str, endpoint: Endpoint, page: str, errors: tuple[str, ...], body: Any = None) -> Route:
    page = f"{DOC}merchant/{page}"
    return Route(HOST, method, path, guarded(endpoint), page=page, date=READ, body=body, errors=errors, refuse=struck)


ROUTES = (
    _route("POST", BILLS, create, "4012716434", ERRORS, TransferBill),
    _route("GET", BILLS + BY_OURS, query, "4012716437", LOOK_ERRORS),
    _route("GET", BILLS + BY_THEIRS, query, "4012716457", LOOK_ERRORS),
    _route("POST", BILLS + BY_OURS + "/cancel", cancel, "4012716458", LOOK_ERRORS),
    Route(CONTROL, "GET", "/transfers", listed, journal=False),
    Route(CONTROL, "POST", "/people/{name}/transfer", present, body=Handed),
    Route(CONTROL, "POST", "/people/{name}/transfer/confirmation", confirm, body=Handed),
)

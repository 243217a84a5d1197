"""Merchant transfers of a sub-merchant's money, asked for by its service provider, once the sub-merchant has let it.

Pages of pay.weixin.qq.com/doc/v3 (2025-07-29): 「申请子商户商家转账授权」 (partner/4015469102), 「查询子商户商家转账
授权状态」 (4015469112), 「发起转账」 (4015469096). What is not published and decided here: an application that nobody
answered within seven days has expired; the code of a transfer without a grant is NO_AUTH.
"""

from typing import Any

import msgspec

from wxsandbox.http import Call
from wxsandbox.pay import orders, reading, transfers
from wxsandbox.pay.errors import invalid, no_auth
from wxsandbox.pay.gate import guarded, struck
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.routes import DOC, HOST
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.transfer_routes import BY_OURS, ERRORS, LOOK_ERRORS
from wxsandbox.pay.transfer_rows import PayTransfer
from wxsandbox.pay.types_transfers import GrantAsked, PartnerCancel, PartnerTransferBill, TransferBill
from wxsandbox.routes import Route

PARTNER, READ = "/v3/fund-app/mch-transfer/partner", "2025-07-29"
BILLS, GRANTS = PARTNER + "/transfer-bills", PARTNER + "/sub-mch-authorizations"
EXPIRES_SECONDS = 7 * 86400


def apply(call: Call, caller: PayMerchant) -> Any:
    """Invite a sub-merchant to let its provider give its money away; the same number is the same application."""
    asked = reading.read(GrantAsked, call.body)
    sub = orders.sub_merchant(call.box, caller, asked.sub_mchid)
    _expire(call, sub)
    if sub.transfer_apply_no != asked.out_apply_no:
        if sub.transfer_grant in {"INVITED", "PASSED"}:
            raise invalid("子商户已授权或存在处理中的授权申请单")
        sub.transfer_apply_no, sub.transfer_grant = asked.out_apply_no, "INVITED"
        sub.transfer_applied = call.box.clock.now()
        call.box.state.table(PayMerchant).put(sub)
    return _order(sub)


def granted(call: Call, caller: PayMerchant) -> Any:
    """Tell whether a sub-merchant lets its provider give its money away."""
    sub = orders.sub_merchant(call.box, caller, call.params["sub_mchid"])
    _expire(call, sub)
    state = {"PASSED": "AUTHORIZED", "CANCELED": "CANCELED"}.get(sub.transfer_grant, "UNAUTHORIZED")
    return {"sub_mchid": sub.id, "state": state, **({"apply_order": _order(sub)} if sub.transfer_apply_no else {})}


def _expire(call: Call, sub: PayMerchant) -> None:
    if sub.transfer_grant == "INVITED" and call.box.clock.now() >= sub.transfer_applied + EXPIRES_SECONDS:
        sub.transfer_grant = "EXPIRED"
        call.box.state.table(PayMerchant).put(sub)


def _order(sub: PayMerchant) -> dict[str, Any]:
    at = rfc3339(local(sub.transfer_applied))
    state = "PASSED" if sub.transfer_grant == "CANCELED" else sub.transfer_grant
    words = {"sub_mchid": sub.id, "out_apply_no": sub.transfer_apply_no, "state": state}
    return {**words, "accept_time": at, "update_time": at}


def create(call: Call, caller: PayMerchant) -> Any:
    """Set a sub-merchant's money aside for a person; the answer names no state."""
    asked = reading.read(PartnerTransferBill, call.body)
    sub = orders.sub_merchant(call.box, caller, asked.sub_mchid)
    if sub.transfer_grant != "PASSED":
        raise no_auth("子商户未授权服务商使用商家转账，请先申请授权")
    fields = msgspec.structs.asdict(asked)
    fields.pop("sub_mchid")
    bill = TransferBill(**fields)
    row = transfers.create(call.box, caller, bill, call.headers.get("wechatpay-serial", ""), payer=sub)
    told = transfers.answer(row) | {"sub_mchid": sub.id}
    if "package_info" in told:
        told.pop("state")
    return told


def query(call: Call, caller: PayMerchant) -> Any:
    """Tell how a sub-merchant's transfer stands."""
    return transfers.view(caller, _find(call, caller, reading.parameter(call.query, "sub_mchid")))


def cancel(call: Call, caller: PayMerchant) -> Any:
    """Call a sub-merchant's transfer off that nobody has confirmed yet."""
    row = _find(call, caller, reading.read(PartnerCancel, call.body).sub_mchid)
    told = transfers.view(caller, transfers.cancel(call.box, row))
    return {name: told[name] for name in ("sub_mchid", "out_bill_no", "transfer_bill_no", "state", "update_time")}


def _find(call: Call, caller: PayMerchant, sub: str) -> PayTransfer:
    orders.sub_merchant(call.box, caller, sub)
    rows = call.box.state.table(PayTransfer).by("out_bill_no", call.params["out_bill_no"])
    return transfers.find(caller, rows, call.box.clock.now(), sub=sub)


def _route(method: str, path: str, endpoint: Any, page: str, errors: tuple[str, ...], body: Any = None) -> Route:
    page = f"{DOC}partner/{page}"
    return Route(HOST, method, path, guarded(endpoint), page=page, date=READ, body=body, errors=errors, refuse=struck)


ROUTES = (
    _route("POST", GRANTS, apply, "4015469102", LOOK_ERRORS, GrantAsked),
    _route("GET", GRANTS + "/{sub_mchid}", granted, "4015469112", LOOK_ERRORS),
    _route("POST", BILLS, create, "4015469096", ERRORS, PartnerTransferBill),
    _route("GET", BILLS + BY_OURS, query, "4015469096", LOOK_ERRORS),
    _route("POST", BILLS + BY_OURS + "/cancel", cancel, "4015469096", LOOK_ERRORS, PartnerCancel),
)

"""The sheet on a person's phone that asks to take a transfer: a plain page, or a red packet.

Pages 「JSAPI调起用户确认收款」 of pay.weixin.qq.com/doc/v3 (merchant/4012716430; partner/4016960577, 2025-12-24): the
page hands over mchId, appId and package, and a provider's its subMchId. `ok` means that the sheet was shown, not that
anything was paid.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.pay import transfers
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.transfer_rows import PayTransfer
from wxsandbox.people import person_of

if TYPE_CHECKING:
    from wxsandbox.box import Box

BRIDGE = "requestMerchantTransfer"


class Handed(msgspec.Struct, kw_only=True):
    """What a page hands to the sheet."""

    mchId: str = ""
    subMchId: str = ""
    appId: str = ""
    package: str = ""


class Declined(Exception):
    """The sheet cannot take this: a sentence for the person."""


def present(box: "Box", person: str, handed: Handed) -> dict[str, Any]:
    """Open the sheet: who gives how much for what, or why not."""
    try:
        row = _row(box, person, handed)
    except Declined as declined:
        return _failed(declined)
    return {"result": "open", "err_msg": f"{BRIDGE}:ok", "message": "", **_shown(box, row)}


def confirm(box: "Box", person: str, handed: Handed) -> dict[str, Any]:
    """Take the transfer; a name that is not the person's ends it."""
    try:
        row = _row(box, person, handed)
    except Declined as declined:
        return _failed(declined)
    if row.state == "WAIT_USER_CONFIRM":
        # Here people are called what they are nicknamed.
        if row.name and row.name != person_of(box, person).nickname:
            transfers.finish(box, row, "FAIL", why="NAME_NOT_CORRECT")
            return _failed(Declined("收款人姓名与微信实名不一致"))
        transfers.confirmed(box, row)
    return {"result": "ok", "err_msg": f"{BRIDGE}:ok", "message": "收款成功", **_shown(box, row)}


def _failed(declined: Declined) -> dict[str, Any]:
    return {"result": "fail", "err_msg": f"{BRIDGE}:fail", "message": str(declined)}


def _row(box: "Box", person: str, handed: Handed) -> PayTransfer:
    person_of(box, person)
    rows = box.state.table(PayTransfer).by("package", handed.package) if handed.package else []
    row = next(iter(rows), None)
    whose = (handed.subMchId, handed.mchId) if handed.subMchId else (handed.mchId, "")
    if row is None or (row.mchid, row.sp_mchid, row.appid) != (*whose, handed.appId):
        raise Declined("该笔转账不存在或已失效，请联系商家")
    if row.person != person:
        raise Declined("当前用户与收款用户不一致")
    if row.state not in {"WAIT_USER_CONFIRM", "TRANSFERING"}:
        raise Declined("该笔转账已失效，请联系商家")
    return row


def _shown(box: "Box", row: PayTransfer) -> dict[str, Any]:
    merchant = box.state.table(PayMerchant).get(row.mchid)
    return {
        "merchant": merchant.name if merchant else row.mchid,
        "shows": row.shows,
        "remark": row.remark,
        "amount_fen": row.amount_fen,
        "packet": row.packet,
        "out_bill_no": row.out_bill_no,
    }

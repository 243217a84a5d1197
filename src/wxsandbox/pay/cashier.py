"""The cashier on a person's phone: shows an order, takes the password, pays, or is left.

It checks what WeChat's own does: paySign under the merchant's certificate, appid and payer of the prepay, two
hours, time_expire, an order still open. Page 「JSAPI调起支付」 of pay.weixin.qq.com/doc/v3.
"""

import re
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from wxsandbox.pay import crypto, money, notices, orders, sharing, wallets
from wxsandbox.pay.money import local
from wxsandbox.pay.rows import PayMerchant, PayOrder, PayPrepay
from wxsandbox.people import fan, open_window, openid_of, person_of

if TYPE_CHECKING:
    from wxsandbox.box import Box

BRIDGE = "get_brand_wcpay_request"
SIX_DIGITS = re.compile(r"[0-9]{6}")
Outcome = Literal["ok", "wrong_password", "insufficient", "lost"]


class Bill(msgspec.Struct, kw_only=True):
    """What a page or a QR code hands to the cashier, and what the person then does.

    Either the six parameters of getBrandWCPayRequest, or `code_url`. `outcome` forces a bad end: the password
    refused, no money, or paid while the page never hears of it.
    """

    appId: str = ""
    timeStamp: str = ""
    nonceStr: str = ""
    package: str = ""
    signType: str = ""
    paySign: str = ""
    code_url: str = ""
    password: str = ""
    outcome: Outcome = "ok"


class Declined(Exception):
    """The cashier cannot take this: a sentence for the person."""


def present(box: "Box", person: str, bill: Bill) -> dict[str, Any]:
    """Open the cashier: who is paid how much for what, or why not."""
    try:
        row = _order(box, person, bill)
    except Declined as declined:
        return {"result": "fail", "err_msg": f"{BRIDGE}:fail", "message": str(declined)}
    return {"result": "open", "err_msg": None, "message": "", **order_view(box, row)}


def pay(box: "Box", person: str, bill: Bill) -> dict[str, Any]:
    """Pay with the password; returns `result` and what the page's callback hears in `err_msg` (None: nothing)."""
    try:
        row = _order(box, person, bill)
    except Declined as declined:
        return {"result": "fail", "err_msg": f"{BRIDGE}:fail", "message": str(declined)}
    right = SIX_DIGITS.fullmatch(bill.password) and bill.password == wallets.wallet(box, person).password
    if bill.outcome == "wrong_password" or not right:
        return {"result": "wrong_password", "err_msg": None, "message": "支付密码错误，请重试"}
    if bill.outcome == "insufficient":
        return {"result": "insufficient", "err_msg": None, "message": "余额不足，请更换支付方式"}
    settle(box, person, row)
    answer = order_view(box, row) | {"transaction_id": row.transaction_id}
    if bill.outcome == "lost":
        return {"result": "lost", "err_msg": f"{BRIDGE}:fail", "message": "网络异常", **answer}
    return {"result": "ok", "err_msg": f"{BRIDGE}:ok", "message": "支付成功", **answer}


def cancel(box: "Box", person: str) -> dict[str, Any]:
    """Leave the cashier; the order stays as it is."""
    person_of(box, person)
    return {"result": "cancel", "err_msg": f"{BRIDGE}:cancel", "message": "支付已取消"}


def _order(box: "Box", person: str, bill: Bill) -> PayOrder:
    person_of(box, person)
    prepay = _prepay(box, bill)
    row = box.state.table(PayOrder).get(prepay.order) if prepay else None
    if prepay is None or row is None:
        raise Declined("商户订单信息有误，请联系商家")
    if bill.code_url == "" and row.kind != "MWEB":
        _check_signature(box, bill, row)
    _check_payer(box, person, bill, row)
    row = orders.current(box, row)
    if row.state in {"SUCCESS", "REFUND"}:
        raise Declined("该订单已支付")
    if row.state == "CLOSED":
        raise Declined("订单已关闭")
    if box.clock.now() >= min(prepay.expires, row.expires):
        raise Declined("支付请求已失效，请重新发起支付")
    return row


def _prepay(box: "Box", bill: Bill) -> PayPrepay | None:
    table = box.state.table(PayPrepay)
    if bill.code_url:
        return next(iter(table.by("code", bill.code_url)), None)
    return table.get(bill.package.removeprefix("prepay_id=")) if "prepay_id=" in bill.package else None


def _check_signature(box: "Box", bill: Bill, row: PayOrder) -> None:
    if row.kind != "JSAPI" or bill.appId not in {row.appid, row.sub_appid} - {""}:
        raise Declined("当前页面的AppID与下单的AppID不一致")
    if bill.signType != "RSA" or not bill.timeStamp.isdecimal() or not 0 < len(bill.nonceStr) <= 32:
        raise Declined("商家参数格式有误，请联系商家解决")
    caller = box.state.table(PayMerchant).get(row.mchid)
    message = f"{bill.appId}\n{bill.timeStamp}\n{bill.nonceStr}\n{bill.package}\n".encode()
    keys = [] if caller is None else [caller.public_pem, *(old.public_pem for old in caller.older if not old.revoked)]
    if not any(crypto.verified(key, message, bill.paySign) for key in keys):
        raise Declined("支付验证签名失败")


def _check_payer(box: "Box", person: str, bill: Bill, row: PayOrder) -> None:
    for appid, openid in ((row.appid, row.openid), (row.sub_appid, row.sub_openid)):
        if openid and openid != openid_of(box, person, appid):
            raise Declined("当前用户与下单用户不一致")


def settle(box: "Box", person: str, row: PayOrder) -> None:
    """Move an order's money and tell the merchant; of a code payment there is no notice."""
    now = box.clock.now()
    owner, caller = (box.state.table(PayMerchant).get(id) for id in (row.owner, row.mchid))
    assert owner is not None
    assert caller is not None
    row.transaction_id = f"42000{box.state.dice.below(10**5):05d}{local(now):%Y%m%d}{row.seq:010d}"
    row.state, row.paid, row.payer_person = "SUCCESS", now, person
    row.caller_day = f"{row.mchid}/{money.day_of(now)}"
    row.openid = row.openid or openid_of(box, person, row.appid)
    if row.sub_appid and not row.sub_openid:
        row.sub_openid = openid_of(box, person, row.sub_appid)
    row.rate, row.fee_fen = owner.rate, money.fee(row.total_fen, owner.rate)
    row.fee_kept_fen = row.fee_fen
    row.bank = wallets.take(box, person, row)
    box.state.table(PayOrder).put(row)
    book = {"business_id": row.transaction_id, "note": "", "voucher": row.out_trade_no}
    money.move(box, owner, row.total_fen, name="交易", kind="交易", **book)
    if row.fee_fen:
        money.move(box, owner, -row.fee_fen, name="扣除交易手续费", kind="扣除交易手续费", **book)
    sharing.hold(box, owner, row)
    wallets.receipt(box, row)
    for appid in filter(None, (row.appid, row.sub_appid)):
        # Who paid may be written to for a while.
        open_window(box, fan(box, person, appid), "pay")
    notices.send(box, caller, event="TRANSACTION.SUCCESS", url=row.notify_url, resource=orders.view(row))


def order_view(box: "Box", row: PayOrder) -> dict[str, Any]:
    """Describe an order as its payer sees it."""
    owner = box.state.table(PayMerchant).get(row.owner)
    return {
        "merchant": owner.name if owner else row.owner,
        "description": row.description,
        "total_fen": row.total_fen,
        "out_trade_no": row.out_trade_no,
    }

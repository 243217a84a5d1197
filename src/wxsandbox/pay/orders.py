"""Orders: placed, looked up, closed. What a person does to them is in `cashier`."""

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from wxsandbox.pay import reading, types
from wxsandbox.pay.errors import PayRefused, invalid, no_auth, wrong_field
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.rows import PayMerchant, PayOrder, PayPrepay
from wxsandbox.people import fan_by_openid

if TYPE_CHECKING:
    from wxsandbox.box import Box

PREPAY_SECONDS = 2 * 3600
H5_SECONDS = 5 * 60
LIFE_SECONDS = 7 * 86400
STATES = {
    "SUCCESS": "支付成功",
    "REFUND": "订单发生过退款，退款详情请查询退款单",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
    "USERPAYING": "需要用户输入支付密码",
    "PAYERROR": "支付失败，请重新下单",
    "REVOKED": "订单已撤销",
}
UNPAID = frozenset({"NOTPAY", "USERPAYING", "PAYERROR"})
AnyOrder = types.NativeOrder | types.PartnerNativeOrder


def order_id(mchid: str, sub_mchid: str, out_trade_no: str) -> str:
    """Name an order: WeChat keeps numbers apart per signing merchant and sub-merchant."""
    return f"{mchid}/{sub_mchid}/{out_trade_no}"


def place(box: "Box", caller: PayMerchant, asked: AnyOrder, kind: str) -> PayPrepay:
    """Take an order, or the same one once more; returns two hours' permission to pay it."""
    row = _draft(box, caller, asked, kind)
    known = box.state.table(PayOrder).get(row.id)
    if known is not None:
        known = current(box, known)
        if known.words != row.words:
            raise PayRefused(403, "OUT_TRADE_NO_USED", "商户订单号重复，请核实商户订单号是否重复提交")
        if known.state == "CLOSED":
            raise PayRefused(400, "ORDER_CLOSED", "订单已关闭，请重新下单")
        if known.state != "NOTPAY":
            raise invalid("该订单已支付")
        row = known
    else:
        box.state.table(PayOrder).put(row)
    return _prepay(box, row)


def _draft(box: "Box", caller: PayMerchant, asked: AnyOrder, kind: str) -> PayOrder:
    reading.callback_url(asked.notify_url)
    now = box.clock.now()
    expires = now + LIFE_SECONDS
    if asked.time_expire is not UNSET:
        wish = reading.instant(asked.time_expire).timestamp()
        if wish > expires:
            raise wrong_field("/time_expire", "is more than 7 days away", "支付结束时间不能超过7天")
        expires = max(wish, now + 60)
    names = _partner_names(box, caller, asked) if isinstance(asked, types.PartnerNativeOrder) else {}
    if isinstance(asked, types.NativeOrder):
        names = _direct_names(caller, asked)
    scene = asked.scene_info
    row = PayOrder(
        id=order_id(names["mchid"], names.get("sub_mchid", ""), asked.out_trade_no),
        mchid=names["mchid"],
        sub_mchid=names.get("sub_mchid", ""),
        appid=names["appid"],
        sub_appid=names.get("sub_appid", ""),
        openid=names.get("openid", ""),
        sub_openid=names.get("sub_openid", ""),
        seq=box.state.next("pay_order"),
        out_trade_no=asked.out_trade_no,
        kind=kind,
        words=kind + msgspec.json.encode(asked).decode(),
        description=asked.description,
        attach=None if asked.attach is UNSET else asked.attach,
        notify_url=asked.notify_url,
        total_fen=asked.amount.total,
        device="" if scene is UNSET or scene.device_id is UNSET else scene.device_id,
        created=now,
        expires=expires,
        sharing=asked.settle_info is not UNSET and asked.settle_info.profit_sharing,
    )
    _check_openids(box, row)
    return row


def _direct_names(caller: PayMerchant, asked: types.NativeOrder) -> dict[str, str]:
    own(caller, asked.mchid)
    bound(caller, asked.appid)
    openid = asked.payer.openid if isinstance(asked, types.JsapiOrder) else ""
    return {"mchid": caller.id, "appid": asked.appid, "openid": openid}


def _partner_names(box: "Box", caller: PayMerchant, asked: types.PartnerNativeOrder) -> dict[str, str]:
    own(caller, asked.sp_mchid)
    bound(caller, asked.sp_appid)
    sub = sub_merchant(box, caller, asked.sub_mchid)
    names = {"mchid": caller.id, "sub_mchid": sub.id, "appid": asked.sp_appid}
    if asked.sub_appid is not UNSET:
        bound(sub, asked.sub_appid)
        names["sub_appid"] = asked.sub_appid
    if isinstance(asked, types.PartnerJsapiOrder):
        payer = asked.payer
        if (payer.sp_openid is UNSET) == (payer.sub_openid is UNSET):
            raise wrong_field("/payer", "needs one of sp_openid and sub_openid", "sp_openid和sub_openid二选一")
        if payer.sub_openid is not UNSET:
            if asked.sub_appid is UNSET:
                raise wrong_field("/sub_appid", "is required with sub_openid", "传sub_openid时sub_appid必传")
            names["sub_openid"] = payer.sub_openid
        if payer.sp_openid is not UNSET:
            names["openid"] = payer.sp_openid
    return names


def own(caller: PayMerchant, mchid: str) -> None:
    """Refuse a body that names another merchant than the signature."""
    if mchid != caller.id:
        raise PayRefused(400, "PARAM_ERROR", "http header中的mchid与post payload中的mchid不匹配")


def sub_merchant(box: "Box", caller: PayMerchant, mchid: str) -> PayMerchant:
    """Return a sub-merchant of the caller; raises MCH_NOT_EXISTS, or NO_AUTH for somebody else's."""
    sub = box.state.table(PayMerchant).get(mchid)
    if sub is None:
        raise PayRefused(400, "MCH_NOT_EXISTS", "商户号不存在")
    if sub.partner != caller.id:
        raise no_auth("商户无权限，子商户与服务商没有绑定关系")
    return sub


def bound(merchant: PayMerchant, appid: str) -> None:
    """Refuse an account that is not bound to a merchant."""
    if appid not in merchant.appids:
        raise PayRefused(400, "APPID_MCHID_NOT_MATCH", "AppID和mch_id不匹配，请检查后再试")


def _check_openids(box: "Box", row: PayOrder) -> None:
    pairs = ((row.appid, row.openid, "openid"), (row.sub_appid, row.sub_openid, "sub_openid"))
    for appid, openid, name in pairs:
        if openid and fan_by_openid(box, appid, openid) is None:
            raise wrong_field(f"/payer/{name}", "is not an openid of this appid", "appid和openid不匹配")


def _prepay(box: "Box", row: PayOrder) -> PayPrepay:
    dice, now = box.state.dice, box.clock.now()
    fresh = PayPrepay(
        id=f"wx{local(now):%Y%m%d%H%M%S}{dice.hex(20)}",
        seq=box.state.next("pay_prepay"),
        order=row.id,
        code="weixin://wxpay/bizpayurl?pr=" + dice.text(9) if row.kind == "NATIVE" else "",
        # An address for a browser outside WeChat is good for five minutes, everything else for two hours.
        expires=now + (H5_SECONDS if row.kind == "MWEB" else PREPAY_SECONDS),
    )
    table = box.state.table(PayPrepay)
    # The oldest come first, and none lives longer than two hours.
    while (oldest := next(iter(table.rows.values()), None)) and oldest.expires < now - PREPAY_SECONDS:
        table.delete(oldest.id)
    return table.put(fresh)


def current(box: "Box", row: PayOrder) -> PayOrder:
    """Return an order as it is now: unpaid for seven days, it has closed itself."""
    if row.state in UNPAID and box.clock.now() >= row.created + LIFE_SECONDS:
        row.state = "CLOSED"
        box.state.table(PayOrder).put(row)
    return row


def find(box: "Box", mchid: str, sub_mchid: str, out_trade_no: str) -> PayOrder:
    """Return an order by the merchant's number; raises ORDER_NOT_EXIST."""
    row = box.state.table(PayOrder).get(order_id(mchid, sub_mchid, out_trade_no))
    if row is None:
        raise PayRefused(404, "ORDER_NOT_EXIST", "订单不存在")
    return current(box, row)


def of_transaction(box: "Box", transaction_id: str) -> list[PayOrder]:
    """List the orders (one, or none) under WeChat's number."""
    return list(box.state.table(PayOrder).by("transaction_id", transaction_id))


def find_paid(box: "Box", mchid: str, sub_mchid: str, transaction_id: str) -> PayOrder:
    """Return an order by WeChat's number; raises ORDER_NOT_EXIST, also for somebody else's."""
    for row in box.state.table(PayOrder).by("transaction_id", transaction_id):
        if transaction_id and (row.mchid, row.sub_mchid) == (mchid, sub_mchid):
            return row
    raise PayRefused(404, "ORDER_NOT_EXIST", "订单不存在")


def close(box: "Box", row: PayOrder) -> None:
    """Close an unpaid order; once more is no error, a paid one is."""
    if row.state in {"SUCCESS", "REFUND"}:
        raise invalid("该订单已支付，不能关单")
    if row.kind == "MICROPAY":
        raise invalid("付款码支付的订单不支持关单，请调用撤销接口")
    if row.state == "NOTPAY":
        row.state = "CLOSED"
        box.state.table(PayOrder).put(row)


def view(row: PayOrder) -> dict[str, Any]:
    """Describe an order as a query and a notice do; unpaid ones have no payer, time and transaction."""
    answer: dict[str, Any] = {"out_trade_no": row.out_trade_no}
    if row.sub_mchid:
        answer |= {"sp_appid": row.appid, "sp_mchid": row.mchid, "sub_mchid": row.sub_mchid}
        answer |= {"sub_appid": row.sub_appid} if row.sub_appid else {}
    else:
        answer |= {"appid": row.appid, "mchid": row.mchid}
    answer |= {"trade_state": row.state, "trade_state_desc": STATES[row.state]}
    answer |= {"attach": row.attach} if row.attach is not None else {}
    answer["promotion_detail"] = []
    answer["scene_info"] = {"device_id": row.device}
    answer["amount"] = {"total": row.total_fen, "currency": "CNY"}
    if not row.paid:
        return answer
    answer["amount"] |= {"payer_total": row.total_fen, "payer_currency": "CNY"}
    answer |= {"transaction_id": row.transaction_id, "trade_type": row.kind, "bank_type": row.bank}
    answer["success_time"] = rfc3339(local(row.paid))
    if row.sub_mchid:
        pair = {"sp_openid": row.openid, "sub_openid": row.sub_openid}
        answer["payer"] = {name: value for name, value in pair.items() if value}
    else:
        answer["payer"] = {"openid": row.openid}
    return answer

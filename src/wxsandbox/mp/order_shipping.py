"""Shipping of a mini program's orders: held money is set free by what is reported, and corrected once.

Official page: developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/
order-shipping.html, with its table of codes, 2026-11.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, Text
from wxsandbox.pay.rows import PayOrder
from wxsandbox.routes import Route
from wxsandbox.validate import control, read

DATE = "2026-11"
PAGE = (
    "https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/"
    "order-shipping.html"
)
TRADE_SET = 142
EXPRESS, UNIFIED, SPLIT, MOST = 1, 1, 2, 15
# From WeChat's list of carriers, those that parcels mostly go with.
CARRIERS = {
    "SF": "顺丰速运", "ZTO": "中通快递", "YTO": "圆通速递", "STO": "申通快递", "YUNDA": "韵达快递", "JTSD": "极兔速递",
    "JD": "京东快递", "EMS": "EMS", "YZPY": "邮政快递包裹", "DBL": "德邦快递",
}  # fmt: skip


class OrderKey(msgspec.Struct):
    """Which payment: by its number at WeChat, or by the merchant's two."""

    order_number_type: Annotated[int, msgspec.Meta(ge=1, le=2)]
    transaction_id: str = ""
    mchid: str = ""
    out_trade_no: str = ""


class Contact(msgspec.Struct):
    """Masked phone numbers."""

    consignor_contact: str = ""
    receiver_contact: str = ""


class ShippedParcel(msgspec.Struct):
    """A parcel; without a carrier only the goods."""

    item_desc: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    tracking_no: Annotated[str, msgspec.Meta(max_length=128)] = ""
    express_company: Annotated[str, msgspec.Meta(max_length=128)] = ""
    contact: Contact | None = None


class Payer(msgspec.Struct):
    """Who paid."""

    openid: Text


class Upload(msgspec.Struct):
    """Body of upload_shipping_info."""

    order_key: OrderKey
    logistics_type: Annotated[int, msgspec.Meta(ge=1, le=4)]
    delivery_mode: Annotated[int, msgspec.Meta(ge=1, le=2)]
    shipping_list: Annotated[list[ShippedParcel], msgspec.Meta(min_length=1, max_length=MOST)]
    upload_time: datetime
    payer: Payer
    is_all_delivered: bool | None = None


class Wanted(msgspec.Struct):
    """Body of get_order."""

    transaction_id: Text


class Managed(msgspec.Struct):
    """Body of is_trade_managed."""

    appid: Text


class TradeManaged(msgspec.Struct):
    """An account whose trades are held until they are reported."""

    id: str  # the appid


class ShippedOrder(msgspec.Struct):
    """What was reported of a payment."""

    id: str  # transaction_id
    mode: int
    way: int
    complete: bool
    corrections: int
    uploaded: float
    parcels: list[ShippedParcel]


class ManagedAsked(msgspec.Struct):
    """Whether an account's trades are held."""

    managed: bool = True


async def is_trade_managed(call: Call) -> Any:
    """Say whether the account's trades are held until their shipping was reported."""
    account = tokens.account_call(call, TRADE_SET)
    if read(call.body, Managed, {"appid": 40013}).appid != account.appid:
        raise WxError(40013)
    held = call.box.state.table(TradeManaged).get(account.appid) is not None
    return {"errcode": 0, "errmsg": "ok", "is_trade_managed": held}


async def deliveries(call: Call) -> Any:
    """List the carriers with WeChat's ids."""
    tokens.account_call(call, TRADE_SET)
    rows = [{"delivery_id": id, "delivery_name": name} for id, name in CARRIERS.items()]
    return {"errcode": 0, "errmsg": "ok", "delivery_list": rows, "count": len(rows)}


async def upload(call: Call) -> Any:
    """Take a report; one more of what is complete, or in another mode, is the one correction."""
    account = tokens.account_call(call, TRADE_SET)
    body = read(call.body, Upload, {})
    order = _payment(call, account, body.order_key)
    if body.payer.openid not in (order.openid, order.sub_openid):
        raise WxError(10060031)
    _check(body)
    table = call.box.state.table(ShippedOrder)
    known, at = table.get(order.transaction_id), body.upload_time.timestamp()
    complete = body.delivery_mode == UNIFIED or body.is_all_delivered is True
    corrections = 0
    if known is not None:
        if at <= known.uploaded:
            raise WxError(268485216)
        again = known.complete or (known.mode, known.way) != (body.delivery_mode, body.logistics_type)
        if again and known.corrections:
            raise WxError(10060003)
        if again and known.parcels == body.shipping_list:
            raise WxError(10060023)
        corrections = known.corrections + int(again)
    table.put(
        ShippedOrder(
            order.transaction_id, body.delivery_mode, body.logistics_type, complete, corrections, at, body.shipping_list
        )
    )
    return {"errcode": 0, "errmsg": "ok"}


def _check(body: Upload) -> None:
    if body.delivery_mode == SPLIT and body.logistics_type != EXPRESS:
        raise WxError(10060006)
    if body.delivery_mode == SPLIT and body.is_all_delivered is None:
        raise WxError(10060007)
    if body.delivery_mode == UNIFIED and len(body.shipping_list) > 1:
        raise WxError(10060024)
    for parcel in body.shipping_list if body.logistics_type == EXPRESS else []:
        if not parcel.tracking_no or parcel.express_company not in CARRIERS:
            raise WxError(10060005)
        if parcel.express_company == "SF" and not (parcel.contact and parcel.contact.receiver_contact):
            raise WxError(10060014)


def _payment(call: Call, account: Account, key: OrderKey) -> PayOrder:
    for order in call.box.state.table(PayOrder).by("transaction_id", key.transaction_id) if key.transaction_id else []:
        if account.appid in (order.appid, order.sub_appid) and order.state in ("SUCCESS", "REFUND"):
            if order.refunded_fen >= order.total_fen:
                raise WxError(10060004)
            found: PayOrder = order
            return found
    raise WxError(10060001)


async def get_order(call: Call) -> Any:
    """Tell what was reported of a payment."""
    account = tokens.account_call(call, TRADE_SET)
    body = read(call.body, Wanted, {})
    order = _payment(call, account, OrderKey(2, body.transaction_id))
    known = call.box.state.table(ShippedOrder).get(body.transaction_id)
    times = 1 + known.corrections if known else 0
    shipping = {
        "delivery_mode": known.mode if known else 0, "logistics_type": known.way if known else 0,
        "finish_shipping": bool(known and known.complete), "finish_shipping_count": times,
        "shipping_list": known.parcels if known else [],
    }  # fmt: skip
    told = {"transaction_id": order.transaction_id, "order_state": 2 if known and known.complete else 1}
    return {"errcode": 0, "errmsg": "ok", "order": told | {"shipping": shipping}}


async def put_managed(call: Call) -> Any:
    """Have an account's trades held until they are reported, or no more."""
    table, appid = call.box.state.table(TradeManaged), call.params["appid"]
    if control(call.body, ManagedAsked).managed:
        table.put(TradeManaged(appid))
    else:
        table.delete(appid)
    return {"appid": appid}


ERRORS = (40001, 40013, 41001, 42001, 47001, 61007)
WRONG = (10060001, 10060003, 10060004, 10060005, 10060006, 10060007, 10060014, 10060023, 10060024, 10060031, 268485216)
ROUTES = (
    Route(API, "POST", "/wxa/sec/order/is_trade_managed", is_trade_managed, PAGE, DATE, Managed, ERRORS),
    Route(API, "POST", "/wxa/sec/order/upload_shipping_info", upload, PAGE, DATE, Upload, (*ERRORS, *WRONG)),
    Route(API, "POST", "/wxa/sec/order/get_order", get_order, PAGE, DATE, Wanted, (*ERRORS, 10060001)),
    Route(API, "POST", "/cgi-bin/express/delivery/open_msg/get_delivery_list", deliveries, PAGE, DATE, None, ERRORS),
    Route("_sandbox", "PUT", "/trade-managed/{appid}", put_managed, body=ManagedAsked),
)

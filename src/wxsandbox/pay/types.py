"""What WeChat Pay accepts, field by field: required, lengths, patterns, ranges, nested objects.

From the pages 「JSAPI下单」 (2025-02-19), 「Native下单」, 「服务商 JSAPI下单」 (2024-11-18),
「关闭订单」 (2020-05-26) and 「申请退款」 (2024-07-11) of pay.weixin.qq.com/doc/v3.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

NUMBER = r"^[0-9A-Za-z_\-|*]+\Z"
REFUND_NUMBER = r"^[0-9A-Za-z_\-|*@]+\Z"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})\Z"

Appid = Annotated[str, Meta(min_length=1, max_length=32)]
Mchid = Annotated[str, Meta(min_length=1, max_length=32)]
Openid = Annotated[str, Meta(min_length=1, max_length=128)]
OutTradeNo = Annotated[str, Meta(min_length=6, max_length=32, pattern=NUMBER)]
OutRefundNo = Annotated[str, Meta(min_length=1, max_length=64, pattern=REFUND_NUMBER)]
NotifyUrl = Annotated[str, Meta(min_length=1, max_length=255)]
Short = Annotated[str, Meta(min_length=1, max_length=32)]
Optional32 = Annotated[str, Meta(max_length=32)]
Text256 = Annotated[str, Meta(max_length=256)]
Fen = Annotated[int, Meta(ge=0)]
PositiveFen = Annotated[int, Meta(ge=1, le=10**12)]
LimitPay = Literal["no_balance", "no_credit", "no_debit", "balance_only"]
IdentityKind = Literal[
    "IDCARD",
    "HONGKONG_MACAO",
    "HONGKONG_MACAO_RESIDENT",
    "TAIWAN_RESIDENT",
    "FOREIGN_RESIDENT",
    "OVERSEA_PASSPORT",
    "PHONE_NUMBER",
]


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON object of WeChat's; fields it does not know are let through, as WeChat does."""


class OrderAmount(Wire, frozen=True, kw_only=True):
    """订单金额: fen, one at least."""

    total: PositiveFen
    currency: Literal["CNY"] = "CNY"


class Goods(Wire, frozen=True, kw_only=True):
    """单品: one line of goods."""

    merchant_goods_id: Short
    quantity: Annotated[int, Meta(ge=1)]
    unit_price: Fen
    wechatpay_goods_id: Optional32 | UnsetType = UNSET
    goods_name: Text256 | UnsetType = UNSET


class Detail(Wire, frozen=True, kw_only=True):
    """优惠功能: goods for coupons of single goods; 6144 bytes at most, which the reader checks."""

    cost_price: Fen | UnsetType = UNSET
    invoice_id: Optional32 | UnsetType = UNSET
    goods_detail: Annotated[list[Goods], Meta(min_length=1, max_length=6000)] | UnsetType = UNSET


class Store(Wire, frozen=True, kw_only=True):
    """门店信息."""

    id: Short
    name: Text256 | UnsetType = UNSET
    area_code: Optional32 | UnsetType = UNSET
    address: Annotated[str, Meta(max_length=512)] | UnsetType = UNSET


class Scene(Wire, frozen=True, kw_only=True):
    """场景信息."""

    payer_client_ip: Annotated[str, Meta(max_length=45)] | UnsetType = UNSET
    device_id: Optional32 | UnsetType = UNSET
    store_info: Store | UnsetType = UNSET


class Settle(Wire, frozen=True, kw_only=True):
    """结算信息."""

    profit_sharing: bool = False


class PartnerSettle(Settle, frozen=True, kw_only=True):
    """结算信息 of a service provider."""

    subsidy_amount: Fen | UnsetType = UNSET


class Identity(Wire, frozen=True, kw_only=True):
    """实名支付: number and name are cipher texts."""

    type: IdentityKind
    number: Annotated[str, Meta(min_length=1, max_length=1024)]
    name: Annotated[str, Meta(min_length=1, max_length=1024)]


class Payer(Wire, frozen=True, kw_only=True):
    """支付者 of a direct merchant."""

    openid: Openid
    identity: Identity | UnsetType = UNSET


class PartnerPayer(Wire, frozen=True, kw_only=True):
    """支付者 of a service provider: one of the two, which the rule checks."""

    sp_openid: Openid | UnsetType = UNSET
    sub_openid: Openid | UnsetType = UNSET
    identity: Identity | UnsetType = UNSET


class OrderBase(Wire, frozen=True, kw_only=True):
    """What every order has."""

    description: Annotated[str, Meta(min_length=1, max_length=127)]
    out_trade_no: OutTradeNo
    notify_url: NotifyUrl
    amount: OrderAmount
    time_expire: Annotated[str, Meta(max_length=64, pattern=INSTANT)] | UnsetType = UNSET
    attach: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    goods_tag: Optional32 | UnsetType = UNSET
    support_fapiao: bool = False
    limit_pay: list[LimitPay] | UnsetType = UNSET
    detail: Detail | UnsetType = UNSET
    scene_info: Scene | UnsetType = UNSET


class NativeOrder(OrderBase, frozen=True, kw_only=True):
    """POST /v3/pay/transactions/native."""

    appid: Appid
    mchid: Mchid
    settle_info: Settle | UnsetType = UNSET


class JsapiOrder(NativeOrder, frozen=True, kw_only=True):
    """POST /v3/pay/transactions/jsapi."""

    payer: Payer


class PartnerNativeOrder(OrderBase, frozen=True, kw_only=True):
    """POST /v3/pay/partner/transactions/native."""

    sp_appid: Appid
    sp_mchid: Mchid
    sub_mchid: Mchid
    sub_appid: Appid | UnsetType = UNSET
    settle_info: PartnerSettle | UnsetType = UNSET


class PartnerJsapiOrder(PartnerNativeOrder, frozen=True, kw_only=True):
    """POST /v3/pay/partner/transactions/jsapi."""

    payer: PartnerPayer


class CloseOrder(Wire, frozen=True, kw_only=True):
    """POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close."""

    mchid: Mchid


class PartnerCloseOrder(Wire, frozen=True, kw_only=True):
    """POST /v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close."""

    sp_mchid: Mchid
    sub_mchid: Mchid


class RefundSource(Wire, frozen=True, kw_only=True):
    """退款出资账户."""

    account: Literal["AVAILABLE", "UNAVAILABLE"]
    amount: Annotated[int, Meta(ge=1)]


class RefundAmount(Wire, frozen=True, kw_only=True):
    """退款金额; `total` is the order's own total."""

    refund: Annotated[int, Meta(ge=1)]
    total: Annotated[int, Meta(ge=1)]
    currency: Literal["CNY"]
    from_: list[RefundSource] | UnsetType = field(name="from", default=UNSET)


class RefundGoods(Wire, frozen=True, kw_only=True):
    """退款商品."""

    merchant_goods_id: Short
    unit_price: Fen
    refund_amount: Fen
    refund_quantity: Annotated[int, Meta(ge=1)]
    wechatpay_goods_id: Optional32 | UnsetType = UNSET
    goods_name: Text256 | UnsetType = UNSET


class RefundOrder(Wire, frozen=True, kw_only=True):
    """POST /v3/refund/domestic/refunds."""

    out_refund_no: OutRefundNo
    amount: RefundAmount
    sub_mchid: Mchid | UnsetType = UNSET
    transaction_id: Short | UnsetType = UNSET
    out_trade_no: OutTradeNo | UnsetType = UNSET
    reason: Annotated[str, Meta(max_length=80)] | UnsetType = UNSET
    notify_url: NotifyUrl | UnsetType = UNSET
    funds_account: Literal["AVAILABLE", "UNSETTLED"] | UnsetType = UNSET
    goods_detail: list[RefundGoods] | UnsetType = UNSET


class AbnormalRefund(Wire, frozen=True, kw_only=True):
    """POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund."""

    out_refund_no: OutRefundNo
    type: Literal["USER_BANK_CARD", "MERCHANT_BANK_CARD"]
    sub_mchid: Mchid | UnsetType = UNSET
    bank_type: Annotated[str, Meta(max_length=16)] | UnsetType = UNSET
    bank_account: Annotated[str, Meta(max_length=1024)] | UnsetType = UNSET
    real_name: Annotated[str, Meta(max_length=1024)] | UnsetType = UNSET

"""What WeChat Pay accepts for the other ways to pay, field by field: H5, and the code a person shows at the counter.

From the pages 「H5下单」 (2024-12-03), 「服务商 H5下单」, 「付款码支付」 (2024-04-15) and 「撤销」 (2024-04-15) of
pay.weixin.qq.com. Code pay in v3 is open to merchants who were let in to it; everybody else has V2's.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from wxsandbox.pay.types import (
    Appid,
    Fen,
    Identity,
    Mchid,
    NativeOrder,
    Optional32,
    OrderAmount,
    OutTradeNo,
    PartnerNativeOrder,
    Scene,
    Settle,
    Short,
    Text256,
    Wire,
)

AUTH_CODE = r"^1[0-5][0-9]{16}\Z"
Ip = Annotated[str, Meta(min_length=1, max_length=45)]


class H5Info(Wire, frozen=True, kw_only=True):
    """H5场景信息: what kind of page or app the person comes from."""

    type: Literal["Wap", "iOS", "Android"]
    app_name: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    app_url: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    bundle_id: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    package_name: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET


class H5Scene(Scene, frozen=True, kw_only=True):
    """场景信息 of an H5 order: whose browser it is."""

    payer_client_ip: Ip
    h5_info: H5Info


class H5Payer(Wire, frozen=True, kw_only=True):
    """支付者 of an H5 order: nobody is named, only who they must be."""

    identity: Identity | UnsetType = UNSET


class H5Order(NativeOrder, frozen=True, kw_only=True):
    """POST /v3/pay/transactions/h5."""

    scene_info: H5Scene
    payer: H5Payer | UnsetType = UNSET


class PartnerH5Order(PartnerNativeOrder, frozen=True, kw_only=True):
    """POST /v3/pay/partner/transactions/h5."""

    scene_info: H5Scene
    payer: H5Payer | UnsetType = UNSET


class CodePayer(Wire, frozen=True, kw_only=True):
    """支付者: the code on the person's screen, eighteen digits that begin with 10 to 15."""

    auth_code: Annotated[str, Meta(min_length=18, max_length=18, pattern=AUTH_CODE)]


class CodeGoods(Wire, frozen=True, kw_only=True):
    """单品 of a code payment, which spells WeChat's number otherwise than the other ways do."""

    merchant_goods_id: Short
    quantity: Annotated[int, Meta(ge=1)]
    unit_price: Fen
    wxpay_goods_id: Optional32 | UnsetType = UNSET
    goods_name: Text256 | UnsetType = UNSET


class CodeDetail(Wire, frozen=True, kw_only=True):
    """优惠功能 of a code payment."""

    goods_detail: Annotated[list[CodeGoods], Meta(min_length=1, max_length=6000)]
    cost_price: Fen | UnsetType = UNSET
    invoice_id: Optional32 | UnsetType = UNSET


class CodeStore(Wire, frozen=True, kw_only=True):
    """商户门店信息: WeChat's number of a store, or the merchant's own."""

    id: Optional32 | UnsetType = UNSET
    out_id: Optional32 | UnsetType = UNSET


class CodeScene(Wire, frozen=True, kw_only=True):
    """场景信息 at a counter."""

    store_info: CodeStore
    device_id: Optional32 | UnsetType = UNSET
    device_ip: Annotated[str, Meta(max_length=45)] | UnsetType = UNSET


class _CodeBase(Wire, frozen=True, kw_only=True):
    description: Annotated[str, Meta(min_length=1, max_length=127)]
    out_trade_no: OutTradeNo
    payer: CodePayer
    amount: OrderAmount
    scene_info: CodeScene
    attach: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    goods_tag: Optional32 | UnsetType = UNSET
    support_fapiao: bool = False
    detail: CodeDetail | UnsetType = UNSET


class CodeOrder(_CodeBase, frozen=True, kw_only=True):
    """POST /v3/pay/transactions/codepay."""

    appid: Appid
    mchid: Mchid
    settle_info: Settle | UnsetType = UNSET


class PartnerCodeOrder(_CodeBase, frozen=True, kw_only=True):
    """POST /v3/pay/partner/transactions/codepay."""

    sp_mchid: Mchid
    sub_mchid: Mchid
    sp_appid: Appid | UnsetType = UNSET
    sub_appid: Appid | UnsetType = UNSET
    settle_info: Settle | UnsetType = UNSET


class ReverseOrder(Wire, frozen=True, kw_only=True):
    """POST /v3/pay/transactions/out-trade-no/{out_trade_no}/reverse."""

    appid: Appid
    mchid: Mchid


class PartnerReverseOrder(Wire, frozen=True, kw_only=True):
    """POST /v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse."""

    sp_mchid: Mchid
    sub_mchid: Mchid
    sp_appid: Appid | UnsetType = UNSET
    sub_appid: Appid | UnsetType = UNSET

"""What WeChat Pay accepts for a merchant transfer, field by field.

From the pages 「发起转账」 of pay.weixin.qq.com/doc/v3 (merchant/4012716434, 2025-03-21; partner/4015469096,
2025-07-29), 「撤销转账」 and 「申请子商户商家转账授权」 (partner/4015469102, 2025-07-29).
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from wxsandbox.pay.types import Appid, Short, Wire

OutBillNo = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z]+\Z")]


class Report(Wire, frozen=True, kw_only=True):
    """转账场景报备信息: its kind is fixed by the scene, which the rule checks."""

    info_type: Annotated[str, Meta(min_length=1, max_length=15)]
    info_content: Short


class Style(Wire, frozen=True, kw_only=True):
    """用户收款样式: the plain page, or a red packet."""

    type: Literal["CONFIRM_PAGE", "RED_PACKET"]


class TransferBill(Wire, frozen=True, kw_only=True):
    """POST /v3/fund-app/mch-transfer/transfer-bills; the name is a cipher text."""

    appid: Appid
    out_bill_no: OutBillNo
    transfer_scene_id: Annotated[str, Meta(min_length=1, max_length=36)]
    openid: Annotated[str, Meta(min_length=1, max_length=64)]
    transfer_amount: Annotated[int, Meta(ge=1, le=10**12)]
    transfer_remark: Short
    transfer_scene_report_infos: Annotated[list[Report], Meta(max_length=10)] | UnsetType = UNSET
    user_name: Annotated[str, Meta(min_length=1, max_length=1024)] | UnsetType = UNSET
    notify_url: Annotated[str, Meta(min_length=1, max_length=256)] | UnsetType = UNSET
    user_recv_perception: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    user_recv_style: Style | UnsetType = UNSET


class PartnerTransferBill(Wire, frozen=True, kw_only=True):
    """POST /v3/fund-app/mch-transfer/partner/transfer-bills: the same of a sub-merchant's money, and no packets."""

    sub_mchid: Annotated[str, Meta(min_length=1, max_length=32)]
    appid: Appid
    out_bill_no: OutBillNo
    transfer_scene_id: Annotated[str, Meta(min_length=1, max_length=36)]
    openid: Annotated[str, Meta(min_length=1, max_length=64)]
    transfer_amount: Annotated[int, Meta(ge=1, le=10**12)]
    transfer_remark: Short
    transfer_scene_report_infos: Annotated[list[Report], Meta(max_length=10)]
    user_name: Annotated[str, Meta(min_length=1, max_length=1024)] | UnsetType = UNSET
    notify_url: Annotated[str, Meta(min_length=1, max_length=256)] | UnsetType = UNSET
    user_recv_perception: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET


class PartnerCancel(Wire, frozen=True, kw_only=True):
    """POST /v3/fund-app/mch-transfer/partner/transfer-bills/out-bill-no/{out_bill_no}/cancel."""

    sub_mchid: Annotated[str, Meta(min_length=1, max_length=32)]


class GrantAsked(Wire, frozen=True, kw_only=True):
    """POST /v3/fund-app/mch-transfer/partner/sub-mch-authorizations."""

    sub_mchid: Annotated[str, Meta(min_length=1, max_length=32)]
    out_apply_no: OutBillNo

"""What WeChat Pay accepts about profit sharing, field by field.

From the pages 「请求分账」 (2025-09-29), 「解冻剩余资金」 (2025-09-29), 「请求分账回退」 (2022-04-15) and
「添加分账接收方」 (2021-05-11) of pay.weixin.qq.com; `sub_mchid` makes it a service provider's.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from wxsandbox.pay.types import REFUND_NUMBER, Appid, Mchid, Short, Wire

ReceiverType = Literal["MERCHANT_ID", "PERSONAL_OPENID", "PERSONAL_SUB_OPENID"]
Relation = Literal[
    "SERVICE_PROVIDER",
    "STORE",
    "STAFF",
    "STORE_OWNER",
    "PARTNER",
    "HEADQUARTER",
    "BRAND",
    "DISTRIBUTOR",
    "USER",
    "SUPPLIER",
    "CUSTOM",
]
SharingNo = Annotated[str, Meta(min_length=1, max_length=64, pattern=REFUND_NUMBER)]
Account = Annotated[str, Meta(min_length=1, max_length=64)]
Description = Annotated[str, Meta(min_length=1, max_length=80)]
Sealed = Annotated[str, Meta(min_length=1, max_length=1024)]


class AddReceiver(Wire, frozen=True, kw_only=True):
    """POST /v3/profitsharing/receivers/add; `name` is a cipher text, required for merchants."""

    appid: Appid
    type: ReceiverType
    account: Account
    relation_type: Relation
    sub_mchid: Mchid | UnsetType = UNSET
    sub_appid: Appid | UnsetType = UNSET
    name: Sealed | UnsetType = UNSET
    custom_relation: Annotated[str, Meta(min_length=1, max_length=10)] | UnsetType = UNSET


class DeleteReceiver(Wire, frozen=True, kw_only=True):
    """POST /v3/profitsharing/receivers/delete."""

    appid: Appid
    type: ReceiverType
    account: Account
    sub_mchid: Mchid | UnsetType = UNSET
    sub_appid: Appid | UnsetType = UNSET


class SharePart(Wire, frozen=True, kw_only=True):
    """分账接收方: a part of an order."""

    type: ReceiverType
    account: Account
    amount: Annotated[int, Meta(ge=1)]
    description: Description
    name: Sealed | UnsetType = UNSET


class ShareOrder(Wire, frozen=True, kw_only=True):
    """POST /v3/profitsharing/orders; `appid` is required with persons among the receivers."""

    transaction_id: Short
    out_order_no: SharingNo
    receivers: Annotated[list[SharePart], Meta(min_length=1, max_length=50)]
    unfreeze_unsplit: bool
    appid: Appid | UnsetType = UNSET
    sub_mchid: Mchid | UnsetType = UNSET
    sub_appid: Appid | UnsetType = UNSET


class Unfreeze(Wire, frozen=True, kw_only=True):
    """POST /v3/profitsharing/orders/unfreeze."""

    transaction_id: Short
    out_order_no: SharingNo
    description: Description
    sub_mchid: Mchid | UnsetType = UNSET


class ReturnShare(Wire, frozen=True, kw_only=True):
    """POST /v3/profitsharing/return-orders; one of `order_id` and `out_order_no`, which the rule checks."""

    out_return_no: SharingNo
    return_mchid: Mchid
    amount: Annotated[int, Meta(ge=1)]
    description: Description
    order_id: SharingNo | UnsetType = UNSET
    out_order_no: SharingNo | UnsetType = UNSET
    sub_mchid: Mchid | UnsetType = UNSET

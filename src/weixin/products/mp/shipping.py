"""Reporting to WeChat how a mini program's orders are shipped; permission set 142.

https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html
(2026-11). What was paid is held until the shipping was reported. Reporting again what is complete, or in another mode,
is a correction, of which there is one for each payment. `token` is the account's own or authorizer token.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from typing import Any

from weixin.client import Client

BASE = "/wxa/sec/order"
DELIVERIES = "/cgi-bin/express/delivery/open_msg/get_delivery_list"
CHINA = timezone(timedelta(hours=8))
MOST_PARCELS = 15
LONGEST_GOODS = 120
NOT_THERE_YET = 10060001
"""The payment is not known: it takes up to a minute until it is."""
DONE_BEFORE = 10060002
BUSY = 10060012


class Way(IntEnum):
    """How goods get to people, as WeChat numbers it."""

    EXPRESS = 1
    LOCAL = 2
    VIRTUAL = 3
    PICKUP = 4


@dataclass(frozen=True)
class Parcel:
    """A parcel: WeChat's name of its carrier, its number, what is in it, and for SF the receiver's masked phone."""

    goods: str
    carrier: str = ""
    number: str = ""
    receiver: str = ""

    def body(self) -> dict[str, Any]:
        """Write it as WeChat wants it."""
        made: dict[str, Any] = {"item_desc": self.goods[:LONGEST_GOODS]}
        if self.number:
            made |= {"tracking_no": self.number, "express_company": self.carrier}
        if self.receiver:
            made["contact"] = {"receiver_contact": self.receiver}
        return made


@dataclass(frozen=True)
class Report:
    """How a payment's goods were shipped."""

    transaction_id: str
    openid: str
    way: Way
    parcels: list[Parcel] = field(default_factory=list)


async def is_managed(client: Client, *, token: str, appid: str) -> bool:
    """Say whether an account's trades are held until their shipping was reported."""
    answer = await client.post(f"{BASE}/is_trade_managed", {"appid": appid}, token=token)
    return answer.get("is_trade_managed") is True


async def carriers(client: Client, *, token: str) -> dict[str, str]:
    """Give WeChat's id of each carrier by its Chinese name."""
    answer = await client.post(DELIVERIES, {}, token=token)
    found: Sequence[Any] = answer.get("delivery_list") or []
    return {str(one.get("delivery_name")): str(one.get("delivery_id")) for one in found if isinstance(one, dict)}


async def upload(client: Client, *, token: str, report: Report, at: datetime) -> None:
    """Report a payment's shipping, complete; several parcels are a split delivery, which only carriers can have.

    10060001 not known yet, 10060002 complete before, 10060003 corrected before, 10060004 not to be shipped.
    """
    split = len(report.parcels) > 1
    body: dict[str, Any] = {
        "order_key": {"order_number_type": 2, "transaction_id": report.transaction_id},
        "logistics_type": int(report.way),
        "delivery_mode": 2 if split else 1,
        "shipping_list": [parcel.body() for parcel in report.parcels],
        "upload_time": at.astimezone(CHINA).isoformat(timespec="milliseconds"),
        "payer": {"openid": report.openid},
    }
    await client.post(f"{BASE}/upload_shipping_info", body | ({"is_all_delivered": True} if split else {}), token=token)


async def is_complete(client: Client, *, token: str, transaction_id: str) -> bool:
    """Say whether a payment's shipping was reported whole."""
    answer = await client.post(f"{BASE}/get_order", {"transaction_id": transaction_id}, token=token)
    order = answer.get("order")
    shipping = order.get("shipping") if isinstance(order, dict) else None
    return isinstance(shipping, dict) and shipping.get("finish_shipping") is True

"""Refunds, whole or in part, for a direct merchant and for a service provider.

https://pay.weixin.qq.com/doc/v3/merchant/4012791862 (request), /4012791863 (query), /4012791865 (notice) (2026-11)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from weixin.errors import BadMessage
from weixin.pay.client import PayClient
from weixin.products.pay.orders import fen
from weixin.times import from_rfc3339
from weixin.tokens import text
from weixin.transport import with_query


@dataclass(frozen=True, slots=True)
class RefundResult:
    """A refund as WeChat Pay knows it, from an answer or a notice; accepted (PROCESSING) is not done."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str | None
    transaction_id: str | None
    # PROCESSING, SUCCESS, CLOSED (a new attempt needs a new number), ABNORMAL (a person decides).
    state: str
    refund_fen: int | None
    total_fen: int | None
    payer_refund_fen: int | None
    channel: str | None
    # Where the money went, in WeChat's words for people.
    account: str | None
    refunded_at: datetime | None
    raw: Mapping[str, Any] = field(repr=False)


def refund_result(data: Mapping[str, Any]) -> RefundResult:
    """Read a refund out of an answer or a REFUND.* notice; raises BadMessage."""
    amount = data.get("amount") or {}
    if not isinstance(amount, dict):
        raise BadMessage("amount is not an object")
    plain = dict(data)
    return RefundResult(
        out_refund_no=text(plain, "out_refund_no"),
        refund_id=text(plain, "refund_id"),
        out_trade_no=data.get("out_trade_no") or None,
        transaction_id=data.get("transaction_id") or None,
        # An answer says status, a notice refund_status.
        state=text(plain, "status" if "status" in plain else "refund_status"),
        refund_fen=fen(amount, "refund"),
        total_fen=fen(amount, "total"),
        payer_refund_fen=fen(amount, "payer_refund"),
        channel=data.get("channel") or None,
        account=data.get("user_received_account") or None,
        refunded_at=from_rfc3339(str(data["success_time"])) if data.get("success_time") else None,
        raw=data,
    )


async def refund(
    client: PayClient,
    *,
    out_refund_no: str,
    refund_fen: int,
    total_fen: int,
    out_trade_no: str | None = None,
    transaction_id: str | None = None,
    reason: str | None = None,
    notify_url: str | None = None,
    sub_mchid: str | None = None,
    goods: Sequence[Mapping[str, Any]] = (),
    options: Mapping[str, Any] | None = None,
) -> RefundResult:
    """Ask for a refund; the same number refunds once, so repeat it until the outcome is known.

    `total_fen` is the whole order's amount. One minute between partial refunds of an order, 50 in all, 365 days.
    """
    if (out_trade_no is None) == (transaction_id is None):
        raise ValueError("one of out_trade_no and transaction_id")
    given = {
        "sub_mchid": sub_mchid,
        "transaction_id": transaction_id,
        "out_trade_no": out_trade_no,
        "out_refund_no": out_refund_no,
        "reason": reason,
        "notify_url": notify_url,
    }
    body: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    body["amount"] = {"refund": refund_fen, "total": total_fen, "currency": "CNY"}
    if goods:
        body["goods_detail"] = [dict(item) for item in goods]
    return refund_result(await client.request("POST", "/v3/refund/domestic/refunds", body | dict(options or {})))


async def query_refund(client: PayClient, *, out_refund_no: str, sub_mchid: str | None = None) -> RefundResult:
    """Ask for a refund by our number; PayError 404 RESOURCE_NOT_EXISTS when WeChat never heard of it."""
    path = f"/v3/refund/domestic/refunds/{quote(out_refund_no, safe='')}"
    return refund_result(await client.request("GET", with_query(path, {"sub_mchid": sub_mchid})))


async def mend_refund(
    client: PayClient, *, refund_id: str, out_refund_no: str, bank: str, account: str, name: str,
    sub_mchid: str | None = None,
) -> RefundResult:  # fmt: skip
    """Send a refund that is ABNORMAL on to a bank card of the payer's; accepted is not done.

    `bank` is one of the fifteen whose debit cards are taken, such as ICBC_DEBIT; account and name are encrypted.
    https://pay.weixin.qq.com/doc/v3/merchant/4012791864 (2026-11)
    """
    body = {
        "out_refund_no": out_refund_no, "type": "USER_BANK_CARD", "bank_type": bank,
        "bank_account": client.encrypt(account), "real_name": client.encrypt(name),
    }  # fmt: skip
    if sub_mchid:
        body["sub_mchid"] = sub_mchid
    path = f"/v3/refund/domestic/refunds/{quote(refund_id, safe='')}/apply-abnormal-refund"
    return refund_result(await client.request("POST", path, body, sensitive=True))

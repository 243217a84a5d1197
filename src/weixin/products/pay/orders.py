"""Orders: JSAPI and Native, query, close; for a direct merchant and for a service provider (`sub_mchid`).

https://pay.weixin.qq.com/doc/v3/merchant/4012791856 (JSAPI), /4012791877 (Native), /4012791858 (query),
/4012791860 (close); service provider: /doc/v3/partner/4012738519 (2026-11)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from weixin.errors import BadMessage
from weixin.pay.client import PayClient
from weixin.times import from_rfc3339, to_rfc3339
from weixin.tokens import text
from weixin.transport import with_query


@dataclass(frozen=True, slots=True)
class Transaction:
    """An order as WeChat Pay knows it, from a query or a notice; compare amount, merchant and appid with ours.

    In service-provider mode `appid` and `mchid` are the provider's, `sub_*` the merchant's.
    """

    out_trade_no: str
    transaction_id: str | None
    # SUCCESS, REFUND, NOTPAY, CLOSED, and for code pay REVOKED, USERPAYING, PAYERROR.
    state: str
    trade_type: str | None
    appid: str | None
    mchid: str | None
    sub_appid: str | None
    sub_mchid: str | None
    openid: str | None
    sub_openid: str | None
    total_fen: int | None
    # What the person paid after WeChat's own coupons.
    payer_total_fen: int | None
    currency: str | None
    bank_type: str | None
    attach: str | None
    paid_at: datetime | None
    # Everything, as WeChat wrote it.
    raw: Mapping[str, Any] = field(repr=False)


def transaction(data: Mapping[str, Any]) -> Transaction:
    """Read an order out of an answer or a TRANSACTION.SUCCESS notice; raises BadMessage."""
    amount, payer = data.get("amount") or {}, data.get("payer") or {}
    if not isinstance(amount, dict) or not isinstance(payer, dict):
        raise BadMessage("amount or payer is not an object")
    return Transaction(
        out_trade_no=text(dict(data), "out_trade_no"),
        transaction_id=data.get("transaction_id") or None,
        state=text(dict(data), "trade_state"),
        trade_type=data.get("trade_type") or None,
        appid=data.get("sp_appid") or data.get("appid") or None,
        mchid=data.get("sp_mchid") or data.get("mchid") or None,
        sub_appid=data.get("sub_appid") or None,
        sub_mchid=data.get("sub_mchid") or None,
        openid=payer.get("sp_openid") or payer.get("openid") or None,
        sub_openid=payer.get("sub_openid") or None,
        total_fen=fen(amount, "total"),
        payer_total_fen=fen(amount, "payer_total"),
        currency=amount.get("currency") or None,
        bank_type=data.get("bank_type") or None,
        attach=data.get("attach") or None,
        paid_at=from_rfc3339(str(data["success_time"])) if data.get("success_time") else None,
        raw=data,
    )


def fen(amount: Mapping[str, Any], name: str) -> int | None:
    """Take an amount that may be absent; raises BadMessage for anything but a whole number."""
    value = amount.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise BadMessage(f"{name} is not a whole number of fen")
    return value


async def jsapi_order(
    client: PayClient,
    *,
    appid: str,
    out_trade_no: str,
    description: str,
    amount_fen: int,
    notify_url: str,
    openid: str | None = None,
    sub_mchid: str | None = None,
    sub_appid: str | None = None,
    sub_openid: str | None = None,
    expires_at: datetime | None = None,
    attach: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Place an order for a page inside WeChat or a mini program; gives the prepay_id, good for two hours.

    `openid` belongs to `appid`; a service provider may give `sub_openid` of `sub_appid` instead. `options` are
    further fields as WeChat names them (detail, scene_info, goods_tag, settle_info …).
    """
    if (openid is None) == (sub_openid is None):
        raise ValueError("one of openid and sub_openid says who pays")
    if sub_openid is not None and (sub_mchid is None or sub_appid is None):
        raise ValueError("sub_openid needs sub_mchid and sub_appid")
    who = {"sub_openid": sub_openid} if sub_openid else {"openid" if sub_mchid is None else "sp_openid": openid}
    body = order_body(
        client, appid, out_trade_no, description, amount_fen, notify_url, sub_mchid, sub_appid, expires_at, attach
    )
    body |= {"payer": who, **(options or {})}
    return text(await client.request("POST", path_of(sub_mchid, "jsapi"), body), "prepay_id")


async def native_order(
    client: PayClient,
    *,
    appid: str,
    out_trade_no: str,
    description: str,
    amount_fen: int,
    notify_url: str,
    sub_mchid: str | None = None,
    sub_appid: str | None = None,
    expires_at: datetime | None = None,
    attach: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Place an order to be paid by scanning; gives the code_url to draw as a QR code, good for two hours."""
    body = order_body(
        client, appid, out_trade_no, description, amount_fen, notify_url, sub_mchid, sub_appid, expires_at, attach
    )
    body |= options or {}
    return text(await client.request("POST", path_of(sub_mchid, "native"), body), "code_url")


async def query(
    client: PayClient,
    *,
    out_trade_no: str | None = None,
    transaction_id: str | None = None,
    sub_mchid: str | None = None,
) -> Transaction:
    """Ask for an order by our number or WeChat's; PayError 404 ORDER_NOT_EXIST when there is none."""
    if (out_trade_no is None) == (transaction_id is None):
        raise ValueError("one of out_trade_no and transaction_id")
    if out_trade_no is not None:
        which = f"out-trade-no/{quote(out_trade_no, safe='')}"
    else:
        which = f"id/{quote(transaction_id or '', safe='')}"
    path = with_query(path_of(sub_mchid, which), ids_of(client, sub_mchid))
    return transaction(await client.request("GET", path))


async def close(client: PayClient, *, out_trade_no: str, sub_mchid: str | None = None) -> None:
    """Close an unpaid order, again and again if need be; a paid one is refused with a PayError: query it."""
    path = path_of(sub_mchid, f"out-trade-no/{quote(out_trade_no, safe='')}/close")
    await client.request("POST", path, ids_of(client, sub_mchid))


def path_of(sub_mchid: str | None, rest: str) -> str:
    """Give the path of an order call, direct or as a service provider."""
    return f"/v3/pay/{'partner/' if sub_mchid else ''}transactions/{rest}"


def ids_of(client: PayClient, sub_mchid: str | None) -> dict[str, str]:
    """Name who asks, and for whom."""
    if sub_mchid is None:
        return {"mchid": client.merchant.mchid}
    return {"sp_mchid": client.merchant.mchid, "sub_mchid": sub_mchid}


def order_body(
    client: PayClient,
    appid: str,
    out_trade_no: str,
    description: str,
    amount_fen: int,
    notify_url: str,
    sub_mchid: str | None,
    sub_appid: str | None,
    expires_at: datetime | None,
    attach: str | None,
) -> dict[str, Any]:
    """Write what every order says, under the names of either mode."""
    body: dict[str, Any] = {"appid" if sub_mchid is None else "sp_appid": appid}
    body |= ids_of(client, sub_mchid)
    body |= {"sub_appid": sub_appid} if sub_mchid is not None and sub_appid is not None else {}
    body |= {"description": description, "out_trade_no": out_trade_no}
    if expires_at is not None:
        # Stops payment only: close explicitly before stock is given back.
        body["time_expire"] = to_rfc3339(expires_at)
    if attach is not None:
        body["attach"] = attach
    return body | {"notify_url": notify_url, "amount": {"total": amount_fen, "currency": "CNY"}}

"""Profit sharing: receivers, shares of an order, what comes back of them, and the rest set free.

https://pay.weixin.qq.com/doc/v3/partner/4012690683 (share, 2025-09-29), /doc/v3/merchant/4012526374 (unfreeze,
2025-09-29), /wiki/doc/apiv3/apis/chapter8_1_3.shtml (return, 2022-04-15), chapter8_1_8 (receivers, 2021-05-11).
The order has to be placed with `FLAG`. Accepted is not done: FINISHED says that every receiver has a result, not that
it is a good one.
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

FLAG: Mapping[str, Any] = {"settle_info": {"profit_sharing": True}}
PATH = "/v3/profitsharing"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who may get a share: a merchant, or a person by openid; a merchant's full name is required."""

    # MERCHANT_ID, PERSONAL_OPENID or PERSONAL_SUB_OPENID.
    type: str
    account: str
    name: str = field(default="", repr=False)
    # SERVICE_PROVIDER, STORE, STAFF, STORE_OWNER, PARTNER, HEADQUARTER, BRAND, DISTRIBUTOR, USER, SUPPLIER, CUSTOM.
    relation: str = "PARTNER"
    custom_relation: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A receiver's part of an order, in fen; the description stands in the sharing bill."""

    type: str
    account: str
    amount_fen: int
    description: str


@dataclass(frozen=True, slots=True)
class ShareResult:
    """What became of one receiver's part."""

    type: str
    account: str
    amount_fen: int
    # PENDING, SUCCESS or CLOSED; `fail_reason` says why it was closed.
    result: str
    fail_reason: str
    detail_id: str
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sharing:
    """A request to share, as WeChat Pay knows it."""

    out_order_no: str
    order_id: str
    transaction_id: str
    # PROCESSING or FINISHED.
    state: str
    receivers: tuple[ShareResult, ...]


@dataclass(frozen=True, slots=True)
class ShareReturn:
    """A share on its way back to the payer."""

    out_return_no: str
    return_id: str
    amount_fen: int
    # PROCESSING, SUCCESS or FAILED (a new try needs a new number).
    result: str
    fail_reason: str
    finished_at: datetime | None


async def add_receiver(
    client: PayClient, receiver: Receiver, *, appid: str, sub_mchid: str | None = None, sub_appid: str | None = None
) -> None:
    """Tell WeChat Pay who may get shares; once more with the same words is no error."""
    body = _who(sub_mchid, appid, sub_appid) | {
        "type": receiver.type,
        "account": receiver.account,
        "relation_type": receiver.relation,
    }
    if receiver.name:
        body["name"] = client.encrypt(receiver.name)
    if receiver.relation == "CUSTOM":
        body["custom_relation"] = receiver.custom_relation
    await client.request("POST", f"{PATH}/receivers/add", body, sensitive=bool(receiver.name))


async def delete_receiver(
    client: PayClient,
    *,
    type: str,
    account: str,
    appid: str,
    sub_mchid: str | None = None,
    sub_appid: str | None = None,
) -> None:
    """Take a receiver off the list; what was shared stays shared."""
    body = _who(sub_mchid, appid, sub_appid) | {"type": type, "account": account}
    await client.request("POST", f"{PATH}/receivers/delete", body)


async def share(
    client: PayClient,
    *,
    transaction_id: str,
    out_order_no: str,
    shares: Sequence[Share],
    appid: str,
    unfreeze: bool = False,
    sub_mchid: str | None = None,
    sub_appid: str | None = None,
) -> Sharing:
    """Share an order, a minute after it was paid at the earliest; the same number with the same words is one request.

    `unfreeze` gives the rest to the merchant at once, and ends sharing of this order.
    """
    body = _who(sub_mchid, appid, sub_appid) | {"transaction_id": transaction_id, "out_order_no": out_order_no}
    body["receivers"] = [
        {"type": one.type, "account": one.account, "amount": one.amount_fen, "description": one.description}
        for one in shares
    ]
    body["unfreeze_unsplit"] = unfreeze
    return _sharing(await client.request("POST", f"{PATH}/orders", body))


async def query_share(
    client: PayClient, *, out_order_no: str, transaction_id: str, sub_mchid: str | None = None
) -> Sharing:
    """Ask after a request by our number; PayError 404 RESOURCE_NOT_EXISTS when WeChat never heard of it."""
    path = f"{PATH}/orders/{quote(out_order_no, safe='')}"
    return _sharing(
        await client.request("GET", with_query(path, {"sub_mchid": sub_mchid, "transaction_id": transaction_id}))
    )


async def unfreeze(
    client: PayClient, *, transaction_id: str, out_order_no: str, description: str, sub_mchid: str | None = None
) -> Sharing:
    """Give what was not shared to the merchant, under a new number; nothing can be shared afterwards."""
    body = {"transaction_id": transaction_id, "out_order_no": out_order_no, "description": description}
    body |= {"sub_mchid": sub_mchid} if sub_mchid else {}
    return _sharing(await client.request("POST", f"{PATH}/orders/unfreeze", body))


async def unsplit(client: PayClient, *, transaction_id: str) -> int:
    """Ask how much of an order is still held for sharing, in fen."""
    answer = await client.request("GET", f"{PATH}/transactions/{quote(transaction_id, safe='')}/amounts")
    amount = fen(answer, "unsplit_amount")
    if amount is None:
        raise BadMessage("unsplit_amount is missing")
    return amount


async def return_share(
    client: PayClient,
    *,
    out_order_no: str,
    out_return_no: str,
    return_mchid: str,
    amount_fen: int,
    description: str,
    sub_mchid: str | None = None,
) -> ShareReturn:
    """Take a share back from a merchant who agreed to that; persons cannot be asked. At once, within 180 days."""
    body: dict[str, Any] = {"out_order_no": out_order_no, "out_return_no": out_return_no}
    body |= {"return_mchid": return_mchid, "amount": amount_fen, "description": description}
    body |= {"sub_mchid": sub_mchid} if sub_mchid else {}
    return _returned(await client.request("POST", f"{PATH}/return-orders", body))


async def query_return(
    client: PayClient, *, out_return_no: str, out_order_no: str, sub_mchid: str | None = None
) -> ShareReturn:
    """Ask after a return by our number; PayError 404 RESOURCE_NOT_EXISTS when WeChat never heard of it."""
    path = f"{PATH}/return-orders/{quote(out_return_no, safe='')}"
    return _returned(
        await client.request("GET", with_query(path, {"sub_mchid": sub_mchid, "out_order_no": out_order_no}))
    )


async def max_ratio(client: PayClient, *, sub_mchid: str) -> int:
    """Ask a provider's merchant's highest share, in ten-thousandths of an order."""
    answer = await client.request("GET", f"{PATH}/merchant-configs/{quote(sub_mchid, safe='')}")
    ratio = fen(answer, "max_ratio")
    if ratio is None:
        raise BadMessage("max_ratio is missing")
    return ratio


def _who(sub_mchid: str | None, appid: str, sub_appid: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {"sub_mchid": sub_mchid} if sub_mchid else {}
    body["appid"] = appid
    return body | ({"sub_appid": sub_appid} if sub_mchid and sub_appid else {})


def _sharing(data: Mapping[str, Any]) -> Sharing:
    plain = dict(data)
    receivers = data.get("receivers") or []
    if not isinstance(receivers, list) or not all(isinstance(one, dict) for one in receivers):
        raise BadMessage("receivers is not a list of objects")
    return Sharing(
        out_order_no=text(plain, "out_order_no"),
        order_id=text(plain, "order_id"),
        transaction_id=text(plain, "transaction_id"),
        state=text(plain, "state"),
        receivers=tuple(_result(one) for one in receivers),
    )


def _result(data: dict[str, Any]) -> ShareResult:
    amount = fen(data, "amount")
    if amount is None:
        raise BadMessage("a receiver has no amount")
    return ShareResult(
        type=text(data, "type"),
        account=text(data, "account"),
        amount_fen=amount,
        result=text(data, "result"),
        fail_reason=str(data.get("fail_reason") or ""),
        detail_id=str(data.get("detail_id") or ""),
        finished_at=_time(data),
    )


def _returned(data: Mapping[str, Any]) -> ShareReturn:
    plain = dict(data)
    amount = fen(data, "amount")
    if amount is None:
        raise BadMessage("the return has no amount")
    return ShareReturn(
        out_return_no=text(plain, "out_return_no"),
        return_id=text(plain, "return_id"),
        amount_fen=amount,
        result=text(plain, "result"),
        fail_reason=str(data.get("fail_reason") or ""),
        finished_at=_time(data),
    )


def _time(data: Mapping[str, Any]) -> datetime | None:
    return from_rfc3339(str(data["finish_time"])) if data.get("finish_time") else None

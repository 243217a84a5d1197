"""Merchant transfers: money set aside for a person, who confirms within a day, else it comes back.

https://pay.weixin.qq.com/doc/v3/merchant/4012716434 (ask, 2025-03-21), /4012716437 (look up), /4012716458 (call off),
/4012712115 (notice), /4012716430 (the page's side) (2026-11). After any failure look the number up before another one
is used: the same money could be given twice. A service provider gives its merchant's money (`sub_mchid`) once the
merchant has let it: /doc/v3/partner/4015469096 (ask), /4015469102 and /4015469112 (the grant) (2025-07-29), /4016960577
(the page's side, 2025-12-24); there is no red packet there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from weixin.pay.client import PayClient
from weixin.products.pay.orders import fen
from weixin.times import from_rfc3339
from weixin.tokens import text
from weixin.transport import with_query

PATH = "/v3/fund-app/mch-transfer/transfer-bills"
PARTNER = "/v3/fund-app/mch-transfer/partner"
EVENT = "MCHTRANSFER.BILL.FINISHED"


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer as WeChat Pay knows it, from an answer or a notice; what that leaves out is None."""

    out_bill_no: str
    bill_no: str | None
    # ACCEPTED, PROCESSING, WAIT_USER_CONFIRM, TRANSFERING (sic), SUCCESS, FAIL, CANCELING, CANCELLED.
    state: str
    amount_fen: int | None
    mchid: str | None
    sub_mchid: str | None
    appid: str | None
    openid: str | None
    fail_reason: str
    created_at: datetime | None
    updated_at: datetime | None
    # Opens the sheet on the person's phone; only the answer to asking has it.
    package: str = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False)


def transfer(data: Mapping[str, Any]) -> Transfer:
    """Read a transfer out of an answer or a notice; raises BadMessage."""
    plain = dict(data)
    return Transfer(
        out_bill_no=text(plain, "out_bill_no"),
        bill_no=data.get("transfer_bill_no") or None,
        # A provider is told no state of what it just asked for: there is a package, so the person may confirm.
        state="WAIT_USER_CONFIRM" if "state" not in plain and plain.get("package_info") else text(plain, "state"),
        amount_fen=fen(data, "transfer_amount"),
        # Pages and samples spell it both ways.
        mchid=data.get("mch_id") or data.get("mchid") or None,
        sub_mchid=data.get("sub_mchid") or None,
        appid=data.get("appid") or None,
        openid=data.get("openid") or None,
        fail_reason=str(data.get("fail_reason") or ""),
        created_at=_moment(data.get("create_time")),
        updated_at=_moment(data.get("update_time")),
        package=str(data.get("package_info") or ""),
        raw={name: value for name, value in plain.items() if name not in ("package_info", "user_name")},
    )


async def ask(
    client: PayClient,
    *,
    out_bill_no: str,
    appid: str,
    openid: str,
    amount_fen: int,
    scene_id: str,
    remark: str,
    reports: Sequence[tuple[str, str]],
    notify_url: str,
    name: str = "",
    packet: bool = False,
    sub_mchid: str | None = None,
) -> Transfer:
    """Ask for a transfer; the same number and words go on with the one that is known, and give its package again.

    `reports` are pairs of info_type and info_content, all that the scene wants; `packet` shows it as a red packet.
    A `name` is encrypted, and required from 2,000 yuan on.
    """
    body: dict[str, Any] = {
        "appid": appid,
        "out_bill_no": out_bill_no,
        "transfer_scene_id": scene_id,
        "openid": openid,
        "transfer_amount": amount_fen,
        "transfer_remark": remark,
        "notify_url": notify_url,
        "transfer_scene_report_infos": [{"info_type": kind, "info_content": said} for kind, said in reports],
    }
    if name:
        body["user_name"] = client.encrypt(name)
    if packet:
        body["user_recv_style"] = {"type": "RED_PACKET"}
    if sub_mchid:
        body["sub_mchid"] = sub_mchid
    return transfer(await client.request("POST", _path(sub_mchid), body, sensitive=bool(name)))


async def look(client: PayClient, *, out_bill_no: str, sub_mchid: str | None = None) -> Transfer:
    """Look a transfer of the last 30 days up by our number; PayError 404 NOT_FOUND when WeChat never heard of it."""
    return transfer(await client.request("GET", with_query(_of(out_bill_no, sub_mchid), {"sub_mchid": sub_mchid})))


async def call_off(client: PayClient, *, out_bill_no: str, sub_mchid: str | None = None) -> Transfer:
    """Call a transfer off that nobody confirmed yet; accepted (CANCELING) is not done. Asking again is harmless."""
    body = {"sub_mchid": sub_mchid} if sub_mchid else {}
    return transfer(await client.request("POST", f"{_of(out_bill_no, sub_mchid)}/cancel", body))


def sheet(client: PayClient, *, appid: str, package: str, sub_mchid: str | None = None) -> dict[str, str]:
    """Make the parameters of requestMerchantTransfer; `ok` there means shown, not paid."""
    whose = {"subMchId": sub_mchid} if sub_mchid else {}
    return {"mchId": client.merchant.mchid, **whose, "appId": appid, "package": package}


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a merchant lets its provider give its money away, and how its newest application stands.

    `state` is AUTHORIZED, UNAUTHORIZED or CANCELED; `applied` INVITED, PASSED, REJECTED, EXPIRED, or "" for none.
    """

    state: str
    applied: str
    out_apply_no: str


async def ask_grant(client: PayClient, *, sub_mchid: str, out_apply_no: str) -> str:
    """Invite a merchant to let its provider give its money away; gives how the application stands (INVITED)."""
    body = {"sub_mchid": sub_mchid, "out_apply_no": out_apply_no}
    return text(await client.request("POST", f"{PARTNER}/sub-mch-authorizations", body), "state")


async def look_grant(client: PayClient, *, sub_mchid: str) -> Grant:
    """Ask whether a merchant lets its provider give its money away."""
    path = f"{PARTNER}/sub-mch-authorizations/{quote(sub_mchid, safe='')}"
    told = await client.request("GET", path)
    applied = told.get("apply_order")
    order = applied if isinstance(applied, dict) else {}
    return Grant(text(told, "state"), str(order.get("state") or ""), str(order.get("out_apply_no") or ""))


def _path(sub_mchid: str | None) -> str:
    return f"{PARTNER}/transfer-bills" if sub_mchid else PATH


def _of(out_bill_no: str, sub_mchid: str | None) -> str:
    return f"{_path(sub_mchid)}/out-bill-no/{quote(out_bill_no, safe='')}"


def _moment(said: object) -> datetime | None:
    return from_rfc3339(str(said)) if said else None

"""Applying for a merchant number in somebody's name (特约商户进件): pictures, the application, the banks it names.

For ordinary service providers. https://pay.weixin.qq.com/doc/v3/partner/4012719997 (submit), /4012697168 (query),
/4012760490 (pictures); banks and areas: https://pay.weixin.qq.com/docs/partner/apis/bank/banks (2026-11)
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

from weixin.errors import BadMessage
from weixin.multipart import File, form
from weixin.pay.client import PayClient
from weixin.tokens import text
from weixin.transport import with_query

UPLOAD, SUBMIT = "/v3/merchant/media/upload", "/v3/applyment4sub/applyment/"
QUERY, CAPITAL = "/v3/applyment4sub/applyment/business_code/", "/v3/capital/capitallhh"
PAGE = 200
"""The most of a list that one call gives (2026-11)."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a reviewer sent an application back: a field (`place`) by the last part of its name, and his words."""

    place: str
    name: str
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Applyment:
    """An application as WeChat Pay knows it."""

    business_code: str
    applyment_id: str
    # APPLYMENT_STATE_ and EDITTING (sic), AUDITING, REJECTED, TO_BE_CONFIRMED, TO_BE_SIGNED, SIGNING, FINISHED or
    # CANCELED.
    state: str
    message: str
    sub_mchid: str
    sign_url: str = field(repr=False)
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank that money can be settled to; some are only known by their branch."""

    alias: str
    alias_code: str
    account_bank: str
    needs_branch: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Something of a list: a province, a city, a branch."""

    code: str
    name: str


async def upload_picture(client: PayClient, *, name: str, content_type: str, body: bytes) -> str:
    """Hand a picture over (JPG, PNG or BMP, 2 MB at most); gives the media_id that an application names it by."""
    meta = msgspec.json.encode({"filename": name, "sha256": hashlib.sha256(body).hexdigest()})
    sent, kind = form(File(name, content_type, body), {"meta": meta.decode()}, part="file")
    return text(await client.upload(UPLOAD, meta=meta, body=sent, content_type=kind), "media_id")


async def submit(client: PayClient, application: Mapping[str, Any]) -> str:
    """Submit an application, its sensitive fields encrypted by `client.encrypt`; gives WeChat's number of it.

    One that was sent back may be submitted again under its business_code, and is replaced; one under way may not.
    """
    answer = await client.request("POST", SUBMIT, application, sensitive=True)
    return str(answer.get("applyment_id") or "")


async def query(client: PayClient, *, business_code: str) -> Applyment:
    """Ask how an application stands; raises PayError 404 when WeChat never heard of it."""
    answer = await client.request("GET", QUERY + quote(business_code, safe=""))
    details = answer.get("audit_detail") or []
    if not isinstance(details, list):
        raise BadMessage("audit_detail is not a list")
    told = {name: str(answer.get(name) or "") for name in ("applyment_id", "sub_mchid", "sign_url")}
    return Applyment(
        business_code=str(answer.get("business_code") or business_code),
        applyment_id=told["applyment_id"],
        state=text(answer, "applyment_state"),
        message=str(answer.get("applyment_state_msg") or ""),
        sub_mchid=told["sub_mchid"],
        sign_url=told["sign_url"],
        flaws=tuple(
            Flaw(str(one.get("field") or ""), str(one.get("field_name") or ""), str(one.get("reject_reason") or ""))
            for one in details
            if isinstance(one, dict)
        ),
    )


async def banks(client: PayClient, *, personal: bool) -> list[Bank]:
    """List all banks that settle to people's accounts, or to companies'."""
    path = f"{CAPITAL}/banks/{'personal' if personal else 'corporate'}-banking"
    return [
        Bank(
            text(one, "bank_alias"),
            text(one, "bank_alias_code"),
            text(one, "account_bank"),
            bool(one.get("need_bank_branch")),
        )
        for one in await _all(client, path, {})
    ]


async def provinces(client: PayClient) -> list[Named]:
    """List the provinces that branches are found by."""
    answer = await client.request("GET", f"{CAPITAL}/areas/provinces")
    return _named(answer, "province")


async def cities(client: PayClient, *, province: str) -> list[Named]:
    """List a province's cities."""
    answer = await client.request("GET", f"{CAPITAL}/areas/provinces/{quote(province, safe='')}/cities")
    return _named(answer, "city")


async def branches(client: PayClient, *, bank: str, city: str) -> list[Named]:
    """List a bank's branches in a city."""
    path = f"{CAPITAL}/banks/{quote(bank, safe='')}/branches"
    found = await _all(client, path, {"city_code": city})
    return [Named(text(one, "bank_branch_id"), text(one, "bank_branch_name")) for one in found]


def _named(answer: dict[str, Any], what: str) -> list[Named]:
    return [Named(str(one[f"{what}_code"]), str(one[f"{what}_name"])) for one in answer.get("data") or []]


async def _all(client: PayClient, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = await client.request("GET", with_query(path, {**query, "offset": len(found), "limit": PAGE}))
        page = answer.get("data") or []
        found += page
        if not page or len(found) >= int(answer.get("total_count") or 0):
            return found

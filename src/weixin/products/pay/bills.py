"""Bills: ask for yesterday's, download, check, and hand over the plain CSV.

https://pay.weixin.qq.com/doc/v3/merchant/4012791866 (trade), /4012791867 (fund flow), /4012791868 (download)
(2026-11); a sub-merchant's fund flow, closed under a key of its own: /doc/v3/partner/4014314390 (2025-04-16).
A day's bill is made from 09:00 on the next day, Shanghai; ask after 10:00. PayError NO_STATEMENT_EXIST is final (no
trade that day), STATEMENT_CREATING means to ask again in half an hour.
"""

import hmac
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha1
from typing import Any

from weixin.errors import BadMessage
from weixin.pay.client import PayClient
from weixin.pay.sealed import decrypt_bytes, open_file
from weixin.tokens import text
from weixin.transport import with_query

_GZIP = b"\x1f\x8b"
LIMIT_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BillLink:
    """Where a bill can be fetched for five minutes, and the SHA-1 of its plain CSV."""

    hash_value: str
    # Carries a token.
    download_url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedLink:
    """Where a piece of a sub-merchant's bill can be fetched for five minutes, and what opens it."""

    sequence: int
    hash_value: str
    nonce: str
    download_url: str = field(repr=False)
    # For the merchant's own private key.
    encrypt_key: str = field(repr=False)


async def trade_bill(
    client: PayClient, *, day: date, bill_type: str = "ALL", sub_mchid: str | None = None, gzip: bool = False
) -> BillLink:
    """Ask for a day's orders and refunds: ALL, SUCCESS or REFUND; a provider may narrow it to one merchant."""
    params = {"bill_date": day.isoformat(), "sub_mchid": sub_mchid, "bill_type": bill_type}
    return await _link(client, "/v3/bill/tradebill", params, gzip)


async def fund_flow_bill(client: PayClient, *, day: date, account_type: str = "BASIC", gzip: bool = False) -> BillLink:
    """Ask for a day's movements of an account: BASIC, OPERATION or FEES."""
    params: dict[str, str | None] = {"bill_date": day.isoformat(), "account_type": account_type}
    return await _link(client, "/v3/bill/fundflowbill", params, gzip)


async def sub_fund_flow_bill(
    client: PayClient, *, day: date, sub_mchid: str, account_type: str = "BASIC", gzip: bool = False
) -> list[SealedLink]:
    """Ask, as a service provider, for a day's movements of one merchant's account; its pieces in their order.

    PayError NO_AUTH until the provider has opened the product 下载二级商户资金账单.
    """
    params = {"sub_mchid": sub_mchid, "bill_date": day.isoformat(), "account_type": account_type}
    params |= {"algorithm": "AEAD_AES_256_GCM"} | ({"tar_type": "GZIP"} if gzip else {})
    answer = await client.request("GET", with_query("/v3/bill/sub-merchant-fundflowbill", params))
    listed = answer.get("download_bill_list") or []
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise BadMessage("download_bill_list is not a list of objects")
    links = [
        SealedLink(
            nth if type(nth := one.get("bill_sequence")) is int else 1, _hash(one), text(one, "nonce"),
            text(one, "download_url"), text(one, "encrypt_key"),
        )
        for one in listed
    ]  # fmt: skip
    return sorted(links, key=lambda link: link.sequence)


async def download_sealed_bill(
    client: PayClient, links: Sequence[SealedLink], *, limit_bytes: int = LIMIT_BYTES
) -> bytes:
    """Fetch the pieces of a closed bill, open and join them; raises BadMessage when one is not what was named."""
    pieces = []
    for link in links:
        sealed = await client.download(client.own_path(link.download_url), limit_bytes=limit_bytes)
        # The tag vouches for the piece, by a key that came signed; of which of its forms the hash is, is not published.
        opened = open_file(decrypt_bytes(client.merchant.private_key, link.encrypt_key), link.nonce, sealed)
        plain = _unpack(opened, limit_bytes) if opened.startswith(_GZIP) else opened
        if not any(_is(link.hash_value, form) for form in (plain, opened, sealed)):
            raise BadMessage("the bill's hash does not match")
        pieces.append(plain)
    return b"".join(pieces)


async def download_bill(client: PayClient, link: BillLink, *, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Fetch a bill, unpack it if it is packed, and compare its hash; raises BadMessage when it differs."""
    data = await client.download(client.own_path(link.download_url), limit_bytes=limit_bytes)
    if data.startswith(_GZIP):
        data = _unpack(data, limit_bytes)
    # The answer is not signed: the hash, which came signed, is what vouches for the file.
    if not _is(link.hash_value, data):
        raise BadMessage("the bill's hash does not match")
    return data


def _is(hash_value: str, data: bytes) -> bool:
    digest = sha1(data, usedforsecurity=False).hexdigest()
    return hmac.compare_digest(digest.encode(), hash_value.lower().encode())


async def _link(client: PayClient, path: str, params: dict[str, str | None], gzip: bool) -> BillLink:
    answer = await client.request("GET", with_query(path, {**params, "tar_type": "GZIP" if gzip else None}))
    return BillLink(_hash(answer), text(answer, "download_url"))


def _hash(answer: dict[str, Any]) -> str:
    if answer.get("hash_type", "SHA1") != "SHA1":
        raise BadMessage("the bill has an unknown kind of hash")
    return text(answer, "hash_value")


def _unpack(data: bytes, limit_bytes: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, limit_bytes)
    except zlib.error:
        raise BadMessage("the bill cannot be unpacked") from None
    # Unfinished means broken off, or a bomb.
    if not unpacker.eof:
        raise BadMessage("the bill is too long or broken off")
    return plain

"""Bills: ask for yesterday's, download, check, and hand over the plain CSV.

https://pay.weixin.qq.com/doc/v3/merchant/4012791866 (trade), /4012791867 (fund flow), /4012791868 (download)
(2026-11). A day's bill is made from 09:00 on the next day, Shanghai; ask after 10:00. PayError NO_STATEMENT_EXIST
is final (no trade that day), STATEMENT_CREATING means to ask again in half an hour.
"""

import hmac
import zlib
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha1

from weixin.errors import BadMessage
from weixin.pay.client import PayClient
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


async def download_bill(client: PayClient, link: BillLink, *, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Fetch a bill, unpack it if it is packed, and compare its hash; raises BadMessage when it differs."""
    data = await client.download(client.own_path(link.download_url), limit_bytes=limit_bytes)
    if data.startswith(_GZIP):
        data = _unpack(data, limit_bytes)
    # The answer is not signed: the hash, which came signed, is what vouches for the file.
    digest = sha1(data, usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(digest.encode(), link.hash_value.lower().encode()):
        raise BadMessage("the bill's hash does not match")
    return data


async def _link(client: PayClient, path: str, params: dict[str, str | None], gzip: bool) -> BillLink:
    answer = await client.request("GET", with_query(path, {**params, "tar_type": "GZIP" if gzip else None}))
    if answer.get("hash_type", "SHA1") != "SHA1":
        raise BadMessage("the bill has an unknown kind of hash")
    return BillLink(text(answer, "hash_value"), text(answer, "download_url"))


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

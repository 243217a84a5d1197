"""Notices from WeChat Pay: verified, decrypted, still as WeChat wrote them.

https://pay.weixin.qq.com/doc/v3/merchant/4012791861 (2026-11). Answer 200 or 204 within five seconds, else it comes
again, up to 15 times in a day; the same notice may come twice, and two may change places.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from weixin.errors import BadMessage
from weixin.pay.keys import Keys
from weixin.pay.sealed import open_resource
from weixin.pay.verify import verify
from weixin.times import from_rfc3339


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; `resource` is what products.pay.transaction / refund_result read."""

    id: str
    event_type: str
    created_at: datetime
    original_type: str
    summary: str
    resource: dict[str, Any] = field(repr=False)


def read_notice(headers: Mapping[str, str], body: bytes, keys: Keys, apiv3_key: bytes, now: int) -> Notice:
    """Verify and decrypt a notice; `now` in unix seconds; raises BadSignature (answer 401) or BadMessage (400).

    UnknownSerial, a BadSignature, may be cured by PayClient.refresh_certificates.
    """
    verify(keys, headers, body, now=now)
    try:
        outer = msgspec.json.decode(body)
        sealed = outer["resource"]
        resource = msgspec.json.decode(open_resource(apiv3_key, sealed))
        if not isinstance(resource, dict):
            raise BadMessage("the resource is not an object")
        return Notice(
            id=str(outer["id"]),
            event_type=str(outer["event_type"]),
            created_at=from_rfc3339(str(outer["create_time"])),
            original_type=str(sealed.get("original_type", "")),
            summary=str(outer.get("summary", "")),
            resource=resource,
        )
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        raise BadMessage("the notice cannot be read") from None

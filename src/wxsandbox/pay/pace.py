"""How often a merchant may ask: WeChat Pay counts by the second and answers 429 to what is above its limit.

「申请退款」 (pay.weixin.qq.com/doc/v3/merchant/4012791862, 2024-07-11): 150 requests a second. Its other limit, six
wrong requests a second, is not played: a clock that stands still for a test would see nothing else.
"""

from typing import TYPE_CHECKING

import msgspec

from wxsandbox.pay.errors import PayRefused

if TYPE_CHECKING:
    from wxsandbox.box import Box

REFUNDS_A_SECOND = 150


class PayPace(msgspec.Struct, kw_only=True):
    """How many requests of a kind a merchant made in a second; `id` is the merchant and the kind."""

    id: str
    second: int = 0
    count: int = 0


def keep(box: "Box", mchid: str, what: str, *, most: int) -> None:
    """Count a request; raises FREQUENCY_LIMITED when the second is full."""
    table, second = box.state.table(PayPace), int(box.clock.now())
    id = f"{mchid}/{what}"
    row = table.get(id) or PayPace(id=id)
    row.second, row.count = second, 1 if row.second != second else row.count + 1
    if row.count > most:
        raise PayRefused(429, "FREQUENCY_LIMITED", "请求频率过高，请稍后再试")
    table.put(row)

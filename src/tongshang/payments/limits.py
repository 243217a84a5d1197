"""WeChat Pay's limits as dated data: what held when, and where it is written.

Editing a limit is adding a line; what happened under the old one stays explained.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Limits:
    """What WeChat Pay allows, from a day on."""

    since: datetime
    refund_within: timedelta
    refund_parts: int
    refund_apart: timedelta
    prepay_life: timedelta
    h5_life: timedelta
    code_patience: timedelta
    least_window: timedelta
    bill_reach: timedelta
    share_soonest: timedelta
    share_held: timedelta
    share_per_myriad: int
    share_receivers: int
    share_requests: int
    share_return_within: timedelta
    sources: tuple[str, ...]


HISTORY = (
    Limits(
        since=datetime(2018, 1, 1, tzinfo=UTC),
        refund_within=timedelta(days=365),
        refund_parts=50,
        refund_apart=timedelta(minutes=1),
        prepay_life=timedelta(hours=2),
        h5_life=timedelta(minutes=5),
        # How long somebody may type a password at the counter before the payment is called off.
        code_patience=timedelta(seconds=30),
        # time_expire closer than this is moved away by WeChat itself.
        least_window=timedelta(minutes=1),
        bill_reach=timedelta(days=89),
        # Profit sharing: not before a minute is over; held for thirty days; three tenths unless agreed otherwise.
        share_soonest=timedelta(minutes=1),
        share_held=timedelta(days=30),
        share_per_myriad=3_000,
        share_receivers=50,
        share_requests=50,
        share_return_within=timedelta(days=180),
        sources=(
            "https://pay.weixin.qq.com/doc/v3/merchant/4012791862 (refunds, 2024-07-11)",
            "https://pay.weixin.qq.com/doc/v3/merchant/4012791856 (JSAPI, 2025-02-19)",
            "https://pay.weixin.qq.com/doc/v3/merchant/4012791834 (H5, 2024-12-03)",
            "https://pay.weixin.qq.com/wiki/doc/api/micropay.php?chapter=9_10 (code pay, 2026-11)",
            "https://pay.weixin.qq.com/doc/v3/merchant/4012791866 (bills, 2024-07-29)",
            "https://pay.weixin.qq.com/doc/v3/partner/4012690683 (sharing: 50 requests of 50 receivers, 2025-09-29)",
            "https://developers.weixin.qq.com/community/pay/doc/000284823e8460aada68dacca5b008 (30 days, 1 minute)",
            "https://developers.weixin.qq.com/community/develop/doc/0008003fc683f8229193489f961400 (30 %, 2025-07-11)",
            "https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter8_1_3.shtml (returns, 180 days, 2022-04-15)",
        ),
    ),
)


def at(moment: datetime, history: tuple[Limits, ...] = HISTORY) -> Limits:
    """Give the limits in force at a moment."""
    return max((limits for limits in history if limits.since <= moment), key=lambda limits: limits.since)

"""A merchant's money: fees by WeChat's rounding, movements with the balance after each."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from wxsandbox.pay.reading import BEIJING
from wxsandbox.pay.rows import PayFlow, PayMerchant

if TYPE_CHECKING:
    from wxsandbox.box import Box


def fee(fen: int, rate: str) -> int:
    """Return the fee on an amount in fen, rounded half up; `rate` reads like 0.60%."""
    exact = Decimal(fen) * Decimal(rate.removesuffix("%")) / 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fee_back(kept_fen: int, left_fen: int, rate: str) -> int:
    """Return the fee given back when `left_fen` of an order stays; never more than was kept.

    The fee that stays is the fee on what stays, so several small refunds add up to the fee of the order.
    """
    return max(0, kept_fen - fee(left_fen, rate))


def day_of(moment: float) -> str:
    """Return the day of Asia/Shanghai, YYYY-MM-DD."""
    return local(moment).date().isoformat()


def local(moment: float) -> datetime:
    """Return an instant as a time of Asia/Shanghai."""
    return datetime.fromtimestamp(moment, BEIJING)


def morning(day: date, hour: int) -> float:
    """Return an hour of a day of Asia/Shanghai in unix seconds."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=BEIJING).astimezone(UTC).timestamp()


def move(
    box: "Box",
    merchant: PayMerchant,
    amount_fen: int,
    *,
    business_id: str,
    name: str,
    kind: str,
    note: str = "",
    voucher: str = "",
) -> PayFlow:
    """Book one movement (negative for an expense) and the balance it leaves."""
    merchant.balance_fen += amount_fen
    box.state.table(PayMerchant).put(merchant)
    seq, now = box.state.next("pay_flow"), box.clock.now()
    flow = PayFlow(
        id=f"{merchant.id}{local(now):%Y%m%d}{seq:010d}",
        seq=seq,
        mchid=merchant.id,
        mchid_day=f"{merchant.id}/{day_of(now)}",
        at=now,
        business_id=business_id,
        name=name,
        kind=kind,
        amount_fen=amount_fen,
        balance_fen=merchant.balance_fen,
        note=note,
        voucher=voucher,
    )
    return box.state.table(PayFlow).put(flow)

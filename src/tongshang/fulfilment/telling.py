"""What buyers are told of their orders: paid, shipped, refunded."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tongshang.messages.notices import telling
from tongshang.messages.notices.model import Occasion
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.money import yuan
from tongshang.tenancy import merchants
from tongshang.trade import orders

GOODS_MOST = 60


async def tell_each(tx: Tx, *, orders: Sequence[UUID], occasion: Occasion) -> None:
    """Tell the buyers of orders what happened to them."""
    if await telling.planned(tx, occasion=occasion):
        for order in orders:
            await tell(tx, order=order, occasion=occasion, subject=order)


async def tell(
    tx: Tx, *, order: UUID, occasion: Occasion, subject: UUID, amount_fen: int | None = None,
    at: datetime | None = None, **more: str,
) -> None:  # fmt: skip
    """Tell an order's buyer what happened; an amount is what was paid, unless another is given."""
    if not await telling.planned(tx, occasion=occasion):
        return  # most shops tell of few things: what would be said need not be looked up
    found = await orders.get(tx, order=order)
    lines = await orders.lines(tx, order=order)
    first = " ".join([lines[0].title, *lines[0].options]) if lines else ""
    goods = f"{first[:GOODS_MOST]} 等 {len(lines)} 件" if len(lines) > 1 else first[:GOODS_MOST]
    values = {
        "number": str(found.number),
        "goods": goods,
        "amount": f"￥{yuan(found.total_fen if amount_fen is None else amount_fen)}",
        "time": f"{(at or tx.now).astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "shop": (await merchants.get(tx)).name,
        **more,
    }
    page = f"pages/order/order?id={order}"
    await telling.tell(tx, occasion=occasion, subject=subject, fan_id=found.fan_id, values=values, page=page)

"""Orders as a spreadsheet: a row for each line, amounts in yuan; what belongs to the order stands in its first row.

Read and sent some hundred orders at a time, so that a year of them needs no more memory than a day. A cell that a
spreadsheet would take for a formula is written as text.
"""

import csv
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.money import yuan
from tongshang.platform.world import World
from tongshang.trade import views
from tongshang.trade.desk import listing, stages
from tongshang.trade.desk.filters import Filters
from tongshang.trade.desk.stages import STAGES
from tongshang.trade.model import Order, OrderLine

MOST = 100_000
"""As many orders as one file may have: with their lines about as many rows as a spreadsheet shows comfortably."""
CUT = (
    "此表只到这里：一次最多导出 {most} 单，更早的订单请缩小日期范围再导出",
    "This sheet ends here: {most} orders at most; for earlier ones choose fewer days",
)
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
HEAD: list[tuple[str, str]] = [
    ("订单号", "Order"), ("下单时间", "Placed at"), ("状态", "State"), ("配送", "Delivery"), ("商品", "Goods"),
    ("规格", "Options"), ("单价（元）", "Unit price (yuan)"), ("数量", "Quantity"), ("商品金额（元）", "Goods (yuan)"),
    ("优惠（元）", "Discount (yuan)"), ("实付（元）", "Paid share (yuan)"), ("已退件数", "Pieces refunded"),
    ("已退（元）", "Refunded (yuan)"), ("赠品", "Gift"), ("运费（元）", "Freight (yuan)"),
    ("订单实付（元）", "Order total (yuan)"), ("收件人", "Receiver"), ("手机", "Phone"), ("省市区", "Region"),
    ("详细地址", "Address"), ("送达时间", "Deliver at"), ("下单填写", "Order form"),
    ("买家留言", "Buyer says"), ("备注", "Memo"), ("付款时间", "Paid at"),
    ("发货时间", "Shipped at"), ("完成时间", "Completed at"),
    ("关闭时间", "Closed at"),
]  # fmt: skip
DELIVERIES = {
    "express": ("快递", "express"),
    "local": ("商家配送", "delivery by the shop"),
    "pickup": ("自提", "pickup"),
    "none": ("无需配送", "none"),
}


async def sheet(world: World, merchant: UUID, *, filters: Filters, language: str) -> AsyncIterator[bytes]:
    """Write the orders that are looked for as CSV, piece by piece."""
    side = 0 if language == "zh" else 1
    yield (BOM + _csv([[names[side] for names in HEAD]])).encode()
    start, left = None, MOST
    while left > 0:
        async with world.tx(merchant) as tx:
            found = await listing.after(tx, filters=filters, number=start, limit=min(500, left))
            lines = await views.lines_of(tx, ids=[order.id for order in found])
            over = await stages.overdue(tx, found)
        if not found:
            return
        yield _csv(row for one in found for row in _rows(one, lines.get(one.id, []), over, side)).encode()
        start, left = found[-1].number, left - len(found)
    async with world.tx(merchant) as tx:
        cut = await listing.after(tx, filters=filters, number=start, limit=1)
    if cut:  # nobody takes a part for the whole
        yield _csv([[CUT[side].format(most=MOST)]]).encode()


def _rows(order: Order, lines: Sequence[OrderLine], over: set[UUID], side: int) -> Iterable[list[str]]:
    stage = STAGES[stages.stage(order, lines, over)]
    address = order.address or {}
    region = " ".join(address.get("region") or [])
    of_order = [
        yuan(order.freight_fen), yuan(order.total_fen), address.get("name", ""), address.get("phone", ""), region,
        address.get("detail", ""), address.get("window", ""), _answers(order), order.remark, order.memo,
        *(_time(at) for at in (order.paid_at, order.shipped_at, order.completed_at, order.closed_at)),
    ]  # fmt: skip
    for n, line in enumerate(lines):
        yield [
            str(order.number), _time(order.placed_at), stage[side], DELIVERIES[order.delivery][side],
            _plain(line.title), _plain(" / ".join(line.options)), yuan(line.unit_price_fen), str(line.quantity),
            yuan(line.goods_fen), yuan(line.discount_fen), yuan(line.paid_fen), str(line.refunded_quantity),
            yuan(line.refunded_fen), ("是", "yes")[side] if line.gift else "",
            *(_plain(cell) if n == 0 else "" for cell in of_order),
        ]  # fmt: skip


def _answers(order: Order) -> str:
    """Write what the customer filled in, a question a line."""
    said = [(name, "、".join(answer) if isinstance(answer, list) else answer) for name, answer in order.form.items()]
    return "\n".join(f"{name}：{answer}" for name, answer in said)


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _plain(cell: Any) -> str:
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()

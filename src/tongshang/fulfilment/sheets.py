"""Shipping many orders by spreadsheet: each row is an order, a carrier and a number.

The dry run is the real thing rolled back, so it cannot say anything else than what sending would. A row's parcel has
an id made of its words: the same sheet sent twice sends nothing twice.
"""

import tempfile
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

import msgspec

from tongshang.catalog.sheets import workbooks, writing
from tongshang.catalog.sheets.workbooks import Unreadable
from tongshang.catalog.sheets.writing import Format
from tongshang.fulfilment import carriers, shipments
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World

MOST_ROWS = 500
HEADS = {
    "order": ("订单号", "订单编号", "order", "order number"),
    "company": ("快递公司", "物流公司", "company", "carrier"),
    "number": ("快递单号", "物流单号", "运单号", "number", "tracking number"),
}
TEMPLATE = ("订单号", "快递公司", "快递单号")
FIND = "select id from orders where merchant_id = $1 and number = $2"
WAITING = """select o.number, o.address, (
    select string_agg(l.title || ' × ' || (l.quantity - l.refunded_quantity - l.sent + l.sent_back), '；'
      order by l.position)
    from order_line l where l.merchant_id = o.merchant_id and l.order_id = o.id
      and l.quantity - l.refunded_quantity > l.sent - l.sent_back
  ) as goods
from orders o where o.merchant_id = $1 and o.state = 'paid' and o.delivery = 'express' order by o.number limit $2"""


class NoShippingSheet(Refused):
    """This is no sheet of parcels: {why_en}."""

    code, status, zh = "shipping.unreadable", 400, "无法识别发货表格：{why}。"


class NoSuchOrder(Refused):
    """There is no order of this number."""

    code, status, zh = "shipping.no_order", 404, "没有这个订单号。"


class Parcel(msgspec.Struct, frozen=True):
    """A row of the sheet, as its cells say it."""

    row: int
    order: str
    company: str
    number: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became, or would become, of a row; `zh` and `en` say what is wrong, or what to look at."""

    row: int
    order: str
    company: str
    number: str
    state: str
    zh: str = ""
    en: str = ""


class _RolledBack(Exception):
    pass


def read(data: bytes) -> list[Parcel]:
    """Read a sheet's rows; its first row names the columns, in any order. Raises NoShippingSheet."""
    try:
        rows = list(workbooks.rows(data))
    except Unreadable as error:
        raise _refused(*workbooks.WHY[error.why]) from None
    if not rows:
        raise _refused(*workbooks.WHY["empty"])
    if len(rows) > MOST_ROWS + 1:
        raise _refused(f"行数过多，每次最多 {MOST_ROWS} 行", f"too many rows; {MOST_ROWS} at most")
    where = {
        key: at for at, head in rows[0][1].items() for key, names in HEADS.items() if head.strip().lower() in names
    }
    if missing := [names for key, names in HEADS.items() if key not in where]:
        zh, en = "、".join(names[0] for names in missing), ", ".join(names[-1] for names in missing)
        raise _refused(f"缺少“{zh}”这一列，请使用模板", f"there is no column {en}; please use the template")
    found = [
        Parcel(row, *(cells.get(where[key], "").strip() for key in ("order", "company", "number")))
        for row, cells in rows[1:]
    ]
    if not found:
        raise _refused(*workbooks.WHY["empty"])
    return found


def _refused(zh: str, en: str) -> NoShippingSheet:
    return NoShippingSheet(why=zh, why_en=en)


async def ship(world: World, merchant: UUID, *, parcels: Sequence[Parcel], apply: bool) -> list[Outcome]:
    """Send each row's parcel in a transaction of its own, or, where not `apply`, say what that would do."""
    done: list[Outcome] = []
    seen: set[tuple[str, str]] = set()
    for parcel in parcels:
        if (parcel.order, parcel.number) in seen:
            done.append(_told(parcel, "skipped", "表格中重复", "Twice in the sheet"))
            continue
        done.append(await _one(world, merchant, parcel, apply=apply))
        if done[-1].state != "bad":
            seen.add((parcel.order, parcel.number))
    return done


async def _one(world: World, merchant: UUID, parcel: Parcel, *, apply: bool) -> Outcome:
    carrier = carriers.named(parcel.company)
    company = carrier.zh if carrier else parcel.company
    odd = carrier is not None and not carriers.usual(carrier, parcel.number.replace(" ", ""))
    try:
        async with world.tx(merchant) as tx:
            new = await _send(tx, parcel, company)
            if not apply:
                raise _RolledBack
    except Refused as refused:
        return _told(parcel, "bad", refused.sentence("zh"), refused.sentence("en"))
    except _RolledBack:
        pass
    if not new:
        return _told(parcel, "same", "此前已发出", "Sent before")
    if odd:
        return _told(
            parcel, "sent" if apply else "ready", "单号不像该公司的格式，请核对", "Unusual number for this carrier"
        )
    return _told(parcel, "sent" if apply else "ready", "", "")


async def _send(tx: Tx, parcel: Parcel, company: str) -> bool:
    order = (
        await tx.value(FIND, tx.merchant, int(parcel.order))
        if parcel.order.isdecimal() and len(parcel.order) < 18
        else None
    )
    if order is None:
        raise NoSuchOrder
    known = {(one.company, one.number) for one in await shipments.of_order(tx, order=order)}
    if (company, parcel.number.replace(" ", "")) in known:
        return False
    await shipments.send(
        tx, shipment=uuid5(order, f"{company} {parcel.number}"), order=order, company=company, number=parcel.number
    )
    return True


def _told(parcel: Parcel, state: str, zh: str = "", en: str = "") -> Outcome:
    return Outcome(row=parcel.row, order=parcel.order, company=parcel.company, number=parcel.number, state=state, zh=zh,
                   en=en)  # fmt: skip


class _Waiting(msgspec.Struct, frozen=True):
    number: int
    address: dict[str, Any] | None
    goods: str


async def template(tx: Tx, *, kind: Format) -> bytes:
    """Write a sheet of the orders that wait to be sent, oldest first, with the carrier and the number left open."""
    waiting = await tx.all(_Waiting, WAITING, tx.merchant, MOST_ROWS)
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as file:
        out = writing.writer(file, kind)
        out.sheet("待发货")
        out.row((*TEMPLATE, "收件人", "电话", "地址", "商品"))
        for one in waiting:
            to = one.address or {}
            where = "".join([*to.get("region", []), to.get("detail", "")])
            out.row((str(one.number), "", "", to.get("name", ""), to.get("phone", ""), where, one.goods))
        out.close()
        file.seek(0)
        return file.read()

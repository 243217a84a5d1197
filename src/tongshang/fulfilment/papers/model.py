"""What is on a paper, apart from how it is drawn. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.money import yuan
from tongshang.trade.model import Order, OrderLine, S

Kind = Literal["slip", "receipt"]
Size = Literal["a4", "label"]
Language = Literal["zh", "en"]
WORDS = {
    "slip": ("装箱单", "Packing slip"), "receipt": ("购物收据", "Receipt"), "order": ("订单号", "Order"),
    "placed": ("下单时间", "Placed"), "paid": ("付款时间", "Paid"), "to": ("收货人", "To"),
    "parcel": ("包裹", "Parcel"), "window": ("送达时间", "Deliver"), "form": ("下单填写", "Order form"),
    "goods": ("商品", "Goods"), "quantity": ("数量", "Qty"), "price": ("单价", "Price"), "sum": ("实付", "Paid"),
    "pieces": ("共 {n} 件", "{n} pieces"), "remark": ("买家留言", "Buyer says"), "freight": ("运费", "Freight"),
    "total": ("实付合计", "Total paid"), "back": ("已退款", "Refunded"),
    "no_invoice": ("本收据仅为购物凭证，不作为报销或税务凭证；如需发票请在订单中申请。",
                   "A proof of purchase only. It is no tax document; ask for an invoice on the page of the order."),
}  # fmt: skip


def word(key: str, language: Language, **values: object) -> str:
    """Give a word in a language."""
    return WORDS[key][0 if language == "zh" else 1].format(**values)


@dataclass(frozen=True)
class Row:
    """A line of a table; a slip has no prices."""

    title: str
    quantity: int
    price: str = ""
    paid: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper, for one order or one of its parcels."""

    shop: str
    heading: str
    code: str
    facts: list[tuple[str, str]]
    columns: list[str]
    rows: list[Row]
    sums: list[tuple[str, str]]
    note: str = ""


def slip(
    order: Order, lines: Sequence[OrderLine], *, shop: str, language: Language,
    inside: Mapping[UUID, int] | None = None, parcel: str = "",
) -> Paper:  # fmt: skip
    """Make a packing slip: of a parcel what is inside, else what waits to be sent, else all that was not given back."""
    waits = {line.id: line.unsent for line in lines if line.kind in ("physical", "bundle") and line.unsent > 0}
    kept = {line.id: line.quantity - line.refunded_quantity for line in lines}
    counts = inside if inside is not None else waits if order.state == S.PAID and waits else kept
    rows = [Row(_title(line), counts[line.id]) for line in lines if counts.get(line.id, 0) > 0]
    facts = [(word("order", language), str(order.number)), (word("placed", language), _time(order.placed_at))]
    if parcel:
        facts.append((word("parcel", language), parcel))
    if order.address:
        to = order.address
        facts.append((word("to", language), f"{to['name']} {to['phone']}\n{''.join(to['region'])}{to['detail']}"))
        if to.get("window"):
            facts.append((word("window", language), to["window"]))
    if order.form:
        facts.append((word("form", language), _answers(order, language)))
    if order.remark:
        facts.append((word("remark", language), order.remark))
    columns = [word("goods", language), word("quantity", language)]
    sums = [(word("pieces", language, n=sum(row.quantity for row in rows)), "")]
    return Paper(shop, word("slip", language), str(order.number), facts, columns, rows, sums)


def receipt(order: Order, lines: Sequence[OrderLine], *, shop: str, language: Language) -> Paper:
    """Make a receipt: each line with what was paid for it, the freight, and what went back."""
    rows = [Row(_title(line), line.quantity, yuan(line.unit_price_fen), yuan(line.paid_fen)) for line in lines]
    facts = [(word("order", language), str(order.number)), (word("paid", language), _time(order.paid_at))]
    columns = [word(key, language) for key in ("goods", "price", "quantity", "sum")]
    sums = [(word("freight", language), yuan(order.freight_fen))] if order.freight_fen else []
    sums.append((word("total", language), f"¥{yuan(order.total_fen)}"))
    if order.refunded_fen:
        sums.append((word("back", language), f"-{yuan(order.refunded_fen)}"))
    note = word("no_invoice", language)
    return Paper(shop, word("receipt", language), str(order.number), facts, columns, rows, sums, note)


def _answers(order: Order, language: Language) -> str:
    """Write what the customer filled in, a question a line: whoever packs engraves a name, or chooses a card."""
    between, colon = ("、", "：") if language == "zh" else (", ", ": ")
    said = [(name, between.join(one) if isinstance(one, list) else one) for name, one in order.form.items()]
    return "\n".join(f"{name}{colon}{answer}" for name, answer in said)


def _title(line: OrderLine) -> str:
    return " · ".join([line.title, *line.options])


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"

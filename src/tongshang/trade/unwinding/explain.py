"""Why a refund is what it is, fen by fen: goods at their tags, less their share of benefits, and freight; pure."""

from tongshang.platform.money import Fen, allocate, yuan
from tongshang.trade.model import OrderLine
from tongshang.trade.prices.refunds import refundable
from tongshang.trade.unwinding.model import Step


def of_line(line: OrderLine, *, quantity: int, asked_fen: Fen | None, amount: Fen) -> list[Step]:
    """Explain what is promised back for a line (as it was before); the steps add up to `amount`."""
    if asked_fen is not None or quantity == 0:
        zh, en = f"“{line.title}”按金额退款", f"{line.title}, by amount"
        return [Step("amount", zh, en, amount, line.id)] if amount else []
    tag = line.unit_price_fen * quantity
    steps = [
        Step(
            "goods",
            f"“{line.title}” {quantity} 件，单价 {yuan(line.unit_price_fen)} 元",
            f"{line.title}, {quantity} at ¥{yuan(line.unit_price_fen)}",
            tag,
            line.id,
        )
    ]
    before = line.paid_fen * line.refunded_quantity // line.quantity
    due = refundable(
        paid_fen=line.paid_fen, quantity=line.quantity, refunded_quantity=line.refunded_quantity,
        refunded_fen=before, more=quantity,
    )  # fmt: skip
    steps += _benefits(line, tag - due)
    if due != amount:
        zh, en = "此前已按金额退过的部分", "Given back by amount before"
        steps.append(Step("before", zh, en, amount - due, line.id))
    return steps


def of_item(line: OrderLine, *, title: str, quantity: int, amount: Fen) -> list[Step]:
    """Explain what is promised back for one part of a bundle: its share of what was paid."""
    zh, en = f"“{line.title}”中的“{title}” {quantity} 件", f"{title}, {quantity}, out of {line.title}"
    return [Step("part", zh, en, amount, line.id)] if amount else []


def _benefits(line: OrderLine, minus: Fen) -> list[Step]:
    """Say which benefits the pieces had their share of: it was never paid, so it does not come back."""
    if not minus:
        return []
    shares = [share for share in line.reasons if share.fen]
    if not shares:
        return [Step("benefit", "优惠分摊，未实付", "Their share of discounts, never paid", -minus, line.id)]
    parts = allocate(minus, [abs(share.fen) for share in shares])
    return [
        Step("benefit", f"{share.zh}：分摊部分未实付", f"{share.en}: their share, never paid", -part, line.id)
        for share, part in zip(shares, parts, strict=True)
        if part
    ]


def freight(amount: Fen) -> list[Step]:
    """Explain freight that comes back."""
    return [Step("freight", "运费", "Freight", amount)] if amount else []

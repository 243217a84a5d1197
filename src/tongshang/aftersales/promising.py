"""Money of a case: promised once, by trade's one verb, under the id made with the case; settled when it is there."""

from uuid import UUID

from tongshang.aftersales import moving, terms
from tongshang.aftersales.model import CLOCK, COLUMNS, HOLDS, By, Case, S
from tongshang.platform.db import Tx
from tongshang.platform.money import allocate
from tongshang.trade import orders, refunds
from tongshang.trade.refunds import Part

OF_REFUND = f"select {COLUMNS} from aftersale where merchant_id = $1 and refund_id = $2 for update"
OPEN_OF_ORDER = f"""select {COLUMNS} from aftersale where merchant_id = $1 and order_id = $2 and state = any($3)
order by number for update"""
WORDS = {
    "refund_only": "仅退款",
    "return_and_refund": "退货退款",
    "exchange": "换货改退款",
    "seller_initiated": "商家退款",
}


async def promise(
    tx: Tx, *, case: Case, by: By, what: str = "promised", words: str = "", pictures: tuple[UUID, ...] = ()
) -> Case:
    """Promise the case's amount back; the merchant's word, or his silence, overrules the goods' own terms."""
    moved = await moving.move(
        tx, case=case, name="promise", what=what, by=by, words=words, pictures=pictures,
        data={"amount_fen": case.amount_fen},
    )  # fmt: skip
    goods = min(case.amount_fen, case.worth_fen)
    shares = allocate(goods, [line.amount_fen for line in case.lines])
    money = case.reason in terms.BY_CODE and terms.BY_CODE[case.reason].money
    parts = [
        # What came back was sent before; what only money is given for stays.
        Part(line.line_id, 0 if money else line.quantity, share, of_sent=line.quantity if case.returns else 0)
        for line, share in zip(case.lines, shares, strict=True)
    ]
    await refunds.ask(
        tx, refund_id=case.refund_id, order=case.order_id, parts=parts, freight_fen=case.amount_fen - goods,
        reason=f"售后 {case.number} {WORDS[case.kind]}", anyway=True,
    )  # fmt: skip
    return moved


async def settle(tx: Tx, *, refund: UUID) -> None:
    """Record that a case's money is back with its customer; strange refunds are not ours, repeats are harmless."""
    case = await tx.first(Case, OF_REFUND, tx.merchant, refund)
    if case is not None and case.state == S.REFUNDING:
        await moving.move(tx, case=case, name="settle", what="settled", by=CLOCK, data={"amount_fen": case.amount_fen})


async def overtake(tx: Tx, *, order: UUID, refund: UUID | None) -> None:
    """Close the open cases of an order whose pieces went back by another way, so that nothing waits for ever."""
    lines = {line.id: line for line in await orders.lines(tx, order=order)}
    for case in await tx.all(Case, OPEN_OF_ORDER, tx.merchant, order, [str(state) for state in HOLDS]):
        short = any(
            lines[one.line_id].quantity - lines[one.line_id].refunded_quantity < one.quantity
            or lines[one.line_id].paid_fen - lines[one.line_id].refunded_fen < one.amount_fen
            for one in case.lines
        )
        if case.refund_id != refund and case.state != S.REPLACED and short:
            await moving.move(tx, case=case, name="overtake", what="overtaken", by=CLOCK, because="overtaken")

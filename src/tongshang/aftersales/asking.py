"""Asking: a customer's request about pieces of his order, or the merchant's own gift of money."""

from dataclasses import replace
from uuid import UUID

import msgspec

from tongshang.aftersales import choices, moving, opening, promising, settings, terms
from tongshang.aftersales.model import BUYER, ONE, By, Case, Kind
from tongshang.aftersales.opening import Pieces
from tongshang.fulfilment import returnable
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, NotFound, Refused
from tongshang.trade import orders


class NotPaidYet(Refused):
    """Only a paid order has after-sales."""

    code, status, zh = "aftersale.not_paid", 409, "订单未付款或已关闭，不能申请售后。"


class TooLate(Refused):
    """The time to ask for anything of this order is over."""

    code, status, zh = "aftersale.too_late", 409, "已超过可申请售后的时间。"


class NotSent(Refused):
    """This was not sent yet: only money can be asked back."""

    code, status, zh = "aftersale.not_sent", 409, "商品尚未发出，只能申请仅退款。"


class NoReasonOver(Refused):
    """This does not go back without a reason, or not any more."""

    code, status, zh = "aftersale.no_reason_over", 409, "该商品不支持七天无理由退货，或已超过七天。"


WHY = {one.code: one for one in (NotPaidYet, TooLate)}


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a customer asks for; `amount_fen` only where it shall be less than what the pieces are worth."""

    kind: Kind
    lines: list[Pieces]
    reason: str
    words: str = ""
    pictures: list[UUID] = []
    amount_fen: int | None = None


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the merchant gives back by himself."""

    lines: list[Pieces]
    reason: str
    words: str = ""
    amount_fen: int | None = None
    freight_fen: int = 0


async def ask(tx: Tx, *, order: UUID, case: UUID, fan: UUID, asked: Asked) -> Case:
    """Open a case under the customer's own id; the same again is once, other words are refused."""
    found = await orders.locked(tx, order=order)
    if found.fan_id != fan:
        raise NotFound
    if known := await _known(tx, case, order, found.fan_id, asked):
        return known
    if asked.kind == Kind.SELLER:
        raise Invalid(field="kind", problem=asked.kind)
    if why := choices.why_not(tx, found):
        raise WHY[why]
    back = asked.kind != Kind.REFUND_ONLY
    sent = choices.went_out(found)
    there = await choices.went(tx, order=found, lines=await orders.lines(tx, order=order)) if back else {}
    waits = not sent and any(one.quantity > there.get(one.line_id, 0) for one in asked.lines)
    if back and waits:
        raise NotSent
    reason = terms.BY_CODE.get(asked.reason)
    if reason is None or reason not in terms.reasons(asked.kind, sent=sent or back):
        raise Invalid(field="reason", problem=asked.reason[:30])
    words = await moving.checked(tx, asked.words, asked.pictures)
    if reason.pictures and not asked.pictures:
        raise Invalid(field="pictures", problem="≥ 1")
    lines = await opening.lines_of(tx, order=found, wanted=asked.lines, exchange=asked.kind == Kind.EXCHANGE)
    if asked.kind == Kind.RETURN:
        lines += await opening.gifts_of(tx, order=found, lines=lines, there=there)
    usable = await returnable.pieces(tx, order=order)
    if asked.kind != Kind.REFUND_ONLY and any(line.line_id in usable for line in lines):
        raise Invalid(field="kind", problem=asked.kind)
    excepted = await settings.excepted(tx)
    if reason.no_reason and (choices.no_reason_over(tx, found) or any(line.product_id in excepted for line in lines)):
        raise NoReasonOver
    freight = (
        await opening.freight(tx, order=found, lines=lines, fault=reason.fault, sent=sent or back)
        if asked.kind != Kind.EXCHANGE
        else 0
    )
    row = opening.draft(tx, case=case, order=found, kind=asked.kind, lines=lines, freight_fen=freight,
                        amount_fen=asked.amount_fen)  # fmt: skip
    row = replace(row, reason=asked.reason, words=words, pictures=asked.pictures, asked=told(asked))
    return await opening.open(tx, row=row, by=BUYER)


async def give(tx: Tx, *, order: UUID, case: UUID, staff: UUID, by: By, asked: Given) -> Case:
    """Give money back for pieces of an order without having been asked; the promise is made in the same commit."""
    found = await orders.locked(tx, order=order)
    if known := await _known(tx, case, order, found.fan_id, asked):
        return known
    if found.paid_at is None:
        raise NotPaidYet
    if terms.BY_CODE.get(asked.reason) not in terms.reasons(Kind.SELLER, sent=choices.went_out(found)):
        raise Invalid(field="reason", problem=asked.reason[:30])
    if not 0 <= asked.freight_fen <= found.freight_fen - found.refunded_freight_fen:
        raise Invalid(field="freight_fen", problem=f"0-{found.freight_fen - found.refunded_freight_fen}")
    words = await moving.checked(tx, asked.words, [])
    lines = await opening.lines_of(tx, order=found, wanted=asked.lines, anyway=True)
    row = opening.draft(tx, case=case, order=found, kind=Kind.SELLER, lines=lines, freight_fen=asked.freight_fen,
                        amount_fen=asked.amount_fen)  # fmt: skip
    row = replace(row, reason=asked.reason, words=words, by_staff=staff, asked=told(asked))
    return await promising.promise(tx, case=await opening.open(tx, row=row, by=by), by=by)


def told(asked: Asked | Given) -> dict[str, object]:
    """Write down what was asked, so that asking again can be told from asking for something else."""
    return dict(msgspec.to_builtins(asked))


async def _known(tx: Tx, case: UUID, order: UUID, fan: UUID, asked: Asked | Given) -> Case | None:
    known = await tx.first(Case, ONE, tx.merchant, case)
    if known is not None and known.fan_id != fan:
        raise NotFound
    if known is not None and (known.order_id != order or known.asked != told(asked)):
        raise Mismatch
    return known

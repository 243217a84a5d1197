"""Opening a case: its lines with what they are worth, its number, its pieces held, its first clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

import asyncpg
import msgspec

from tongshang.aftersales import choices, moving, terms
from tongshang.aftersales.choices import Held, left_of, worth_of
from tongshang.aftersales.facts import ClockSet
from tongshang.aftersales.model import CASE, By, Case, CaseLine, Kind
from tongshang.catalog import queries as catalog
from tongshang.fulfilment import returnable
from tongshang.fulfilment.tickets.issue import NotReturnable
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, Mismatch, NotFound, Refused
from tongshang.trade import orders
from tongshang.trade.model import Order, OrderLine
from tongshang.trade.unwinding import gifts

NUMBER = """insert into counter (merchant_id, name, value) values ($1, 'aftersale', 1)
on conflict (merchant_id, name) do update set value = counter.value + 1 returning 8000000 + value"""
HOLD = """insert into aftersale_held (merchant_id, line_id, quantity, paid_fen, held, held_fen)
values ($1, $2, $3, $4, $5, $6) on conflict (merchant_id, line_id)
do update set held = aftersale_held.held + $5, held_fen = aftersale_held.held_fen + $6"""


class NothingLeft(Refused):
    """Of these pieces nothing is left to ask for: refunded already, or in an open case."""

    code, status, zh = "aftersale.nothing_left", 409, "可申请的数量不足：已退款或正在售后中。"


class Pieces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces of a line, and of an exchange what is wanted instead."""

    line_id: UUID
    quantity: int
    wanted_id: UUID | None = None


async def lines_of(
    tx: Tx, *, order: Order, wanted: Sequence[Pieces], exchange: bool = False, anyway: bool = False
) -> list[CaseLine]:
    """Make a case's lines, with what their pieces are worth; refuses pieces that are not left.

    `anyway` overrules what the goods' own terms say, as only the merchant may.
    """
    lines = await orders.lines(tx, order=order.id)
    by_id, held = {line.id: line for line in lines}, await choices.held_of(tx, lines)
    usable = {} if anyway else await returnable.pieces(tx, order=order.id)
    if not wanted or len({one.line_id for one in wanted}) != len(wanted):
        raise Invalid(field="lines", problem="≥ 1, distinct")
    found = []
    for one in wanted:
        line = by_id.get(one.line_id)
        if line is None:
            raise NotFound
        if one.quantity < 1:
            raise Invalid(field="lines.quantity", problem="≥ 1")
        if one.quantity > left_of(line, held[line.id], None):
            raise NothingLeft
        if one.quantity > left_of(line, held[line.id], usable.get(line.id)):
            raise NotReturnable(title=line.title)
        options = await _wanted(tx, line, one.wanted_id) if exchange and one.wanted_id else []
        found.append(_line(line, held[line.id], one, options))
    return found


async def gifts_of(
    tx: Tx, *, order: Order, lines: Sequence[CaseLine], there: Mapping[UUID, int]
) -> list[CaseLine]:  # fmt: skip
    """Make lines of the gifts that have to come back with what is returned; what was not sent yet never will be."""
    bought = await orders.lines(tx, order=order.id)
    held = await choices.held_of(tx, bought)
    usable = await returnable.pieces(tx, order=order.id)
    left = {line.id: left_of(line, held[line.id], None) for line in bought}
    found = gifts.of(bought, wanted={line.line_id: line.quantity for line in lines}, left=left)
    by_id = {line.id: line for line in bought}
    return [
        _line(by_id[line], held[line], Pieces(line, count), [])
        for line, most in found.items()
        if line not in usable and (count := min(most, there.get(line, 0))) > 0
    ]


def _line(line: OrderLine, held: Held, one: Pieces, options: list[str]) -> CaseLine:
    return CaseLine(
        line_id=line.id, product_id=line.product_id, variant_id=line.variant_id, title=line.title,
        options=line.options, picture_id=line.picture_id, kind=line.kind, quantity=one.quantity,
        amount_fen=worth_of(line, held, one.quantity), wanted_id=one.wanted_id if options else None, wanted=options,
    )  # fmt: skip


async def _wanted(tx: Tx, line: OrderLine, wanted: UUID) -> list[str]:
    """Give the options of the variant that is wanted instead: of the same product, at the same price today."""
    shown = {one.id: one for one in (await catalog.whole(tx, product=line.product_id)).variants}
    if wanted not in shown or line.variant_id not in shown:
        raise Invalid(field="lines.wanted_id", problem="unknown")
    if shown[wanted].price_fen != shown[line.variant_id].price_fen:
        raise Invalid(field="lines.wanted_id", problem="of the same price", zh="只能换价格相同的规格")
    return list(shown[wanted].options) or [line.title]


async def freight(tx: Tx, *, order: Order, lines: Sequence[CaseLine], fault: bool, sent: bool) -> int:
    """Say how much of the freight goes back: all that is left, with the last pieces, unless it was well spent."""
    if sent and not fault:
        return 0
    bought = [line for line in await orders.lines(tx, order=order.id) if not line.gift]  # gifts go with their goods
    left = {line.id: line.quantity - line.refunded_quantity for line in bought}
    taken = {line.line_id: line.quantity for line in lines}
    whole = all(taken.get(line, 0) == count for line, count in left.items() if count)
    return order.freight_fen - order.refunded_freight_fen if whole else 0


def draft(
    tx: Tx, *, case: UUID, order: Order, kind: Kind, lines: list[CaseLine], freight_fen: int, amount_fen: int | None
) -> Case:
    """Make a case that nobody has seen yet; refuses an amount that is none, or more than its pieces are worth."""
    worth = sum(line.amount_fen for line in lines)
    if worth <= 0:
        raise NothingLeft
    if amount_fen is not None and not 1 <= amount_fen <= worth + freight_fen:
        raise Invalid(field="amount_fen", problem=f"1-{worth + freight_fen}")
    return Case(
        id=case, number=0, order_id=order.id, fan_id=order.fan_id, kind=kind, state=CASE.start, reason="", words="",
        pictures=[], lines=lines, asked={}, worth_fen=worth, freight_fen=freight_fen,
        # Made of the case's own id, so that promising twice is promising once.
        amount_fen=amount_fen or worth + freight_fen, offer_fen=None, refund_id=uuid5(case, "refund"), by_staff=None,
        asked_at=tx.now, moved_at=tx.now, due_at=None, moves=0, ended_at=None, ended_because="", return_to=None,
        parcel_company="", parcel_number="", checked_at=None, condition="", replacement_id=None, called_by=None,
        called_at=None, ruled_for=None, ruled_at=None, ruling="", note="",
    )  # fmt: skip


async def open(tx: Tx, *, row: Case, by: By) -> Case:
    """Write a case down, hold its pieces, and wind its clock."""
    wait = terms.at(tx.now).clock(row.state) if row.kind != Kind.SELLER else None
    due = tx.now + wait if wait is not None else None
    case = replace(row, number=await tx.value(NUMBER, tx.merchant), due_at=due)
    bought = {line.id: line for line in await orders.lines(tx, order=case.order_id)}
    try:
        for line in sorted(case.lines, key=lambda one: one.line_id):
            of = bought[line.line_id]
            await tx.run(HOLD, tx.merchant, of.id, of.quantity, of.paid_fen, line.quantity, line.amount_fen)
        await tx.insert("aftersale", case)
    except asyncpg.CheckViolationError as error:
        if violates(error, "aftersale_held_pieces") or violates(error, "aftersale_held_money"):
            raise NothingLeft from None
        raise
    except asyncpg.UniqueViolationError as error:
        if violates(error, "aftersale_pk"):
            raise Mismatch from None
        raise
    await moving.write(tx, case=case.id, by=by, what="asked", words=case.words, pictures=case.pictures,
                       data={"amount_fen": case.amount_fen, "kind": case.kind})  # fmt: skip
    await moving.tell(tx, case=case, state=case.state, what="asked", by=by)
    if due is not None:
        await tx.emit(ClockSet(case.id, case.moves, due))
    return case

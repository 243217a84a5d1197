"""Goods that come back: sent, looked at, put on the shelf or written off; and what is sent instead."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.aftersales import moving, promising
from tongshang.aftersales.model import BUYER, By, Case, CaseLine, Kind, S
from tongshang.catalog import stock
from tongshang.catalog.stock import Why
from tongshang.fulfilment import shipments
from tongshang.fulfilment.tracking import accounts, tracks
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.machine import IllegalMove
from tongshang.trade.parts import progress
from tongshang.trade.parts.breaking import TRAVELS

PARCEL = "update aftersale set parcel_company = $3, parcel_number = $4 where merchant_id = $1 and id = $2"
CHECKED = """update aftersale set checked_at = $3, condition = $4
where merchant_id = $1 and id = $2 and checked_at is null"""
REPLACED = "update aftersale set replacement_id = $3 where merchant_id = $1 and id = $2"


class NotExchange(Refused):
    """Nothing is sent instead in this case."""

    code, status, zh = "aftersale.not_exchange", 409, "该售后单不是换货，无需补发。"


class Back(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many pieces of a line go back on the shelf; the others of it are written off."""

    line_id: UUID
    quantity: int


async def send(tx: Tx, *, case: UUID, fan: UUID, company: str, number: str) -> Case:
    """Say by whom and under which number the goods come back; may be put right until they are there."""
    company, number = shipments.well_formed(company, number)
    found = await moving.locked(tx, case=case, fan=fan)
    if (found.parcel_company, found.parcel_number) == (company, number) and found.state == S.RETURNING:
        return found
    await tx.run(PARCEL, tx.merchant, case, company, number)
    if await accounts.in_use(tx):
        await tracks.want(tx, company=company, number=number)
    return await moving.move(
        tx, case=found, name="send", what="sent", by=BUYER, data={"company": company, "number": number}
    )


async def check_in(
    tx: Tx, *, case: UUID, by: By, condition: str, back: Sequence[Back], words: str = "",
    pictures: Sequence[UUID] = (), refund: bool = True,
) -> Case:  # fmt: skip
    """Look at what came back: what is good goes on the shelf, once. `refund` promises the money in the same breath.

    Goods that arrive after the clock had promised the money can still be checked in.
    """
    found = await moving.locked(tx, case=case)
    if condition not in ("good", "damaged", "missing"):
        raise Invalid(field="condition", problem=condition)
    if not found.returns:
        raise IllegalMove(move="check in", state=str(found.state))
    if found.checked_at is not None:
        return found
    late = found.state in (S.REFUNDING, S.DONE)
    words = await moving.checked(tx, words, pictures, least=0 if condition == "good" else 1)
    await _restock(tx, found, back)
    await tx.run(CHECKED, tx.merchant, case, tx.now, condition)
    data = {"condition": condition, "back": sum(one.quantity for one in back)}
    if late:
        await moving.write(tx, case=case, by=by, what="checked_in", words=words, pictures=pictures, data=data)
        return await moving.locked(tx, case=case)
    found = await moving.move(
        tx, case=found, name="check in", what="checked_in", by=by, words=words, pictures=pictures, data=data
    )
    if refund and found.kind == Kind.RETURN:
        return await promising.promise(tx, case=found, by=by)
    return found


async def _restock(tx: Tx, case: Case, back: Sequence[Back]) -> None:
    pieces = {line.line_id: line for line in case.lines}
    items: Counter[UUID] = Counter()
    for one in back:
        line = pieces.pop(one.line_id, None)
        if line is None or not 0 <= one.quantity <= line.quantity:
            raise Invalid(field="back", problem="≤ quantity")
        for variant, count in (await _variants(tx, case, line)).items():
            items[variant] += count * one.quantity
    await stock.move(
        tx, items=dict(+items), why=Why(kind=stock.Kind.RETURN, subject=case.id, note=f"售后 {case.number}")
    )


async def _variants(tx: Tx, case: Case, line: CaseLine) -> Counter[UUID]:
    """Say whose stock a piece of a line is: its own, or, of a bundle, that of the parts that travelled."""
    parts = (await progress.of_orders(tx, orders=[case.order_id])).get(case.order_id, [])
    items = [
        item for part in parts if part.fulfilment in TRAVELS for item in part.items if item.line_id == line.line_id
    ]
    if not items:
        return Counter({line.variant_id: 1})
    return Counter({item.variant_id: item.per_piece for item in items})


async def refund(tx: Tx, *, case: UUID, by: By) -> Case:
    """Promise the money of goods that are back, or that need not come back after all."""
    found = await moving.locked(tx, case=case)
    if found.state in (S.REFUNDING, S.DONE):
        return found
    return await promising.promise(tx, case=found, by=by)


async def replace(tx: Tx, *, case: UUID, shipment: UUID, by: By, company: str, number: str) -> Case:
    """Send what was wanted instead: a parcel of the same order, taken from stock. Asking twice is asking once."""
    found = await moving.locked(tx, case=case)
    if found.kind != Kind.EXCHANGE:
        raise NotExchange
    if found.replacement_id == shipment:
        await shipments.send_again(tx, shipment=shipment, order=found.order_id, company=company, number=number)
        return found
    items: Counter[UUID] = Counter()
    for line in found.lines:
        wanted = {line.wanted_id: 1} if line.wanted_id else await _variants(tx, found, line)
        for variant, count in wanted.items():
            items[variant] += count * line.quantity
    moved = await moving.move(
        tx, case=found, name="replace", what="replaced", by=by, data={"company": company, "number": number}
    )
    await stock.move(
        tx, items={variant: -count for variant, count in items.items()},
        why=Why(subject=found.id, note=f"换货补发 {found.number}"),
    )  # fmt: skip
    await shipments.send_again(tx, shipment=shipment, order=found.order_id, company=company, number=number)
    await tx.run(REPLACED, tx.merchant, case, shipment)
    return moved


async def received(tx: Tx, *, case: UUID, fan: UUID) -> Case:
    """Record that the customer has what was sent instead."""
    found = await moving.locked(tx, case=case, fan=fan)
    if found.state == S.DONE and found.kind == Kind.EXCHANGE:
        return found
    return await moving.move(tx, case=found, name="finish", what="finished", by=BUYER)

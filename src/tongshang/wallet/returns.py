"""Recharges given back: what is left of the principal, the way it came or by hand; what is left of the bonus is void.

By hand is the way when WeChat takes nothing back any more: value paid ahead never lapses, and its refunds do after a
year.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.payments import ledger, refunds
from tongshang.payments.ledger import Entry
from tongshang.payments.offline import Money, Said
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, NotFound, Refused
from tongshang.platform.money import Fen, yuan
from tongshang.wallet import accounts, recharges, rules
from tongshang.wallet.accounts import Change
from tongshang.wallet.facts import RechargeReturnAsked, RechargeReturned
from tongshang.wallet.model import Piece, Recharge

COLUMNS = "id, recharge_id, fan_id, amount_fen, voided_fen, reason, by_shop, state, asked_at, settled_at"
ONE = f"select {COLUMNS} from recharge_return where merchant_id = $1 and id = $2"
OF_FAN = f"select {COLUMNS} from recharge_return where merchant_id = $1 and fan_id = $2 order by asked_at desc limit 50"
TAKE = """update recharge set returned_fen = returned_fen + $3, voided_fen = voided_fen + $4
where merchant_id = $1 and id = $2"""
SETTLE = """update recharge_return set state = 'settled', settled_at = $3
where merchant_id = $1 and id = $2 and state <> 'settled'"""
MARK = "update recharge_return set state = $3 where merchant_id = $1 and id = $2 and state <> 'settled'"


class NothingLeft(Refused):
    """Nothing of this recharge is left to give back."""

    code, status, zh = "recharge.nothing_left", 409, "这笔储值的本金已用完，没有可退的金额。"


class TimeIsOver(Refused):
    """A recharge can be taken back by oneself within {days} days; please ask the shop."""

    code, status, zh = "recharge.time_over", 409, "储值后 {days} 天内可自行退款，现已超过，请联系商家办理。"


@dataclass(frozen=True)
class Return:
    """Principal on its way back to who paid it."""

    id: UUID
    recharge_id: UUID
    fan_id: UUID
    amount_fen: Fen
    voided_fen: Fen
    reason: str
    by_shop: bool
    state: str
    asked_at: datetime
    settled_at: datetime | None


def until(recharge: Recharge) -> datetime | None:
    """Say until when its buyer may take a recharge back without asking anybody; None when he never could."""
    if recharge.paid_at is None:
        return None
    return recharge.paid_at + rules.at(recharge.paid_at).return_within


async def ask(
    tx: Tx, *, return_id: UUID, recharge: UUID, fan: UUID | None = None, reason: str = "", said: Said | None = None
) -> Return:
    """Promise back what is left of a recharge's principal. Asking twice under one id is asking once.

    `fan` is the buyer who asks by himself, within the days that the law gives him; None is the shop, at any time, which
    may say that it gave the money back by hand. Raises NotFound, Mismatch, NothingLeft, TimeIsOver, Invalid, and what
    payments refuses (a year is over).
    """
    first = await tx.one(Recharge, recharges.ONE, tx.merchant, recharge)
    if fan is not None and first.fan_id != fan:
        raise NotFound
    await accounts.opened(tx, fan=first.fan_id)
    found = await tx.one(Recharge, recharges.ONE, tx.merchant, recharge)
    if known := await tx.first(Return, ONE, tx.merchant, return_id):
        if known.recharge_id != recharge or known.by_shop != (fan is None):
            raise Mismatch
        return known
    if found.principal_left_fen <= 0:
        raise NothingLeft
    last = until(found)
    if fan is not None and (last is None or tx.now > last):
        raise TimeIsOver(days=rules.at(found.paid_at or tx.now).return_within.days)
    left, void = found.principal_left_fen, found.bonus_left_fen
    made = Return(return_id, recharge, found.fan_id, left, void, reason[:80], fan is None, "asked", tx.now, None)
    await tx.insert("recharge_return", made)
    change = Change("return", return_id, recharge, [Piece(recharge, -left, -void)], reason)
    booked = [Entry(ledger.STORED_PRINCIPAL, ledger.RECHARGE, left, "stored_principal_return", return_id)]
    if void:
        booked.append(Entry(ledger.STORED_BONUS, ledger.BONUS_GIVEN, void, "stored_bonus_return", return_id))
    await accounts.move(tx, fan=found.fan_id, change=change, entries=booked)
    assert await tx.run(TAKE, tx.merchant, recharge, left, void)
    await tx.emit(RechargeReturnAsked(found.fan_id, recharge, left, yuan(left)))
    if said is None:
        await refunds.request(tx, refund_id=return_id, subject=recharge, amount=left, reason=reason[:80] or "储值退款")
        return made
    await _hand_out(tx, made, said)
    return await tx.one(Return, ONE, tx.merchant, return_id)


async def _hand_out(tx: Tx, made: Return, said: Said) -> None:
    """Record that what was promised back was given by hand; the charge of a recharge has its id."""
    said = said.checked()
    left, charge = made.amount_fen, made.recharge_id
    money = Money(made.id, "out", charge, left, said.method, said.note, said.staff_id, said.staff_name, tx.now)
    await tx.insert("offline_money", money)
    entry = Entry(ledger.RECHARGE, ledger.OFFLINE, left, "recharge_returned", made.id, charge, said.note)
    await ledger.post_all(tx, [entry])
    await settle(tx, refund=made.id)


async def settle(tx: Tx, *, refund: UUID) -> None:
    """Record that the money is back; harmless when repeated, and for refunds that are not ours."""
    if await tx.run(SETTLE, tx.merchant, refund, tx.now):
        done = await tx.one(Return, ONE, tx.merchant, refund)
        await tx.emit(RechargeReturned(done.fan_id, done.recharge_id, done.amount_fen, yuan(done.amount_fen)))


async def mark(tx: Tx, *, refund: UUID, state: str) -> None:
    """Record how a return stands: stalled or closed (a person has to look), or asked once more."""
    await tx.run(MARK, tx.merchant, refund, state)


async def of_fan(tx: Tx, *, fan: UUID) -> list[Return]:
    """List somebody's returns, newest first."""
    return await tx.all(Return, OF_FAN, tx.merchant, fan)

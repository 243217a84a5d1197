"""Money by hand: cash and transfers that staff took, or gave back, recorded with who, how and why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.payments import charges, ledger, paying, promises, refunds
from tongshang.payments.charges import AlreadyPaid
from tongshang.payments.facts import ChargePaid, OfflinePaid, OfflineReturned, RefundSettled
from tongshang.payments.ledger import Entry
from tongshang.payments.model import CHARGE, REFUND, Attempt, AttemptState, Charge, Purpose, Way
from tongshang.payments.promises import StillClosing
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.money import Fen, yuan
from tongshang.platform.world import World

METHODS = ("cash", "transfer", "other")
NOTE_LENGTH = 200
COLUMNS = "id, direction, charge_id, amount_fen, method, note, staff_id, staff_name, at"
ONE = f"select {COLUMNS} from offline_money where merchant_id = $1 and id = $2"
OF_CHARGE = f"select {COLUMNS} from offline_money where merchant_id = $1 and charge_id = $2 order by at, id"
PAID = """
update charge set state = 'paid', paid_attempt_id = $3, paid_at = $4, transaction_id = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
SETTLE = """
update refund set state = 'settled', settled_at = $3, problem = ''
where merchant_id = $1 and id = $2 and state = any($4)"""
END = "update refund_attempt set state = 'settled', ended_at = $3 where merchant_id = $1 and id = $2"


class OtherAmount(Refused):
    """{owed} fen are owed, not {given}."""

    code, status, zh = "offline.other_amount", 409, "应收 {owed} 分，登记的是 {given} 分，请核对后再登记。"


class NotOffline(Refused):
    """This was paid by WeChat Pay and goes back the same way; by hand only after WeChat has closed the refund."""

    code, status = "offline.not_offline", 409
    zh = "这笔款是微信支付收的，会原路退回；微信关闭退款后，才能登记线下退还。"


class RefundEnded(Refused):
    """This refund has ended already."""

    code, status, zh = "offline.refund_ended", 409, "这笔退款已经结束。"


@dataclass(frozen=True)
class Money:
    """An amount that passed from hand to hand: `in` from a payer, `out` back to one; `id` the attempt's or refund's."""

    id: UUID
    direction: str
    charge_id: UUID
    amount_fen: Fen
    method: str
    note: str
    staff_id: UUID
    staff_name: str
    at: datetime

    def words(self) -> tuple[str, UUID, Fen, str, str]:
        """Give what was said of it: saying the same twice is saying it once."""
        return (self.direction, self.charge_id, self.amount_fen, self.method, self.note)


@dataclass(frozen=True)
class Said:
    """What a member of staff says of money: how it passed and why, and who it is who says so."""

    method: str
    note: str
    staff_id: UUID
    staff_name: str

    def checked(self) -> "Said":
        """Refuse an unknown method, and words that explain nothing."""
        note = self.note.strip()
        if self.method not in METHODS:
            raise Invalid(field="method", problem=f"one of {', '.join(METHODS)}")
        if not 0 < len(note) <= NOTE_LENGTH:
            raise Invalid(field="note", problem=f"1-{NOTE_LENGTH}")
        return Said(self.method, note, self.staff_id, self.staff_name)


async def take(world: World, merchant: UUID, *, charge: UUID, id: UUID, amount_fen: Fen, said: Said) -> Charge:
    """Record that a charge was paid by hand, in whole. What could still be paid at WeChat is closed there first.

    Raises AlreadyPaid, NotPayable, OtherAmount, StillClosing, Mismatch, Invalid.
    """
    said = said.checked()
    for _ in range(3):
        async with world.tx(merchant) as tx:
            live = await charges.active(tx, charge=charge)
            if live is None:
                return await _take(tx, charge, id, amount_fen, said)
        if await paying.shut(world, merchant, *live) is AttemptState.PAID:
            raise AlreadyPaid
    raise StillClosing


async def _take(tx: Tx, charge_id: UUID, id: UUID, amount_fen: Fen, said: Said) -> Charge:
    charge = await charges.lock(tx, charge=charge_id)
    money = Money(id, "in", charge.id, amount_fen, said.method, said.note, said.staff_id, said.staff_name, tx.now)
    if known := await tx.first(Money, ONE, tx.merchant, id):
        if known.words() != money.words():
            raise Mismatch
        return charge
    if refusal := promises.refusal(charge, tx.now):
        raise refusal
    # Somebody may have begun to pay at WeChat since we looked; the charge is held now, so nobody does from here on.
    if await charges.active(tx, charge=charge.id) is not None:
        raise StillClosing
    if amount_fen != charge.amount_fen:
        raise OtherAmount(owed=charge.amount_fen, given=amount_fen)
    number = f"offline-{id.hex}"
    attempt = Attempt(
        id=id, charge_id=charge.id, account_id=None, kind=Way.OFFLINE, appid="", sp_appid="", payer_openid="",
        amount_fen=amount_fen, state=AttemptState.PAID, prepay_id="", code_url="", prepay_until=None,
        transaction_id=number, paid_fen=amount_fen, refunded_fen=0, opened_at=tx.now, paid_at=tx.now, closed_at=None,
        sharing=False,
    )  # fmt: skip
    await tx.insert("charge_attempt", attempt)
    await tx.insert("offline_money", money)
    assert await tx.run(PAID, tx.merchant, charge.id, id, tx.now, number, CHARGE.sources("pay"))
    credit = ledger.SALES if charge.purpose is Purpose.SALE else ledger.UNMATCHED
    await ledger.post_all(tx, [Entry(ledger.OFFLINE, credit, amount_fen, "offline_payment", id, charge.id, said.note)])
    about = (charge.id, charge.subject_id, amount_fen, yuan(amount_fen))
    await tx.emit(OfflinePaid(*about, said.method, said.staff_name, said.note))
    await tx.emit(ChargePaid(*about, number, tx.now))
    return await charges.get(tx, charge=charge.id)


async def give_back(tx: Tx, *, refund: UUID, said: Said) -> Money:
    """Record that a refund was given back by hand: of money taken by hand, or that WeChat closed and never will carry
    out. Harmless when repeated in the same words.

    Raises NotFound, NotOffline, RefundEnded, Mismatch, Invalid, TooMuch.
    """
    said = said.checked()
    newest = (await refunds.tries(tx, refund=(await refunds.get(tx, refund=refund)).id))[0]
    asked, number, paid = await refunds.lock_try(tx, number=newest.id)
    amount = asked.amount_fen
    money = Money(
        refund, "out", asked.charge_id, amount, said.method, said.note, said.staff_id, said.staff_name, tx.now
    )
    if known := await tx.first(Money, ONE, tx.merchant, refund):
        if known.words() != money.words():
            raise Mismatch
        return known
    if paid.kind is not Way.OFFLINE:
        instead = await refunds.by_hand(tx, refund=asked, paid=paid)
        if instead is None:
            raise NotOffline
        number = instead
    elif await tx.run(SETTLE, tx.merchant, refund, tx.now, REFUND.sources("settle")):
        await tx.run(END, tx.merchant, number.id, tx.now)
    else:
        raise RefundEnded
    await tx.insert("offline_money", money)
    entry = Entry(ledger.PAYABLE, ledger.OFFLINE, amount, "refund_settled", number.id, asked.charge_id, said.note)
    await ledger.post_all(tx, [entry])
    about = (refund, asked.charge_id, asked.subject_id)
    await tx.emit(OfflineReturned(*about, amount, yuan(amount), said.method, said.staff_name, said.note))
    await tx.emit(RefundSettled(*about, asked.origin.value, amount, yuan(amount)))
    return money


async def of_charge(tx: Tx, *, charge: UUID) -> list[Money]:
    """List what passed by hand for a charge, oldest first."""
    return await tx.all(Money, OF_CHARGE, tx.merchant, charge)

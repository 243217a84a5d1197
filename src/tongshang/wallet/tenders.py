"""Orders paid from the balance, and refunds that give back exactly what was taken: fills two of trade's seams."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.payments import ledger
from tongshang.payments.ledger import Entry
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.money import Fen, yuan
from tongshang.trade import tenders
from tongshang.trade.model import Order
from tongshang.trade.seams import Balance, Tender, Wish
from tongshang.trade.unwinding.model import RefundPart, Source
from tongshang.wallet import accounts
from tongshang.wallet.accounts import BONUS, PRINCIPAL, Change
from tongshang.wallet.model import Move, Piece, give_back, spend, total

MOVES = """select fan_id, nth, kind, source_id, subject_id, principal_fen, bonus_fen, principal_after_fen,
  bonus_after_fen, lots, note, at
from wallet_move where merchant_id = $1 and subject_id = any($2) order by fan_id, nth"""
LABELS = {
    PRINCIPAL: ("退回储值本金", "Back to the balance, paid part"),
    BONUS: ("退回储值赠送", "Back to the balance, given part"),
}


class NotEnough(Refused):
    """The balance is ¥{left} now. Please look again before you order."""

    code, status, zh = "balance.not_enough", 409, "账户余额为 {left} 元，不足以支付，请重新确认。"


class StoredValue:
    """Fills trade's TENDERS and UNWINDERS."""

    async def balance(self, tx: Tx, fan: UUID) -> Balance:
        """Say what somebody could pay with."""
        found = await accounts.of_fan(tx, fan=fan)
        return Balance(found.principal_fen, found.bonus_fen)

    async def refused(self, tx: Tx, wishes: Sequence[Wish]) -> dict[UUID, Refused]:
        """Hold the wallets of a batch, and say which orders cannot have what they wish for."""
        held = await accounts.held(tx, fans=[wish.fan_id for wish in wishes])
        left = {fan: found.balance_fen for fan, found in held.items()}
        refused: dict[UUID, Refused] = {}
        for wish in wishes:
            if wish.amount_fen > left.get(wish.fan_id, 0):
                refused[wish.order_id] = NotEnough(left=yuan(left.get(wish.fan_id, 0)))
            else:
                left[wish.fan_id] -= wish.amount_fen
        return refused

    async def hold(self, tx: Tx, wishes: Sequence[Wish]) -> list[Tender]:
        """Take what orders wish for out of their wallets; it waits in an account of its own until they are paid."""
        held = []
        for wish in wishes:
            pieces = spend(wish.amount_fen, await accounts.lots(tx, fan=wish.fan_id))
            change = Change("hold", wish.order_id, wish.order_id, pieces)
            booked = accounts.entries(change, against=ledger.TENDERS_HELD)
            await accounts.move(tx, fan=wish.fan_id, change=change, entries=booked)
            for kind, amount in zip((PRINCIPAL, BONUS), total(pieces), strict=True):
                if amount:
                    held.append(Tender(wish.order_id, kind, wish.fan_id, -amount))
        return held

    async def take(self, tx: Tx, taken: Sequence[Tender]) -> None:
        """Book what orders that are paid now had taken: it is earned."""
        entries = [
            Entry(ledger.TENDERS_HELD, ledger.SALES, one.amount_fen, f"{one.kind}_taken", one.order_id) for one in taken
        ]
        await ledger.post_all(tx, entries)

    async def give_back(self, tx: Tx, given: Sequence[Tender]) -> None:
        """Put back what orders had taken that came to nothing, to the lots it came from."""
        owners = {one.order_id: one.source_id for one in given}
        await accounts.held(tx, fans=list(owners.values()))
        moves = await tx.all(Move, MOVES, tx.merchant, sorted(owners))
        for move in moves:
            if move.kind != "hold":
                continue
            pieces = [Piece(UUID(lot), -p, -b) for lot, p, b in move.lots]
            change = Change("release", move.subject_id, move.subject_id, pieces)
            booked = accounts.entries(change, against=ledger.TENDERS_HELD)
            await accounts.move(tx, fan=move.fan_id, change=change, entries=booked)

    async def sources(self, tx: Tx, order: Order) -> Sequence[Source]:
        """Name principal and bonus an order was paid with."""
        paid = await tenders.of_order(tx, order=order)
        return [Source(one.kind, one.source_id, one.amount_fen, *LABELS[one.kind]) for one in paid]

    async def give(self, tx: Tx, part: RefundPart, order: Order, reason: str) -> bool:
        """Put a part of a refund back into the wallet, to the lots it was taken from; it is there at once."""
        await accounts.held(tx, fans=[part.source_id])
        lacks = await self._lacks(tx, part.order_id)
        if part.kind == PRINCIPAL:
            back = give_back(part.amount_fen, [lack.principal_fen for lack in lacks])
            pieces = [Piece(lack.lot, fen, 0) for lack, fen in zip(lacks, back, strict=True) if fen]
        else:
            back = give_back(part.amount_fen, [lack.bonus_fen for lack in lacks])
            pieces = [Piece(lack.lot, 0, fen) for lack, fen in zip(lacks, back, strict=True) if fen]
        change = Change("refund", part.id, part.order_id, pieces, reason)
        await accounts.move(
            tx, fan=part.source_id, change=change, entries=accounts.entries(change, against=ledger.REFUNDS)
        )
        return True

    async def _lacks(self, tx: Tx, order: UUID) -> list[Piece]:
        lacks: dict[str, list[Fen]] = {}
        for move in await tx.all(Move, MOVES, tx.merchant, [order]):
            for lot, principal, bonus in move.lots:
                known = lacks.setdefault(lot, [0, 0])
                known[0] -= principal
                known[1] -= bonus
        return [Piece(UUID(lot), principal, bonus) for lot, (principal, bonus) in sorted(lacks.items())]

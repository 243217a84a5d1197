"""Shares that came back for a refund which WeChat then closed: they are the receivers', and a person says what becomes.

WeChat does not share again what came back (it goes to the merchant's balance, and is not held any more): either the
refund is asked for once more, or the merchant pays the receivers by hand, or they agree that he keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongshang.payments import ledger
from tongshang.payments.ledger import Entry
from tongshang.payments.sharing import receivers, shares, splits
from tongshang.payments.sharing.facts import SharesOwed, SharesSettled
from tongshang.payments.sharing.model import Return, ReturnState
from tongshang.payments.sharing.returns import of_refund
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.money import Fen, yuan

HOW = ("paid", "kept")
NOTE_LENGTH = 200
# As long as the refund is not asked for again, and nobody said what becomes of it.
OWED = """
select u.refund_id, u.split_id, sum(r.amount_fen)::bigint as amount_fen, f.problem
from sharing_unwound u
join refund f on f.merchant_id = u.merchant_id and f.id = u.refund_id and f.state = 'closed'
join sharing_return r on r.merchant_id = u.merchant_id and r.refund_id = u.refund_id and r.state = 'returned'
where u.merchant_id = $1 and u.owed and u.settled_at is null and ($2::uuid[] is null or u.split_id = any($2))
group by u.refund_id, u.split_id, f.problem order by u.refund_id"""
MARK = "update sharing_unwound set owed = true where merchant_id = $1 and refund_id = $2"
KNOWN = """select u.split_id, u.settled_how as how, u.settled_note as note, f.state from sharing_unwound u
join refund f on f.merchant_id = u.merchant_id and f.id = u.refund_id
where u.merchant_id = $1 and u.refund_id = $2"""
SETTLE = """
update sharing_unwound set settled_how = $3, settled_note = $4, settled_at = $5
where merchant_id = $1 and refund_id = $2 and settled_at is null"""


class NothingOwed(Refused):
    """Nothing is owed to receivers because of this refund."""

    code, status, zh = "sharing.nothing_owed", 409, "这笔退款没有需要补给接收方的分账。"


@dataclass(frozen=True)
class Owed:
    """What came back of a payment's shares for a refund that was closed."""

    refund_id: UUID
    split_id: UUID
    amount_fen: Fen
    problem: str


@dataclass(frozen=True)
class _Known:
    split_id: UUID
    how: str
    note: str
    state: str


async def of_splits(tx: Tx, *, found: Sequence[UUID]) -> list[Owed]:
    """List what is owed to receivers of several payments."""
    return await tx.all(Owed, OWED, tx.merchant, list(found))


async def everything(tx: Tx) -> list[Owed]:
    """List what is owed to receivers of any payment."""
    return await tx.all(Owed, OWED, tx.merchant, None)


async def tell(tx: Tx, *, refund: UUID) -> None:
    """Say that receivers are owed what came back of them, when a refund was closed after that."""
    came = await _returned(tx, refund)
    if came:
        split, _ = await splits.hold(tx, split=came[0].split_id)
        await tx.run(MARK, tx.merchant, refund)
        await tx.emit(SharesOwed(*splits.words(split), refund, yuan(sum(one.amount_fen for one in came))))


async def settle(tx: Tx, *, refund: UUID, how: str, note: str) -> UUID:
    """Say what became of shares that came back in vain: paid to the receivers by hand, or kept by agreement.

    Saying so twice is saying it once; gives the split. Raises NotFound, NothingOwed, Invalid.
    """
    note = note.strip()
    if how not in HOW:
        raise Invalid(field="how", problem=f"one of {', '.join(HOW)}")
    if not 0 < len(note) <= NOTE_LENGTH:
        raise Invalid(field="note", problem=f"1-{NOTE_LENGTH}")
    known = await tx.first(_Known, KNOWN, tx.merchant, refund)
    if known is None:
        raise NotFound
    split, _ = await splits.hold(tx, split=known.split_id)
    known = await tx.one(_Known, KNOWN, tx.merchant, refund)  # whoever held the payment before us may have said it
    if (known.how, known.note) == (how, note):
        return split.id
    came = await _returned(tx, refund)
    if known.state != "closed" or not came or not await tx.run(SETTLE, tx.merchant, refund, how, note, tx.now):
        raise NothingOwed
    if how == "paid":
        purposes = {one.id: one.purpose for one in await shares.of_split(tx, split=split.id)}
        await ledger.post_all(tx, [
            Entry(shares.EXPENSE[purposes[one.share_id]], ledger.OFFLINE, one.amount_fen, "share_restored", one.id,
                  split.charge_id, note)
            for one in came
        ])  # fmt: skip
    amount = yuan(sum(one.amount_fen for one in came))
    await tx.emit(SharesSettled(*splits.words(split), refund, amount, WORDS[how][0], WORDS[how][1], note))
    return split.id


WORDS = {"paid": ("已线下付给接收方", "paid by hand"), "kept": ("双方商定不再补付", "kept by agreement")}


async def _returned(tx: Tx, refund: UUID) -> list[Return]:
    return [one for one in await of_refund(tx, refund=refund) if one.state is ReturnState.RETURNED]


async def whose(tx: Tx, *, found: Sequence[Owed]) -> dict[UUID, list[str]]:
    """Name the receivers of what is owed, by the refund."""
    names: dict[UUID, list[str]] = {}
    for one in found:
        held = {share.id: share.receiver_id for share in await shares.of_split(tx, split=one.split_id)}
        people = await receivers.by_id(tx, ids=list(held.values()))
        came = await _returned(tx, one.refund_id)
        names[one.refund_id] = [f"{people[held[r.share_id]].label} ¥{yuan(r.amount_fen)}" for r in came]
    return names

"""Returns: which shares come back before a refund goes, and what became of them; what the database does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tongshang.payments import ledger, limits
from tongshang.payments.ledger import Entry
from tongshang.payments.model import Refund
from tongshang.payments.refunds import Paid
from tongshang.payments.sharing import receivers, rules, shares, splits
from tongshang.payments.sharing.facts import ReturnAsked, ReturnFailed, ReturnsEnded, SplitResumed
from tongshang.payments.sharing.model import (
    RETURN,
    Receiver,
    ReceiverKind,
    Return,
    ReturnState,
    Share,
    Split,
    SplitState,
)
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.money import Fen, yuan

COLUMNS = """id, share_id, split_id, refund_id, amount_fen, number_id, tries, state, problem, sent_at, asked_at,
  returned_at, ended_at"""
ONE = f"select {COLUMNS} from sharing_return where merchant_id = $1 and id = $2"
OF_REFUND = f"select {COLUMNS} from sharing_return where merchant_id = $1 and refund_id = $2 order by asked_at, id"
OF_SPLITS = f"""select {COLUMNS} from sharing_return where merchant_id = $1 and split_id = any($2)
order by asked_at, id"""
KNOWN = "select exists (select from sharing_unwound where merchant_id = $1 and refund_id = $2)"
UNWIND = "update sharing_split set unwound_fen = unwound_fen + $3 where merchant_id = $1 and id = $2"
KEEP = """
insert into sharing_unwound (merchant_id, refund_id, split_id, amount_fen, asked_fen, at)
values ($1, $2, $3, $4, $5, $6)"""
SENT = "update sharing_return set sent_at = coalesce(sent_at, $3) where merchant_id = $1 and id = $2"
MOVE = """
update sharing_return set state = $3, problem = $4, returned_at = $5, ended_at = $6
where merchant_id = $1 and id = $2 and number_id = $7 and state = any($8)"""
AGAIN = """
update sharing_return set state = 'asked', problem = '', tries = tries + 1, number_id = $3, sent_at = null
where merchant_id = $1 and id = $2 and state = any($4)"""
BUSY = (SplitState.SPLITTING, SplitState.RELEASING)


class NotFailed(Refused):
    """There is nothing to decide about this return just now."""

    code, status, zh = "sharing.return_not_failed", 409, "这笔追回现在没有需要处理的问题。"


class Standing(StrEnum):
    """What shares mean for a refund: it may go, it waits, or somebody has to decide."""

    CLEAR = "clear"
    WAIT = "wait"
    FAILED = "failed"


@dataclass(frozen=True)
class Gate:
    """Whether a refund may go, and why not."""

    standing: Standing
    problem: str = ""


async def before_refund(tx: Tx, *, refund: Refund, paid: Paid) -> Gate:
    """Ask back what a refund takes of shares, once, and say whether it may go; the charge is held."""
    split = await splits.find(tx, attempt=paid.id) if paid.sharing else None
    if split is None or split.state is SplitState.WAITING:
        return Gate(Standing.CLEAR)  # what is refunded before anything was shared is not shared
    if not await tx.value(KNOWN, tx.merchant, refund.id):
        if split.state in BUSY:
            return Gate(Standing.WAIT)
        await _unwind(tx, split, refund)
        split = await splits.find(tx, attempt=paid.id) or split
    found = await of_refund(tx, refund=refund.id)
    if failed := [one for one in found if one.state is ReturnState.FAILED]:
        return Gate(Standing.FAILED, f"SHARE_NOT_RETURNED {failed[0].problem}")
    if split.state in BUSY or any(one.state is ReturnState.ASKED for one in found):
        return Gate(Standing.WAIT)
    return Gate(Standing.CLEAR)


async def _unwind(tx: Tx, split: Split, refund: Refund) -> None:
    assert split.base_fen is not None
    left = split.base_fen - split.unwound_fen
    # Less than the refund where WeChat closed an earlier one after its shares had come back.
    amount = min(refund.amount_fen, left)
    shared = await shares.of_split(tx, split=split.id)
    parts = rules.unwind(amount, left=left, there=[one.there_fen for one in shared]) if amount else [0] * len(shared)
    people = await receivers.by_id(tx, ids=[one.receiver_id for one in shared])
    await tx.run(UNWIND, tx.merchant, split.id, amount)
    asked = 0
    for one, part in zip(shared, parts, strict=True):
        if part:
            asked += await _ask(tx, split, refund, one, people[one.receiver_id], part)
    await tx.run(KEEP, tx.merchant, refund.id, split.id, refund.amount_fen, asked, tx.now)
    if left == amount and split.state is SplitState.STUCK:
        # All of it goes back: nobody gets anything any more.
        await splits.drop(tx, split=split)
        await tx.emit(SplitResumed(*splits.words(split)))


async def _ask(tx: Tx, split: Split, refund: Refund, share: Share, whose: Receiver, part: Fen) -> Fen:
    """Ask a part of a share back; gives how much was asked: nothing where WeChat takes nothing back."""
    problem = _why_not(tx, share, whose)
    state = ReturnState.LEFT if problem else RETURN.start
    ended = tx.now if problem else None
    words = (share.id, split.id, refund.id, part, tx.new_id(), 1, state, problem, None, tx.now, None, ended)
    back = Return(tx.new_id(), *words)
    await tx.insert("sharing_return", back)
    if problem:
        await shares.back(tx, share=share.id, left=part)
        return 0
    await shares.back(tx, share=share.id, asked=part)
    await _post(tx, split, share, back, "share_asked_back")
    await tx.emit(ReturnAsked(*splits.words(split), back.id, whose.label, yuan(part), 1))
    return part


def _why_not(tx: Tx, share: Share, whose: Receiver) -> str:
    if whose.kind is not ReceiverKind.MERCHANT:
        return "PERSON"
    paid = share.paid_at or tx.now
    return "TOO_LATE" if tx.now - paid > limits.at(tx.now).share_return_within else ""


async def get(tx: Tx, *, back: UUID) -> Return:
    """Give one return; raises NotFound."""
    return await tx.one(Return, ONE, tx.merchant, back)


async def of_refund(tx: Tx, *, refund: UUID) -> list[Return]:
    """List what was asked back because of a refund."""
    return await tx.all(Return, OF_REFUND, tx.merchant, refund)


async def of_splits(tx: Tx, *, found: list[UUID]) -> list[Return]:
    """List what was asked back of several splits."""
    return await tx.all(Return, OF_SPLITS, tx.merchant, found)


async def hold(tx: Tx, *, back: UUID) -> tuple[Return, Share, Split]:
    """Give a return with its share and split, and hold the charge; raises NotFound."""
    split, _ = await splits.hold(tx, split=(await get(tx, back=back)).split_id)
    fresh = await get(tx, back=back)
    return fresh, await shares.get(tx, share=fresh.share_id), split


async def sending(tx: Tx, *, back: Return) -> None:
    """Mark a return as sent: whoever comes next asks first."""
    await tx.run(SENT, tx.merchant, back.id, tx.now)


async def arrive(tx: Tx, *, back: Return, share: Share, split: Split, at: datetime) -> None:
    """Record that a share is back."""
    if await _move(tx, back, "arrive", ReturnState.RETURNED, at=at):
        await shares.back(tx, share=share.id, asked=-back.amount_fen, returned=back.amount_fen)
        await _post(tx, split, share, back, "share_returned")
        await _ended(tx, back, split)


async def fail(tx: Tx, *, back: Return, share: Share, split: Split, problem: str) -> None:
    """Record that a share did not come back: somebody decides, the refund waits."""
    if await _move(tx, back, "fail", ReturnState.FAILED, problem=problem):
        whose = (await receivers.by_id(tx, ids=[share.receiver_id]))[share.receiver_id]
        about = (back.id, whose.label, yuan(back.amount_fen), problem)
        await tx.emit(ReturnFailed(*splits.words(split), *about))
        await tx.emit(ReturnsEnded(*splits.words(split), back.refund_id))


async def again(tx: Tx, *, return_id: UUID) -> Return:
    """Ask for a share once more, under a new number. Raises NotFound, NotFailed."""
    back, share, split = await hold(tx, back=return_id)
    if back.state is ReturnState.ASKED:
        return back
    if not await tx.run(AGAIN, tx.merchant, back.id, tx.new_id(), RETURN.sources("again")):
        raise NotFailed
    whose = (await receivers.by_id(tx, ids=[share.receiver_id]))[share.receiver_id]
    about = (back.id, whose.label, yuan(back.amount_fen), back.tries + 1)
    await tx.emit(ReturnAsked(*splits.words(split), *about))
    return await get(tx, back=return_id)


async def leave(tx: Tx, *, return_id: UUID) -> Return:
    """Let a share stay with its receiver: the merchant bears it, the refund goes. Raises NotFound, NotFailed."""
    back, share, split = await hold(tx, back=return_id)
    if back.state is ReturnState.LEFT:
        return back
    if back.state is not ReturnState.FAILED:
        raise NotFailed
    await _move(tx, back, "leave", ReturnState.LEFT, problem=back.problem)
    await shares.back(tx, share=share.id, asked=-back.amount_fen, left=back.amount_fen)
    await _post(tx, split, share, back, "share_left")
    await _ended(tx, back, split)
    return await get(tx, back=return_id)


async def _ended(tx: Tx, back: Return, split: Split) -> None:
    open = [one for one in await of_refund(tx, refund=back.refund_id) if one.state is ReturnState.ASKED]
    if not open:
        await tx.emit(ReturnsEnded(*splits.words(split), back.refund_id))


async def _move(
    tx: Tx, back: Return, move: str, state: ReturnState, *, problem: str = "", at: datetime | None = None
) -> bool:
    ended = tx.now if state in (ReturnState.RETURNED, ReturnState.LEFT) else None
    args = (state.value, problem[:200], at, ended, back.number_id, RETURN.sources(move))
    return bool(await tx.run(MOVE, tx.merchant, back.id, *args))


async def _post(tx: Tx, split: Split, share: Share, back: Return, kind: str) -> None:
    expense, coming = shares.EXPENSE[share.purpose], ledger.SHARES_RETURNING
    sides = {
        "share_asked_back": (coming, expense),
        "share_returned": (ledger.CASH, coming),
        "share_left": (expense, coming),
    }
    await ledger.post_all(tx, [Entry(*sides[kind], back.amount_fen, kind, back.id, split.charge_id)])

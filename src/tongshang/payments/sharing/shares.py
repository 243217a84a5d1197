"""Shares in the database: promised, paid, failed, given up; each with its posting in the same commit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from tongshang.payments import ledger
from tongshang.payments.ledger import Entry
from tongshang.payments.sharing import receivers
from tongshang.payments.sharing.facts import SharePaid
from tongshang.payments.sharing.model import SHARE, Purpose, Request, Rule, Share, ShareState, Split
from tongshang.platform.db import Tx
from tongshang.platform.money import Fen, yuan
from weixin.products.pay import Sharing

COLUMNS = """id, split_id, receiver_id, request_id, position, purpose, per_myriad, base, amount_fen, state, problem,
  asked_back_fen, returned_fen, left_fen, promised_at, paid_at, planned_fen"""
OF_SPLIT = f"select {COLUMNS} from sharing_share where merchant_id = $1 and split_id = $2 order by position"
OF_SPLITS = f"""select {COLUMNS} from sharing_share where merchant_id = $1 and split_id = any($2)
order by split_id, position"""
ONE = f"select {COLUMNS} from sharing_share where merchant_id = $1 and id = $2"
MOVE = """
update sharing_share set state = $3, problem = $4, paid_at = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
RENEW = """
update sharing_share set state = 'open', problem = '', request_id = $3, amount_fen = $4, promised_at = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
BACK = """
update sharing_share set asked_back_fen = asked_back_fen + $3, returned_fen = returned_fen + $4,
  left_fen = left_fen + $5 where merchant_id = $1 and id = $2"""
EXPENSE = {Purpose.PLATFORM_FEE: ledger.PLATFORM_FEE, Purpose.PARTNER: ledger.PARTNER_SHARES}


async def promise(tx: Tx, *, split: Split, request: Request, wanted: Sequence[tuple[Rule, Fen]]) -> None:
    """Write shares down, and book them as owed."""
    made = [
        Share(
            tx.new_id(), split.id, rule.receiver_id, request.id, place, rule.purpose, rule.per_myriad, rule.base, part,
            SHARE.start, "", 0, 0, 0, tx.now, None, part,
        )
        for place, (rule, part) in enumerate(wanted)
    ]  # fmt: skip
    for one in made:
        await tx.insert("sharing_share", one)
    await ledger.post_all(tx, [_entry(split, one, "share_promised") for one in made])


async def of_split(tx: Tx, *, split: UUID) -> list[Share]:
    """List a split's shares."""
    return await tx.all(Share, OF_SPLIT, tx.merchant, split)


async def of_splits(tx: Tx, *, splits: Sequence[UUID]) -> list[Share]:
    """List the shares of several splits."""
    return await tx.all(Share, OF_SPLITS, tx.merchant, list(splits))


async def get(tx: Tx, *, share: UUID) -> Share:
    """Give one share; raises NotFound."""
    return await tx.one(Share, ONE, tx.merchant, share)


async def record(tx: Tx, *, split: Split, request: Request, told: Sharing) -> str:
    """Do what WeChat says of a request's shares, each once; gives "" or in what it disagrees with our promise."""
    ours = [one for one in await of_split(tx, split=split.id) if one.request_id == request.id]
    people = await receivers.by_id(tx, ids=[one.receiver_id for one in ours])
    theirs = {(one.type, one.account): one for one in told.receivers}
    for one in ours:
        whose = people[one.receiver_id]
        said = theirs.get((whose.kind.value, whose.account))
        if said is None or said.amount_fen != one.amount_fen:
            return f"{whose.account}: {one.amount_fen} expected, {said.amount_fen if said else None} told"
    for one in ours:
        whose = people[one.receiver_id]
        said = theirs[(whose.kind.value, whose.account)]
        if said.result == "SUCCESS":
            await _pay(tx, split, one, whose.label, said.finished_at or tx.now)
        elif said.result == "CLOSED":
            await fail(tx, split=split, share=one, problem=said.fail_reason or "CLOSED")
    return ""


async def _pay(tx: Tx, split: Split, share: Share, label: str, at: datetime) -> None:
    if not await tx.run(MOVE, tx.merchant, share.id, ShareState.PAID.value, "", at, SHARE.sources("pay")):
        return
    await ledger.post_all(tx, [_entry(split, share, "share_paid")])
    where = (split.id, split.attempt_id, split.charge_id, split.subject_id)
    await tx.emit(SharePaid(*where, share.id, label, share.amount_fen, yuan(share.amount_fen)))


async def fail(tx: Tx, *, split: Split, share: Share, problem: str) -> None:
    """End a share that its receiver did not get: it is owed no longer, unless it is promised again."""
    state = ShareState.FAILED.value
    if await tx.run(MOVE, tx.merchant, share.id, state, problem[:200], None, SHARE.sources("fail")):
        await ledger.post_all(tx, [_entry(split, share, "share_released")])


async def renew(tx: Tx, *, split: Split, request: Request) -> Fen:
    """Promise failed shares once more, of what is still left of the payment; gives their sum."""
    assert split.base_fen is not None
    left, total = split.base_fen - split.unwound_fen, 0
    for one in await of_split(tx, split=split.id):
        if one.state is not ShareState.FAILED:
            continue
        # Of what was refunded since, nobody gets a part.
        amount = (one.planned_fen or one.amount_fen) * left // split.base_fen
        if not amount:
            await _drop(tx, one)
            continue
        await tx.run(RENEW, tx.merchant, one.id, request.id, amount, tx.now, SHARE.sources("again"))
        await ledger.post_all(tx, [_entry(split, await get(tx, share=one.id), "share_promised")])
        total += amount
    return total


async def drop(tx: Tx, *, split: Split) -> None:
    """Give failed shares up."""
    for one in await of_split(tx, split=split.id):
        if one.state is ShareState.FAILED:
            await _drop(tx, one)


async def _drop(tx: Tx, share: Share) -> None:
    state = ShareState.DROPPED.value
    await tx.run(MOVE, tx.merchant, share.id, state, share.problem, None, SHARE.sources("drop"))


async def back(tx: Tx, *, share: UUID, asked: Fen = 0, returned: Fen = 0, left: Fen = 0) -> None:
    """Count what of a share was asked back, came back, or stays; a CHECK keeps the three within the share."""
    assert await tx.run(BACK, tx.merchant, share, asked, returned, left)


def _entry(split: Split, share: Share, kind: str) -> Entry:
    expense, owed = EXPENSE[share.purpose], ledger.SHARES_PAYABLE
    sides = {
        "share_promised": (expense, owed),
        "share_paid": (owed, ledger.CASH),
        "share_released": (owed, expense),
    }
    return Entry(*sides[kind], share.amount_fen, kind, source(share.id, share.request_id), split.charge_id)


def source(share: UUID, request: UUID) -> UUID:
    """Name the source of a share's postings: each try has its own."""
    return uuid5(share, request.hex)

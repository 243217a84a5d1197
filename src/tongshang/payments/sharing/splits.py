"""Splits: what the database does. Reaching out is `splitting`; the charge is held by whoever changes a split."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tongshang.payments import accounts, charges, limits
from tongshang.payments.bills.compare import share as fee_of
from tongshang.payments.model import Attempt
from tongshang.payments.sharing import receivers, rules, settings, shares
from tongshang.payments.sharing.facts import SplitBegun, SplitDone, SplitResumed, SplitStuck
from tongshang.payments.sharing.model import SPLIT, Request, Rule, ShareState, Split, SplitState
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.money import Fen, yuan

COLUMNS = """id, attempt_id, charge_id, subject_id, state, rules, cap_per_myriad, paid_fen, base_fen, unwound_fen,
  requests, rest_id, problem, due_at, held_until, opened_at, releasing_at, ended_at"""
OF_ATTEMPT = f"select {COLUMNS} from sharing_split where merchant_id = $1 and attempt_id = $2"
ONE = f"select {COLUMNS} from sharing_split where merchant_id = $1 and id = $2"
PLAN = "update sharing_split set base_fen = $3 where merchant_id = $1 and id = $2 and state = any($4)"
MOVE = """
update sharing_split set state = $3, problem = $4, rest_id = coalesce(rest_id, $5), ended_at = $6,
  releasing_at = coalesce(releasing_at, $8)
where merchant_id = $1 and id = $2 and state = any($7)"""
COUNT = """
update sharing_split set requests = requests + 1 where merchant_id = $1 and id = $2 and requests < $3
returning requests"""
# What was promised back before anything was shared is not shared, and asks nobody for anything.
BEFORE = """
insert into sharing_unwound (merchant_id, refund_id, split_id, amount_fen, asked_fen, at)
select merchant_id, id, $3, amount_fen, 0, $4 from refund
where merchant_id = $1 and attempt_id = $2 and state <> 'closed'"""
REFUNDING = """select exists (
  select from refund where merchant_id = $1 and attempt_id = $2 and state in ('requested', 'sent'))"""
REQUEST = """select id, split_id, number, state, wx_order_id, sent_at, created_at, ended_at from sharing_request
where merchant_id = $1 and """
ACTIVE = REQUEST + "split_id = $2 and state = 'active'"
BY_NUMBER = REQUEST + "id = $2"
SENT = "update sharing_request set sent_at = coalesce(sent_at, $3) where merchant_id = $1 and id = $2"
HEARD = "update sharing_request set wx_order_id = $3 where merchant_id = $1 and id = $2"
ENDED = """
update sharing_request set state = 'ended', ended_at = $3 where merchant_id = $1 and id = $2 and state = 'active'"""


class NotStuck(Refused):
    """There is nothing to decide about this payment's shares just now."""

    code, status, zh = "sharing.not_stuck", 409, "这笔付款的分账现在没有需要处理的问题。"


class TooManyRequests(Refused):
    """WeChat Pay takes at most {most} sharing requests for one payment."""

    code, status, zh = "sharing.too_many_requests", 409, "同一笔付款最多发起 {most} 次分账。"


@dataclass(frozen=True)
class Known:
    """A count."""

    requests: int


async def open(tx: Tx, *, attempt: UUID) -> Split | None:
    """Begin to look after a payment that is held, by today's rules; gives what is known already. Holds the charge."""
    found = await charges.lock_of_attempts(tx, attempts=[attempt])
    charge, paid = found[attempt]
    known = await tx.first(Split, OF_ATTEMPT, tx.merchant, attempt)
    if known is not None or charge.paid_attempt_id != attempt or not paid.sharing or paid.paid_at is None:
        return known
    assert paid.account_id is not None
    setting, allowed = await settings.current(tx), limits.at(tx.now)
    agreed = [
        Rule(one.id, one.purpose, one.per_myriad, one.base)
        for one in await receivers.of_account(tx, account=paid.account_id)
        if one.per_myriad
    ]
    due = paid.paid_at + max(timedelta(days=setting.hold_days), allowed.share_soonest)
    split = Split(
        tx.new_id(), paid.id, charge.id, charge.subject_id, SPLIT.start, agreed, setting.max_per_myriad, paid.paid_fen,
        None, 0, 0, None, "", due, paid.paid_at + allowed.share_held, tx.now, None, None,
    )  # fmt: skip
    await tx.insert("sharing_split", split)
    return split


async def hold(tx: Tx, *, split: UUID) -> tuple[Split, Attempt]:
    """Give a split with its payment, and hold the charge; raises NotFound."""
    known = await tx.one(Split, ONE, tx.merchant, split)
    _, paid = (await charges.lock_of_attempts(tx, attempts=[known.attempt_id]))[known.attempt_id]
    return await tx.one(Split, ONE, tx.merchant, split), paid


async def find(tx: Tx, *, attempt: UUID) -> Split | None:
    """Find what is shared of a payment."""
    return await tx.first(Split, OF_ATTEMPT, tx.merchant, attempt)


async def refunding(tx: Tx, *, attempt: UUID) -> bool:
    """Say whether a refund of a payment is under way."""
    return bool(await tx.value(REFUNDING, tx.merchant, attempt))


async def plan(tx: Tx, *, split: Split, paid: Attempt) -> None:
    """Promise the shares of what is left of a payment; the charge is held."""
    base = paid.paid_fen - paid.refunded_fen
    assert paid.account_id is not None
    account = await accounts.get(tx, account=paid.account_id)
    there = {one.id for one in await receivers.of_account(tx, account=paid.account_id)}
    agreed = [rule for rule in split.rules if rule.receiver_id in there]
    assert await tx.run(PLAN, tx.merchant, split.id, base, SPLIT.sources("share"))
    await tx.run(BEFORE, tx.merchant, paid.id, split.id, tx.now)
    if not base:
        await end(tx, split=split)
        return
    fee = fee_of(base, account.fee_per_myriad)
    parts = rules.plan(agreed, base_fen=base, fee_fen=fee, cap_per_myriad=split.cap_per_myriad)
    wanted = [(rule, part) for rule, part in zip(agreed, parts, strict=True) if part]
    if not wanted:
        await release(tx, split=split)
        return
    request = await _request(tx, split)
    await shares.promise(tx, split=split, request=request, wanted=wanted)
    await _move(tx, split, "share", SplitState.SPLITTING)
    await tx.emit(SplitBegun(*words(split), yuan(sum(parts)), request.number))


async def _request(tx: Tx, split: Split) -> Request:
    most = limits.at(tx.now).share_requests
    counted = await tx.first(Known, COUNT, tx.merchant, split.id, most)
    if counted is None:
        raise TooManyRequests(most=most)
    request = Request(tx.new_id(), split.id, counted.requests, "active", None, None, tx.now, None)
    await tx.insert("sharing_request", request)
    return request


async def sending(tx: Tx, *, split: Split) -> Request:
    """Give the request that is under way as it was, and mark it as sent: whoever comes next asks first."""
    request = await tx.one(Request, ACTIVE, tx.merchant, split.id)
    await tx.run(SENT, tx.merchant, request.id, tx.now)
    return request


async def request_by_number(tx: Tx, *, number: UUID) -> Request:
    """Give one request; raises NotFound."""
    return await tx.one(Request, BY_NUMBER, tx.merchant, number)


async def heard(tx: Tx, *, request: Request, order_id: str) -> None:
    """Keep WeChat's number of a request."""
    await tx.run(HEARD, tx.merchant, request.id, order_id)


async def settle(tx: Tx, *, split: Split, request: Request, problem: str = "") -> bool:
    """End a request of which every share has ended: set the rest free, or hand it to a person. False before that."""
    known = await shares.of_split(tx, split=split.id)
    if any(one.state is ShareState.OPEN and one.request_id == request.id for one in known):
        return False
    if not await tx.run(ENDED, tx.merchant, request.id, tx.now):
        return True
    failed = [one for one in known if one.state is ShareState.FAILED]
    if not failed:
        await release(tx, split=split)
        return True
    problem = problem or failed[0].problem
    if await _move(tx, split, "stall", SplitState.STUCK, problem=problem):
        await tx.emit(SplitStuck(*words(split), problem))
    return True


async def again(tx: Tx, *, split_id: UUID) -> Split:
    """Share what failed once more, under a new number. Raises NotFound, NotStuck, TooManyRequests."""
    split, _ = await hold(tx, split=split_id)
    if split.state is SplitState.SPLITTING:
        return split
    if split.state is not SplitState.STUCK:
        raise NotStuck
    request = await _request(tx, split)
    assert split.base_fen is not None
    renewed: Fen = await shares.renew(tx, split=split, request=request)
    if not renewed:
        await tx.run(ENDED, tx.merchant, request.id, tx.now)
        await release(tx, split=split)
    else:
        await _move(tx, split, "again", SplitState.SPLITTING)
        await tx.emit(SplitBegun(*words(split), yuan(renewed), request.number))
    await tx.emit(SplitResumed(*words(split)))
    return await tx.one(Split, ONE, tx.merchant, split.id)


async def give_up(tx: Tx, *, split_id: UUID) -> Split:
    """Let what failed stay the merchant's, and set the rest free. Raises NotFound, NotStuck."""
    split, _ = await hold(tx, split=split_id)
    if split.state in (SplitState.RELEASING, SplitState.DONE):
        return split
    if split.state is not SplitState.STUCK:
        raise NotStuck
    await drop(tx, split=split)
    await tx.emit(SplitResumed(*words(split)))
    return await tx.one(Split, ONE, tx.merchant, split.id)


async def drop(tx: Tx, *, split: Split) -> None:
    """Give failed shares up, and set the rest free; the charge is held."""
    await shares.drop(tx, split=split)
    await release(tx, split=split)


async def release(tx: Tx, *, split: Split) -> None:
    """Nobody else gets anything: have the rest set free, under a number of its own."""
    await _move(tx, split, "release", SplitState.RELEASING, rest=tx.new_id())


async def end(tx: Tx, *, split: Split) -> None:
    """Nothing is held any more."""
    if await _move(tx, split, "end", SplitState.DONE):
        await tx.emit(SplitDone(*words(split)))


async def _move(
    tx: Tx, split: Split, move: str, state: SplitState, *, problem: str = "", rest: UUID | None = None
) -> bool:
    ended = tx.now if state is SplitState.DONE else None
    args = (state.value, problem[:200], rest, ended, SPLIT.sources(move), tx.now if rest else None)
    return bool(await tx.run(MOVE, tx.merchant, split.id, *args))


def words(split: Split) -> tuple[UUID, UUID, UUID, UUID]:
    """Give what every fact about a split says."""
    return (split.id, split.attempt_id, split.charge_id, split.subject_id)

"""Promising the attempts that charges are paid with, and recording what WeChat gives for them; in sets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tongshang.payments import accounts, charges, limits
from tongshang.payments.accounts import Till
from tongshang.payments.charges import ATTEMPT_COLUMNS, AlreadyPaid, Known, NotPayable
from tongshang.payments.limits import Limits
from tongshang.payments.model import ATTEMPT, Attempt, AttemptState, By, Charge, ChargeState, Mode, Purpose, Way
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused

ACTIVES = f"""select {ATTEMPT_COLUMNS} from charge_attempt
where merchant_id = $1 and charge_id = any($2) and state = 'active'"""
TRY = """
insert into charge_attempt (merchant_id, id, charge_id, account_id, kind, appid, sp_appid, payer_openid, amount_fen,
  state, opened_at, sharing)
select $1, x.id, x.charge_id, $4, x.kind, $5, $6, x.payer_openid, x.amount_fen, $10, $11, x.sharing
from unnest($2::uuid[], $3::uuid[], $7::text[], $8::text[], $9::bigint[], $12::boolean[])
  as x(id, charge_id, kind, payer_openid, amount_fen, sharing)"""
PREPARED = """
update charge_attempt a set prepay_id = x.prepay_id, code_url = x.code_url, prepay_until = x.prepay_until
from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) as x(id, prepay_id, code_url, prepay_until)
where a.merchant_id = $1 and a.id = any($2) and a.id = x.id and a.state = $6 returning a.id"""


class StillClosing(Refused):
    """This is just being closed; please wait a moment."""

    code, status, zh = "charge.closing", 409, "正在关闭该笔收款，请稍候。"


@dataclass(frozen=True)
class Ready:
    """An attempt to pay with, and the till it goes through; `stale` ones have to be closed at WeChat first."""

    charge: Charge
    attempt: Attempt
    till: Till
    stale: bool = False


async def promise(tx: Tx, *, charge_id: UUID, by: By | None = None) -> Ready:
    """Give the attempt to pay with: the active one, or a new one. Only one is ever active, whatever its way."""
    charge = await charges.lock(tx, charge=charge_id)
    promised = (await promise_all(tx, held=[charge], by={charge.id: by} if by else {}))[charge.id]
    if isinstance(promised, Refused):
        raise promised
    return promised


async def promise_all(
    tx: Tx, *, held: Sequence[Charge], by: Mapping[UUID, By] | None = None, fresh: Collection[UUID] = ()
) -> dict[UUID, Ready | Refused]:
    """Give the attempts to pay charges with that the caller holds, or why one cannot be paid; see `promise`.

    `by` says who pays otherwise than inside WeChat: an attempt of another way is stale. `fresh` are charges that this
    transaction has opened: nobody can have tried to pay them.
    """
    ways = {charge: how.way for charge, how in (by or {}).items()}
    answers: dict[UUID, Ready | Refused] = {
        charge.id: refused for charge in held if (refused := refusal(charge, tx.now)) is not None
    }
    payable = [charge for charge in held if charge.id not in answers]
    if not payable:
        return answers
    till = await accounts.till(tx)
    tried = [charge.id for charge in payable if charge.id not in fresh]
    known = {one.charge_id: one for one in (await tx.all(Attempt, ACTIVES, tx.merchant, tried) if tried else [])}
    first = {charge.id: _attempt(tx, charge, till, _way(charge, ways)) for charge in payable if charge.id not in known}
    if tries := list(first.values()):
        await tx.run(
            TRY, tx.merchant, [a.id for a in tries], [a.charge_id for a in tries], till.account.id, *_appids(till),
            [a.kind for a in tries], [a.payer_openid for a in tries], [a.amount_fen for a in tries],
            ATTEMPT.start.value, tx.now, [a.sharing for a in tries],
        )  # fmt: skip
    for charge in payable:
        if charge.id in first:
            answers[charge.id] = Ready(charge, first[charge.id], till)
            continue
        active = known[charge.id]
        same = (active.account_id, active.appid, active.sp_appid) == (till.account.id, *_appids(till))
        own = till if active.account_id == till.account.id else await accounts.till(tx, account=active.account_id)
        # A code was good for one payment: what is asked anew needs a new attempt.
        way = _way(charge, ways)
        same = same and active.kind is way and way is not Way.MICROPAY
        answers[charge.id] = Ready(charge, active, own, stale=not same)
    return answers


def refusal(charge: Charge, now: datetime) -> Refused | None:
    """Say why a charge cannot be paid any more, if it cannot."""
    if charge.state is ChargeState.PAID:
        return AlreadyPaid()
    if charge.state is ChargeState.CLOSING:
        return StillClosing()
    if charge.state is not ChargeState.OPEN or charge.expires_at <= now:
        return NotPayable()
    return None


def _way(charge: Charge, ways: Mapping[UUID, Way]) -> Way:
    return ways.get(charge.id, Way.NATIVE if charge.purpose is Purpose.TEST else Way.JSAPI)


def _attempt(tx: Tx, charge: Charge, till: Till, way: Way) -> Attempt:
    appid, sp_appid = _appids(till)
    return Attempt(
        id=tx.new_id(), charge_id=charge.id, account_id=till.account.id,
        kind=way, appid=appid, sp_appid=sp_appid,
        payer_openid=charge.payer_openid, amount_fen=charge.amount_fen, state=ATTEMPT.start, prepay_id="", code_url="",
        prepay_until=None, transaction_id=None, paid_fen=0, refunded_fen=0, opened_at=tx.now, paid_at=None,
        closed_at=None, sharing=till.account.sharing and charge.purpose is Purpose.SALE,
    )  # fmt: skip


def _appids(till: Till) -> tuple[str, str]:
    return till.account.appid, till.account.sp_appid if till.account.mode is Mode.PARTNER else ""


def prepaid(attempt: Attempt, now: datetime) -> bool:
    """Say whether what WeChat gave us to pay with is still good, with a minute to type the password."""
    enough = attempt.prepay_until is not None and attempt.prepay_until > now + limits.at(now).least_window
    return enough and bool(attempt.prepay_id or attempt.code_url)


async def record_prepaid(tx: Tx, given: Sequence[tuple[Ready, str]]) -> list[Attempt | Exception]:
    """Keep what WeChat gave us to pay with, unless the charge was closed or paid meanwhile: then say so in its place.

    Only after this is it handed to the payer: what was not recorded here, nobody can pay with.
    """
    held = await tx.all(Charge, charges.HELD, tx.merchant, [ready.charge.id for ready, _ in given])
    states = {charge.id: charge.state for charge in held}
    allowed = limits.at(tx.now)
    prepared = {
        ready.attempt.id: _prepaid(ready.attempt, answer, tx.now, allowed)
        for ready, answer in given
        if states.get(ready.charge.id) is ChargeState.OPEN
    }
    given_now = list(prepared.values())
    columns = ([a.prepay_id for a in given_now], [a.code_url for a in given_now], [a.prepay_until for a in given_now])
    done = {row.id for row in await tx.all(Known, PREPARED, tx.merchant, list(prepared), *columns, AttemptState.ACTIVE)}
    answers: list[Attempt | Exception] = []
    for ready, _ in given:
        if ready.attempt.id in done:
            answers.append(prepared[ready.attempt.id])
        else:
            paid = states.get(ready.charge.id) is ChargeState.PAID
            answers.append(AlreadyPaid() if paid else NotPayable())
    return answers


def _prepaid(attempt: Attempt, answer: str, now: datetime, allowed: Limits) -> Attempt:
    if attempt.kind is Way.JSAPI:
        return replace(attempt, prepay_id=answer, prepay_until=now + allowed.prepay_life)
    life = allowed.h5_life if attempt.kind is Way.H5 else allowed.prepay_life
    return replace(attempt, code_url=answer, prepay_until=now + life)

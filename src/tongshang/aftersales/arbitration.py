"""The provider's word, when either side called for it."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.aftersales import answering, moving, promising
from tongshang.aftersales.model import ONE, Actor, By, Case, S
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.machine import IllegalMove

CALL = "update aftersale set called_by = $3, called_at = $4 where merchant_id = $1 and id = $2"
RULE = """update aftersale set ruled_for = $3, ruled_at = $4, ruling = $5, amount_fen = $6, offer_fen = null
where merchant_id = $1 and id = $2"""

LIST = """select a.id, a.merchant_id, m.name as merchant, a.number::text as number, a.kind, a.state, a.amount_fen,
  a.called_by, a.called_at, a.ruled_for, a.ruled_at
from aftersale a join merchant m on m.merchant_id = a.merchant_id
where a.called_at is not null and (($1 and a.state = 'arbitration') or (not $1 and a.state <> 'arbitration'))
order by a.called_at desc limit 100"""


class CalledCase(msgspec.Struct, frozen=True):
    """A case in the provider's list."""

    id: UUID
    merchant_id: UUID
    merchant: str
    number: str
    kind: str
    state: S
    amount_fen: int
    called_by: str
    called_at: datetime
    ruled_for: str | None
    ruled_at: datetime | None


async def listed(tx: Tx, *, waiting: bool) -> list[CalledCase]:
    """List the called cases of all merchants, last called first: those that wait for the provider, or the others."""
    return await tx.all(CalledCase, LIST, waiting)


async def call(tx: Tx, *, case: UUID, by: By, words: str, fan: UUID | None = None) -> Case:
    """Call for the provider, who sees the case from now on. Calling twice is calling once."""
    found = await moving.locked(tx, case=case, fan=fan)
    if found.state == S.ARBITRATION:
        return found
    words = await moving.checked(tx, words, [], least=1)
    await tx.run(CALL, tx.merchant, case, by.actor, tx.now)
    return await moving.move(tx, case=found, name="call", what="called", by=by, words=words)


async def called(tx: Tx, *, case: UUID) -> Case:
    """Give a case to the provider; one that nobody called for is not there for him."""
    found = await tx.one(Case, ONE, tx.merchant, case)
    if found.called_at is None:
        raise NotFound
    return found


async def rule(tx: Tx, *, case: UUID, by: By, finds_for: str, words: str, amount_fen: int | None = None) -> Case:
    """Decide for the customer, in full or for less, or for the merchant, and say why; a ruling is given once."""
    found = await moving.locked(tx, case=case)
    if found.called_at is None:
        raise NotFound
    words = await moving.checked(tx, words, [], least=1)
    amount = found.amount_fen if amount_fen is None else amount_fen
    if finds_for not in ("buyer", "merchant"):
        raise Invalid(field="finds_for", problem=finds_for)
    if not 1 <= amount <= found.amount_fen:
        raise Invalid(field="amount_fen", problem=f"1-{found.amount_fen}")
    if found.ruled_at is not None and (found.ruled_for, found.ruling) == (finds_for, words):
        return found
    if found.state != S.ARBITRATION:
        raise IllegalMove(move="rule", state=str(found.state))
    if finds_for == "merchant":
        moved = await moving.move(
            tx, case=found, name="close", what="ruled", by=by, words=words, data={"for": finds_for}, because="ruled"
        )
        await tx.run(RULE, tx.merchant, case, finds_for, tx.now, words, amount)
        return moved
    asked = found.amount_fen
    await tx.run(RULE, tx.merchant, case, finds_for, tx.now, words, amount)
    found = await moving.locked(tx, case=case)
    # Goods that did not come back yet have to, where that was asked; a lesser amount means that he keeps them.
    if amount < asked:
        return await promising.promise(tx, case=found, by=by, what="ruled", words=words)
    return await answering.say_yes(tx, case=found, by=by, what="ruled", words=words)


def provider(name: str) -> By:
    """Say how the provider's staff are called in a merchant's case."""
    return By(Actor.PROVIDER, name)

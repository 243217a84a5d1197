"""Wallets: opened, held and moved. Who moves one holds it first, and books the move in the same commit."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tongshang.fans import consents
from tongshang.payments import ledger
from tongshang.payments.ledger import Entry
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.wallet.model import Move, Piece, Wallet, total

COLUMNS = "fan_id, principal_fen, bonus_fen, moves, named_at, opened_at"
ONE = f"select {COLUMNS} from wallet where merchant_id = $1 and fan_id = $2"
# In the order of their owners, so that nobody embraces.
HELD = f"select {COLUMNS} from wallet where merchant_id = $1 and fan_id = any($2) order by fan_id for update"
OPEN = """insert into wallet (merchant_id, fan_id, opened_at) values ($1, $2, $3)
on conflict (merchant_id, fan_id) do nothing"""
LOTS = """select id as lot, principal_left_fen as principal_fen, bonus_left_fen as bonus_fen from recharge
where merchant_id = $1 and fan_id = $2 and state = 'paid' and principal_left_fen + bonus_left_fen > 0
order by paid_at, id"""
MOVE = f"""update wallet set principal_fen = principal_fen + $3, bonus_fen = bonus_fen + $4, moves = moves + 1
where merchant_id = $1 and fan_id = $2 returning {COLUMNS}"""
SPEND_LOTS = """update recharge r set principal_left_fen = principal_left_fen + x.principal_fen,
  bonus_left_fen = bonus_left_fen + x.bonus_fen
from unnest($3::uuid[], $4::bigint[], $5::bigint[]) as x(id, principal_fen, bonus_fen)
where r.merchant_id = $1 and r.fan_id = $2 and r.id = any($3) and r.id = x.id"""
NAME = """update wallet set holder_sealed = $3, named_at = coalesce(named_at, $4)
where merchant_id = $1 and fan_id = $2"""
FORGET = "update wallet set holder_sealed = null, named_at = null where merchant_id = $1 and fan_id = $2"
PRINCIPAL, BONUS = "stored_principal", "stored_bonus"


class Change(NamedTuple):
    """Why a wallet changes: kind and source (once each), what it was for, and the lots it touches."""

    kind: str
    source: UUID
    subject: UUID
    pieces: Sequence[Piece]
    note: str = ""


async def of_fan(tx: Tx, *, fan: UUID) -> Wallet:
    """Give somebody's wallet; one that was never opened is empty."""
    return await tx.first(Wallet, ONE, tx.merchant, fan) or Wallet(fan, 0, 0, 0, None, tx.now)


async def held(tx: Tx, *, fans: Sequence[UUID]) -> dict[UUID, Wallet]:
    """Give wallets, and hold them to the end of the transaction; those that were never opened are left out."""
    return {found.fan_id: found for found in await tx.all(Wallet, HELD, tx.merchant, sorted(set(fans)))}


async def opened(tx: Tx, *, fan: UUID) -> Wallet:
    """Give somebody's wallet, opened if it was not, and hold it."""
    await tx.run(OPEN, tx.merchant, fan, tx.now)
    return (await held(tx, fans=[fan]))[fan]


async def name(tx: Tx, *, fan: UUID, holder: str, phone: str) -> Wallet:
    """Note who an account belongs to, so that it may hold what a named one may."""
    if not (1 <= len(holder.strip()) <= 30) or not (5 <= len(phone.strip()) <= 20):
        raise Invalid(
            field="holder", problem="name 1-30, phone 5-20", zh="须有 1 到 30 个字的姓名和 5 到 20 位的手机号"
        )
    await consents.require(tx, fan_id=fan)
    await opened(tx, fan=fan)
    sealed = tx.seal("wallet.holder_sealed", f"{holder.strip()}\n{phone.strip()}".encode())
    await tx.run(NAME, tx.merchant, fan, sealed, tx.now)
    return await of_fan(tx, fan=fan)


async def forget(tx: Tx, *, fan: UUID) -> None:
    """Forget who an account belongs to, when he took his consent back; what is in it stays his."""
    await tx.run(FORGET, tx.merchant, fan)


async def lots(tx: Tx, *, fan: UUID) -> list[Piece]:
    """List what is left of recharges, the oldest first; the wallet must be held."""
    return await tx.all(Piece, LOTS, tx.merchant, fan)


async def move(tx: Tx, *, fan: UUID, change: Change, entries: Sequence[Entry]) -> Wallet:
    """Change a wallet that is held, write the move down, and book it; the CHECKs refuse what goes below nothing."""
    principal, bonus = total(change.pieces)
    after = await tx.one(Wallet, MOVE, tx.merchant, fan, principal, bonus)
    words = [(piece.lot, piece.principal_fen, piece.bonus_fen) for piece in change.pieces]
    assert await tx.run(SPEND_LOTS, tx.merchant, fan, *zip(*words, strict=True)) == len(words)
    row = Move(
        fan, after.moves, change.kind, change.source, change.subject, principal, bonus, after.principal_fen,
        after.bonus_fen, list(words), change.note[:200], tx.now,
    )  # fmt: skip
    await tx.insert("wallet_move", row)
    await ledger.post_all(tx, entries)
    return after


def entries(change: Change, *, against: str, charge: UUID | None = None) -> list[Entry]:
    """Say how a change is booked: principal and bonus each against another account."""
    booked = []
    for account, amount in zip((ledger.STORED_PRINCIPAL, ledger.STORED_BONUS), total(change.pieces), strict=True):
        kind = f"{account}_{change.kind}"
        if amount > 0:
            booked.append(Entry(against, account, amount, kind, change.source, charge))
        elif amount < 0:
            booked.append(Entry(account, against, -amount, kind, change.source, charge))
    return booked

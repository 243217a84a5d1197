"""Reading wallets: one's own, everybody's, and what the merchant owes in all."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from tongshang.payments import ledger
from tongshang.platform.db import Tx
from tongshang.platform.money import Fen
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.wallet import rules
from tongshang.wallet.model import Move, Recharge
from tongshang.wallet.recharges import COLUMNS as RECHARGE

MOVES = """select fan_id, nth, kind, source_id, subject_id, principal_fen, bonus_fen, principal_after_fen,
  bonus_after_fen, lots, note, at
from wallet_move where merchant_id = $1 and fan_id = $2 and ($3::bigint is null or nth < $3)
order by nth desc limit $4"""
RECHARGES = f"""select {RECHARGE} from recharge
where merchant_id = $1 and fan_id = $2 and state = 'paid' order by id desc limit 50"""
ROWS = """select w.fan_id as id, f.nickname, w.principal_fen, w.bonus_fen, w.named_at, w.opened_at
from wallet w join fan f on f.merchant_id = w.merchant_id and f.id = w.fan_id
where w.merchant_id = $1 and ($2::uuid is null or w.fan_id < $2) order by w.fan_id desc limit $3"""
OWED = """select count(*) filter (where principal_fen + bonus_fen > 0)::integer as people,
  coalesce(sum(principal_fen), 0)::bigint as principal_fen, coalesce(sum(bonus_fen), 0)::bigint as bonus_fen,
  count(*) filter (where named_at is null and principal_fen > $2)::integer as above
from wallet where merchant_id = $1"""
HELD = """select coalesce(sum(amount_fen), 0)::bigint from order_tender where merchant_id = $1
  and kind = any($2) and state = 'held'"""
PERIOD = """select kind, count(*)::integer as times, sum(principal_fen)::bigint as principal_fen,
  sum(bonus_fen)::bigint as bonus_fen
from wallet_move where merchant_id = $1 and at >= $2 group by kind order by kind"""


@dataclass(frozen=True)
class Row:
    """Somebody's wallet in the merchant's list; `id` is whose."""

    id: UUID
    nickname: str | None
    principal_fen: Fen
    bonus_fen: Fen
    named_at: datetime | None
    opened_at: datetime


@dataclass(frozen=True)
class Sum:
    """What moved in a period, by kind."""

    kind: str
    times: int
    principal_fen: Fen
    bonus_fen: Fen


@dataclass(frozen=True)
class _Owed:
    people: int
    principal_fen: Fen
    bonus_fen: Fen
    above: int


class MoveView(msgspec.Struct, frozen=True):
    """One change of a wallet; `id` is its place in the row of them, `subject_id` the order or the recharge."""

    id: str
    kind: str
    subject_id: UUID
    principal_fen: Fen
    bonus_fen: Fen
    principal_after_fen: Fen
    bonus_after_fen: Fen
    note: str
    at: datetime


class Report(msgspec.Struct, frozen=True):
    """What the merchant owes to people who paid ahead; `agrees` says that the ledger says the same."""

    people: int
    principal_fen: Fen
    bonus_fen: Fen
    held_fen: Fen
    since: date
    moved: list[Sum]
    agrees: bool
    above: int
    bearer_most_fen: Fen
    named_most_fen: Fen
    return_days: int
    sources: list[str]
    filing_zh: str
    filing_en: str


async def moves(tx: Tx, *, fan: UUID, after: str | None = None, limit: int | None = None) -> Page[MoveView]:
    """List the moves of a wallet, newest first."""
    most = limit_of(limit)
    start = read_cursor(after, int)[0] if after else None
    found = await tx.all(Move, MOVES, tx.merchant, fan, start, most + 1)
    shown = [
        MoveView(
            str(one.nth), one.kind, one.subject_id, one.principal_fen, one.bonus_fen, one.principal_after_fen,
            one.bonus_after_fen, one.note, one.at,
        )
        for one in found
    ]  # fmt: skip
    return page_of(shown, most, lambda move: (int(move.id),))


async def recharges_of(tx: Tx, *, fan: UUID) -> list[Recharge]:
    """List somebody's paid recharges, newest first."""
    return await tx.all(Recharge, RECHARGES, tx.merchant, fan)


async def listed(tx: Tx, *, after: str | None = None, limit: int | None = None) -> Page[Row]:
    """List wallets."""
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    return page_of(await tx.all(Row, ROWS, tx.merchant, start, most + 1), most, lambda row: (row.id,))


async def report(tx: Tx, *, since: datetime) -> Report:
    """Say what is owed in all, what moved since, whether the ledger agrees, and what law allows."""
    law = rules.at(tx.now)
    owed = await tx.one(_Owed, OWED, tx.merchant, law.bearer_most_fen)
    held: Fen = await tx.value(HELD, tx.merchant, [ledger.STORED_PRINCIPAL, ledger.STORED_BONUS])
    booked = {one.account: -one.balance_fen for one in await ledger.balances(tx)}
    ours = (owed.principal_fen, owed.bonus_fen, held)
    accounts = (ledger.STORED_PRINCIPAL, ledger.STORED_BONUS, ledger.TENDERS_HELD)
    return Report(
        owed.people, owed.principal_fen, owed.bonus_fen, held, ledger.today(since),
        await tx.all(Sum, PERIOD, tx.merchant, since), ours == tuple(booked[account] for account in accounts),
        owed.above, law.bearer_most_fen, law.named_most_fen, law.return_within.days, list(law.sources), *rules.FILING,
    )  # fmt: skip

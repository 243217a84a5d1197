"""Holds what the rows of a merchant say against the postings behind them, in both directions."""

from typing import Any

from make.cycles import Money
from make.standings import BILLED, CYCLES, ROWS
from tongshang.platform.db import Tx

UNPOSTED = """select array(select x.state || ' ' || x.source || ' ' || x.kind || ' ' || x.fen from ({sql})
  x(state, source, kind, fen) where not exists (select from posting p where p.merchant_id = $1
    and p.{by} = x.source and p.kind = x.kind and p.amount_fen = x.fen))"""
STRANGE = "select array(select distinct x.state || ' ' || x.kind from ({sql}) x(state, source, kind, fen))"
UNKNOWN = """select array(select p.kind || ' ' || p.source_id || ' ' || p.amount_fen from posting p
  where p.merchant_id = $1 and p.kind <> all($2) and not exists (select from ({sql}) x(state, source, kind, fen)
    where (x.source = p.source_id or x.source = p.charge_id) and x.kind = p.kind and x.fen = p.amount_fen))"""


def moneys() -> dict[str, Money]:
    """Give all that moves money, by machine or table."""
    return {name: one.money for name, one in CYCLES.items() if isinstance(one.money, Money)} | ROWS


async def unbooked(tx: Tx) -> list[str]:
    """Say, in words, which rows have moved money without a posting, and which postings have no row behind them."""
    wrong: list[str] = []
    for name, money in moneys().items():
        missing: list[Any] = await tx.value(UNPOSTED.format(sql=money.owed, by=money.by), tx.merchant)
        wrong += [f"{name} {one}: no posting" for one in missing]
        pairs = {f"{state} {kind}" for state, kinds in money.kinds.items() for kind in kinds}
        strange: list[str] = await tx.value(STRANGE.format(sql=money.owed), tx.merchant)
        wrong += [f"{name} {one}: not declared" for one in set(strange) - pairs]
    known = "\nunion all\n".join(money.owed for money in moneys().values())
    loose = [kind for money in moneys().values() if not money.whole for some in money.kinds.values() for kind in some]
    unknown: list[str] = await tx.value(UNKNOWN.format(sql=known), tx.merchant, [*BILLED, *loose])
    return wrong + [f"posting {one}: nothing behind it" for one in unknown]

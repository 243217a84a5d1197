"""Refresh tokens of accounts: the one thing that cannot be fetched again at will, so none is ever overwritten."""

from dataclasses import dataclass

from tongshang.platform.db import Tx
from tongshang.platform.secrets import Unsealable

LATEST = """select version, token_sealed from refresh_token
where merchant_id = $1 and appid = $2 order by version desc limit 1"""
ADD = """insert into refresh_token (merchant_id, appid, version, token_sealed, source, created_at)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing"""
PLACE = "refresh_token.token_sealed"


@dataclass(frozen=True)
class Row:
    """A refresh token as it is kept."""

    version: int
    token_sealed: bytes


async def current(tx: Tx, *, appid: str) -> str | None:
    """Give the refresh token in force."""
    row = await tx.first(Row, LATEST, tx.merchant, appid)
    return None if row is None else _opened(tx, row)


def _opened(tx: Tx, row: Row) -> str | None:
    """Open a token; one that no key opens any more is as good as lost, and can be recovered."""
    try:
        return tx.unseal(PLACE, row.token_sealed).decode()
    except Unsealable:
        return None


async def keep(tx: Tx, *, appid: str, token: str, source: str) -> None:
    """Put a refresh token in force; the same one again changes nothing."""
    while True:
        row = await tx.first(Row, LATEST, tx.merchant, appid)
        if row is not None and _opened(tx, row) == token:
            return
        version = row.version + 1 if row else 1
        # Two who add at once: the second one looks again and comes after.
        if await tx.run(ADD, tx.merchant, appid, version, tx.seal(PLACE, token.encode()), source, tx.now):
            return

"""Checks: what must be true of every merchant's data at any moment, each said by the context that owns the data.

`tongshang check` runs them all, restoring a backup and bringing a merchant in end with them, and so do the tests.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tongshang.platform.db import Tx

MOST = 20
"""So many of what does not agree are named; the first of them is enough to begin with."""


@dataclass(frozen=True)
class Check:
    """Something that must be true, in both languages; `find` names what breaks it, at most `MOST` of it."""

    name: str
    zh: str
    en: str
    find: Callable[[Tx], Awaitable[list[str]]]


def by_sql(name: str, zh: str, en: str, sql: str) -> Check:
    """Make a check of a statement: it is given the merchant, and every row is the name of something wrong."""

    async def find(tx: Tx) -> list[str]:
        found: list[str] = await tx.value(f"select array(select x::text from ({sql}) s(x) limit {MOST})", tx.merchant)
        return found

    return Check(name, zh, en, find)


async def still(tx: Tx) -> None:
    """Have a transaction see one moment only, whatever others write; to be called before anything else in it."""
    await tx.run("set transaction isolation level repeatable read, read only")
    await tx.run("set local idle_in_transaction_session_timeout = 0")
    # Whole tables are read here, and every statement but these is by key.
    await tx.run("set local enable_seqscan = on")

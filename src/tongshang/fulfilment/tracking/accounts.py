"""A merchant's account at kuaidi100: its number, and the key that nobody reads again."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid

SEALED = "tracking_account.key_sealed"
ONE = """select customer, key_sealed, key_print, enabled, problem, updated_at from tracking_account
where merchant_id = $1"""
PUT = """insert into tracking_account (merchant_id, customer, key_sealed, key_print, enabled, updated_at)
values ($1, $2, $3, $4, $5, $6) on conflict (merchant_id) do update
set customer = $2, key_sealed = $3, key_print = $4, enabled = $5, updated_at = $6, problem = ''"""
PROBLEM = "update tracking_account set problem = $2 where merchant_id = $1 and problem <> $2"


@dataclass(frozen=True)
class Account:
    """An account; `problem` is kuaidi100's last word against its keys."""

    customer: str
    key_sealed: bytes
    key_print: str
    enabled: bool
    problem: str
    updated_at: datetime


async def get(tx: Tx) -> Account | None:
    """Give the merchant's account, if there is one."""
    return await tx.first(Account, ONE, tx.merchant)


async def in_use(tx: Tx) -> tuple[str, str] | None:
    """Give customer number and key, where tracking is switched on."""
    found = await get(tx)
    return (found.customer, tx.unseal(SEALED, found.key_sealed).decode()) if found and found.enabled else None


async def put(tx: Tx, *, customer: str, key: str, enabled: bool) -> None:
    """Keep an account; without a key the one that is there stays."""
    customer, key = customer.strip(), key.strip()
    if not (customer.isascii() and customer.isalnum() and len(customer) <= 64):
        raise Invalid(field="customer", problem="A-Z 0-9, 1-64")
    if key and not (key.isascii() and key.isalnum() and 4 <= len(key) <= 64):
        raise Invalid(field="key", problem="A-Z 0-9, 4-64")
    known = await get(tx)
    if not key and known is None:
        raise Invalid(field="key", problem="required")
    sealed = tx.seal(SEALED, key.encode()) if key else known.key_sealed if known else b""
    shown = sha256(key.encode()).hexdigest()[:16] if key else known.key_print if known else ""
    await tx.run(PUT, tx.merchant, customer, sealed, shown, enabled, tx.now)


async def complain(tx: Tx, *, problem: str) -> None:
    """Keep what kuaidi100 has against the account's keys, for the merchant to see."""
    await tx.run(PROBLEM, tx.merchant, problem)

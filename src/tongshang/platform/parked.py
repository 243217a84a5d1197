"""Jobs that want a person: parked after too many failures, or late; and how they are given a fresh start."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx


class JobView(msgspec.Struct, frozen=True):
    """A job as the console shows it."""

    id: UUID
    merchant_id: UUID
    kind: str
    due_at: datetime
    attempts: int
    last_error: str | None
    parked_at: datetime | None


LATE = """
select id, merchant_id, kind, due_at, attempts, last_error, parked_at from job
where merchant_id = $1 and (parked_at is not null or due_at < $2) order by due_at limit 200"""
ANYWHERE = """
select id, merchant_id, kind, due_at, attempts, last_error, parked_at from job
where parked_at is not null or due_at < $1 order by due_at limit 200"""
UNPARK = """
update job set parked_at = null, attempts = 0, due_at = $3, leased_until = null
where merchant_id = $1 and id = $2 and parked_at is not null"""

# Not those that somebody works on just now: they will see for themselves.
REVIVE = """
update job set parked_at = null, attempts = 0, due_at = $2 where merchant_id = $1 and leased_until is null
  and last_error ~ $3 and (parked_at is not null or due_at > $2)"""


async def troubled(tx: Tx, *, late_by: timedelta = timedelta(minutes=1)) -> list[JobView]:
    """List the merchant's parked jobs and those overdue."""
    return await tx.all(JobView, LATE, tx.merchant, tx.now - late_by)


async def troubled_anywhere(tx: Tx) -> list[JobView]:
    """List parked and overdue jobs of the whole install; in a transaction of the system's."""
    return await tx.all(JobView, ANYWHERE, tx.now - timedelta(minutes=1))


async def retry(tx: Tx, *, job: UUID) -> bool:
    """Give a parked job a fresh start; False when it is not parked (any more)."""
    done = await tx.run(UNPARK, tx.merchant, job, tx.now)
    tx.after_commit.append(tx.world.wake)
    return bool(done)


async def revive(tx: Tx, *, failed_with: str) -> int:
    """Give jobs a fresh start whose last error begins as this pattern says: what was in their way is gone."""
    done = await tx.run(REVIVE, tx.merchant, tx.now, failed_with)
    tx.after_commit.append(tx.world.wake)
    return done

"""The audit: every write of a person, with what it was done to and in which request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor

LIST = """select id, staff_id, staff_name, action, target, request, ip, at from audit
where merchant_id = $1 and ($2::uuid is null or id < $2) and ($3 = '' or action = $3) order by id desc limit $4"""


@dataclass(frozen=True)
class Entry:
    """One line of the audit."""

    id: UUID
    staff_id: UUID | None
    staff_name: str
    action: str
    target: dict[str, Any]
    request: str
    ip: str
    at: datetime


async def record(
    tx: Tx, *, staff_id: UUID | None, staff_name: str, action: str, target: dict[str, Any], request: str, ip: str
) -> None:
    """Write a line, in the same transaction as what it tells of."""
    await tx.insert("audit", Entry(tx.new_id(), staff_id, staff_name, action, target, request, ip, tx.now))


async def listed(tx: Tx, *, after: str | None, limit: int | None, action: str = "") -> Page[Entry]:
    """List the audit, newest first."""
    most = limit_of(limit, default=50)
    start = read_cursor(after, UUID)[0] if after else None
    found = await tx.all(Entry, LIST, tx.merchant, start, action, most + 1)
    return page_of(found, most, lambda entry: (entry.id,))

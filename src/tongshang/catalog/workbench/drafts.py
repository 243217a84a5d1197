"""Drafts of goods: kept as they are typed, well formed or not; the goods themselves change only when saved.

A draft has one revision at a time. Whoever writes over another revision than he saw is told, so that two people in the
same editor do not lose each other's words. Discarding keeps the draft for a while, to be taken back.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused

MOST_BYTES = 300_000
REVISION = re.compile(r"[0-9]{1,9}")
KEPT = timedelta(days=7)
COLUMNS = "product_id, doc, rev, base_version, title, staff_name, updated_at, discarded_at"
ONE = f"select {COLUMNS} from product_draft where merchant_id = $1 and product_id = $2"
LIST = """select d.product_id, d.title, d.staff_name, d.updated_at, d.base_version, d.discarded_at from product_draft d
where d.merchant_id = $1 and (d.discarded_at is null or d.discarded_at > $2) order by d.updated_at desc limit 100"""
PUT = """insert into product_draft (merchant_id, product_id, doc, rev, base_version, title, staff_name, updated_at)
values ($1, $2, $3, 1, $4, $5, $6, $7)
on conflict (merchant_id, product_id) do update set doc = $3, rev = product_draft.rev + 1, base_version = $4,
  title = $5, staff_name = $6, updated_at = $7, discarded_at = null
where product_draft.rev = $8 or product_draft.discarded_at is not null"""
DISCARD = """update product_draft set discarded_at = $3
where merchant_id = $1 and product_id = $2 and discarded_at is null"""
RESTORE = """update product_draft set discarded_at = null, rev = rev + 1
where merchant_id = $1 and product_id = $2 and discarded_at is not null"""
DROP = "delete from product_draft where merchant_id = $1 and product_id = $2"
FORGET = "delete from product_draft where merchant_id = $1 and discarded_at < $2"


class DraftChanged(Refused):
    """{by} has changed this draft meanwhile. Load it again, or keep yours over it."""

    code, status, zh = "draft.changed", 409, "{by} 刚刚修改了这份草稿，请载入最新草稿，或用您的内容覆盖。"


def revision(said: str) -> int | None:
    """Read a version or revision as If-Match says it, or None where it says none."""
    plain = said.strip('W/"')
    return int(plain) if REVISION.fullmatch(plain) else None


class Draft(msgspec.Struct, frozen=True):
    """What somebody is writing; `base_version` is the version of the goods it began from, 0 for new ones."""

    product_id: UUID
    doc: dict[str, Any]
    rev: int
    base_version: int
    title: str
    staff_name: str
    updated_at: datetime
    discarded_at: datetime | None


class DraftLine(msgspec.Struct, frozen=True):
    """A draft in a list."""

    product_id: UUID
    title: str
    staff_name: str
    updated_at: datetime
    base_version: int
    discarded_at: datetime | None


async def listed(tx: Tx) -> list[DraftLine]:
    """List the drafts, newest first, and those discarded not long ago."""
    return await tx.all(DraftLine, LIST, tx.merchant, tx.now - KEPT)


async def get(tx: Tx, *, product: UUID) -> Draft:
    """Give a draft, also a discarded one."""
    return await tx.one(Draft, ONE, tx.merchant, product)


async def put(tx: Tx, *, product: UUID, doc: dict[str, Any], base_version: int, seen: int, by: str) -> Draft:
    """Keep a draft over the revision `seen` (0: there was none); refuses when another one is there by now."""
    if len(msgspec.json.encode(doc)) > MOST_BYTES:
        raise Invalid(field="doc", problem=f"≤ {MOST_BYTES}")
    title = str(doc.get("title") or "")[:60]
    done = await tx.run(PUT, tx.merchant, product, doc, max(0, base_version), title, by, tx.now, seen)
    if not done:
        raise DraftChanged(by=(await get(tx, product=product)).staff_name)
    await tx.run(FORGET, tx.merchant, tx.now - KEPT)
    return await get(tx, product=product)


async def discard(tx: Tx, *, product: UUID) -> None:
    """Put a draft aside; it can be taken back for a week."""
    if not await tx.run(DISCARD, tx.merchant, product, tx.now):
        raise NotFound


async def restore(tx: Tx, *, product: UUID) -> Draft:
    """Take a discarded draft back."""
    if not await tx.run(RESTORE, tx.merchant, product):
        raise NotFound
    return await get(tx, product=product)


async def done(tx: Tx, *, product: UUID) -> None:
    """Forget a draft: what it said is saved."""
    await tx.run(DROP, tx.merchant, product)

"""Taking merchants on, suspending them, and finding them by the address of their shop."""

import asyncio
import re
from uuid import UUID

import asyncpg

from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, Mismatch, NotFound, Refused
from tongshang.platform.world import World
from tongshang.tenancy.facts import MerchantCreated, MerchantResumed, MerchantSuspended
from tongshang.tenancy.model import Merchant, MerchantState

ONE = "select merchant_id, name, slug, state, created_at from merchant where merchant_id = $1"
ADD_SLUG = "insert into shop_slug (slug, merchant_id) values ($1, $2)"
BY_SLUG = "select merchant_id from shop_slug where slug = $1 and open"
LIST = """select merchant_id, name, slug, state, created_at from merchant
where ($1::uuid is null or merchant_id < $1) and ($2 = '' or name ilike '%' || $2 || '%' or slug = $2)
order by merchant_id desc limit $3"""
OPEN = "update shop_slug set open = $2 where merchant_id = $1"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")
REMEMBERED_SECONDS = 3.0
MOVE = "update merchant set state = $2 where merchant_id = $1 and state = $3"


class SlugTaken(Refused):
    """The shop address "{slug}" is taken."""

    code, status, zh = "merchant.slug_taken", 409, "店铺地址 “{slug}” 已被占用。"


async def create(tx: Tx, *, name: str, slug: str) -> Merchant:
    """Take a merchant on, in its own transaction (`world.tx(merchant_id)`); asking twice is asking once."""
    if known := await tx.first(Merchant, ONE, tx.merchant):
        if (known.name, known.slug) != (name, slug):
            raise Mismatch
        return known
    if not 1 <= len(name.strip()) <= 60:
        raise Invalid(field="name", problem="1-60")
    if not SLUG.fullmatch(slug):
        raise Invalid(field="slug", problem="a-z 0-9 -, 2-31")
    merchant = Merchant(tx.merchant, name, slug, MerchantState.ACTIVE, tx.now)
    await tx.insert("merchant", merchant)
    try:
        await tx.run(ADD_SLUG, slug, tx.merchant)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "shop_slug_pk"):
            raise SlugTaken(slug=slug) from None
        raise
    await tx.emit(MerchantCreated(tx.merchant, name))
    return merchant


async def get(tx: Tx) -> Merchant:
    """Give the transaction's merchant."""
    return await tx.one(Merchant, ONE, tx.merchant)


async def listed(tx: Tx, *, start: UUID | None, most: int, q: str) -> list[Merchant]:
    """List merchants of the install, newest first, from before `start`; in a transaction of the system's."""
    return await tx.all(Merchant, LIST, start, q, most)


async def suspend(tx: Tx) -> None:
    """Close the merchant's shop for now; its data stays, its staff can look but not sell."""
    if await tx.run(MOVE, tx.merchant, MerchantState.SUSPENDED, MerchantState.ACTIVE):
        await tx.run(OPEN, tx.merchant, False)
        tx.after_commit.append(_slugs(tx.world).clear)
        await tx.emit(MerchantSuspended(tx.merchant))


async def resume(tx: Tx) -> None:
    """Open the merchant's shop again."""
    if await tx.run(MOVE, tx.merchant, MerchantState.ACTIVE, MerchantState.SUSPENDED):
        await tx.run(OPEN, tx.merchant, True)
        await tx.emit(MerchantResumed(tx.merchant))


async def by_slug(world: World, slug: str) -> UUID:
    """Find the merchant of a shop address, or raise NotFound without a hint: unknown and suspended look alike.

    What was found is remembered for three seconds, so a suspension reaches every process within that.
    """
    known, now = _slugs(world), asyncio.get_running_loop().time()
    if slug in known and now - known[slug][1] < REMEMBERED_SECONDS:
        return known[slug][0]
    async with world.system_tx() as tx:
        found = await tx.value(BY_SLUG, slug)
    if found is None:
        known.pop(slug, None)
        raise NotFound
    known[slug] = (found, now)
    return known[slug][0]


def _slugs(world: World) -> dict[str, tuple[UUID, float]]:
    slugs: dict[str, tuple[UUID, float]] = world.shelf.setdefault("slugs", {})
    return slugs

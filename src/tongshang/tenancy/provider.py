"""The provider's routes: merchants across the install, workers and jobs."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.platform.parked import JobView
from tongshang.platform.work import WorkerView
from tongshang.tenancy import merchants, staff
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import MerchantState, Role
from tongshang.tenancy.routes import WORKERS, JobsView, invite_url

PROVIDER = {"provider": True}
LIST = """select merchant_id, name, slug, state, created_at from merchant
where ($1::uuid is null or merchant_id < $1) and ($2 = '' or name ilike '%' || $2 || '%' or slug = $2)
order by merchant_id desc limit $3"""
TROUBLED = """select id, merchant_id, kind, due_at, attempts, last_error, parked_at from job
where parked_at is not null or due_at < $1 order by due_at limit 200"""


class MerchantView(msgspec.Struct):
    """A merchant in the provider's list."""

    merchant_id: UUID
    name: str
    slug: str
    state: MerchantState
    created_at: datetime


class MerchantAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A merchant to take on, and its first owner."""

    name: str
    slug: str
    owner_login: str
    owner_name: str


class MerchantMade(msgspec.Struct):
    """The merchant, and the link to send to its owner."""

    merchant: MerchantView
    invite_url: str


@get("/merchants", operation_id="list_merchants", opt=PROVIDER)
async def list_merchants(
    who: Staff, after: str | None = None, limit: int | None = None, q: str = ""
) -> Page[MerchantView]:
    """List the merchants of the install, newest first."""
    most = limit_of(limit, default=50)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.system_tx() as tx:
        found = await tx.all(MerchantView, LIST, start, q, most + 1)
    return page_of(found, most, lambda m: (m.merchant_id,))


@put("/merchants/{merchant_id:uuid}", operation_id="put_merchant", opt=PROVIDER)
async def put_merchant(who: Staff, merchant_id: UUID, data: MerchantAsked) -> MerchantMade:
    """Take a merchant on and invite its owner; the same id asked again makes a fresh invitation."""
    if merchant_id == NIL:
        raise NotFound
    async with who.tx(merchant_id) as tx:
        made = await merchants.create(tx, name=data.name, slug=data.slug)
        # The owner's id is the merchant's: asking twice invites the same person twice, not two people.
        token = await staff.invite(
            tx, staff_id=merchant_id, login=data.owner_login, name=data.owner_name, role=Role.OWNER
        )
    view = MerchantView(made.merchant_id, made.name, made.slug, made.state, made.created_at)
    return MerchantMade(view, invite_url(who, token))


@put("/merchants/{merchant_id:uuid}/suspension", operation_id="suspend_merchant", opt=PROVIDER, status_code=204)
async def suspend_merchant(who: Staff, merchant_id: UUID) -> None:
    """Close a merchant's shop for now."""
    async with who.tx(merchant_id) as tx:
        await merchants.get(tx)
        await merchants.suspend(tx)


@delete("/merchants/{merchant_id:uuid}/suspension", operation_id="resume_merchant", opt=PROVIDER)
async def resume_merchant(who: Staff, merchant_id: UUID) -> None:
    """Open a merchant's shop again."""
    async with who.tx(merchant_id) as tx:
        await merchants.get(tx)
        await merchants.resume(tx)


@get("/provider/workers", operation_id="list_workers", opt=PROVIDER)
async def list_workers(who: Staff) -> list[WorkerView]:
    """Show when each worker was last seen."""
    async with who.system_tx() as tx:
        return await tx.all(WorkerView, WORKERS, NIL)


@get("/provider/jobs", operation_id="list_all_jobs", opt=PROVIDER)
async def list_all_jobs(who: Staff) -> JobsView:
    """Show late and parked jobs of all merchants."""
    async with who.system_tx() as tx:
        workers = await tx.all(WorkerView, WORKERS, NIL)
        found = await tx.all(JobView, TROUBLED, tx.now)
    return JobsView(workers, [j for j in found if not j.parked_at], [j for j in found if j.parked_at])


console = [list_merchants, put_merchant, suspend_merchant, resume_merchant, list_workers, list_all_jobs]

"""The provider's routes: merchants across the install, workers and jobs."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from tongshang.platform import parked, work
from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.tenancy import audit, merchants, staff
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import MerchantState, Role
from tongshang.tenancy.routes.team import JobsView, invite_url

PROVIDER = {"provider": True}


class OwnerReset(msgspec.Struct):
    """The link to send, and to whom."""

    login: str
    name: str
    invite_url: str


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
        found = await merchants.listed(tx, start=start, most=most + 1, q=q)
    views = [MerchantView(m.merchant_id, m.name, m.slug, m.state, m.created_at) for m in found]
    return page_of(views, most, lambda m: (m.merchant_id,))


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


@put("/merchants/{merchant_id:uuid}/owner-reset", operation_id="reset_owner", opt=PROVIDER)
async def reset_owner(who: Staff, merchant_id: UUID) -> OwnerReset:
    """Give a link for the owner longest there, who lost password or phone, or never got the first link."""
    async with who.tx(merchant_id) as tx:
        owner = await staff.owner(tx)
        return OwnerReset(owner.login, owner.name, invite_url(who, await staff.reset(tx, staff_id=owner.id)))


@get("/provider/audit", operation_id="list_provider_audit", opt=PROVIDER)
async def list_provider_audit(
    who: Staff, after: str | None = None, limit: int | None = None, action: str = ""
) -> Page[audit.Entry]:
    """List what the provider's own staff did, newest first; what they did for a merchant is in that merchant's."""
    async with who.tx() as tx:
        return await audit.listed(tx, after=after, limit=limit, action=action)


@get("/provider/workers", operation_id="list_workers", opt=PROVIDER)
async def list_workers(who: Staff) -> list[work.WorkerView]:
    """Show when each worker was last seen."""
    async with who.system_tx() as tx:
        return await work.seen(tx)


@get("/provider/jobs", operation_id="list_all_jobs", opt=PROVIDER)
async def list_all_jobs(who: Staff) -> JobsView:
    """Show late and parked jobs of all merchants."""
    async with who.system_tx() as tx:
        workers = await work.seen(tx)
        found = await parked.troubled_anywhere(tx)
    return JobsView(workers, [j for j in found if not j.parked_at], [j for j in found if j.parked_at])


@post("/provider/jobs/{merchant_id:uuid}/{job_id:uuid}/retry", operation_id="retry_any_job", opt=PROVIDER,
      status_code=204)  # fmt: skip
async def retry_any_job(who: Staff, merchant_id: UUID, job_id: UUID) -> None:
    """Give a parked job of any merchant, or one of the provider's own, a fresh start."""
    async with who.tx(merchant_id) as tx:
        if not await parked.retry(tx, job=job_id):
            raise NotFound


console = [
    list_merchants,
    put_merchant,
    suspend_merchant,
    resume_merchant,
    reset_owner,
    list_provider_audit,
    list_workers,
    list_all_jobs,
    retry_any_job,
]

"""A shop's team: who works there, what they did, and how the jobs stand."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from tongshang.platform import parked, work
from tongshang.platform.errors import NotFound
from tongshang.platform.paging import Page
from tongshang.tenancy import audit, staff
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role, StaffState


class StaffAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody to invite, or to change."""

    login: str
    name: str
    role: Role


class StaffView(msgspec.Struct):
    """Somebody who works here, as the console shows him."""

    id: UUID
    login: str
    name: str
    role: Role
    state: StaffState
    has_totp: bool
    created_at: datetime


class Invited(msgspec.Struct):
    """The link to send ("" when no invitation was needed)."""

    invite_url: str


class JobsView(msgspec.Struct):
    """Who works, and what is late or parked."""

    workers: list[work.WorkerView]
    late: list[parked.JobView]
    parked: list[parked.JobView]


@get("/staff", operation_id="list_staff", opt={"role": Role.MANAGER})
async def list_staff(who: Staff) -> list[StaffView]:
    """List who works here."""
    async with who.tx() as tx:
        found = await staff.listed(tx)
    return [StaffView(m.id, m.login, m.name, m.role, m.state, m.totp_sealed is not None, m.created_at) for m in found]


@put("/staff/{staff_id:uuid}", operation_id="put_staff", opt={"role": Role.MANAGER})
async def put_staff(who: Staff, staff_id: UUID, data: StaffAsked) -> Invited:
    """Invite somebody, or change his name and role."""
    staff.may_give(who.role, data.role)
    async with who.tx() as tx:
        token = await staff.invite(tx, staff_id=staff_id, login=data.login, name=data.name, role=data.role, by=who.role)
    return Invited(invite_url(who, token))


@put("/staff/{staff_id:uuid}/reset", operation_id="reset_staff", opt={"role": Role.OWNER})
async def reset_staff(who: Staff, staff_id: UUID) -> Invited:
    """Give a link for somebody who lost password or phone: he chooses anew, and all his sessions end then."""
    async with who.tx() as tx:
        return Invited(invite_url(who, await staff.reset(tx, staff_id=staff_id)))


@delete("/staff/{staff_id:uuid}", operation_id="remove_staff", opt={"role": Role.OWNER})
async def remove_staff(who: Staff, staff_id: UUID) -> None:
    """Let somebody go."""
    async with who.tx() as tx:
        await staff.remove(tx, staff_id=staff_id)


@get("/audit", operation_id="list_audit", opt={"role": Role.MANAGER})
async def list_audit(
    who: Staff, after: str | None = None, limit: int | None = None, action: str = ""
) -> Page[audit.Entry]:
    """List what was done, newest first."""
    async with who.tx() as tx:
        return await audit.listed(tx, after=after, limit=limit, action=action)


@get("/jobs", operation_id="list_jobs", opt={"role": Role.MANAGER})
async def list_jobs(who: Staff) -> JobsView:
    """Show the workers, and the jobs that are late or parked."""
    async with who.world.system_tx() as tx:
        workers = await work.seen(tx)
    async with who.tx() as tx:
        found = await parked.troubled(tx)
    return JobsView(workers, [j for j in found if not j.parked_at], [j for j in found if j.parked_at])


@post("/jobs/{job_id:uuid}/retry", operation_id="retry_job", opt={"role": Role.MANAGER}, status_code=204)
async def retry_job(who: Staff, job_id: UUID) -> None:
    """Give a parked job a fresh start."""
    async with who.tx() as tx:
        if not await parked.retry(tx, job=job_id):
            raise NotFound


def invite_url(who: Staff, token: str) -> str:
    """Make the link of an invitation."""
    return f"{who.world.settings.console_url}/console/invites/{token}" if token else ""


console = [list_staff, put_staff, reset_staff, remove_staff, list_audit, list_jobs, retry_job]

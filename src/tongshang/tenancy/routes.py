"""The console's own routes: log-in, me, staff, audit, jobs."""

from datetime import datetime
from uuid import UUID

import msgspec
import pyotp
import segno
from litestar import Response, delete, get, post, put
from litestar.datastructures import Cookie

from tongshang.platform import parked
from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.platform.paging import Page
from tongshang.platform.web import AnyRequest, client_ip, world_of
from tongshang.platform.work import WorkerView
from tongshang.tenancy import audit, merchants, sessions, staff
from tongshang.tenancy.access import COOKIE, Staff, check_origin
from tongshang.tenancy.model import SESSION_LIFE, Role, StaffState

ANYONE = {"anyone": True}
WORKERS = "select id, started_at, seen_at, done, failed from worker where merchant_id = $1 order by id"


class LogIn(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody logs in with."""

    login: str
    password: str
    totp: str = ""


class Person(msgspec.Struct):
    """Who is logged in."""

    id: UUID
    name: str
    role: Role
    login: str
    has_totp: bool


class Shop(msgspec.Struct):
    """The merchant somebody works for."""

    id: UUID
    name: str
    slug: str
    state: str


class Me(msgspec.Struct):
    """What the console needs to know about who is logged in."""

    staff: Person
    merchant: Shop | None
    provider: bool
    public_url: str


class InviteAccepted(msgspec.Struct, forbid_unknown_fields=True):
    """What an invited person chooses."""

    password: str
    name: str = ""


class PasswordChange(msgspec.Struct, forbid_unknown_fields=True):
    """The old password and the new one."""

    old: str
    new: str


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


class TotpOffer(msgspec.Struct):
    """A second factor to be confirmed with a code."""

    secret: str
    uri: str
    qr_svg: str


class TotpConfirm(msgspec.Struct, forbid_unknown_fields=True):
    """The offered secret and a code made with it."""

    secret: str
    code: str


class JobsView(msgspec.Struct):
    """Who works, and what is late or parked."""

    workers: list[WorkerView]
    late: list[parked.JobView]
    parked: list[parked.JobView]


def session_cookie(value: str, *, secure: bool, life: int = int(SESSION_LIFE.total_seconds())) -> Cookie:
    """Make the session's cookie: not for scripts, not for other sites."""
    return Cookie(key=COOKIE, value=value, httponly=True, samesite="strict", secure=secure, path="/", max_age=life)


@post("/session", operation_id="log_in", status_code=200)
async def log_in(request: AnyRequest, data: LogIn) -> Response[dict[str, str]]:
    """Log in; the session comes as a cookie."""
    check_origin(request)
    world = world_of(request)
    value = await sessions.log_in(
        world,
        login=data.login,
        password=data.password,
        code=data.totp,
        ip=client_ip(request, world.settings.trusted_proxies),
        agent=request.headers.get("user-agent", ""),
    )
    return Response({"status": "ok"}, cookies=[session_cookie(value, secure=not world.settings.local)])


@delete("/session", operation_id="log_out", opt=ANYONE)
async def log_out(who: Staff) -> Response[None]:
    """Log out; the session is revoked, not just forgotten by the browser."""
    async with who.tx() as tx:
        await sessions.log_out(tx, session=who.session)
    return Response(None, cookies=[session_cookie("", secure=not who.world.settings.local, life=0)])


@get("/me", operation_id="me", opt=ANYONE)
async def me(who: Staff) -> Me:
    """Say who is logged in, and for whom he works."""
    shop = None
    if not who.provider:
        async with who.tx() as tx:
            m = await merchants.get(tx)
        shop = Shop(m.merchant_id, m.name, m.slug, m.state)
    person = Person(who.id, who.name, who.role, who.login, who.has_totp)
    return Me(person, shop, who.provider, who.world.settings.public_url)


@put("/me/password", operation_id="change_password", opt=ANYONE, status_code=204)
async def change_password(who: Staff, data: PasswordChange) -> None:
    """Change one's own password."""
    async with who.tx() as tx:
        await staff.change_password(tx, staff_id=who.id, old=data.old, new=data.new, session=who.session)


@get("/me/totp", operation_id="offer_totp", opt=ANYONE)
async def offer_totp(who: Staff) -> TotpOffer:
    """Offer a second factor to scan."""
    secret = staff.new_totp_secret()
    uri = pyotp.TOTP(secret).provisioning_uri(name=who.login, issuer_name="Tongshang")
    return TotpOffer(secret, uri, segno.make(uri, micro=False).svg_inline(scale=5, border=2))


@put("/me/totp", operation_id="confirm_totp", opt=ANYONE, status_code=204)
async def confirm_totp(who: Staff, data: TotpConfirm) -> None:
    """Turn the second factor on."""
    async with who.tx() as tx:
        await staff.set_totp(tx, staff_id=who.id, secret=data.secret, code=data.code)


@post("/invites/{token:str}", operation_id="accept_invite", status_code=200)
async def accept_invite(request: AnyRequest, token: str, data: InviteAccepted) -> Response[dict[str, str]]:
    """Accept an invitation, and be logged in."""
    check_origin(request)
    world = world_of(request)
    try:
        merchant_hex, invite_hex, secret = token.split(".")
        merchant, invite = UUID(merchant_hex), UUID(invite_hex)
    except ValueError:
        raise staff.BadInvite from None
    ip, agent = client_ip(request, world.settings.trusted_proxies), request.headers.get("user-agent", "")
    async with world.tx(merchant) as tx:
        member = await staff.accept(tx, invite_id=invite, secret=secret, password=data.password, name=data.name)
        await audit.record(tx, staff_id=member.id, staff_name=member.name, action="accept_invite", target={},
                           request="", ip=ip)  # fmt: skip
        value = await sessions.start(tx, staff=member.id, ip=ip, agent=agent)
    return Response({"status": "ok"}, cookies=[session_cookie(value, secure=not world.settings.local)])


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
        token = await staff.invite(tx, staff_id=staff_id, login=data.login, name=data.name, role=data.role)
    return Invited(invite_url(who, token))


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
        workers = await tx.all(WorkerView, WORKERS, NIL)
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


console = [
    log_in,
    log_out,
    me,
    change_password,
    offer_totp,
    confirm_totp,
    accept_invite,
    list_staff,
    put_staff,
    remove_staff,
    list_audit,
    list_jobs,
    retry_job,
]

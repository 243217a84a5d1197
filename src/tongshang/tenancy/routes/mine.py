"""What everybody does for himself: log in and out, choose a password, a second factor, and which devices stay."""

from datetime import datetime
from uuid import UUID

import msgspec
import pyotp
import segno
from litestar import Response, delete, get, post, put
from litestar.datastructures import Cookie

from tongshang.platform.web import AnyRequest, client_ip, world_of
from tongshang.tenancy import audit, merchants, sessions, staff
from tongshang.tenancy.access import COOKIE, Staff, check_origin, request_id
from tongshang.tenancy.model import SESSION_LIFE, Role

ANYONE = {"anyone": True}


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


class Device(msgspec.Struct):
    """A log-in that is still good: since when, from where, and whether it is the one that asks."""

    id: UUID
    created_at: datetime
    expires_at: datetime
    ip: str
    agent: str
    current: bool


class TotpOffer(msgspec.Struct):
    """A second factor to be confirmed with a code."""

    secret: str
    uri: str
    qr_svg: str


class TotpConfirm(msgspec.Struct, forbid_unknown_fields=True):
    """The offered secret and a code made with it."""

    secret: str
    code: str


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
        request=request_id(),
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
    await sessions.confirm(who.world, who.merchant, staff=who.id, password=data.old)
    async with who.tx() as tx:
        await staff.change_password(tx, staff_id=who.id, new=data.new, session=who.session)


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
                           request=request_id(), ip=ip)  # fmt: skip
        value = await sessions.start(tx, staff=member.id, ip=ip, agent=agent)
    return Response({"status": "ok"}, cookies=[session_cookie(value, secure=not world.settings.local)])


@get("/me/sessions", operation_id="list_my_sessions", opt=ANYONE)
async def list_my_sessions(who: Staff) -> list[Device]:
    """List where one is logged in, the latest first."""
    async with who.tx() as tx:
        found = await sessions.mine(tx, staff=who.id)
    return [Device(s.id, s.created_at, s.expires_at, s.ip, s.agent, s.id == who.session) for s in found]


@delete("/me/sessions/{session_id:uuid}", operation_id="end_my_session", opt=ANYONE)
async def end_my_session(who: Staff, session_id: UUID) -> None:
    """Log one of one's own devices out."""
    async with who.tx() as tx:
        await sessions.end(tx, staff=who.id, session=session_id)


@delete("/me/sessions", operation_id="end_my_other_sessions", opt=ANYONE)
async def end_my_other_sessions(who: Staff) -> None:
    """Log all of one's other devices out."""
    async with who.tx() as tx:
        await sessions.log_out_others(tx, staff=who.id, keep=who.session)


console = [
    log_in,
    log_out,
    me,
    change_password,
    offer_totp,
    confirm_totp,
    list_my_sessions,
    end_my_session,
    end_my_other_sessions,
    accept_invite,
]

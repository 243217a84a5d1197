"""Log-ins: made with a password (and a code for provider staff), revocable, slowed down when guessed at."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused, TooMany, Unauthenticated
from tongshang.platform.world import World
from tongshang.tenancy import passwords
from tongshang.tenancy.model import SESSION_LIFE, Role, StaffMember, StaffState

WINDOW = timedelta(minutes=15)
TRIES = {"login": 10, "ip": 60}

FIND_LOGIN = "select merchant_id, staff_id from staff_login where login = $1"
STAFF = """select id, login, name, role, state, password_hash, totp_sealed, created_at from staff
where merchant_id = $1 and id = $2"""
RESOLVE = """
select s.id as session_id, s.secret_hash, m.id, m.name, m.login, m.role, m.totp_sealed is not null as has_totp
from staff_session s join staff m on m.merchant_id = s.merchant_id and m.id = s.staff_id
where s.merchant_id = $1 and s.id = $2 and s.revoked_at is null and s.expires_at > $3 and m.state = 'active'"""
REVOKE = "update staff_session set revoked_at = $3 where merchant_id = $1 and id = $2 and revoked_at is null"
REVOKE_ALL = """update staff_session set revoked_at = $3
where merchant_id = $1 and staff_id = $2 and revoked_at is null and id <> $4"""
FAILED = """
insert into login_throttle (key, failures, since) values ($1, 1, $2) on conflict (key) do update set
  failures = case when login_throttle.since < $3 then 1 else login_throttle.failures + 1 end,
  since = case when login_throttle.since < $3 then $2 else login_throttle.since end"""
THROTTLED = "select since from login_throttle where key = $1 and failures >= $2 and since >= $3"
FORGIVE = "delete from login_throttle where key = $1"


class WrongLogin(Refused):
    """The log-in name or the password is wrong."""

    code, status, zh = "login.wrong", 401, "登录名或密码不正确。"


class WrongPassword(Refused):
    """This is not your password."""

    code, status, zh = "password.wrong", 403, "密码不正确。"


class NeedsCode(Refused):
    """Enter the six-digit code of your authenticator app."""

    code, status, zh = "login.needs_code", 401, "请输入验证器中的 6 位动态码。"


@dataclass(frozen=True)
class Session:
    """A row of staff_session."""

    id: UUID
    staff_id: UUID
    secret_hash: bytes
    created_at: datetime
    expires_at: datetime
    ip: str
    agent: str


@dataclass(frozen=True)
class Resolved:
    """Who a session belongs to."""

    session_id: UUID
    secret_hash: bytes
    id: UUID
    name: str
    login: str
    role: Role
    has_totp: bool


@dataclass(frozen=True)
class Located:
    """Where a log-in name lives."""

    merchant_id: UUID
    staff_id: UUID


async def log_in(world: World, *, login: str, password: str, code: str, ip: str, agent: str) -> str:
    """Open a session and give its cookie value; refuses with one sentence whatever was wrong."""
    login = login.strip().lower()
    keys = {f"login:{login}": TRIES["login"], f"ip:{ip}": TRIES["ip"]}
    async with world.system_tx() as tx:
        for key, most in keys.items():
            if since := await tx.value(THROTTLED, key, most, tx.now - WINDOW):
                raise TooMany(seconds=int((since + WINDOW - tx.now).total_seconds()))
        located = await tx.first(Located, FIND_LOGIN, login)
        member = await tx.first(StaffMember, STAFF, located.merchant_id, located.staff_id) if located else None
    if member is not None and member.state != StaffState.ACTIVE:
        member = None
    if not await passwords.matches(member.password_hash if member else None, password) or member is None or not located:
        async with world.system_tx() as tx:
            for key in keys:
                await tx.run(FAILED, key, tx.now, tx.now - WINDOW)
        raise WrongLogin
    _check_code(world, located.merchant_id, member, code)
    async with world.tx(located.merchant_id) as tx:
        await tx.run(FORGIVE, f"login:{login}")
        return await start(tx, staff=member.id, ip=ip, agent=agent)


def _check_code(world: World, merchant: UUID, member: StaffMember, code: str) -> None:
    if member.totp_sealed is None:
        return
    if not code:
        raise NeedsCode
    secret = world.secrets.open(member.totp_sealed, bound_to=f"staff.totp_sealed:{merchant}").decode()
    if not passwords.code_matches(secret, code, world.clock.now()):
        raise WrongLogin


async def confirm(world: World, merchant: UUID, *, staff: UUID, password: str) -> None:
    """Have somebody who is logged in prove again who he is, before money leaves; as slow to guess at as a log-in.

    Raises WrongPassword, TooMany.
    """
    key = f"confirm:{staff}"
    async with world.system_tx() as tx:
        if since := await tx.value(THROTTLED, key, TRIES["login"], tx.now - WINDOW):
            raise TooMany(seconds=int((since + WINDOW - tx.now).total_seconds()))
    async with world.tx(merchant) as tx:
        member = await tx.one(StaffMember, STAFF, tx.merchant, staff)
    right = await passwords.matches(member.password_hash, password)
    async with world.system_tx() as tx:
        if right:
            await tx.run(FORGIVE, key)
        else:
            await tx.run(FAILED, key, tx.now, tx.now - WINDOW)
    if not right:
        raise WrongPassword


async def start(tx: Tx, *, staff: UUID, ip: str, agent: str) -> str:
    """Open a session for somebody who has proved who he is; give its cookie value."""
    secret = tx.token()
    session = Session(tx.new_id(), staff, passwords.digest(secret), tx.now, tx.now + SESSION_LIFE, ip, agent[:200])
    await tx.insert("staff_session", session)
    return f"{tx.merchant.hex}.{session.id.hex}.{secret}"


async def resolve(world: World, cookie: str) -> tuple[UUID, Resolved]:
    """Say whose session a cookie is, or raise Unauthenticated."""
    try:
        merchant_hex, session_hex, secret = cookie.split(".")
        merchant, session = UUID(merchant_hex), UUID(session_hex)
    except ValueError:
        raise Unauthenticated from None
    async with world.tx(merchant) as tx:
        found = await tx.first(Resolved, RESOLVE, merchant, session, tx.now)
    if found is None or not hmac.compare_digest(found.secret_hash, passwords.digest(secret)):
        raise Unauthenticated
    return merchant, found


async def log_out(tx: Tx, *, session: UUID) -> None:
    """Close a session."""
    await tx.run(REVOKE, tx.merchant, session, tx.now)


async def log_out_others(tx: Tx, *, staff: UUID, keep: UUID) -> None:
    """Close all other sessions of somebody, as after a change of password."""
    await tx.run(REVOKE_ALL, tx.merchant, staff, tx.now, keep)

"""Log-ins: made with a password (and a code for provider staff), revocable, slowed down when guessed at."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.platform.clock import shown_time
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused, Unauthenticated
from tongshang.platform.world import World
from tongshang.tenancy import audit, passwords, throttle
from tongshang.tenancy.model import SESSION_LIFE, Role, StaffMember, StaffState

TRIES = {"login": 10, "ip": 60}

FIND_LOGIN = "select merchant_id, staff_id from staff_login where login = $1"
STAFF = """select id, login, name, role, state, password_hash, totp_sealed, created_at from staff
where merchant_id = $1 and id = $2"""
RESOLVE = """
select s.id as session_id, s.secret_hash, m.id, m.name, m.login, m.role, m.totp_sealed is not null as has_totp
from staff_session s join staff m on m.merchant_id = s.merchant_id and m.id = s.staff_id
where s.merchant_id = $1 and s.id = $2 and s.revoked_at is null and s.expires_at > $3 and m.state = 'active'"""
LASTS = """
select exists(select 1 from staff_session s join staff m on m.merchant_id = s.merchant_id and m.id = s.staff_id
  where s.merchant_id = $1 and s.id = $2 and s.revoked_at is null and s.expires_at > $3 and m.state = 'active')"""
REVOKE = "update staff_session set revoked_at = $3 where merchant_id = $1 and id = $2 and revoked_at is null"
END = REVOKE + " and staff_id = $4"
MINE = """select id, staff_id, secret_hash, created_at, expires_at, ip, agent from staff_session
where merchant_id = $1 and staff_id = $2 and revoked_at is null and expires_at > $3 order by id desc limit 50"""
REVOKE_ALL = """update staff_session set revoked_at = $3
where merchant_id = $1 and staff_id = $2 and revoked_at is null and id <> $4"""
# A code is good once (RFC 6238, 5.2): the half minute it belongs to must be a later one than the last.
USE_STEP = """update staff set totp_step = $3
where merchant_id = $1 and id = $2 and (totp_step is null or totp_step < $3)"""


class WrongLogin(Refused):
    """The log-in name or the password is wrong."""

    code, status, zh = "login.wrong", 401, "登录名或密码不正确。"


class WrongPassword(Refused):
    """This is not your password."""

    code, status, zh = "password.wrong", 403, "密码不正确。"


class NeedsCode(Refused):
    """Enter the six-digit code of your authenticator app."""

    code, status, zh = "login.needs_code", 401, "请输入验证器中的 6 位动态码。"


class WrongOrUsedCode(Refused):
    """The six-digit code is wrong or was used already. Wait for the next one."""

    code, status, zh = "login.wrong_code", 401, "动态码不正确或已经用过，请等下一个。"


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


async def log_in(world: World, *, login: str, password: str, code: str, ip: str, agent: str, request: str) -> str:
    """Open a session and give its cookie value; refuses with one sentence whatever was wrong."""
    login = login.strip().lower()
    keys = {f"login:{login}": TRIES["login"], f"ip:{ip}": TRIES["ip"]}
    await throttle.count(world, keys)
    async with world.system_tx() as tx:
        located = await tx.first(Located, FIND_LOGIN, login)
        member = await tx.first(StaffMember, STAFF, located.merchant_id, located.staff_id) if located else None
    if member is not None and member.state != StaffState.ACTIVE:
        member = None
    if not await passwords.matches(member.password_hash if member else None, password) or member is None or not located:
        raise WrongLogin
    if member.totp_sealed is not None and not code:
        async with world.system_tx() as tx:
            await throttle.give_back(tx, *keys)
        raise NeedsCode
    async with world.tx(located.merchant_id) as tx:
        if member.totp_sealed is not None:
            await _use_code(tx, member.id, tx.unseal("staff.totp_sealed", member.totp_sealed).decode(), code)
        await throttle.forgive(tx, f"login:{login}")
        await throttle.give_back(tx, f"ip:{ip}")
        await audit.record(
            tx, staff_id=member.id, staff_name=member.name, action="log_in", target={}, request=request, ip=ip
        )
        return await start(tx, staff=member.id, ip=ip, agent=agent)


async def _use_code(tx: Tx, staff: UUID, secret: str, code: str) -> None:
    step = passwords.step_of(secret, code, shown_time(tx.world.clock))
    if step is None or not await tx.run(USE_STEP, tx.merchant, staff, step):
        raise WrongOrUsedCode


async def confirm(world: World, merchant: UUID, *, staff: UUID, password: str) -> None:
    """Have somebody who is logged in prove again who he is, as before money leaves; as slow to guess at as a log-in.

    Raises WrongPassword, TooMany.
    """
    key = f"confirm:{staff}"
    await throttle.count(world, {key: TRIES["login"]})
    async with world.tx(merchant) as tx:
        member = await tx.one(StaffMember, STAFF, tx.merchant, staff)
    if not await passwords.matches(member.password_hash, password):
        raise WrongPassword
    async with world.system_tx() as tx:
        await throttle.forgive(tx, key)


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


async def mine(tx: Tx, *, staff: UUID) -> list[Session]:
    """List the sessions of somebody that are still good, the latest first."""
    return await tx.all(Session, MINE, tx.merchant, staff, tx.now)


async def end(tx: Tx, *, staff: UUID, session: UUID) -> None:
    """Close a session of one's own; raises NotFound."""
    if not await tx.run(END, tx.merchant, session, tx.now, staff):
        raise NotFound


async def lasts(tx: Tx, *, session: UUID) -> bool:
    """Say whether a session is still good, for what goes on longer than a request."""
    return bool(await tx.value(LASTS, tx.merchant, session, tx.now))


async def log_out(tx: Tx, *, session: UUID) -> None:
    """Close a session."""
    await tx.run(REVOKE, tx.merchant, session, tx.now)


async def log_out_others(tx: Tx, *, staff: UUID, keep: UUID) -> None:
    """Close all other sessions of somebody, as after a change of password."""
    await tx.run(REVOKE_ALL, tx.merchant, staff, tx.now, keep)

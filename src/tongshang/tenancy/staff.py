"""Inviting people, giving them roles, and letting them go."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import pyotp

from tongshang.platform.clock import shown_time
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Forbidden, Invalid, Mismatch, NotFound, Refused
from tongshang.platform.ids import NIL
from tongshang.tenancy import passwords, sessions
from tongshang.tenancy.model import INVITE_LIFE, RANK, Role, StaffMember, StaffState

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,60}")
ADD_LOGIN = "insert into staff_login (login, merchant_id, staff_id) values ($1, $2, $3)"
DROP_LOGIN = "delete from staff_login where login = $1 and merchant_id = $2"
LIST = """select id, login, name, role, state, null as password_hash, totp_sealed, created_at from staff
where merchant_id = $1 and state <> 'removed' order by created_at, id"""
OWNER = """select id, login, name, role, state, null as password_hash, totp_sealed, created_at from staff
where merchant_id = $1 and role = 'owner' and state <> 'removed'
order by state = 'active' desc, created_at, id limit 1"""
CHANGE = "update staff set name = $3, role = $4 where merchant_id = $1 and id = $2 and state <> 'removed'"
# The row stays for the audit; its log-in name is written another way, so that the name itself is free again.
REMOVE = """update staff set state = 'removed', login = login || '#' || id
where merchant_id = $1 and id = $2 and state <> 'removed'"""
OWNERS = """select count(*) from staff
where merchant_id = $1 and role = 'owner' and state <> 'removed' and id <> $2"""
OPEN_INVITE = """select id, staff_id, secret_hash, created_at, expires_at from invite
where merchant_id = $1 and id = $2 and used_at is null and expires_at > $3 for update"""
USE_INVITE = "update invite set used_at = $3 where merchant_id = $1 and id = $2 and used_at is null"
# An older link to the same account must not open it once a newer one was made, or one was used.
END_INVITES = "update invite set used_at = $3 where merchant_id = $1 and staff_id = $2 and used_at is null"
# Whoever comes by a link has nothing but the link: a second factor of before is gone with the phone.
ACTIVATE = """update staff set password_hash = $3, name = $4, state = 'active', totp_sealed = null, totp_step = null
where merchant_id = $1 and id = $2 and state <> 'removed'"""
# Who changes ranks, or lets somebody go, stands in line: two owners may not each remove the other.
IN_LINE = "select merchant_id from merchant where merchant_id = $1 for update"
BY_LOGIN = "select staff_id from staff_login where login = $1 and merchant_id = $2"
STORE_HASH = "update staff set password_hash = $3 where merchant_id = $1 and id = $2 and state = 'active'"
SET_TOTP = "update staff set totp_sealed = $3 where merchant_id = $1 and id = $2 and state = 'active'"
FIRST_TOTP = SET_TOTP + " and totp_sealed is null"


class LoginTaken(Refused):
    """The log-in name "{login}" is taken."""

    code, status, zh = "staff.login_taken", 409, "登录名 “{login}” 已被使用。"


class BadInvite(Refused):
    """This invitation is used up or too old. Ask for a new one."""

    code, status, zh = "invite.spent", 410, "邀请链接已使用或已过期，请联系管理员重新发送。"


class LastOwner(Refused):
    """A shop needs at least one owner."""

    code, status, zh = "staff.last_owner", 409, "店铺至少需要保留一名店主。"


class WrongCode(Refused):
    """The six-digit code does not fit. Check the time on your phone."""

    code, status, zh = "totp.wrong", 400, "动态码不正确，请检查手机时间后重试。"


class TotpOn(Refused):
    """Two-step log-in is on already. A new invitation from the owner or the provider resets it."""

    code, status, zh = "totp.on", 409, "两步验证已经开启；更换手机时，请店主或服务商发送重置链接。"


@dataclass(frozen=True)
class Invite:
    """A row of invite."""

    id: UUID
    staff_id: UUID
    secret_hash: bytes
    created_at: datetime
    expires_at: datetime


async def invite(tx: Tx, *, staff_id: UUID, login: str, name: str, role: Role, by: Role | None = None) -> str:
    """Add somebody, or change his name and role; give the token of a fresh invitation ("" when he is active).

    `by` is the rank of who asks, who may not change anybody above it. Raises LoginTaken, LastOwner, Mismatch.
    """
    login, name = login.strip().lower(), name.strip()
    if not LOGIN.fullmatch(login):
        raise Invalid(field="login", problem="a-z 0-9 . _ @ -, 3-61")
    if not 1 <= len(name) <= 60:
        raise Invalid(field="name", problem="1-60")
    await tx.value(IN_LINE, tx.merchant)
    known = await tx.first(StaffMember, sessions.STAFF, tx.merchant, staff_id)
    if known is None:
        member = StaffMember(staff_id, login, name, role, StaffState.INVITED, None, None, tx.now)
        try:
            await tx.insert("staff", member)
            await tx.run(ADD_LOGIN, login, tx.merchant, staff_id)
        except asyncpg.UniqueViolationError as error:
            if violates(error, "staff_login_pk") or violates(error, "staff_login_once"):
                raise LoginTaken(login=login) from None
            raise
    elif known.state == StaffState.REMOVED:
        raise NotFound
    else:
        if by is not None and RANK[known.role] > RANK[by]:
            raise Forbidden
        if known.login != login:
            raise Mismatch
        if known.role == Role.OWNER and role != Role.OWNER:
            await _keep_an_owner(tx, staff_id)
        await tx.run(CHANGE, tx.merchant, staff_id, name, role)
        if known.state == StaffState.ACTIVE:
            return ""
    return await _link(tx, staff_id)


async def reset(tx: Tx, *, staff_id: UUID) -> str:
    """Give a link by which somebody who lost password or phone begins anew; until it is used all stays as it is."""
    member = await tx.one(StaffMember, sessions.STAFF, tx.merchant, staff_id)
    if member.state == StaffState.REMOVED:
        raise NotFound
    return await _link(tx, staff_id)


async def of_login(tx: Tx, *, login: str) -> StaffMember | None:
    """Find who has a log-in name here."""
    found = await tx.value(BY_LOGIN, login.strip().lower(), tx.merchant)
    return await tx.first(StaffMember, sessions.STAFF, tx.merchant, found) if found else None


async def _link(tx: Tx, staff_id: UUID) -> str:
    secret = tx.token()
    await tx.run(END_INVITES, tx.merchant, staff_id, tx.now)
    row = Invite(tx.new_id(), staff_id, passwords.digest(secret), tx.now, tx.now + INVITE_LIFE)
    await tx.insert("invite", row)
    return f"{tx.merchant.hex}.{row.id.hex}.{secret}"


async def accept(tx: Tx, *, invite_id: UUID, secret: str, password: str, name: str) -> StaffMember:
    """Use an invitation up: choose a name and a password; whoever was logged in as this person is no more."""
    found = await tx.first(Invite, OPEN_INVITE, tx.merchant, invite_id, tx.now)
    if found is None or not hmac.compare_digest(found.secret_hash, passwords.digest(secret)):
        raise BadInvite
    member = await tx.one(StaffMember, sessions.STAFF, tx.merchant, found.staff_id)
    hashed = await passwords.hashed(password, login=member.login)
    if not await tx.run(USE_INVITE, tx.merchant, invite_id, tx.now):
        raise BadInvite
    if not await tx.run(ACTIVATE, tx.merchant, member.id, hashed, name or member.name):
        raise BadInvite
    await tx.run(END_INVITES, tx.merchant, member.id, tx.now)
    await sessions.log_out_others(tx, staff=member.id, keep=NIL)
    return member


async def listed(tx: Tx) -> list[StaffMember]:
    """List who works here, first come first; without password hashes."""
    return await tx.all(StaffMember, LIST, tx.merchant)


async def owner(tx: Tx) -> StaffMember:
    """Give who is owner longest; raises NotFound."""
    return await tx.one(StaffMember, OWNER, tx.merchant)


async def remove(tx: Tx, *, staff_id: UUID) -> None:
    """Let somebody go: his sessions end, his log-in name is free again."""
    await tx.value(IN_LINE, tx.merchant)
    await _keep_an_owner(tx, staff_id)
    member = await tx.one(StaffMember, sessions.STAFF, tx.merchant, staff_id)
    if not await tx.run(REMOVE, tx.merchant, staff_id):
        raise NotFound
    await tx.run(DROP_LOGIN, member.login, tx.merchant)
    await sessions.log_out_others(tx, staff=staff_id, keep=staff_id)


async def _keep_an_owner(tx: Tx, staff_id: UUID) -> None:
    known = await tx.first(StaffMember, sessions.STAFF, tx.merchant, staff_id)
    if known and known.role == Role.OWNER and not await tx.value(OWNERS, tx.merchant, staff_id):
        raise LastOwner


async def change_password(tx: Tx, *, staff_id: UUID, new: str, session: UUID) -> None:
    """Change the password of somebody who has just confirmed his old one; all other sessions end."""
    member = await tx.one(StaffMember, sessions.STAFF, tx.merchant, staff_id)
    await tx.run(STORE_HASH, tx.merchant, staff_id, await passwords.hashed(new, login=member.login))
    await sessions.log_out_others(tx, staff=staff_id, keep=session)


async def set_totp(tx: Tx, *, staff_id: UUID, secret: str, code: str) -> None:
    """Turn the second factor on, once a code made with it has been shown; one that is on stays as it is."""
    if passwords.step_of(secret, code, shown_time(tx.world.clock)) is None:
        raise WrongCode
    if not await tx.run(FIRST_TOTP, tx.merchant, staff_id, tx.seal("staff.totp_sealed", secret.encode())):
        raise TotpOn


async def keep_totp(tx: Tx, *, staff_id: UUID, secret: str) -> None:
    """Keep the secret of somebody's second factor, sealed."""
    await tx.run(SET_TOTP, tx.merchant, staff_id, tx.seal("staff.totp_sealed", secret.encode()))


def new_totp_secret() -> str:
    """Make a secret for an authenticator app."""
    return pyotp.random_base32()


def may_give(giver: Role, role: Role) -> None:
    """Refuse to give away more than one has, or the provider's role."""
    if role == Role.PROVIDER or RANK[role] > RANK[giver]:
        raise Forbidden

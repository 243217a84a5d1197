"""Sessions of the store: a one-time ticket from the log-in page is changed for a bearer token."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.fans.facts import FanEntered
from tongshang.fans.model import SESSION_LIFE, TICKET_LIFE, digest
from tongshang.platform.batch import gathered
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World

# How long a process trusts what it looked up; a session revoked elsewhere lives at most so much longer.
REMEMBERED_SECONDS = 10.0
REMEMBERED_MOST = 20_000
ADD_TICKET = "insert into login_ticket (merchant_id, ticket_hash, fan_id, expires_at) values ($1, $2, $3, $4)"
USE_TICKET = "delete from login_ticket where merchant_id = $1 and ticket_hash = $2 returning fan_id, expires_at"
ADD = """insert into store_session (merchant_id, token_hash, fan_id, created_at, expires_at)
values ($1, $2, $3, $4, $5)"""
RESOLVE = """select token_hash, fan_id, expires_at from store_session
where merchant_id = $1 and token_hash = any($2) and expires_at > $3"""
END = "delete from store_session where merchant_id = $1 and token_hash = $2"
END_ALL = "delete from store_session where merchant_id = $1 and fan_id = $2"
END_TICKETS = "delete from login_ticket where merchant_id = $1 and fan_id = $2"
FORGET_TICKETS = "delete from login_ticket where merchant_id = $1 and expires_at < $2"


class TicketSpent(Refused):
    """This log-in ticket was used already, or is too old."""

    code, status, zh = "login.ticket_spent", 401, "登录凭证已失效，请重新进入店铺。"


class Session(msgspec.Struct, frozen=True):
    """Whose a token is, and how long."""

    fan_id: UUID
    expires_at: datetime


class _Known(Session, frozen=True, kw_only=True):
    token_hash: bytes


async def ticket(tx: Tx, *, fan_id: UUID) -> str:
    """Make a one-time ticket; it travels in the page's address, so it lives two minutes."""
    text = tx.token(16)
    await tx.run(FORGET_TICKETS, tx.merchant, tx.now)
    await tx.run(ADD_TICKET, tx.merchant, digest(text), fan_id, tx.now + TICKET_LIFE)
    return text


async def begin(tx: Tx, *, ticket: str) -> tuple[str, UUID]:
    """Change a ticket for a session's token, once."""
    found = await tx.first(Session, USE_TICKET, tx.merchant, digest(ticket))
    if found is None or found.expires_at <= tx.now:
        raise TicketSpent
    token = await give(tx, fan_id=found.fan_id)
    await tx.emit(FanEntered(found.fan_id))
    return token, found.fan_id


async def give(tx: Tx, *, fan_id: UUID) -> str:
    """Make a session for a fan who is known to be the one (seeds and benchmarks begin here)."""
    token = tx.token(32)
    await tx.run(ADD, tx.merchant, digest(token), fan_id, tx.now, tx.now + SESSION_LIFE)
    return token


async def resolve(world: World, merchant: UUID, token: str) -> UUID | None:
    """Say whose a token is; None for one that is unknown, ended or expired."""
    hashed = digest(token)
    shelf: dict[tuple[UUID, bytes], tuple[Session, float]] = world.shelf.setdefault("fans.sessions", {})
    moment = asyncio.get_running_loop().time()
    kept = shelf.get((merchant, hashed))
    if kept is None or kept[1] < moment:
        session = await gathered(world, "fans.sessions", _find).ask(merchant, hashed)
        if session is None:
            shelf.pop((merchant, hashed), None)
            return None
        if len(shelf) >= REMEMBERED_MOST:
            shelf.clear()
        kept = shelf[merchant, hashed] = (session, moment + REMEMBERED_SECONDS)
    return kept[0].fan_id if kept[0].expires_at > world.clock.now() else None


async def _find(tx: Tx, hashes: Sequence[bytes]) -> list[Session | Exception | None]:
    """Look up sessions, all that are asked for at this moment with one statement."""
    found = await tx.all(_Known, RESOLVE, tx.merchant, list(hashes), tx.now)
    known = {session.token_hash: session for session in found}
    return [known.get(hashed) for hashed in hashes]


async def end(tx: Tx, *, token: str) -> None:
    """End a session."""
    await tx.run(END, tx.merchant, digest(token))
    tx.world.shelf.get("fans.sessions", {}).pop((tx.merchant, digest(token)), None)


async def end_all(tx: Tx, *, fan_id: UUID) -> None:
    """End every session of a fan, and those that were about to begin."""
    await tx.run(END_ALL, tx.merchant, fan_id)
    await tx.run(END_TICKETS, tx.merchant, fan_id)
    shelf: dict[tuple[UUID, bytes], tuple[Session, float]] = tx.world.shelf.get("fans.sessions", {})
    for key in [key for key, (session, _) in shelf.items() if key[0] == tx.merchant and session.fan_id == fan_id]:
        del shelf[key]

"""Logging in to the store: a trip to WeChat and back, bound to the browser that began it, good for one return.

Silent (snsapi_base) by default; the profile is asked for only by a person's tap. A visitor in WeChat's snapshot mode
may browse but never becomes a fan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.fans import people, sessions
from tongshang.fans.model import STATE_LIFE, digest
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import oauth
from weixin.products.mp import BASE_SCOPE, PROFILE_SCOPE

ADD = """insert into login_state
  (merchant_id, id, state_hash, browser_hash, scope, next, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)"""
USE = """update login_state set used_at = $4 where merchant_id = $1 and id = $2 and state_hash = $3 and used_at is null
returning id, browser_hash, scope, next, expires_at, used_at"""
USED = """select id, browser_hash, scope, next, expires_at, used_at from login_state
where merchant_id = $1 and id = $2 and state_hash = $3"""
FORGET = "delete from login_state where merchant_id = $1 and expires_at < $2"


class UnknownLogin(Refused):
    """This log-in was not started here, or long ago. Please open the store again."""

    code, status, zh = "login.unknown", 403, "登录已失效，请重新打开店铺。"


@dataclass(frozen=True)
class Trip:
    """A trip to WeChat's log-in page."""

    id: UUID
    browser_hash: bytes
    scope: str
    next: str
    expires_at: datetime
    used_at: datetime | None


async def begin(world: World, merchant: UUID, *, browser: str, next_page: str, profile: bool) -> str:
    """Send a browser on its trip; give the address of WeChat's page."""
    scope = PROFILE_SCOPE if profile else BASE_SCOPE
    async with world.tx(merchant) as tx:
        trip = tx.new_id()
        state = f"{merchant.hex}{trip.hex}{tx.token(16)}"
        await tx.run(FORGET, merchant, tx.now - timedelta(hours=1))
        await tx.run(ADD, merchant, trip, digest(state), digest(browser), scope, next_page, tx.now, tx.now + STATE_LIFE)
    return await oauth.page(world, merchant, state=state, scope=scope)


async def come_back(world: World, *, state: str, code: str, browser: str) -> str:
    """Take a browser back from its trip; give the page it goes on to, with a ticket if it became somebody.

    Raises UnknownLogin, WeixinError, Unreachable.
    """
    merchant, trip_id = read_state(state)
    async with world.tx(merchant) as tx:
        trip, again = await _used(tx, trip_id, state)
        expired = trip.expires_at <= tx.now
    if expired or trip.browser_hash != digest(browser):
        raise UnknownLogin
    if again:
        return trip.next  # WeChat's browser likes to load a page twice; the store asks again by itself
    if not code:
        return with_word(trip.next, "login=denied")
    appid, session, profile = await oauth.visitor(world, merchant, code=code, scope=trip.scope)
    if session.is_snapshot:
        return with_word(trip.next, "login=snapshot")
    async with world.tx(merchant) as tx:
        fan = await people.enter(
            tx,
            appid=appid,
            openid=session.openid,
            unionid=session.unionid or (profile.unionid if profile else None),
            nickname=profile.nickname or None if profile else None,
            avatar=profile.head_img_url or None if profile else None,
        )
        ticket = await sessions.ticket(tx, fan_id=fan.id)
    return with_word(trip.next, f"login_ticket={ticket}")


async def _used(tx: Tx, trip_id: UUID, state: str) -> tuple[Trip, bool]:
    """Use a state up; the second value says that it had been used before."""
    hashed = digest(state)
    if fresh := await tx.first(Trip, USE, tx.merchant, trip_id, hashed, tx.now):
        return fresh, False
    if spent := await tx.first(Trip, USED, tx.merchant, trip_id, hashed):
        return spent, True
    raise UnknownLogin


def read_state(state: str) -> tuple[UUID, UUID]:
    """Take merchant and trip out of a state, or refuse."""
    try:
        if len(state) != 96:
            raise ValueError
        return UUID(hex=state[:32]), UUID(hex=state[32:64])
    except ValueError:
        raise UnknownLogin from None


def safe_next(shop: str, asked: str) -> str:
    """Keep the page somebody wants to go on to, if it is the shop's own; its front page otherwise."""
    home = f"/s/{shop}/"
    path = asked.partition("?")[0].partition("#")[0]
    tame = path.startswith(home) and "//" not in path and ".." not in path
    tame = tame and all(c > " " and c != "\\" for c in asked)
    return asked if tame and len(asked) <= 1000 else home


def with_word(page: str, word: str) -> str:
    """Add a word to the part behind #, which no server sees."""
    path, mark, fragment = page.partition("#")
    fragment = fragment if mark else "/"
    return f"{path}#{fragment}{'&' if '?' in fragment else '?'}{word}"

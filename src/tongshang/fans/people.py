"""Fans come and go: known by AppID and openid, followed and unfollowed by WeChat's own clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from tongshang.fans.facts import FanFollowed, FanSaid, FanScanned, FanTapped, FanUnfollowed
from tongshang.fans.model import Fan, Source
from tongshang.platform.db import Tx
from tongshang.wechat.facts import Followed, MenuClicked, MenuUsed, Said, Scanned, Unfollowed

FIELDS = """id, appid, openid, unionid, nickname, avatar, subscribed, followed_at, unfollowed_at, follow_second, scene,
  source, created_at, seen_at, subscribe_scene, remark, blocked"""
ONE = f"select {FIELDS} from fan where merchant_id = $1 and id = $2"
OF_OPENIDS = f"select {FIELDS} from fan where merchant_id = $1 and appid = $2 and openid = any($3)"
LOCKED = f"select {FIELDS} from fan where merchant_id = $1 and appid = $2 and openid = $3 for update"
# Locked one after another in one order, so that two who need several of them do not wait for each other.
SOME_LOCKED = """select f.id, f.appid, f.openid from fan f
join unnest($2::text[], $3::text[]) as a(a, o) on f.appid = a.a and f.openid = a.o
where f.merchant_id = $1 order by f.id for update of f"""
NICKNAME = "select nickname from fan where merchant_id = $1 and appid = $2 and openid = $3"
ADD = """insert into fan (merchant_id, id, appid, openid, subscribed, source, created_at, seen_at)
values ($1, $2, $3, $4, false, $5, $6, $6) on conflict (merchant_id, appid, openid) do nothing"""
ADD_SOME = """insert into fan (merchant_id, id, appid, openid, subscribed, source, created_at, seen_at)
select $1, n.id, n.appid, n.openid, false, $5, $6, $6 from unnest($2::uuid[], $3::text[], $4::text[])
  as n(id, appid, openid) on conflict (merchant_id, appid, openid) do nothing"""
FOLLOW = """update fan set subscribed = true, followed_at = $3, follow_second = $4, seen_at = $3,
  scene = coalesce($5, scene) where merchant_id = $1 and id = $2"""
UNFOLLOW = """update fan set subscribed = false, unfollowed_at = $3, follow_second = $4
where merchant_id = $1 and id = $2"""
SEEN = "update fan set subscribed = subscribed or $4, seen_at = $3 where merchant_id = $1 and id = $2"
SEEN_SOME = """update fan f set subscribed = f.subscribed or n.second >= f.follow_second, seen_at = $4
from unnest($2::uuid[], $3::bigint[]) as n(id, second) where f.merchant_id = $1 and f.id = any($2) and f.id = n.id"""
NAMED = """update fan set nickname = coalesce($3, nickname), avatar = coalesce($4, avatar),
  unionid = coalesce($5, unionid), seen_at = $6 where merchant_id = $1 and id = $2"""


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody we know, by how WeChat calls them."""

    id: UUID
    appid: str
    openid: str


async def get(tx: Tx, *, fan_id: UUID) -> Fan:
    """Give a fan, or refuse."""
    return await tx.one(Fan, ONE, tx.merchant, fan_id)


async def of_openids(tx: Tx, *, appid: str, openids: Collection[str]) -> list[Fan]:
    """List those whom we know by what WeChat calls them."""
    return await tx.all(Fan, OF_OPENIDS, tx.merchant, appid, list(openids))


async def known(tx: Tx, *, appid: str, openid: str, source: Source) -> Fan:
    """Give the fan behind an openid, locked; a person we have not met becomes one."""
    found = await tx.first(Fan, LOCKED, tx.merchant, appid, openid)
    if found is None:
        await tx.run(ADD, tx.merchant, tx.new_id(), appid, openid, source, tx.now)
        found = await tx.one(Fan, LOCKED, tx.merchant, appid, openid)
    return found


async def all_known(tx: Tx, *, who: Collection[tuple[str, str]], source: Source) -> dict[tuple[str, str], UUID]:
    """Give the fans behind pairs of AppID and openid, locked; people we have not met become some."""
    pairs = sorted(set(who))
    columns = [appid for appid, _ in pairs], [openid for _, openid in pairs]
    found = await tx.all(Met, SOME_LOCKED, tx.merchant, *columns)
    if len(found) < len(pairs):
        new = sorted(set(pairs) - {(fan.appid, fan.openid) for fan in found})
        ids = [tx.new_id() for _ in new]
        await tx.run(ADD_SOME, tx.merchant, ids, [a for a, _ in new], [o for _, o in new], source, tx.now)
        found = await tx.all(Met, SOME_LOCKED, tx.merchant, *columns)
    return {(fan.appid, fan.openid): fan.id for fan in found}


async def follow(tx: Tx, fact: Followed) -> UUID | None:
    """Record that somebody follows, and say who; old news that comes late changes nothing, and is nobody."""
    fan = await known(tx, appid=fact.appid, openid=fact.openid, source=Source.SCAN if fact.scene else Source.FOLLOW)
    if fact.at < fan.follow_second:
        return None
    await tx.run(FOLLOW, tx.merchant, fan.id, tx.now, fact.at, fact.scene)
    await tx.emit(FanFollowed(fan.id, fact.openid, fact.scene, fan.followed_at is None, fact.push, fact.at))
    return fan.id


async def unfollow(tx: Tx, fact: Unfollowed) -> None:
    """Record that somebody stopped following; old news changes nothing."""
    fan = await known(tx, appid=fact.appid, openid=fact.openid, source=Source.MESSAGE)
    if fact.at < fan.follow_second or not fan.subscribed:
        return
    await tx.run(UNFOLLOW, tx.merchant, fan.id, tx.now, fact.at)
    await tx.emit(FanUnfollowed(fan.id))


async def scan(tx: Tx, fact: Scanned) -> None:
    """Record that a follower scanned a code."""
    fan = await _seen(tx, fact.appid, fact.openid, fact.at)
    await tx.emit(FanScanned(fan.id, fact.openid, fact.scene, fact.push, fact.at))


async def say(tx: Tx, facts: Sequence[Said]) -> None:
    """Record that followers wrote."""
    fans = await all_known(tx, who=[(fact.appid, fact.openid) for fact in facts], source=Source.MESSAGE)
    seconds: dict[UUID, int] = {}
    for fact in facts:
        fan_id = fans[fact.appid, fact.openid]
        seconds[fan_id] = max(fact.at, seconds.get(fan_id, 0))
        await tx.emit(FanSaid(fan_id, fact.openid, fact.text[:600], fact.msg_type, fact.push, fact.at, fact.menu_id))
    # Only followers can write: see _seen.
    await tx.run(SEEN_SOME, tx.merchant, list(seconds), list(seconds.values()), tx.now)


async def tap(tx: Tx, fact: MenuClicked) -> None:
    """Record that a follower tapped a menu button."""
    fan = await _seen(tx, fact.appid, fact.openid, fact.at)
    if not fact.url:
        await tx.emit(FanTapped(fan.id, fact.openid, fact.key, fact.push, fact.at))


async def use(tx: Tx, fact: MenuUsed) -> None:
    """Record that a follower used a menu button that does something on the phone."""
    fan = await _seen(tx, fact.appid, fact.openid, fact.at)
    if fact.how != "mini_program":
        await tx.emit(FanTapped(fan.id, fact.openid, fact.key, fact.push, fact.at))


async def nickname(tx: Tx, *, appid: str, openid: str) -> str | None:
    """Give the name a person chose to show, if we know it."""
    name: str | None = await tx.value(NICKNAME, tx.merchant, appid, openid)
    return name


async def _seen(tx: Tx, appid: str, openid: str, at: int) -> Fan:
    fan = await known(tx, appid=appid, openid=openid, source=Source.MESSAGE)
    # Only followers can write, scan and tap: this is how those from before our time become known as such.
    await tx.run(SEEN, tx.merchant, fan.id, tx.now, at >= fan.follow_second)
    return fan


async def enter(
    tx: Tx, *, appid: str, openid: str, unionid: str | None, nickname: str | None, avatar: str | None
) -> Fan:
    """Record that a person came into the store; name and picture only if they chose to show them."""
    fan = await known(tx, appid=appid, openid=openid, source=Source.STORE)
    await tx.run(NAMED, tx.merchant, fan.id, nickname, avatar, unionid, tx.now)
    return fan

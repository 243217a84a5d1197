"""Scene codes: QR codes that say where somebody came from, and how many came.

https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html (2026-11)
"""

import re
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.platform.world import World
from tongshang.wechat import calls
from tongshang.wechat.authorization import permissions
from weixin.products.mp import qrcodes

LONGEST_DAYS = 30
PERMANENT_MOST = qrcodes.PERMANENT_MOST
SHAPE = re.compile(r"[A-Za-z0-9_-]{1,64}")
FIELDS = "id, name, scene, permanent, coupon_id, ticket, url, expires_at, scans, follows, created_at, days"
ONE = f"select {FIELDS} from scene_code where merchant_id = $1 and id = $2"
BY_SCENE = f"select {FIELDS} from scene_code where merchant_id = $1 and scene = $2"
LIST = f"""select {FIELDS} from scene_code
where merchant_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3"""
ADD = """insert into scene_code (merchant_id, id, name, scene, permanent, coupon_id, created_at, days)
values ($1, $2, $3, $4, $5, $6, $7, $8)"""
PERMANENT = "select count(*) from scene_code where merchant_id = $1 and permanent"
CHANGE = "update scene_code set name = $3, coupon_id = $4 where merchant_id = $1 and id = $2"
MADE = "update scene_code set ticket = $3, url = $4, expires_at = $5 where merchant_id = $1 and id = $2"
COUNT = """update scene_code set scans = scans + 1, follows = follows + $3
where merchant_id = $1 and scene = $2"""


class SceneTaken(Refused):
    """Another QR code already has the scene “{scene}”."""

    code, status, zh = "scene_code.taken", 409, "场景值“{scene}”已被其他二维码使用。"


class NoCodesLeft(Refused):
    """An account has at most {most} permanent QR codes; make a temporary one instead."""

    code, status, zh = "scene_code.none_left", 409, "永久二维码最多 {most} 个，已用完；请改用临时二维码。"


class SceneCode(msgspec.Struct, frozen=True):
    """A scene code; without a url WeChat has not made it yet."""

    id: UUID
    name: str
    scene: str
    permanent: bool
    coupon_id: UUID | None
    ticket: str | None
    url: str | None
    expires_at: datetime | None
    scans: int
    follows: int
    created_at: datetime
    days: int = LONGEST_DAYS


async def put(
    tx: Tx,
    *,
    code_id: UUID,
    name: str,
    scene: str,
    permanent: bool,
    coupon_id: UUID | None,
    days: int = LONGEST_DAYS,
) -> SceneCode:
    """Promise a code, or change its name and coupon; what WeChat printed into it cannot change.

    A temporary one lasts `days` days and is made anew for as long when it is asked for again. Raises NoCodesLeft.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(field="days", problem=f"1-{LONGEST_DAYS}")
    if not 1 <= len(name.strip()) <= 60:
        raise Invalid(field="name", problem="1-60")
    if not SHAPE.fullmatch(scene):
        raise Invalid(field="scene", problem="A-Z a-z 0-9 _ -, 1-64")
    known = await tx.first(SceneCode, ONE, tx.merchant, code_id)
    if known is not None:
        if (known.scene, known.permanent) != (scene, permanent):
            raise Mismatch
        await tx.run(CHANGE, tx.merchant, code_id, name.strip(), coupon_id)
    else:
        if permanent and await permanent_made(tx) >= PERMANENT_MOST:
            raise NoCodesLeft(most=PERMANENT_MOST)
        try:
            await tx.run(ADD, tx.merchant, code_id, name.strip(), scene, permanent, coupon_id, tx.now, days)
        except asyncpg.UniqueViolationError as error:
            if violates(error, "scene_code_scene_once"):
                raise SceneTaken(scene=scene) from None
            raise
    return await get(tx, code_id=code_id)


async def get(tx: Tx, *, code_id: UUID) -> SceneCode:
    """Give a code."""
    return await tx.one(SceneCode, ONE, tx.merchant, code_id)


async def permanent_made(tx: Tx) -> int:
    """Count the permanent codes, made or promised."""
    return int(await tx.value(PERMANENT, tx.merchant))


async def of_scene(tx: Tx, *, scene: str) -> SceneCode | None:
    """Give the code of a scene, if it is one of ours."""
    return await tx.first(SceneCode, BY_SCENE, tx.merchant, scene)


async def listed(tx: Tx, *, after: str | None, limit: int | None) -> Page[SceneCode]:
    """List codes, newest first."""
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    found = await tx.all(SceneCode, LIST, tx.merchant, start, most + 1)
    return page_of(found, most, lambda code: (code.id,))


async def make(world: World, merchant: UUID, *, code_id: UUID) -> SceneCode:
    """Have WeChat make a promised code, or a temporary one anew once it has expired.

    The same scene made twice is the same to whoever scans it, so a repeat is harmless.
    """
    async with world.tx(merchant) as tx:
        code = await get(tx, code_id=code_id)
        if code.url is not None and (code.expires_at is None or code.expires_at > tx.now):
            return code
        await permissions.needs(tx, "qrcodes")
    life = None if code.permanent else int(timedelta(days=code.days).total_seconds())
    made = await calls.ask(
        world,
        merchant,
        lambda client, token: qrcodes.create(client, token=token, scene=code.scene, expire_seconds=life),
    )
    async with world.tx(merchant) as tx:
        expires = None if code.permanent else tx.now + timedelta(seconds=made.expire_seconds or life or 0)
        await tx.run(MADE, tx.merchant, code_id, made.ticket, made.url, expires)
        return await get(tx, code_id=code_id)


async def count(tx: Tx, *, scene: str, followed: bool) -> None:
    """Count a scan, and a follow if it led to one; scenes that are not ours count nowhere."""
    await tx.run(COUNT, tx.merchant, scene, int(followed))

"""Bringing a material to WeChat, once per account and use, and finding it again.

WeChat gives no number by which a repeated upload is known: two askers at once may upload twice. The first that is
recorded is used from then on; the other is an unused file, which for the library shows up at the next sync.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tongshang.media import blobs, files
from tongshang.messages.materials import library, looks
from tongshang.messages.materials.library import Material
from tongshang.messages.materials.limits import MOST_ARTICLE_PICTURE, Kind, Use, check
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.multipart import File
from weixin.products.mp import materials, media
from weixin.transport import Answer

LIFE = timedelta(days=3)
# What is about to end is uploaded again: a message must not lose its picture on the way.
MARGIN = timedelta(hours=1)
KNOWN = """select media_id, url, uploaded_at, expires_at from media_upload
where merchant_id = $1 and appid = $2 and material_id = $3 and use = $4 and (expires_at is null or expires_at > $5)"""
RECORD = """insert into media_upload as u (merchant_id, appid, material_id, use, media_id, url, uploaded_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (merchant_id, appid, material_id, use) do update set media_id = excluded.media_id, url = excluded.url,
  uploaded_at = excluded.uploaded_at, expires_at = excluded.expires_at
where u.expires_at is not null and u.expires_at < excluded.expires_at"""
FORGET = "delete from media_upload where merchant_id = $1 and material_id = $2 and use = $3 and media_id = $4"
FETCHED = """update material set sha256 = $3, bytes = $4, content_type = $5, seconds = $6, picture_id = $7
where merchant_id = $1 and id = $2 and sha256 is null"""
SAME = "select id from material where merchant_id = $1 and kind = $2 and sha256 = $3 and id <> $4"


class NotAtHand(Refused):
    """The file of “{name}” is not here, and WeChat gives only its description."""

    code, status, zh = "material.not_at_hand", 409, "“{name}”的文件不在本地，微信也不提供下载。"


@dataclass(frozen=True)
class Upload:
    """What WeChat knows a material by."""

    media_id: str | None
    url: str | None
    uploaded_at: datetime
    expires_at: datetime | None


async def media_id(at: World | Job, merchant: UUID, *, material_id: UUID, use: Use = Use.PERMANENT) -> str:
    """Give the media_id of a material, uploading it if this account does not have it; raises WeixinError, Refused."""
    found = await ensured(at, merchant, material_id=material_id, use=use)
    assert found.media_id is not None, "uploads other than for articles have an id"
    return found.media_id


async def address(at: World | Job, merchant: UUID, *, material_id: UUID) -> str:
    """Give the address of a picture for the body of an article."""
    found = await ensured(at, merchant, material_id=material_id, use=Use.ARTICLE)
    assert found.url is not None, "uploads for articles have an address"
    return found.url


async def ensured(at: World | Job, merchant: UUID, *, material_id: UUID, use: Use) -> Upload:
    """Give the upload of a material for a use, made if need be."""
    world = at.world if isinstance(at, Job) else at
    async with world.tx(merchant) as tx:
        appid = (await accounts.current(tx)).appid
        known = await tx.first(Upload, KNOWN, merchant, appid, material_id, use, tx.now + MARGIN)
        if known is not None:
            return known
        material = await library.get(tx, material_id=material_id)
    made = await _uploaded(at, merchant, material, await contents(at, merchant, material), use)
    async with world.tx(merchant) as tx:
        row = (made.media_id, made.url, made.uploaded_at, made.expires_at)
        await tx.run(RECORD, merchant, appid, material_id, use, *row)
        return await tx.one(Upload, KNOWN, merchant, appid, material_id, use, tx.now)


async def _uploaded(at: World | Job, merchant: UUID, material: Material, body: bytes, use: Use) -> Upload:
    world = at.world if isinstance(at, Job) else at
    now = world.clock.now()
    if use is Use.ARTICLE:
        body = await asyncio.to_thread(looks.below, body, MOST_ARTICLE_PICTURE)
        kind, _ = check(body, Kind.IMAGE)
        picture = File(material.file_name.rpartition(".")[0] + "." + kind.partition("/")[2], kind, body)
        url = await calls.ask(at, merchant, lambda c, token: media.upload_picture(c, token=token, file=picture))
        return Upload(None, url, now, None)
    file = File(material.file_name, material.content_type, body)
    if use is Use.TEMPORARY:
        sent = await calls.ask(
            at, merchant, lambda c, token: media.upload(c, token=token, kind=material.kind, file=file)
        )
        begun = datetime.fromtimestamp(sent.created_at, UTC) if sent.created_at else now
        return Upload(sent.media_id, None, now, begun + LIFE)
    added = await calls.ask(
        at,
        merchant,
        lambda c, token: materials.add(
            c, token=token, kind=material.kind, file=file, title=material.title, introduction=material.introduction
        ),
    )
    return Upload(added.media_id, added.url, now, None)


async def contents(at: World | Job, merchant: UUID, material: Material) -> bytes:
    """Read a material's file; one that came by a sync is fetched from WeChat, once. Raises NotAtHand for a video."""
    world = at.world if isinstance(at, Job) else at
    if material.sha256 is not None:
        return await blobs.read(world, merchant, digest=material.sha256)
    wanted = material.media_id
    if wanted is None:
        raise NotAtHand(name=material.name)
    answer = await calls.ask(at, merchant, lambda c, token: materials.get(c, token=token, media_id=wanted))
    if not isinstance(answer, Answer):
        raise NotAtHand(name=material.name)
    await _keep_fetched(world, merchant, material, answer.body)
    return answer.body


async def _keep_fetched(world: World, merchant: UUID, material: Material, body: bytes) -> None:
    content_type, seconds = check(body, material.kind)
    picture = None
    if material.kind is Kind.IMAGE:
        picture = (await files.keep(world, merchant, data=body, name=material.name)).id
    digest = await blobs.keep(world, merchant, data=body)
    async with world.tx(merchant) as tx:
        if await tx.value(SAME, merchant, material.kind, digest, material.id) is None:
            await tx.run(FETCHED, merchant, material.id, digest, len(body), content_type, seconds, picture)


async def forget(world: World, merchant: UUID, *, material_id: UUID, use: Use, media_id: str) -> None:
    """Forget an upload that WeChat says it does not have (40007), so that the next use makes a new one."""
    async with world.tx(merchant) as tx:
        await tx.run(FORGET, merchant, material_id, use, media_id)

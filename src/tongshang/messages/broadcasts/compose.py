"""Writing a broadcast the way WeChat wants it, its files uploaded first."""

import asyncio
from typing import Any
from uuid import UUID

from tongshang.messages.articles import drafts
from tongshang.messages.broadcasts.model import Broadcast, Kind, Part
from tongshang.messages.materials import library, looks, transfer
from tongshang.messages.materials.limits import Use
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat import calls
from weixin.multipart import File
from weixin.products.mp import media

DRAFTED = "update broadcast_part set draft_media_id = $3 where merchant_id = $1 and id = $2"


async def message(at: World | Job, merchant: UUID, one: Broadcast, *, part: Part | None = None) -> dict[str, Any]:
    """Write the message of a part, or (no part) the one for a preview; raises WeixinError, Refused."""
    match one.kind:
        case Kind.TEXT:
            return {"msgtype": "text", "text": {"content": one.text}}
        case Kind.MPNEWS:
            return {"msgtype": "mpnews", "mpnews": {"media_id": await _draft(at, merchant, one, part)}}
        case Kind.IMAGE:
            ids = [await transfer.media_id(at, merchant, material_id=m) for m in one.materials]
            if part is None:  # a preview shows one picture
                return {"msgtype": "image", "image": {"media_id": ids[0]}}
            return {"msgtype": "image", "images": {"media_ids": ids, "recommend": "", "need_open_comment": 0}}
        case Kind.VOICE:
            found = await transfer.media_id(at, merchant, material_id=one.materials[0])
            return {"msgtype": "voice", "voice": {"media_id": found}}
        case Kind.VIDEO:
            return {"msgtype": "mpvideo", "mpvideo": await _video(at, merchant, one.materials[0])}
        case Kind.WXCARD:
            return {"msgtype": "wxcard", "wxcard": {"card_id": one.extra.card_id.strip()}}
        case Kind.MUSIC:
            return {"msgtype": "music", "music": await _music(at, merchant, one)}


async def _draft(at: World | Job, merchant: UUID, one: Broadcast, part: Part | None) -> str:
    """Give the draft a part sends: one of its own, because sending takes it away; a preview uses the set's."""
    assert one.article_set_id is not None, "checked when it was written"
    if part is None:
        return await drafts.pushed(at, merchant, set_id=one.article_set_id)
    if part.draft_media_id is not None:
        return part.draft_media_id
    made = await drafts.fresh(at, merchant, set_id=one.article_set_id)
    world = at.world if isinstance(at, Job) else at
    async with world.tx(merchant) as tx:
        await tx.run(DRAFTED, merchant, part.id, made)
    return made


async def _video(at: World | Job, merchant: UUID, material_id: UUID) -> dict[str, str]:
    world = at.world if isinstance(at, Job) else at
    found = await transfer.media_id(at, merchant, material_id=material_id, use=Use.TEMPORARY)
    async with world.tx(merchant) as tx:
        film = await library.get(tx, material_id=material_id)
    about = {"title": film.title, "description": film.introduction}
    sent = await calls.ask(at, merchant, lambda c, token: media.upload_video(c, token=token, media_id=found, **about))
    return {"media_id": sent.media_id, **about}


async def _music(at: World | Job, merchant: UUID, one: Broadcast) -> dict[str, str]:
    """Write a piece of music, its picture uploaded as a thumb, which is a JPEG of 64 KB at most."""
    world = at.world if isinstance(at, Job) else at
    async with world.tx(merchant) as tx:
        picture = await library.get(tx, material_id=one.materials[0])
    body = await asyncio.to_thread(looks.thumb, await transfer.contents(at, merchant, picture))
    file = File("thumb.jpg", "image/jpeg", body)
    sent = await calls.ask(at, merchant, lambda c, token: media.upload(c, token=token, kind="thumb", file=file))
    about = {"title": one.extra.title.strip(), "description": one.extra.description.strip()}
    return {**about, "musicurl": one.extra.url, "hqmusicurl": one.extra.url, "thumb_media_id": sent.media_id}

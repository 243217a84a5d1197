"""Our pictures at WeChat: uploaded when one is first sent, known for three days, then uploaded again."""

import asyncio
from datetime import UTC, datetime, timedelta

from tongshang.media import files
from tongshang.media.encode import jpeg
from tongshang.messages.materials import library, transfer
from tongshang.messages.replies.model import Ready
from tongshang.platform.db import Tx
from tongshang.platform.jobs import Job
from tongshang.wechat import accounts, calls
from weixin.multipart import File
from weixin.products.mp import media

LIFE = timedelta(days=3)
# Used to the end, it might be gone before WeChat shows it.
MARGIN = timedelta(hours=2)
WIDTH = 750
FIND = """select media_id from lent_picture
where merchant_id = $1 and appid = $2 and picture_id = $3 and expires_at > $4"""
KEEP = """insert into lent_picture (merchant_id, appid, picture_id, media_id, expires_at) values ($1, $2, $3, $4, $5)
on conflict (merchant_id, appid, picture_id) do update set media_id = $4, expires_at = $5"""


def at_hand(ready: Ready) -> bool:
    """Say whether a message can be sent as it is."""
    return ready.picture is None and ready.material is None


async def filled(tx: Tx, ready: Ready, *, appid: str) -> Ready:
    """Put WeChat's id of a message's picture or material in, if WeChat has it already."""
    if ready.picture is not None:
        known = await tx.value(FIND, tx.merchant, appid, ready.picture, tx.now)
    elif ready.material is not None:
        known = (await library.get(tx, material_id=ready.material)).media_id
    else:
        return ready
    return ready if known is None else _with(ready, known)


def _with(ready: Ready, media_id: str) -> Ready:
    content = {**ready.content, ready.field: media_id}
    if ready.msgtype == "video":  # a customer-service message wants a picture; without one, the video's own
        content.setdefault("thumb_media_id", media_id)
    return Ready(ready.msgtype, content, ready.shown)


async def upload(job: Job, ready: Ready) -> Ready:
    """Give WeChat the file of a message that needs it; raises NotFound, WeixinError, Unreachable."""
    if at_hand(ready):
        return ready
    async with job.begin() as tx:
        appid = (await accounts.current(tx)).appid
        ready = await filled(tx, ready, appid=appid)
    if ready.material is not None:
        return _with(ready, await transfer.media_id(job, job.merchant, material_id=ready.material))
    if ready.picture is None:
        return ready
    webp = await files.read(job.world, job.merchant, ready.picture, WIDTH)
    # A thumb has 64 KB; WeChat takes no WebP.
    thumb = ready.field == "thumb_media_id"
    body = await asyncio.to_thread(jpeg, webp, width=300 if thumb else WIDTH)
    picture = File(f"{ready.picture.hex}.jpg", "image/jpeg", body)
    kind = "thumb" if thumb and ready.msgtype == "music" else "image"
    made = await calls.ask(
        job, job.merchant, lambda client, token: media.upload(client, token=token, kind=kind, file=picture)
    )
    async with job.begin() as tx:
        began = datetime.fromtimestamp(made.created_at, UTC) if made.created_at else tx.now
        await tx.run(KEEP, tx.merchant, appid, ready.picture, made.media_id, began + LIFE - MARGIN)
    return _with(ready, made.media_id)

"""Our pictures at WeChat: uploaded when one is first sent, known for three days, then uploaded again."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

from PIL import Image

from tongshang.media import files
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


async def filled(tx: Tx, ready: Ready, *, appid: str) -> Ready:
    """Put WeChat's id of a message's picture in, if WeChat has the picture already."""
    if ready.picture is None:
        return ready
    known = await tx.value(FIND, tx.merchant, appid, ready.picture, tx.now)
    if known is None:
        return ready
    return Ready(ready.msgtype, {**ready.content, ready.field: known}, ready.shown)


async def upload(job: Job, ready: Ready) -> Ready:
    """Give WeChat the picture of a message that needs it; raises NotFound, WeixinError, Unreachable."""
    if ready.picture is None:
        return ready
    async with job.begin() as tx:
        appid = (await accounts.current(tx)).appid
        ready = await filled(tx, ready, appid=appid)
    if ready.picture is None:
        return ready
    webp = await files.read(job.world, job.merchant, ready.picture, WIDTH)
    # A thumb has 64 KB; WeChat takes no WebP.
    thumb = ready.field == "thumb_media_id"
    body = await asyncio.to_thread(jpeg, webp, 300 if thumb else WIDTH)
    picture = File(f"{ready.picture.hex}.jpg", "image/jpeg", body)
    kind = "thumb" if thumb and ready.msgtype == "music" else "image"
    made = await calls.ask(
        job, job.merchant, lambda client, token: media.upload(client, token=token, kind=kind, file=picture)
    )
    async with job.begin() as tx:
        began = datetime.fromtimestamp(made.created_at, UTC) if made.created_at else tx.now
        await tx.run(KEEP, tx.merchant, appid, ready.picture, made.media_id, began + LIFE - MARGIN)
    return Ready(ready.msgtype, {**ready.content, ready.field: made.media_id}, ready.shown)


def jpeg(webp: bytes, width: int) -> bytes:
    """Write a picture as WeChat takes it; slow: call it in a thread."""
    with Image.open(io.BytesIO(webp), formats=("WEBP",)) as opened:
        picture = Image.new("RGB", opened.size, "white")
        picture.paste(opened, mask=opened if opened.mode == "RGBA" else None)
    picture.thumbnail((width, width * 4))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()

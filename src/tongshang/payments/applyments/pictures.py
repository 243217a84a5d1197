"""Pictures of licences and cards: made anew without what cameras add, encrypted, shown to the owner alone."""

import asyncio
import io
import warnings
from datetime import timedelta
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from tongshang.media import blobs
from tongshang.media.encode import FORMATS, MAX_BYTES, MAX_PIXELS, NotAPicture, PictureTooLarge
from tongshang.payments.applyments import drafts, rules
from tongshang.payments.applyments.model import HANDED_BACK, SLOTS, Kept
from tongshang.platform import envelopes
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.machine import IllegalMove
from tongshang.platform.world import World

KEY = "applyment_picture.key_sealed"
COLUMNS = "id, slot, digest, key_sealed, bytes, media_id, media_mchid, media_at"
OF = f"select {COLUMNS} from applyment_picture where merchant_id = $1 and applyment_id = $2 order by added_at, id"
ONE = f"select {COLUMNS} from applyment_picture where merchant_id = $1 and applyment_id = $2 and id = $3"
IN_SLOT = (
    """select count(*)::integer from applyment_picture where merchant_id = $1 and applyment_id = $2 and slot = $3"""
)
ADD = """insert into applyment_picture (merchant_id, id, applyment_id, slot, digest, key_sealed, bytes, added_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)"""
DROP = """delete from applyment_picture where merchant_id = $1 and applyment_id = $2 and id = $3 returning digest"""
TOUCH = """update applyment set forget_at = $3, saved_at = $4
where merchant_id = $1 and id = $2 and forget_at is not null"""
HANDED = """update applyment_picture set media_id = $3, media_mchid = $4, media_at = $5
where merchant_id = $1 and id = $2"""
# Small enough for WeChat, large enough to read the small print of a licence.
SIDES, QUALITIES = (2400, 1800, 1400), (90, 80, 70)
LEAST_SIDE = 300


class TooSmall(Refused):
    """The picture is too small to be read: its shorter side has {side} pixels, {least} are needed."""

    code, status, zh = "applyment.picture_small", 422, "图片太小，看不清：短边只有 {side} 像素，至少需要 {least} 像素。"


class SlotFull(Refused):
    """There is room for {most} here."""

    code, status, zh = "applyment.slot_full", 409, "这里最多上传 {most} 张。"


async def keep(world: World, merchant: UUID, *, applyment: UUID, slot: str, data: bytes) -> UUID:
    """Keep a picture of an application: file first, row second. A single slot's old picture is replaced.

    Raises NotAPicture, PictureTooLarge, TooSmall, SlotFull, IllegalMove (WeChat has the application).
    """
    if slot not in SLOTS:
        raise Invalid(field="slot", problem="unknown")
    made = await asyncio.to_thread(remade, data, rules.at(world.clock.now()).picture_bytes)
    key, closed = envelopes.close(made)
    digest = await blobs.keep(world, merchant, data=closed)
    try:
        async with world.tx(merchant) as tx:
            picture, replaced = await _add(tx, applyment, slot, digest, key, len(made))
    except BaseException:
        await blobs.drop(world, merchant, digest=digest)
        raise
    for old in replaced:
        await blobs.drop(world, merchant, digest=old)
    return picture


async def _add(tx: Tx, applyment: UUID, slot: str, digest: bytes, key: bytes, size: int) -> tuple[UUID, list[bytes]]:
    await _changeable(tx, applyment)
    replaced: list[bytes] = []
    if SLOTS[slot] == 1:
        for one in await of(tx, applyment=applyment):
            if one.slot == slot:
                replaced.append(await tx.value(DROP, tx.merchant, applyment, one.id))
    elif await tx.value(IN_SLOT, tx.merchant, applyment, slot) >= SLOTS[slot]:
        raise SlotFull(most=SLOTS[slot])
    picture = tx.new_id()
    await tx.run(ADD, tx.merchant, picture, applyment, slot, digest, tx.seal(KEY, key), size, tx.now)
    return picture, replaced


async def drop(tx: Tx, *, applyment: UUID, picture: UUID) -> bytes:
    """Take a picture out; give the file to delete once that is committed."""
    await _changeable(tx, applyment)
    digest: bytes | None = await tx.value(DROP, tx.merchant, applyment, picture)
    if digest is None:
        raise NotFound
    return digest


async def of(tx: Tx, *, applyment: UUID) -> list[Kept]:
    """List an application's pictures in the order they came."""
    return await tx.all(Kept, OF, tx.merchant, applyment)


async def read(world: World, merchant: UUID, *, applyment: UUID, picture: UUID) -> bytes:
    """Open a picture (JPEG) of this merchant's application; raises NotFound."""
    async with world.tx(merchant) as tx:
        kept = await tx.one(Kept, ONE, tx.merchant, applyment, picture)
        key = tx.unseal(KEY, kept.key_sealed)
    return await opened(world, merchant, kept=kept, key=key)


async def opened(world: World, merchant: UUID, *, kept: Kept, key: bytes) -> bytes:
    """Decrypt a picture's file."""
    return envelopes.open_file(key, await blobs.read(world, merchant, digest=kept.digest))


async def handed(tx: Tx, *, picture: UUID, media_id: str, mchid: str) -> None:
    """Keep under which name WeChat has a picture."""
    await tx.run(HANDED, tx.merchant, picture, media_id, mchid, tx.now)


def is_at_wechat(kept: Kept, *, mchid: str, younger_than: timedelta, tx: Tx) -> bool:
    """Say whether WeChat still has a picture under the name it gave us."""
    return kept.media_at is not None and kept.media_mchid == mchid and tx.now - kept.media_at < younger_than


async def _changeable(tx: Tx, applyment: UUID) -> None:
    row = await drafts.get(tx, applyment=applyment, locked=True)
    if row.state not in HANDED_BACK:
        raise IllegalMove(move="change", state=str(row.state))
    await tx.run(TOUCH, tx.merchant, applyment, tx.now + rules.at(tx.now).kept_untouched, tx.now)


def remade(data: bytes, limit_bytes: int) -> bytes:
    """Make an uploaded picture anew as a JPEG within WeChat's limit: upright, without place and time of the shot.

    Slow: call it in a thread.
    """
    if len(data) > MAX_BYTES:
        raise PictureTooLarge
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as found:
                if found.width * found.height > MAX_PIXELS:
                    raise PictureTooLarge
                upright = ImageOps.exif_transpose(found).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise NotAPicture from None
    if min(upright.size) < LEAST_SIDE:
        raise TooSmall(side=min(upright.size), least=LEAST_SIDE)
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright)
    for side, quality in zip(SIDES, QUALITIES, strict=True):
        flat.thumbnail((side, side))
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=quality)
        if out.tell() <= limit_bytes:
            return out.getvalue()
    raise PictureTooLarge

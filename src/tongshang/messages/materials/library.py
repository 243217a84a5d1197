"""The library: files kept, listed, described, and deleted here and at WeChat."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.media import blobs, files
from tongshang.messages.materials import looks
from tongshang.messages.materials.limits import CAPS, ENDINGS, LIMITS, FileTooLarge, Kind, check
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.errors import WeixinError
from weixin.products.mp import materials

GONE = 40007
FIELDS = """m.id, m.kind, m.name, m.title, m.introduction, m.sha256, m.bytes, m.content_type, m.seconds,
  m.picture_id, m.created_at"""
JOINED = f"""select {FIELDS}, u.media_id, u.url, u.uploaded_at from material m
left join account a on a.merchant_id = m.merchant_id and a.state = 'authorized'
left join media_upload u on u.merchant_id = m.merchant_id and u.material_id = m.id and u.use = 'permanent'
  and u.appid = a.appid"""
ONE = f"{JOINED} where m.merchant_id = $1 and m.id = $2"
LIST = f"""{JOINED} where m.merchant_id = $1 and m.kind = $2 and ($3::uuid is null or m.id < $3)
  and ($4 = '' or m.name ilike '%' || $4 || '%' or m.title ilike '%' || $4 || '%') order by m.id desc limit $5"""
ADD = """insert into material (merchant_id, id, kind, name, title, introduction, sha256, bytes, content_type, seconds,
  picture_id, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (merchant_id, kind, sha256) where sha256 is not null do update set name = material.name returning id"""
DROP = "delete from material where merchant_id = $1 and id = $2"
TALLY = """select count(*) from material m join media_upload u on u.merchant_id = m.merchant_id and u.material_id = m.id
where m.merchant_id = $1 and m.kind = $2 and u.use = 'permanent'"""


@dataclass(frozen=True)
class Material:
    """A material, with what WeChat's library of the present account knows it by."""

    id: UUID
    kind: Kind
    name: str
    title: str
    introduction: str
    sha256: bytes | None
    bytes: int | None
    content_type: str
    seconds: float | None
    picture_id: UUID | None
    created_at: datetime
    media_id: str | None = None
    url: str | None = None
    uploaded_at: datetime | None = None

    @property
    def file_name(self) -> str:
        """Name the file as WeChat wants it: it judges by the ending, too."""
        ending = ENDINGS.get(self.content_type, "bin")
        stem = self.name.rpartition(".")[0] or self.name
        return f"{stem[:60]}.{ending}"


class Used(msgspec.Struct, frozen=True):
    """How many materials of a kind WeChat has, and how many it may have; `asked`: WeChat itself said so."""

    kind: str
    used: int
    most: int
    most_bytes: int
    formats: list[str]
    asked: bool


async def get(tx: Tx, *, material_id: UUID) -> Material:
    """Give a material, or refuse."""
    return await tx.one(Material, ONE, tx.merchant, material_id)


async def listed(
    tx: Tx, *, kind: Kind, q: str = "", after: str | None = None, limit: int | None = None
) -> Page[Material]:
    """List materials of a kind, newest first."""
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    found = await tx.all(Material, LIST, tx.merchant, kind, start, q.strip()[:60], most + 1)
    return page_of(found, most, lambda one: (one.id,))


async def keep(
    world: World, merchant: UUID, *, kind: Kind, data: bytes, name: str, title: str = "", introduction: str = ""
) -> UUID:
    """Keep a file as a material, and give its id; the same file again is the same material.

    Raises WrongFormat, FileTooLarge, VoiceTooLong, EmptyFile, NotAPicture.
    """
    if kind is Kind.VIDEO and not 1 <= len(title.strip()) <= 64:
        raise Invalid(field="title", problem="1-64")
    if len(data) > LIMITS[kind].most_bytes:
        raise FileTooLarge(most_mb=LIMITS[kind].most_bytes // 2**20, errcode=LIMITS[kind].size_code)
    picture = None
    if kind is Kind.IMAGE and data:
        picture = (await files.keep(world, merchant, data=data, name=name)).id
        data = await asyncio.to_thread(looks.cleaned, data)
    content_type, seconds = check(data, kind)
    digest = await blobs.keep(world, merchant, data=data)
    async with world.tx(merchant) as tx:
        made: UUID = await tx.value(
            ADD, merchant, tx.new_id(), kind, _named(name, kind), title.strip(), introduction.strip()[:120], digest,
            len(data), content_type, seconds, picture, tx.now,
        )  # fmt: skip
    return made


async def delete(world: World, merchant: UUID, *, material_id: UUID) -> None:
    """Delete a material at WeChat, then here; one that WeChat no longer has is deleted here. Raises WeixinError."""
    async with world.tx(merchant) as tx:
        material = await get(tx, material_id=material_id)
    if media_id := material.media_id:
        try:
            await calls.ask(
                world, merchant, lambda client, token: materials.delete(client, token=token, media_id=media_id)
            )
        except WeixinError as error:
            if error.errcode != GONE:
                raise
    async with world.tx(merchant) as tx:
        await tx.run(DROP, merchant, material_id)


async def used(world: World, merchant: UUID) -> list[Used]:
    """Count the library against WeChat's limits; our own count where WeChat does not answer."""
    from_wechat: dict[str, int] | None
    try:
        counts = await calls.ask(world, merchant, lambda client, token: materials.counts(client, token=token))
        from_wechat = {Kind.IMAGE: counts.images + counts.news, Kind.VOICE: counts.voices, Kind.VIDEO: counts.videos}
    except (WeixinError, accounts.NoAccount):
        from_wechat = None
    return [await _used(world, merchant, kind, from_wechat) for kind in Kind]


async def _used(world: World, merchant: UUID, kind: Kind, asked: dict[str, int] | None) -> Used:
    if asked is None:
        async with world.tx(merchant) as tx:
            number = int(await tx.value(TALLY, merchant, kind))
    else:
        number = asked[kind]
    limit = LIMITS[kind]
    return Used(kind, number, CAPS[kind], limit.most_bytes, list(limit.formats), asked is not None)


def _named(name: str, kind: Kind) -> str:
    plain = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip()
    return plain[:100] or str(kind)

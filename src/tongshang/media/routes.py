"""Uploading pictures, and serving them for ever."""

import asyncio
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from tongshang.media import files
from tongshang.media.encode import MAX_BYTES, PictureTooLarge, jpeg
from tongshang.media.pictures import Picture
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy.access import Staff

FOREVER = {"cache-control": "public, max-age=31536000, immutable", "content-security-policy": "default-src 'none'"}
Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]


@post("/media", operation_id="upload_picture")
async def upload_picture(who: Staff, data: Upload) -> Picture:
    """Upload a picture as the part `file`; at most 10 MB and 40 megapixels."""
    upload = data.get("file")
    if upload is None:
        raise Invalid(field="file", problem="required")
    body = await upload.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise PictureTooLarge
    picture = await files.keep(who.world, who.merchant, data=body, name=upload.filename or "")
    async with who.tx():
        pass  # the audit's line
    return picture


@get("/media/{merchant:str}/{picture:str}/{name:str}", operation_id="get_picture", include_in_schema=False)
async def get_picture(request: AnyRequest, merchant: str, picture: str, name: str) -> Response[bytes]:
    """Serve a picture, as WebP or as JPEG; its address is its content, so it never goes stale."""
    size, _, kind = name.partition(".")
    try:
        ids, width = (UUID(merchant), UUID(picture)), int(size)
    except ValueError:
        raise NotFound from None
    if kind not in ("webp", "jpg"):
        raise NotFound
    body = await files.read(world_of(request), *ids, width)
    if kind == "jpg":
        return Response(await asyncio.to_thread(jpeg, body), media_type="image/jpeg", headers=FOREVER)
    return Response(body, media_type="image/webp", headers=FOREVER)


console = [upload_picture]
public = [get_picture]

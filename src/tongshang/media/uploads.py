"""Pictures as they are sent: the part `file` of a form, of a size we take, and no flood of them from one customer."""

from typing import Annotated
from uuid import UUID

from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from tongshang.media import files
from tongshang.media.encode import MAX_BYTES, PictureTooLarge
from tongshang.media.pictures import Picture
from tongshang.platform.errors import Invalid
from tongshang.platform.world import World
from tongshang.tenancy import throttle

Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]
MOST_OF_CUSTOMER = 60
"""How many a customer may send within a quarter of an hour; six reviews with nine pictures each still pass."""


async def sent(data: dict[str, UploadFile]) -> tuple[bytes, str]:
    """Read what was sent, and its name; raises Invalid without a file, PictureTooLarge."""
    upload = data.get("file")
    if upload is None:
        raise Invalid(field="file", problem="required")
    body = await upload.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise PictureTooLarge
    return body, upload.filename or ""


async def keep_of_customer(
    world: World, merchant: UUID, *, fan: UUID, data: dict[str, UploadFile], name: str
) -> Picture:
    """Keep what a customer sent along; counted before it is looked at, for looking is what costs. Raises TooMany."""
    body, _ = await sent(data)
    await throttle.count(world, {f"pictures:{merchant}:{fan}": MOST_OF_CUSTOMER})
    return await files.keep(world, merchant, data=body, name=name)

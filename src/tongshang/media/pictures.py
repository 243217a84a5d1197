"""Pictures as readers see them: an address, a size, and the widths it can be had in."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx

WIDTHS = (320, 750, 1500)
FIND = "select id, width, height from media_file where merchant_id = $1 and id = any($2)"


class Picture(msgspec.Struct, frozen=True):
    """A picture; the width in `url` may be replaced by any of `widths`."""

    id: UUID
    url: str
    width: int
    height: int
    widths: list[int]


class _Size(msgspec.Struct, frozen=True):
    id: UUID
    width: int
    height: int


def address(merchant: UUID, picture: UUID, width: int) -> str:
    """Say where a picture is served; the address never changes, nor does what is behind it."""
    return f"/media/{merchant.hex}/{picture.hex}/{width}.webp"


async def find(tx: Tx, ids: Iterable[UUID | None]) -> dict[UUID, Picture]:
    """Look pictures up; unknown ones are left out. What was found is kept: pictures never change."""
    known: dict[tuple[UUID, UUID], Picture] = tx.world.shelf.setdefault("pictures", {})
    wanted = {one for one in ids if one is not None}
    if missing := [one for one in wanted if (tx.merchant, one) not in known]:
        if len(known) > 20_000:
            known.clear()
        for size in await tx.all(_Size, FIND, tx.merchant, missing):
            known[tx.merchant, size.id] = Picture(
                size.id, address(tx.merchant, size.id, 750), size.width, size.height, list(WIDTHS)
            )
    return {one: known[tx.merchant, one] for one in wanted if (tx.merchant, one) in known}

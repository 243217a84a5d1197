"""Where pictures are used: each context that shows pictures answers for itself, through a seam."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.world import Seam


class Use(msgspec.Struct, frozen=True):
    """One place that shows a picture: what kind of place, which one, and how people call it."""

    picture_id: UUID
    kind: str
    id: UUID | None
    title: str


class Uses(Protocol):
    """Somebody who shows pictures."""

    async def __call__(self, tx: Tx, wanted: Sequence[UUID]) -> list[Use]:
        """Say where these pictures are shown."""
        ...


USES: Seam[Uses] = Seam("picture uses")


async def of(tx: Tx, *, wanted: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Say where each of these pictures is shown."""
    found: dict[UUID, list[Use]] = {}
    for source in tx.world.at(USES):
        for use in await source(tx, wanted):
            found.setdefault(use.picture_id, []).append(use)
    return found

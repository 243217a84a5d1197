"""Reading the shelf fast: ready-made answers, kept per process, each as fresh as the row that counts its changes.

One indexed read says which version a product, or the lists, are at; an answer made at that version is given as it
is. A change bumps the version in its own transaction, so every process sees it at its next read.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from tongshang.platform.ids import NIL
from tongshang.platform.world import World

VERSION = "select version from shelf_version where merchant_id = $1 and subject_id = $2"
MOST = 5_000


async def read(
    world: World, merchant: UUID, *, subject: UUID = NIL, key: str = "", make: Callable[[], Awaitable[Any]]
) -> bytes:
    """Give the JSON of what `make` returns, made anew only when the subject has changed since.

    The version is read before the data is: what is kept is never newer than it says, so a change is never missed.
    """
    kept: OrderedDict[tuple[UUID, UUID, str], tuple[int, bytes]] = world.shelf.setdefault("shelf", OrderedDict())
    version = await world.database.app.fetchval(VERSION, merchant, subject) or 0
    place = (merchant, subject, key)
    known = kept.get(place)
    if known is not None and known[0] == version:
        kept.move_to_end(place)
        return known[1]
    body = msgspec.json.encode(await make())
    kept[place] = (version, body)
    while len(kept) > MOST:
        kept.popitem(last=False)
    return body

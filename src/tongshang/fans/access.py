"""Who is shopping: the principal of store routes.

A route that may be used by anybody says so in its `opt`: `{"anonymous": True}`; then `who.fan_id` may be None.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

import structlog

from tongshang.fans import sessions
from tongshang.platform.db import Tx
from tongshang.platform.errors import Unauthenticated
from tongshang.platform.web import AnyRequest, world_of
from tongshang.platform.world import World
from tongshang.tenancy import merchants


@dataclass(frozen=True, slots=True)
class Shopper:
    """A visitor of one shop; `fan_id` is who it is, once logged in."""

    world: World
    merchant: UUID
    shop: str
    fan_id: UUID | None
    token: str | None

    @property
    def fan(self) -> UUID:
        """Give who it is, or refuse a visitor who has not logged in."""
        if self.fan_id is None:
            raise Unauthenticated
        return self.fan_id

    def tx(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction of the shop's merchant."""
        return self.world.tx(self.merchant)


async def shopper_of(request: AnyRequest) -> Shopper:
    """Find out which shop and who; a store route without `anonymous` is for people who have logged in."""
    world = world_of(request)
    shop = str(request.path_params["shop"])
    merchant = await merchants.by_slug(world, shop)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" and token.strip() else None
    fan_id = await sessions.resolve(world, merchant, bearer) if bearer else None
    if fan_id is None and not request.route_handler.opt.get("anonymous"):
        raise Unauthenticated
    structlog.contextvars.bind_contextvars(merchant=str(merchant), fan=str(fan_id or ""))
    return Shopper(world, merchant, shop, fan_id, bearer)

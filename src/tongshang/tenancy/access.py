"""Who is asking: the staff principal of console routes, and the doors it opens.

A route says who may use it in its `opt`: `{"role": Role.CLERK}` (that rank or above), `{"provider": True}`, or
nothing (any member of staff). Writes need our own header and our own Origin, so another site cannot make them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from tongshang.platform.db import Tx
from tongshang.platform.errors import Forbidden, Refused
from tongshang.platform.ids import NIL
from tongshang.platform.web import AnyRequest, client_ip, world_of
from tongshang.platform.world import World
from tongshang.tenancy import audit, sessions
from tongshang.tenancy.model import RANK, Role

COOKIE = "ts_staff"
SAFE = ("GET", "HEAD", "OPTIONS")


class ForeignOrigin(Refused):
    """This request did not come from the console."""

    code, status, zh = "csrf.refused", 403, "请求来源不正确，请刷新页面后重试。"


class TotpRequired(Refused):
    """Set up your authenticator app first."""

    code, status, zh = "totp.required", 403, "请先绑定动态验证码（两步验证）。"


@dataclass(frozen=True)
class Staff:
    """A member of staff in the middle of a request."""

    world: World
    merchant: UUID
    id: UUID
    name: str
    login: str
    role: Role
    session: UUID
    has_totp: bool
    action: str
    target: dict[str, Any]
    writes: bool
    request_id: str
    ip: str

    @property
    def provider(self) -> bool:
        """Say whether this is the provider's staff."""
        return self.merchant == NIL

    def may(self, role: Role) -> bool:
        """Say whether this member has the rank of `role`, or more."""
        return RANK[self.role] >= RANK[role]

    @asynccontextmanager
    async def tx(self, merchant: UUID | None = None) -> AsyncIterator[Tx]:
        """Open a transaction of one's own merchant; a write is audited in it. Another merchant: provider only."""
        if merchant not in (None, self.merchant) and not self.provider:
            raise Forbidden
        async with self.world.tx(merchant or self.merchant) as tx:
            yield tx
            await self._audit(tx)

    @asynccontextmanager
    async def system_tx(self) -> AsyncIterator[Tx]:
        """Open a transaction across merchants: the provider's alone, audited under the nil merchant."""
        if not self.provider:
            raise Forbidden
        async with self.world.system_tx() as tx:
            yield tx
            await self._audit(tx)

    async def _audit(self, tx: Tx) -> None:
        if self.writes:
            await audit.record(
                tx,
                staff_id=self.id,
                staff_name=self.name,
                action=self.action,
                target=self.target,
                request=self.request_id,
                ip=self.ip,
            )


async def staff_of(request: AnyRequest) -> Staff:
    """Find out who is asking, and whether the route is for him; refuses otherwise."""
    world = world_of(request)
    writes = request.method not in SAFE
    if writes:
        check_origin(request)
    merchant, found = await sessions.resolve(world, request.cookies.get(COOKIE, ""))
    opt = request.route_handler.opt
    who = Staff(
        world=world,
        merchant=merchant,
        id=found.id,
        name=found.name,
        login=found.login,
        role=found.role,
        session=found.session_id,
        has_totp=found.has_totp,
        action=str(getattr(request.route_handler, "operation_id", None) or request.route_handler.handler_name),
        target={name: str(value) for name, value in request.path_params.items()},
        writes=writes,
        request_id=request_id(),
        ip=client_ip(request, world.settings.trusted_proxies),
    )
    _check_role(who, opt)
    structlog.contextvars.bind_contextvars(merchant=str(merchant), staff=str(found.id))
    return who


def request_id() -> str:
    """Give the id under which the request at hand is logged."""
    return str(structlog.contextvars.get_contextvars().get("request", ""))


def _check_role(who: Staff, opt: Any) -> None:
    if opt.get("anyone"):
        return
    if bool(opt.get("provider")) != who.provider:
        raise Forbidden
    if who.provider and not who.has_totp:
        raise TotpRequired
    if not who.provider and not who.may(opt.get("role", Role.CLERK)):
        raise Forbidden


def check_origin(request: AnyRequest) -> None:
    """Refuse a write that another site could have made a browser send."""
    if request.headers.get("x-requested-with") != "tongshang":
        raise ForeignOrigin
    origin = request.headers.get("origin")
    own = {urlsplit(world_of(request).settings.console_url).netloc, request.headers.get("host", "")}
    if origin is not None and urlsplit(origin).netloc not in own:
        raise ForeignOrigin

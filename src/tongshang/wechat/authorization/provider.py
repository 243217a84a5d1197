"""The provider's page about third-party platforms: their keys, addresses, accounts, notices and release tests."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import get, post, put

from tongshang.platform.ids import NIL
from tongshang.tenancy.access import Staff
from tongshang.wechat import components
from tongshang.wechat.authorization import listing, notices, release

PROVIDER = {"provider": True}
COUNT = "select component_appid as appid, count(*) as authorized from account_directory where active group by 1"


class ComponentAsked(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of the third-party platform, as open.weixin.qq.com shows them; `name` is our own for it."""

    appid: str
    secret: str
    token: str
    aes_key: str
    name: str = ""


class ComponentView(msgspec.Struct):
    """A component with the addresses to enter at WeChat."""

    appid: str
    name: str
    chosen: bool
    ticket_at: datetime | None
    ticket_asked_at: datetime | None
    ticket_ok: bool
    event_url: str
    message_url: str
    launch_domain: str
    authorized: int


class HistoryView(msgspec.Struct):
    """What WeChat told a component, and how its release tests went."""

    notices: list[notices.Notice]
    release_test: list[release.Answer]


class Authorized(msgspec.Struct):
    """How many accounts authorized a component."""

    appid: str | None
    authorized: int


@get("/provider/components", operation_id="list_components", opt=PROVIDER)
async def list_components(who: Staff) -> list[ComponentView]:
    """List the third-party platforms, the one in use first, with the addresses WeChat must be told."""
    return await _components(who)


@put("/provider/component", operation_id="put_component", opt=PROVIDER)
async def put_component(who: Staff, data: ComponentAsked) -> list[ComponentView]:
    """Add a third-party platform, or change its keys; the secrets are never shown again."""
    async with who.tx(NIL) as tx:
        await components.configure(
            tx, appid=data.appid, secret=data.secret, token=data.token, aes_key=data.aes_key, name=data.name
        )
    return await _components(who)


@put("/provider/components/{component:str}/choice", operation_id="choose_component", opt=PROVIDER)
async def choose_component(who: Staff, component: str) -> list[ComponentView]:
    """Ask for new authorizations under this platform from now on."""
    async with who.tx(NIL) as tx:
        await components.choose(tx, appid=component)
    return await _components(who)


@post("/provider/component/ticket-request", operation_id="provider_request_ticket", opt=PROVIDER, status_code=202)
async def provider_request_ticket(who: Staff, component: str | None = None) -> None:
    """Ask WeChat for a platform's ticket when it does not come; by default of the one in use."""
    async with who.tx(NIL):
        pass
    await components.request_ticket(who.world, appid=component)


@get("/provider/components/{component:str}/history", operation_id="get_component_history", opt=PROVIDER)
async def get_component_history(who: Staff, component: str) -> HistoryView:
    """Show a platform's registrations and other notices, and its release tests."""
    await components.of_appid(who.world, component)
    async with who.tx(NIL) as tx:
        told = await notices.latest(tx, component=component)
        return HistoryView(told, await release.latest(tx, component=component))


@get("/provider/components/{component:str}/accounts", operation_id="list_component_accounts", opt=PROVIDER)
async def list_component_accounts(who: Staff, component: str) -> listing.Listing:
    """Ask WeChat which accounts authorized a platform, and whose they are here."""
    return await listing.compare(who.world, component)


async def _components(who: Staff) -> list[ComponentView]:
    async with who.system_tx() as tx:
        counts = {row.appid: row.authorized for row in await tx.all(Authorized, COUNT)}
    base = who.world.settings.public_url
    return [
        ComponentView(
            status.appid,
            status.name,
            status.chosen,
            status.ticket_at,
            status.ticket_asked_at,
            status.ticket_ok,
            f"{base}/wechat/component/{status.appid}/ticket",
            f"{base}/wechat/component/{status.appid}/messages/$APPID$",
            urlsplit(base).hostname or "",
            counts.get(status.appid, 0),
        )
        for status in await components.statuses(who.world)
    ]


console: list[Any] = [list_components, put_component, choose_component, provider_request_ticket,
                      get_component_history, list_component_accounts]  # fmt: skip

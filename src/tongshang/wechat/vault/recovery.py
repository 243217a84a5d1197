"""The recovery drill: refresh tokens that were lost are read back from WeChat's own list of a component's accounts.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/Account_Authorization/api_get_authorizer_list.html
(2026-11). A dry run says what would be done. Nothing is overwritten: what is found is put in front of what was there.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import structlog

from tongshang.platform.world import World
from tongshang.wechat import accounts, clients, components
from tongshang.wechat.vault import refresh_tokens, tokens
from weixin.products import open as platform
from weixin.products.open import Listed

PAGE = 500
SHOWN = 200
OURS = """select appid, merchant_id from account_directory
where component_appid = $1 and active and appid > $2 order by appid limit $3"""
log = structlog.get_logger("recovery")


class Found(msgspec.Struct, frozen=True):
    """An account that is not as it should be: `recovered` (its token was lost or old), `nobodys` (no merchant here has
    it), `gone` (WeChat no longer lists it)."""

    appid: str
    merchant_id: UUID | None
    outcome: str


class Report(msgspec.Struct):
    """What a drill found, and unless it was dry, mended."""

    component: str
    dry_run: bool
    listed: int = 0
    kept: int = 0
    recovered: int = 0
    nobodys: int = 0
    gone: int = 0
    # The first of those that were not simply kept.
    items: list[Found] = []


async def recover(world: World, *, component: str, dry_run: bool) -> Report:
    """Compare every refresh token of a component with WeChat's list, and take over what differs.

    Raises UnknownComponent, NoTicket, WeixinError.
    """
    await components.of_appid(world, component)
    report = Report(component, dry_run, items=[])
    seen: set[str] = set()
    async for page in _listed(world, component):
        async with world.system_tx() as tx:
            owners = await accounts.owners(tx, appids=[one.appid for one in page])
        for one in page:
            seen.add(one.appid)
            outcome = await _mend(world, owners.get(one.appid), one, dry_run=dry_run)
            _count(report, Found(one.appid, owners.get(one.appid), outcome))
    report.listed = len(seen)
    async for ours in _ours(world, component):
        if ours.appid not in seen:
            _count(report, Found(ours.appid, ours.merchant_id, "gone"))
    log.info("recovery.done", component=component, dry_run=dry_run, listed=report.listed, recovered=report.recovered)
    return report


def _count(report: Report, found: Found) -> None:
    setattr(report, found.outcome, getattr(report, found.outcome) + 1)
    if found.outcome != "kept" and len(report.items) < SHOWN:
        report.items.append(found)


async def _mend(world: World, owner: UUID | None, listed: Listed, *, dry_run: bool) -> str:
    if owner is None:
        return "nobodys"
    async with world.tx(owner) as tx:
        if await refresh_tokens.current(tx, appid=listed.appid) == listed.refresh_token:
            return "kept"
        if not dry_run:
            await refresh_tokens.keep(tx, appid=listed.appid, token=listed.refresh_token, source="recovery")
    return "recovered"


async def _listed(world: World, component: str) -> AsyncIterator[list[Listed]]:
    """Read WeChat's list page by page, in flat memory."""
    client = clients.client(world, appid=component)
    offset = 0
    while True:
        total, page = await tokens.healed(
            lambda token, at=offset: platform.authorizer_list(  # type: ignore[misc]
                client, component=component, component_token=token.value, offset=at, count=PAGE
            ),
            lambda rejected: tokens.of_component(world, component, rejected=rejected),
        )
        if page:
            yield page
        offset += len(page)
        if not page or offset >= total:
            return


class Ours(msgspec.Struct, frozen=True):
    """An account of ours."""

    appid: str
    merchant_id: UUID


async def _ours(world: World, component: str) -> AsyncIterator[Ours]:
    last = ""
    while True:
        async with world.system_tx() as tx:
            page = await tx.all(Ours, OURS, component, last, PAGE)
        for one in page:
            yield one
        if len(page) < PAGE:
            return
        last = page[-1].appid

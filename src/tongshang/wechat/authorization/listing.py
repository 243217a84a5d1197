"""WeChat's own list of a component's accounts, compared with ours: who is missing on either side."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from tongshang.platform.world import World
from tongshang.wechat import clients, components
from tongshang.wechat.vault import tokens
from weixin.products import open as platform
from weixin.products.open import Listed

PAGE = 500
MOST = 20_000
OURS = """select d.appid, d.merchant_id from account_directory d where d.component_appid = $1 and d.active
order by d.appid limit $2"""


class Line(msgspec.Struct):
    """An account that authorized the component, whose it is here, and whether both sides know."""

    appid: str
    merchant_id: UUID | None
    authorized_at: datetime | None
    # both, only_wechat (nobody here claimed it), only_here (it withdrew and we did not hear)
    known: str


class Listing(msgspec.Struct):
    """The comparison, differences first."""

    total: int
    items: list[Line]


class Ours(msgspec.Struct):
    """An account of ours."""

    appid: str
    merchant_id: UUID


async def compare(world: World, component: str) -> Listing:
    """Read every page of WeChat's list and compare it with the directory; raises UnknownComponent, WeixinError."""
    await components.of_appid(world, component)
    theirs: dict[str, Listed] = {}
    while len(theirs) < MOST:
        total, page = await _page(world, component, len(theirs))
        theirs |= {one.appid: one for one in page}
        if not page or len(theirs) >= total:
            break
    async with world.system_tx() as tx:
        ours = {one.appid: one.merchant_id for one in await tx.all(Ours, OURS, component, MOST)}
    lines = [_line(appid, theirs.get(appid), ours.get(appid)) for appid in sorted(theirs.keys() | ours.keys())]
    lines.sort(key=lambda line: line.known == "both")
    return Listing(len(lines), lines[:PAGE])


async def _page(world: World, component: str, offset: int) -> tuple[int, list[Listed]]:
    client = clients.client(world, appid=component)
    return await tokens.healed(
        lambda token: platform.authorizer_list(
            client, component=component, component_token=token.value, offset=offset, count=PAGE
        ),
        lambda rejected: tokens.of_component(world, component, rejected=rejected),
    )


def _line(appid: str, theirs: Listed | None, owner: UUID | None) -> Line:
    known = "both" if theirs and owner else "only_wechat" if theirs else "only_here"
    return Line(appid, owner, datetime.fromtimestamp(theirs.auth_time, UTC) if theirs else None, known)

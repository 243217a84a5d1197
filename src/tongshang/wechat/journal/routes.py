"""The console's pages of the journal: the merchant's own, and the provider's of what belongs to nobody else."""

from datetime import datetime
from typing import Annotated

from litestar import get, post
from litestar.di import Provide
from litestar.params import Parameter

from tongshang.platform.ids import NIL
from tongshang.platform.paging import Page, limit_of
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat.journal import outgoing, replay, search
from tongshang.wechat.journal.search import Asked, Line, Whole

MANAGER = {"role": Role.MANAGER}
PROVIDER = {"provider": True}


def wanted(
    direction: str = "",
    appid: str = "",
    openid: str = "",
    errcode: int | None = None,
    rid: str = "",
    name: str = "",
    shown: Annotated[str, Parameter(query="state")] = "",
    trouble: bool = False,
    slow: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Asked:
    """Read what is looked for; refuses what can find nothing."""
    asked = Asked(
        direction=direction, appid=appid, openid=openid, errcode=errcode, rid=rid, name=name, state=shown,
        trouble=trouble, slow=slow, since=since, until=until,
    )  # fmt: skip
    search.check(asked)
    return asked


SEARCH = {"asked": Provide(wanted, sync_to_thread=False)}


@get("/wechat/journal", operation_id="list_wechat_journal", opt=MANAGER, dependencies=SEARCH)
async def list_journal(who: Staff, asked: Asked, after: str | None = None, limit: int | None = None) -> Page[Line]:
    """Search what passed between WeChat and the merchant's account, newest first."""
    await outgoing.flushed(who.world)
    async with who.tx() as tx:
        return await search.find(tx, asked, after=after, limit=limit_of(limit, default=50))


@get("/wechat/journal/{key:str}", operation_id="get_wechat_journal_line", opt=MANAGER)
async def get_line(who: Staff, key: str) -> Whole:
    """Show one line with its masked bodies, and whether it can be replayed."""
    async with who.tx() as tx:
        return await replay.whole(tx, key=key)


@post("/wechat/journal/{key:str}/replay", operation_id="replay_wechat_journal_line", opt=MANAGER, status_code=200)
async def replay_line(who: Staff, key: str) -> replay.Outcome:
    """Apply a push whose reading failed, or repeat a call that is safe to repeat."""
    async with who.tx() as tx:
        await search.one(tx, key=key)
    return await replay.replay(who.world, who.merchant, key=key)


@get("/provider/journal", operation_id="list_provider_journal", opt=PROVIDER, dependencies=SEARCH)
async def list_provider_journal(
    who: Staff, asked: Asked, after: str | None = None, limit: int | None = None
) -> Page[Line]:
    """Search what came for nobody here, and the platforms' own events and calls."""
    await outgoing.flushed(who.world)
    async with who.tx(NIL) as tx:
        return await search.find(tx, asked, after=after, limit=limit_of(limit, default=50))


@get("/provider/journal/{key:str}", operation_id="get_provider_journal_line", opt=PROVIDER)
async def get_provider_line(who: Staff, key: str) -> Whole:
    """Show one line with its masked bodies, and whether it can be replayed."""
    async with who.tx(NIL) as tx:
        return await replay.whole(tx, key=key)


@post("/provider/journal/{key:str}/replay", operation_id="replay_provider_journal_line", opt=PROVIDER, status_code=200)
async def replay_provider_line(who: Staff, key: str) -> replay.Outcome:
    """Give a push that was nobody's to the merchant who has its account now."""
    async with who.tx(NIL) as tx:
        await search.one(tx, key=key)
    return await replay.replay(who.world, NIL, key=key)


console = [list_journal, get_line, replay_line, list_provider_journal, get_provider_line, replay_provider_line]

"""The console's card of quotas: today's use, looking one up at WeChat, clearing them all, and a request by its rid."""

import msgspec
from litestar import delete, get, post

from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat.limits import quota

MANAGER = {"role": Role.MANAGER}


class Api(msgspec.Struct, forbid_unknown_fields=True):
    """Which API to look up."""

    api: str


@get("/wechat/quotas", operation_id="get_quotas", opt=MANAGER)
async def get_quotas(who: Staff) -> quota.UsageView:
    """Show what the account has called today, and its limits."""
    return await quota.today(who.world, who.merchant)


@post("/wechat/quotas/look", operation_id="look_quota_up", opt=MANAGER, status_code=200)
async def look_quota_up(who: Staff, data: Api) -> quota.UsageView:
    """Ask WeChat what it allows and counts of one API, and go by that."""
    async with who.tx():
        pass
    await quota.learn(who.world, who.merchant, api=data.api)
    return await quota.today(who.world, who.merchant)


@delete("/wechat/quotas", operation_id="clear_quotas", opt=MANAGER, status_code=200)
async def clear_quotas(who: Staff, api: str = "") -> quota.UsageView:
    """Have WeChat count one API, or all of them, from zero again; ten times a month."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    await quota.clear(who.world, who.merchant, api=api)
    return await quota.today(who.world, who.merchant)


@get("/wechat/requests/{rid:str}", operation_id="get_wechat_request", opt=MANAGER)
async def get_request(who: Staff, rid: str) -> quota.RequestView:
    """Show what WeChat remembers of a request."""
    async with who.tx():
        pass
    return await quota.request(who.world, who.merchant, rid=rid)


console = [get_quotas, look_quota_up, clear_quotas, get_request]

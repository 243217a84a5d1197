"""The console's pages of the vault: an account's health, alarms, and the provider's recovery drill."""

from datetime import datetime

import msgspec
from litestar import get, post

from tongshang.platform.ids import NIL
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts
from tongshang.wechat.journal import outgoing
from tongshang.wechat.vault import alarms, health, news, recovery

MANAGER = {"role": Role.MANAGER}
PROVIDER = {"provider": True}
SAID = (
    "微信第三方平台 {appid} 已超过 15 分钟没有推送验证票据，凭证最多还能维持 12 小时，请服务商检查回调地址。",
    "WeChat has pushed no ticket for the platform {appid} for 15 minutes; tokens last 12 hours at most. The provider "
    "should check the callback address.",
)


class Alarm(msgspec.Struct):
    """Something a person should look at, with its sentences."""

    kind: str
    appid: str
    since: datetime
    zh: str
    en: str


@get("/wechat/alarms", operation_id="list_wechat_alarms", opt=MANAGER)
async def list_alarms(who: Staff) -> list[Alarm]:
    """List what is wrong with the platform's connection to WeChat just now, or with the merchant's own account."""
    found = [
        Alarm("ticket_silent", one.appid, one.since, *(said.format(appid=one.appid) for said in SAID))
        for one in await alarms.silent(who.world)
    ]
    if who.provider:
        return found
    async with who.tx() as tx:
        account = await accounts.latest(tx)
        said = await news.alarming(tx, appid=account.appid) if account else None
    return [*found, Alarm(said.event, account.appid, said.at, said.zh, said.en)] if account and said else found


@get("/wechat/health", operation_id="get_wechat_health", opt=MANAGER)
async def get_health(who: Staff) -> health.HealthView | None:
    """Show how the merchant's account is connected: tokens, history, last exchanges, errors."""
    await outgoing.flushed(who.world)
    async with who.tx() as tx:
        account = await accounts.latest(tx)
        return await health.of_account(tx, account) if account else None


@post("/provider/components/{component:str}/recovery", operation_id="recover_tokens", opt=PROVIDER, status_code=200)
async def recover_tokens(who: Staff, component: str, dry_run: bool = True) -> recovery.Report:
    """Rebuild lost refresh tokens from WeChat's list; a dry run only reports."""
    async with who.tx(NIL):
        pass  # audited before anything is asked of WeChat
    return await recovery.recover(who.world, component=component, dry_run=dry_run)


console = [list_alarms, get_health, recover_tokens]

"""Speaking to WeChat for a merchant: the account's token is found, and healed once when WeChat refuses it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat import accounts, clients
from tongshang.wechat.authorization import doubts
from tongshang.wechat.limits import usage
from tongshang.wechat.limits.usage import Throttled
from tongshang.wechat.vault import tokens
from tongshang.wechat.vault.store import Kept
from weixin.client import Client, Params
from weixin.errors import BadMessage, WeixinError
from weixin.products.mp import quota

T = TypeVar("T")


async def ask(at: World | Job, merchant: UUID, call: Callable[[Client, str], Awaitable[T]]) -> T:
    """Make any call of `weixin.products.mp`: `call(client, token)`; it may be asked twice, with two tokens.

    Raises NoAccount, WeixinError by errcode, Unreachable when it is worth repeating. A call outside what the account
    granted is not made: 61007, with NotGranted as its cause.
    """
    world = at.world if isinstance(at, Job) else at
    async with world.hot_tx(merchant) as tx:
        account = await accounts.current(tx)
        token = await tokens.at_hand(tx, account=account)
    client = clients.of_account(world, merchant, account)

    async def take(rejected: int | None) -> Kept:
        if rejected is None and token is not None:
            return token
        return await tokens.of_account(world, merchant, account, rejected=rejected)

    try:
        return await tokens.healed(lambda taken: call(client, taken.value), take)
    except Throttled as full:
        if not (full.ours and await _allows_more(world, merchant, account.appid, full.api)):
            raise
    except WeixinError as error:
        await doubts.raise_doubt(world, merchant, account.appid, error)
        raise
    return await tokens.healed(lambda taken: call(client, taken.value), take)


async def _allows_more(world: World, merchant: UUID, appid: str, api: str) -> bool:
    """Ask WeChat, once a day, whether it allows more of an API than we know: its numbers grow with the account.

    Raises Throttled, for seconds, while somebody else is asking.
    """
    async with world.hot_tx(merchant) as tx:
        if not await usage.may_ask(tx, appid=appid, api=api):
            raise Throttled(45011, api=api, retry_at=tx.now + usage.ASKING, now=tx.now)
    try:
        found = await ask(world, merchant, lambda client, token: quota.get(client, token=token, path=api))
    except (WeixinError, BadMessage):
        return False  # there is nothing to be known: what we counted holds
    async with world.hot_tx(merchant) as tx:
        await usage.learn(tx, appid=appid, api=api, daily_limit=found.daily_limit, used=found.used)
    return found.daily_limit > found.used


async def post(at: World | Job, merchant: UUID, path: str, json: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Post JSON for the merchant's account; raises as `ask`."""
    return await ask(at, merchant, lambda client, token: client.post(path, json, token=token))


async def get(at: World | Job, merchant: UUID, path: str, params: Params | None = None) -> dict[str, Any]:
    """Read for the merchant's account; raises as `ask`."""
    return await ask(at, merchant, lambda client, token: client.get(path, token=token, params=params))

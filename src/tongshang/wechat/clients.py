"""Lines to WeChat: every call over one is kept in the journal of the merchant it is made for, and metered."""

from dataclasses import dataclass
from uuid import UUID

from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.wechat.authorization import permissions
from tongshang.wechat.journal import outgoing
from tongshang.wechat.limits import usage
from tongshang.wechat.model import Account
from weixin.client import Client, Exchange


def client(world: World, merchant: UUID = NIL, appid: str = "") -> Client:
    """Give a line for an account of a merchant, or for the platform's own component (nil merchant)."""
    return Client(world.transport, world.settings.wx.api, Line(world, merchant, appid))


def of_account(world: World, merchant: UUID, account: Account) -> Client:
    """Give a line on which nothing is asked that the account did not grant."""
    return Client(world.transport, world.settings.wx.api, Line(world, merchant, account.appid, account))


@dataclass(frozen=True, slots=True)
class Line:
    """Whose line it is."""

    world: World
    merchant: UUID
    appid: str
    account: Account | None = None

    async def before(self, method: str, path: str) -> None:
        """Count the call; raises Throttled when WeChat would refuse it for its number, 61007 for want of a grant."""
        if self.account is not None:
            permissions.allow(self.account, path)
        await usage.spend(self.world, self.merchant, appid=self.appid, api=path)

    async def after(self, exchange: Exchange) -> None:
        """Keep the call; what WeChat said of its number holds for every later one."""
        outgoing.keeper(self.world).note(self.merchant, self.appid, exchange)
        if exchange.error is not None:
            await usage.heard(self.world, self.merchant, appid=self.appid, api=exchange.path, error=exchange.error)

"""Web OAuth of a merchant's account: the page a person is sent to, and what the code they bring back says.

https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html (2026-11), and
through the platform (component_appid last, its token with the exchange).
"""

from uuid import UUID

from tongshang.platform.addresses import store_base
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts, clients
from tongshang.wechat.authorization import doubts, permissions
from tongshang.wechat.authorization.sets import FEATURES
from tongshang.wechat.model import Account, Mode
from tongshang.wechat.vault import tokens
from weixin.client import Client
from weixin.errors import WeixinError
from weixin.products import mp
from weixin.products.mp import PROFILE_SCOPE, Profile, WebSession


class NoLogin(Refused):
    """The shop's WeChat log-in is not set up yet: its account has not granted the permission. Please tell the shop."""

    code, status, zh = "wechat.no_login", 409, "本店的微信登录尚未开通（公众号未授予“网页服务”权限），请联系商家。"


async def page(world: World, merchant: UUID, *, state: str, scope: str) -> str:
    """Make the address of WeChat's page; it leads back to /wechat/oauth/callback with a code and our state.

    Raises NoAccount, NoLogin.
    """
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
    if permissions.lacks(account, FEATURES["web"]):
        await doubts.raise_doubt(world, merchant, account.appid, WeixinError(permissions.UNGRANTED, "no web service"))
        raise NoLogin
    return mp.oauth_url(
        world.settings.wx.open,
        appid=account.appid,
        redirect_uri=f"{store_base(world.settings, account.appid)}/wechat/oauth/callback",
        state=state,
        scope=scope,
        component=account.component_appid,
    )


async def visitor(world: World, merchant: UUID, *, code: str, scope: str) -> tuple[str, WebSession, Profile | None]:
    """Exchange a code: the account's AppID, who it is, and the profile if the person agreed to show it.

    Raises WeixinError (40029 never issued, 40163 used), Unreachable.
    """
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
        secret = await accounts.own_secret(tx, appid=account.appid) if account.mode is Mode.OWN else None
    client = clients.client(world, merchant, account.appid)
    if secret is not None:
        session = await mp.oauth_token(client, appid=account.appid, secret=secret, code=code)
    else:
        session = await _through_component(world, client, account, code)
    wanted = scope == PROFILE_SCOPE and not session.is_snapshot
    token = session.access_token.value
    profile = await mp.userinfo(client, web_token=token, openid=session.openid) if wanted else None
    return account.appid, session, profile


async def _through_component(world: World, client: Client, account: Account, code: str) -> WebSession:
    component = account.component_appid or ""
    return await tokens.healed(
        lambda token: mp.component_oauth_token(
            client, appid=account.appid, code=code, component=component, component_token=token.value
        ),
        lambda rejected: tokens.of_component(world, component, rejected=rejected),
    )

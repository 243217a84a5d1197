"""The go-live list, asked rather than read: of WeChat, with our own keys; of ourselves, by the road WeChat takes."""

import asyncpg

from tongshang.app.web import database_url
from tongshang.app.world import make_world
from tongshang.platform.config import Settings
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.wechat import clients, components, pages
from tongshang.wechat.components import Status
from tongshang.wechat.vault import tokens
from weixin.errors import BadMessage, Unreachable, WeixinError
from weixin.products import mp
from weixin.products import open as platform
from weixin.signing import sha1_signature

Verdict = tuple[bool, str]
SILENT_SECONDS = 15 * 60
ECHO = "8105734226"
SOME_ACCOUNT = "select appid from account_directory where component_appid = $1 and active order by appid limit 1"
# WeChat's pages speak to its own browser only.
BROWSER = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.50"}
FAILED = (WeixinError, BadMessage, Refused)


async def main(settings: Settings) -> dict[str, Verdict]:
    """Ask every question, if the platform has a database to read its keys from."""
    try:
        world = await make_world(settings, database_url(settings))
    except (OSError, asyncpg.PostgresError, RuntimeError) as error:
        said = f"数据库未运行，跳过；启动后再查 / no database, so not asked: {type(error).__name__}"
        return {"上线检查 go-live": (True, said)}
    try:
        return await checks(world)
    finally:
        await world.close()


async def checks(world: World) -> dict[str, Verdict]:
    """Give each question's verdict and what was answered; raises nothing of WeChat's."""
    found: dict[str, Verdict] = {"域名 domain": await _reachable(world)}
    known = await components.statuses(world)
    if not known:
        found["第三方平台 component"] = (False, "尚未配置 / none is set up")
    for status in known:
        name = status.name or status.appid
        found[f"{name} 票据 ticket"] = _ticket(world, status)
        found[f"{name} 令牌 token"] = await _token(world, status.appid)
        found[f"{name} 回调 callback"] = await _echo(world, status.appid)
        if verdict := await _oauth(world, status.appid):
            found[f"{name} 网页授权域名 OAuth domain"] = verdict
    return found


async def _reachable(world: World) -> Verdict:
    url = world.settings.public_url
    try:
        # Of what WeChat and merchants reach from outside, the launch page; without its state it says no, in our words.
        answer = await world.transport.request("GET", f"{url}/wechat/authorization")
    except Unreachable as error:
        return False, f"{url} 无法访问 / not reachable: {error}"
    if not url.startswith("https://") and not world.settings.local:
        return False, f"{url} 须为 https / must be https"
    ours = answer.status == 403 and pages.WORDS["unknown"][1].encode() in answer.body
    return ours, f"{url} {'' if ours else '回答的不是本平台 / somebody else answers: '}HTTP {answer.status}"


def _ticket(world: World, status: Status) -> Verdict:
    if status.ticket_at is None:
        return False, "从未收到 / never came; 控制台“第三方平台 - 请求推送票据” / ask for one in the console"
    seconds = int((world.clock.now() - status.ticket_at).total_seconds())
    said = f"{seconds // 60} 分钟前 / minutes ago"
    # Every ten minutes: one that stays away is no trouble yet, but soon.
    return seconds <= SILENT_SECONDS, said if seconds <= SILENT_SECONDS else f"{said}，推送已中断 / pushes have stopped"


async def _token(world: World, appid: str) -> Verdict:
    """Have WeChat take the component's token for something: secret, ticket and our address are right then."""
    client = clients.client(world, appid=appid)
    try:
        await tokens.healed(
            lambda token: platform.create_preauthcode(client, component=appid, component_token=token.value),
            lambda rejected: tokens.of_component(world, appid, rejected=rejected),
        )
    except FAILED as error:
        return False, str(error)
    return True, "微信接受 / taken by WeChat"


async def _echo(world: World, appid: str) -> Verdict:
    """Do what WeChat does when the address is saved: it must give back what it was given, by its public name."""
    async with world.tx(NIL) as tx:
        component = await components.opened(tx, appid=appid)
    assert component is not None, "a component that was just listed"
    timestamp, nonce = str(int(world.clock.now().timestamp())), "1320562132"
    signature = sha1_signature(component.token, timestamp, nonce)
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": ECHO}
    url = f"{world.settings.public_url}/wechat/component/{appid}/ticket"
    try:
        answer = await world.transport.request("GET", url, params=query)
    except Unreachable as error:
        return False, f"{url} {error}"
    return answer.status == 200 and answer.body == ECHO.encode(), f"{url} HTTP {answer.status}"


async def _oauth(world: World, appid: str) -> Verdict | None:
    """Open WeChat's consent page for one account; it names a wrong domain (10003) before anything else."""
    async with world.system_tx() as tx:
        account = await tx.value(SOME_ACCOUNT, appid)
    if account is None:
        return None
    back = f"{world.settings.public_url}/wechat/oauth/callback"
    page = mp.oauth_url(world.settings.wx.open, appid=account, redirect_uri=back, state="doctor", component=appid)
    try:
        answer = await world.transport.request("GET", page.partition("#")[0], headers=BROWSER)
    except Unreachable as error:
        return False, str(error)
    text = answer.body.decode("utf-8", "replace")
    wrong = next((code for code in ("10003", "10015", "10005", "10013") if code in text), None)
    host = back.partition("://")[2].partition("/")[0]
    return wrong is None, f"{host} {f'错误码 / error {wrong}' if wrong else '微信没有反对 / no objection'}"

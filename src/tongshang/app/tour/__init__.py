"""The tour: plays the main job on a running demo, slowly, while a person watches phone and console.

Everything goes over public HTTP: the console as the shop's staff, the store as a person's browser in WeChat, the
simulator's control plane for what that person does with the phone. Each tour has a new person.
"""

import asyncio
import sys
from contextlib import AsyncExitStack

import aiohttp

from tongshang.app.terminal import Stop, say
from tongshang.app.tour import buying, keeping
from tongshang.app.tour.cast import LogIn, Tour, logins, newcomer
from tongshang.app.tour.hands import Hand, NotDone, Phone, Simulator, at_person
from tongshang.app.tour.stage import Stage
from tongshang.platform.config import Settings

STEPS = (
    buying.follow,
    buying.welcome,
    buying.visit,
    buying.fill_cart,
    buying.order,
    buying.pay,
    keeping.ship,
    keeping.see_parcel,
    keeping.refund,
    keeping.money_back,
    keeping.pick_up,
    keeping.bill,
)


def main(settings: Settings, *, sandbox_url: str, pace: float, yes: bool) -> None:
    """Play the tour, `pace` seconds between steps; `yes` never waits for Enter. Raises Stop, in one sentence."""
    owner, assistant = logins(settings.var)
    stage = Stage(pace=pace, ask=not yes and sys.stdin.isatty())
    try:
        asyncio.run(_play(stage, settings, sandbox_url, owner, assistant))
    except aiohttp.ClientConnectionError:
        raise Stop(
            f"演示没有在运行（端口 {settings.port} 或 {sandbox_url} 没有应答）：先在另一个终端运行 make demo；"
            "演示换过端口的，给 make tour 同样的 PORT 和 SANDBOX_PORT。",
            f"The demo is not running (no answer at port {settings.port} or {sandbox_url}): run make demo in another "
            "terminal first; if it has other ports, give make tour the same PORT and SANDBOX_PORT.",
        ) from None
    except (NotDone, TimeoutError) as no:
        zh, en = stage.now
        raise Stop(
            f"「{zh.rstrip('。')}」没有成功：{no}。请看控制台的「后台任务」页，再运行一次 make tour。",
            f"This step did not work: “{en}” See the console's page of jobs, then run make tour again.",
        ) from None


async def _play(stage: Stage, settings: Settings, sandbox_url: str, owner: LogIn, assistant: LogIn) -> None:
    async with AsyncExitStack() as hands:
        tour = await _cast(hands, stage, settings, sandbox_url, owner, assistant)
        say(f"\n  通商导览：{tour.shop} / a tour of Tongshang with {tour.shop}\n")
        say("  先打开这两页，边看边走 / open these two pages first, and watch:")
        say(f"  手机 / phone        {at_person(sandbox_url, tour.person)}/phone")
        say(f"  控制台 / console    {tour.console}/orders   {owner.login}  {owner.password}")
        await stage.enter("打开后按回车开始", "press Enter to begin")
        for step in STEPS:
            await step(tour)
        say("\n  走完了。还可以看 / done; see also:")
        say(f"  这位顾客的全程 / the customer's timeline   {tour.console}/fans/{tour.fan}")
        say(f"  账本 / the ledger                          {tour.console}/ledger")
        say("  时钟停在明早：模拟器与平台从那里继续走。再次导览会换一位新顾客。")
        say("  It is tomorrow morning now, for simulator and platform alike; another tour brings another customer.")


async def _cast(
    hands: AsyncExitStack, stage: Stage, settings: Settings, sandbox_url: str, owner: LogIn, assistant: LogIn
) -> Tour:
    """Log everybody in, and let a new person come."""
    stage.now = ("准备导览", "Getting ready")
    origin = f"http://127.0.0.1:{settings.port}"
    box = await hands.enter_async_context(Simulator(f"{sandbox_url}/_sandbox"))
    desks = [await _log_in(hands, origin, one, settings) for one in (owner, assistant)]
    me, account = await desks[0].call("GET", "/me"), (await desks[0].call("GET", "/wechat"))["account"]
    if account is None:
        raise NotDone(f"{me['merchant']['name']} 还没有授权公众号 / has no account authorized")
    slug, public_url = me["merchant"]["slug"], me["public_url"]
    name, _ = await newcomer(box)
    phone = Phone(f"{at_person(public_url, name)}/api/store/{slug}", name)
    await hands.enter_async_context(phone)
    return Tour(
        stage=stage,
        box=box,
        owner=desks[0],
        assistant=desks[1],
        phone=phone,
        staff_login=assistant,
        console=f"{origin}/console",
        store=f"{public_url}/s/{slug}/",
        appid=account["appid"],
        shop=me["merchant"]["name"],
    )


async def _log_in(hands: AsyncExitStack, origin: str, one: LogIn, settings: Settings) -> Hand:
    """Sit down at the console as somebody of the shop."""
    desk = Hand(f"{origin}/api/console", x_requested_with="tongshang", origin=origin, accept_language="zh-CN")
    await hands.enter_async_context(desk)
    try:
        await desk.call("POST", "/session", {"login": one.login, "password": one.password})
    except NotDone as no:
        path = settings.var / "logins.json"
        raise Stop(
            f"{one.login} 用 {path} 里的密码登录不了（{no}）：改过密码的，请把新密码写进那里。",
            f"{one.login} cannot log in with the password of {path}: if it was changed, write the new one there.",
        ) from None
    return desk

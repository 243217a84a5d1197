"""`tongshang provider`: the first log-in of a fresh installation, and a way back for who lost password or phone."""

import asyncio

from tongshang.app.terminal import Stop, say
from tongshang.app.web import database_url
from tongshang.app.world import make_world
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL
from tongshang.tenancy import audit, staff
from tongshang.tenancy.model import Role


def main(settings: Settings, *, login: str, name: str) -> None:
    """Invite a member of the provider's staff, or one who is there to begin anew, and print the link.

    Raises Stop when a merchant's staff has the log-in name.
    """
    try:
        link = asyncio.run(_invite(settings, login, name))
    except Refused as refused:
        raise Stop(refused.sentence("zh"), refused.sentence("en")) from None
    say("请在 7 天内打开链接设置密码，首次登录后绑定动态验证码：")
    say("Open this link within 7 days to choose a password; a second factor is asked for at the first log-in:")
    say(f"  {link}")


async def _invite(settings: Settings, login: str, name: str) -> str:
    world = await make_world(settings, database_url(settings), clock=SystemClock())
    try:
        async with world.tx(NIL) as tx:
            known = await staff.of_login(tx, login=login)
            if known:
                token = await staff.reset(tx, staff_id=known.id)
            else:
                token = await staff.invite(tx, staff_id=tx.new_id(), login=login, name=name, role=Role.PROVIDER)
            await audit.record(
                tx, staff_id=None, staff_name="", action="invite_provider", target={"login": login}, request="", ip=""
            )
        return f"{settings.console_url}/console/invites/{token}"
    finally:
        await world.close()

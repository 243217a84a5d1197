"""`tongshang wechat recover`: the recovery drill of the token vault, on the command line."""

import asyncio

from tongshang.app.terminal import Stop, say
from tongshang.app.web import database_url
from tongshang.app.world import make_world
from tongshang.platform.config import Settings
from tongshang.platform.errors import Refused
from tongshang.wechat import components
from tongshang.wechat.vault import recovery
from weixin.errors import WeixinError


def main(settings: Settings, *, dry_run: bool) -> None:
    """Run the drill for every component and print its reports; raises Stop with the reason when it cannot run."""
    try:
        asyncio.run(_recover(settings, dry_run=dry_run))
    except Refused as refused:
        raise Stop(refused.sentence("zh"), refused.sentence("en")) from None
    except WeixinError as error:
        raise Stop(f"微信拒绝了：{error}", f"WeChat refused: {error}") from None


async def _recover(settings: Settings, *, dry_run: bool) -> None:
    world = await make_world(settings, database_url(settings))
    try:
        for one in await components.statuses(world):
            report = await recovery.recover(world, component=one.appid, dry_run=dry_run)
            how = "预演 / dry run" if dry_run else "已找回 / recovered"
            say(f"{one.appid}（{how}）")
            say(f"  微信名单 / listed       {report.listed}")
            say(f"  一致 / kept             {report.kept}")
            say(f"  找回 / recovered        {report.recovered}")
            say(f"  无主 / nobody's         {report.nobodys}")
            say(f"  已取消授权 / gone       {report.gone}")
            for item in report.items:
                say(f"    {item.appid} {item.outcome} {item.merchant_id or ''}")
    finally:
        await world.close()

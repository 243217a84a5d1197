"""What is still missing before an own account works: each step asked of WeChat, or seen from what it sent."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts
from tongshang.wechat.authorization import own
from tongshang.wechat.journal import entries
from tongshang.wechat.model import Mode
from weixin.errors import WeixinError


class Check(msgspec.Struct):
    """One step: done, missing or unknown, with what to do in both languages."""

    step: str
    state: str
    zh: str
    en: str


async def of_own_account(world: World, merchant: UUID) -> list[Check]:
    """Check an own account's steps in the order in which they are taken; raises NoAccount."""
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
        if account.mode is not Mode.OWN:
            raise accounts.NoAccount
        secret = await own.secret(tx, appid=account.appid)
        setting = await own.setting(tx, account)
        lately = [entry for entry in await entries.latest(tx) if entry.appid == account.appid]
        heard = [entry.at for entry in lately if entry.kind.startswith(("message.", "event."))]
    assert setting is not None, "an own account has a setting"
    asked = await _asked(world, merchant, account.appid, secret)
    return [asked, _verified(setting.verified_at), _heard(max(heard, default=None))]


async def _asked(world: World, merchant: UUID, appid: str, secret: str) -> Check:
    try:
        await own.check_secret(world, merchant, appid=appid, secret=secret)
    except Refused as refused:
        step = "ip" if isinstance(refused, own.NotListed) else "secret"
        return Check(step, "missing", refused.sentence("zh"), refused.sentence("en"))
    except WeixinError as error:
        return Check("secret", "unknown", f"微信暂时没有回答：{error}", f"WeChat did not answer: {error}")
    return Check(
        "secret", "done", "AppID、AppSecret 与 IP 白名单都正确。", "AppID, AppSecret and IP whitelist are right."
    )


def _verified(at: datetime | None) -> Check:
    if at is not None:
        return Check("server", "done", "微信已验证服务器地址。", "WeChat verified the server address.")
    return Check(
        "server", "missing", "请把下面的地址、Token 与 EncodingAESKey 填到“开发 - 基本配置 - 服务器配置”，提交并启用。",
        "Enter address, token and EncodingAESKey under Development, Basic settings, Server; submit and turn it on.",
    )  # fmt: skip


def _heard(at: datetime | None) -> Check:
    if at is not None:
        return Check("push", "done", "已收到微信推送。", "Messages arrive.")
    return Check(
        "push",
        "missing",
        "还没有收到推送：用微信给公众号发一条消息试试。",
        "Nothing came yet: send the account a message.",
    )

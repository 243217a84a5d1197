"""Letting go of people: what somebody takes back in WeChat's own settings is taken back here as well.

https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html (2026-11): the account
has to delete what it was told of a person who revoked the authorization or closed their WeChat account.
"""

from tongshang.fans import consents, people, sessions
from tongshang.fans.facts import AuthorizationRevoked, WechatClosed
from tongshang.fans.model import Fan
from tongshang.platform.db import Tx
from tongshang.wechat.facts import Unfollowed
from tongshang.wechat.pushed import PersonChanged

REVOKED, CLOSED = "user_authorization_revoke", "user_authorization_cancellation"
FORGET = """update fan set nickname = null, avatar = null, unionid = case when $3 then null else unionid end
where merchant_id = $1 and id = $2"""


async def changed(tx: Tx, fact: PersonChanged) -> None:
    """Delete what a person no longer lets us know; somebody we never met is nobody.

    A changed name or picture comes with the next log-in that asks for it.
    """
    if fact.change not in (REVOKED, CLOSED):
        return
    for fan in await people.of_openids(tx, appid=fact.appid, openids=[fact.who or fact.openid]):
        await _let_go(tx, fan, closed=fact.change == CLOSED, at=fact.at)


async def _let_go(tx: Tx, fan: Fan, *, closed: bool, at: int) -> None:
    await tx.run(FORGET, tx.merchant, fan.id, closed)
    await sessions.end_all(tx, fan_id=fan.id)
    # Whoever keeps a phone or an address lets go of it with the consent.
    await consents.withdraw(tx, fan_id=fan.id)
    if closed:
        await people.unfollow(tx, Unfollowed(fan.appid, fan.openid, at))
    await tx.emit(WechatClosed(fan.id) if closed else AuthorizationRevoked(fan.id))

"""Passing WeChat's full-network release test by itself: for the reserved accounts, without any merchant.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Pre_release_testing.html
(2026-11). Text and event questions are answered at once. The API question is answered with an empty string, and
then, by a job, with a customer-service message under the token that the question's own code buys.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from tongshang.platform.db import Tx
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.wechat import clients
from tongshang.wechat.facts import ReleaseAsked
from tongshang.wechat.vault import tokens
from weixin import replies
from weixin.callbacks import Push
from weixin.errors import WeixinError
from weixin.messages import Said
from weixin.products import open as platform
from weixin.products.open import release_test

PLACE, TOKEN_PLACE = "release_answer.code_sealed", "release_answer.token_sealed"
ADD = """insert into release_answer
  (merchant_id, id, component_appid, appid, openid, question, code_sealed, state, at, done_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (merchant_id, id) do nothing"""
ONE = """select id, component_appid, appid, openid, code_sealed, token_sealed from release_answer
where merchant_id = $1 and id = $2 and question = 'api' and state = 'sending'"""
BOUGHT = "update release_answer set token_sealed = $3 where merchant_id = $1 and id = $2 and state = 'sending'"
END = """update release_answer set state = $3, error = $4, done_at = $5, token_sealed = null
where merchant_id = $1 and id = $2 and state = 'sending'"""
LATEST = """select id, component_appid, appid, question, state, error, at, done_at from release_answer
where merchant_id = $1 and component_appid = $2 order by at desc, id limit 30"""
log = structlog.get_logger("release_test")


@dataclass(frozen=True)
class Owed:
    """An answer that is still to be sent."""

    id: UUID
    component_appid: str
    appid: str
    openid: str
    code_sealed: bytes
    token_sealed: bytes | None


class Answer(msgspec.Struct):
    """A question of the test and what became of our answer."""

    id: UUID
    component_appid: str
    appid: str
    question: str
    state: str
    error: str
    at: datetime
    done_at: datetime | None


async def answer(world: World, *, component: str, appid: str, push: Push) -> bytes:
    """Answer a push of a test account on the spot; gives the reply's XML, empty when it comes by the API."""
    asked = release_test.question(appid, push.message, push.fields)
    if asked is None or not isinstance(push.message, Said):
        return b""
    later = asked.kind == "api"
    async with world.tx(NIL) as tx:
        answer_id = UUID(hex=push.dedupe_key)
        sealed = tx.seal(PLACE, asked.code.encode()) if later else None
        state, done_at = ("sending", None) if later else ("answered", tx.now)
        row = (component, appid, push.message.openid, asked.kind, sealed, state, tx.now, done_at)
        if await tx.run(ADD, NIL, answer_id, *row) and later:
            await tx.emit(ReleaseAsked(answer_id))
    return b"" if later else replies.passive_text(push.message, asked.text, now=int(world.clock.now().timestamp()))


async def send(world: World, answer_id: UUID) -> None:
    """Exchange the question's code, once, and send the words; raises Unreachable when it is worth trying again."""
    async with world.tx(NIL) as tx:
        owed = await tx.first(Owed, ONE, NIL, answer_id)
        if owed is None:
            return None
        code = tx.unseal(PLACE, owed.code_sealed).decode()
        token = tx.unseal(TOKEN_PLACE, owed.token_sealed).decode() if owed.token_sealed else None
    try:
        if token is None:
            token = await _bought(world, owed, code)
        speaking = clients.client(world, appid=owed.appid)
        await release_test.answer_by_api(speaking, token=token, openid=owed.openid, text=f"{code}_from_api")
    except WeixinError as error:
        if error.retry:
            raise
        log.warning("release_test.failed", errcode=error.errcode, appid=owed.appid)
        return await _end(world, answer_id, "failed", str(error)[:300])
    return await _end(world, answer_id, "answered", "")


async def _bought(world: World, owed: Owed, code: str) -> str:
    """Exchange a code for the account's token, and keep that: WeChat takes a code once."""
    component, client = owed.component_appid, clients.client(world, appid=owed.component_appid)
    granted = await tokens.healed(
        lambda t: platform.query_auth(client, component=component, component_token=t.value, code=code),
        lambda rejected: tokens.of_component(world, component, rejected=rejected),
    )
    token = granted.access_token.value if granted.access_token else ""
    async with world.tx(NIL) as tx:
        await tx.run(BOUGHT, NIL, owed.id, tx.seal(TOKEN_PLACE, token.encode()))
    return token


async def _end(world: World, answer_id: UUID, state: str, error: str) -> None:
    async with world.tx(NIL) as tx:
        await tx.run(END, NIL, answer_id, state, error, tx.now)


async def latest(tx: Tx, *, component: str) -> list[Answer]:
    """List a component's last answers, newest first (nil merchant)."""
    return await tx.all(Answer, LATEST, tx.merchant, component)

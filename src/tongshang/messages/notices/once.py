"""One-time subscriptions: a trip to WeChat's page on which a person says yes to one message of an occasion.

`reserved` is a secret that goes there and comes back, good for one answer within ten minutes. Whether the yes is real
is for WeChat to say when the message is sent; whose it is, is for us to check.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/One-time_subscription_info.html (2026-11)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.fans import people
from tongshang.fans.login import read_state, with_word
from tongshang.fans.model import STATE_LIFE, digest
from tongshang.messages.notices import plans
from tongshang.messages.notices.consents import ANSWERS
from tongshang.messages.notices.facts import NoticeConsentChanged
from tongshang.messages.notices.model import TITLES, Channel, Occasion, Plan
from tongshang.platform.addresses import store_base
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts
from weixin.products.mp import subscriptions

PATH = "/wechat/subscribe/callback"
TEXT_MOST, TITLE_MOST = 200, 15
ADD = """insert into once_ask (merchant_id, id, fan_id, appid, state_hash, template_id, scene, occasion, subject_id,
  next, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"""
ANSWER = """update once_ask o set answer = $6, answered_at = $7 from fan f
where o.merchant_id = $1 and o.id = $2 and o.state_hash = $3 and o.answer is null and o.expires_at > $7
  and o.template_id = $4 and f.merchant_id = o.merchant_id and f.id = o.fan_id and f.openid = $5
returning o.fan_id, o.occasion, o.next"""
ANSWERED = """select fan_id, occasion, next from once_ask
where merchant_id = $1 and id = $2 and state_hash = $3 and answer is not null"""
USE = """update once_ask set used_at = $5 where merchant_id = $1 and id = (
  select id from once_ask where merchant_id = $1 and fan_id = $2 and template_id = $3 and occasion = $4
    and answer = 'confirm' and used_at is null order by created_at limit 1 for update skip locked) returning scene"""
GIVE_BACK = """update once_ask set used_at = null where merchant_id = $1 and id = (
  select id from once_ask where merchant_id = $1 and fan_id = $2 and template_id = $3 and occasion = $4
    and used_at is not null order by used_at desc limit 1)"""
OPEN = """select count(*) from once_ask where merchant_id = $1 and fan_id = $2 and template_id = $3 and occasion = $4
  and answer = 'confirm' and used_at is null"""
FORGET = "delete from once_ask where merchant_id = $1 and answer is null and expires_at < $2"
OF = """select template_id, occasion, answer, answered_at as at, used_at from once_ask
where merchant_id = $1 and fan_id = $2 and answer is not null order by answered_at desc, id desc limit 50"""


class UnknownAsk(Refused):
    """This question was not asked here, or long ago. Please go back to the store."""

    code, status, zh = "once.unknown", 403, "订阅请求已失效，请返回店铺重试。"


@dataclass(frozen=True)
class Answered:
    """A question that was answered."""

    fan_id: UUID
    occasion: Occasion
    next: str


@dataclass(frozen=True)
class Yes:
    """What a person answered to a message of an occasion, and when it was used up."""

    template_id: str
    occasion: Occasion
    answer: str
    at: datetime
    used_at: datetime | None


async def plan_of(tx: Tx, occasion: Occasion) -> Plan | None:
    """Give the plan by which an occasion is told once, if it is on."""
    found = await plans.of(tx, occasion=occasion)
    return next((one for one in found if one.channel is Channel.ONCE and one.enabled), None)


async def waiting(tx: Tx, *, fan_id: UUID, plan: Plan) -> bool:
    """Say whether somebody has said yes to a message that is still to come."""
    return bool(await tx.value(OPEN, tx.merchant, fan_id, plan.template_id, plan.occasion))


async def ask(tx: Tx, *, fan_id: UUID, occasion: Occasion, subject: UUID, next_page: str) -> str:
    """Ask a person on WeChat's page; give its address. Raises NotFound when no such message is planned."""
    plan, fan, account = await plan_of(tx, occasion), await people.get(tx, fan_id=fan_id), await accounts.current(tx)
    if plan is None or fan.appid != account.appid:
        raise NotFound
    ask_id, scene = tx.new_id(), list(Occasion).index(occasion) + 1
    state = f"{tx.merchant.hex}{ask_id.hex}{tx.token(16)}"
    await tx.run(FORGET, tx.merchant, tx.now - timedelta(hours=1))
    await tx.run(
        ADD, tx.merchant, ask_id, fan_id, fan.appid, digest(state), plan.template_id, scene, occasion, subject,
        next_page, tx.now, tx.now + STATE_LIFE,
    )  # fmt: skip
    settings = tx.world.settings
    return subscriptions.once_url(
        settings.wx.mp, appid=fan.appid, scene=scene, template_id=plan.template_id,
        redirect_url=f"{store_base(settings, fan.appid)}{PATH}", reserved=state,
    )  # fmt: skip


async def come_back(world: World, *, reserved: str, openid: str, template_id: str, action: str) -> str:
    """Take somebody's answer, once, and give the page they go on to. Raises UnknownAsk, UnknownLogin."""
    merchant, ask_id = read_state(reserved)
    yes = action == "confirm"
    async with world.tx(merchant) as tx:
        key = merchant, ask_id, digest(reserved)
        said = await tx.first(Answered, ANSWER, *key, template_id, openid, "confirm" if yes else "cancel", tx.now)
        if said is None:  # WeChat's browser likes to load a page twice
            again = await tx.first(Answered, ANSWERED, *key)
            if again is None:
                raise UnknownAsk
            return again.next
        answer = "accept" if yes else "reject"
        title = TITLES[said.occasion][0]
        await tx.emit(NoticeConsentChanged(said.fan_id, title, answer, ANSWERS[answer]))
    return with_word(said.next, f"notice={'yes' if yes else 'no'}")


async def use(tx: Tx, *, fan_id: UUID, plan: Plan) -> int | None:
    """Use a yes up and give its scene; None when there is none."""
    scene: int | None = await tx.value(USE, tx.merchant, fan_id, plan.template_id, plan.occasion, tx.now)
    return scene


async def give_back(tx: Tx, *, fan_id: UUID, plan: Plan) -> None:
    """Give the last yes back: the message that used it up was refused for another reason."""
    await tx.run(GIVE_BACK, tx.merchant, fan_id, plan.template_id, plan.occasion)


async def of_fan(tx: Tx, *, fan_id: UUID) -> list[Yes]:
    """List what a person answered, the latest first."""
    return await tx.all(Yes, OF, tx.merchant, fan_id)

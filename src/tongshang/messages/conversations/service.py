"""Service messages: written by a member of staff, promised at once, sent once, within a window."""

from typing import TypeAlias
from uuid import UUID

from tongshang.fans import people
from tongshang.fans.model import Fan
from tongshang.messages import outgoing
from tongshang.messages.conversations import contacts, threads
from tongshang.messages.conversations.facts import ServiceMessageAsked
from tongshang.messages.outgoing import Outgoing
from tongshang.messages.replies import compose, rules
from tongshang.messages.replies.model import Content, LateContent, Occasion, Ready, Words
from tongshang.messages.replies.rules import RuleAsked
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.errors import WeixinError
from weixin.products.mp import custom

TEXT_BYTES = 2048
# WeChat: nothing was said in the last 30 seconds; it is shown already.
NOT_SHOWN = (45080, 45081)


class OtherAccount(Refused):
    """This person belongs to an account that is not connected any more."""

    code, status, zh = "conversation.other_account", 409, "对方关注的公众号已不是当前绑定的公众号，无法发送。"


class Gone(Refused):
    """The product or coupon is not on offer any more."""

    code, status, zh = "conversation.gone", 409, "该商品或优惠券已下架，无法发送。"


ServiceMessage: TypeAlias = Content | LateContent


async def promise(tx: Tx, *, fan_id: UUID, message_id: UUID, message: ServiceMessage, staff_id: UUID) -> Outgoing:
    """Promise a message; the same id with the same words is one message.

    Raises WindowClosed, WindowUsedUp, OtherAccount, Gone, Mismatch.
    """
    fan = await people.get(tx, fan_id=fan_id)
    ready = await written(tx, fan, message)
    if known := await outgoing.promised(tx, message_id=message_id):
        # What the store says may have changed since; that it is the same kind to the same person has to do.
        if known.fan_id != fan_id or known.content is None or known.content.msgtype != ready.msgtype:
            raise Mismatch
        if known.content.msgtype == "text" and known.text != ready.shown[: outgoing.TEXT_MOST]:
            raise Mismatch
        return known
    if fan.appid != (await accounts.current(tx)).appid:
        raise OtherAccount
    contacts.refuse(await contacts.windows(tx, fan_id=fan_id, lock=True))
    await outgoing.promise(
        tx, message_id=message_id, fan_id=fan_id, kind="service", text=ready.shown, ready=ready, staff_id=staff_id
    )
    await threads.wrote(tx, fan_id=fan_id, text=ready.shown)
    await tx.emit(ServiceMessageAsked(fan_id, message_id))
    made = await outgoing.promised(tx, message_id=message_id)
    assert made is not None, "it was promised just now"
    return made


async def written(tx: Tx, fan: Fan, message: ServiceMessage) -> Ready:
    """Write a message in WeChat's words, or refuse."""
    if isinstance(message, Words) and not 0 < len(message.text.strip().encode()) <= TEXT_BYTES:
        raise Invalid(field="text", problem=f"required, {TEXT_BYTES} bytes")
    if not isinstance(message, Words):
        rules.check(RuleAsked("service", "default", [message]))
    reader = await compose.reader(tx, nickname=fan.nickname, occasion=Occasion("text", tx.now))
    ready = await compose.compose(tx, messages=[message], reader=reader, appid=fan.appid)
    if not ready:
        raise Gone
    return ready[0]


async def send(job: Job, *, fan_id: UUID, message_id: UUID) -> None:
    """Send a promised message; raises Unreachable to come again."""
    async with job.begin() as tx:
        fan = await people.get(tx, fan_id=fan_id)
    await outgoing.send(job, message_id=message_id, openid=fan.openid)


async def type_to(world: World, merchant: UUID, *, fan_id: UUID, on: bool) -> bool:
    """Show a person that somebody is typing, or no longer; say whether WeChat shows it. Raises WeixinError."""
    async with world.tx(merchant) as tx:
        fan = await people.get(tx, fan_id=fan_id)
    try:
        await calls.ask(world, merchant, lambda client, token: custom.typing(
            client, token=token, openid=fan.openid, on=on))  # fmt: skip
    except WeixinError as error:
        if error.errcode not in NOT_SHOWN:
            raise
        return False
    return True

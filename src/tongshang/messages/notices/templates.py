"""The account's templates: listed as WeChat has them, taken from its library, dropped; the industry."""

from typing import NamedTuple
from uuid import UUID

from tongshang.messages.notices.model import Channel, Template
from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import subscriptions, templates

FIELDS = "t.template_id, t.channel, t.title, t.content, t.example, t.long, t.seen_at"
ALL = f"""select {FIELDS} from message_template t
join account a on a.merchant_id = t.merchant_id and a.appid = t.appid and a.state = 'authorized'
where t.merchant_id = $1 order by t.channel, t.title, t.template_id"""
ONE = f"""select {FIELDS} from message_template t
join account a on a.merchant_id = t.merchant_id and a.appid = t.appid and a.state = 'authorized'
where t.merchant_id = $1 and t.template_id = $2"""
KEEP = """insert into message_template (merchant_id, appid, template_id, channel, title, content, example, long,
  seen_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (merchant_id, appid, template_id) do update set title = $5, content = $6, example = $7, long = $8,
  seen_at = $9"""
FORGET = "delete from message_template where merchant_id = $1 and appid = $2 and channel = $3 and seen_at < $4"
DROP = "delete from message_template where merchant_id = $1 and template_id = $2"
OFF = "update notice_plan set enabled = false where merchant_id = $1 and template_id = $2"
GONE = (40037, 20002)


class _Row(NamedTuple):
    template_id: str
    channel: Channel
    title: str
    content: str
    example: str
    long: bool


async def listed(tx: Tx) -> list[Template]:
    """List the templates of the present account."""
    return await tx.all(Template, ALL, tx.merchant)


async def get(tx: Tx, *, template_id: str) -> Template:
    """Give a template, or refuse."""
    return await tx.one(Template, ONE, tx.merchant, template_id)


async def sync(world: World, merchant: UUID) -> dict[Channel, int]:
    """Read both lists from WeChat; give the errcode for one that this account may not have (0: it was read)."""
    said = {}
    for channel in (Channel.TEMPLATE, Channel.SUBSCRIPTION):
        try:
            await _read(world, merchant, channel)
            said[channel] = 0
        except Unreachable:
            raise
        except WeixinError as error:
            said[channel] = error.errcode
    return said


async def _read(world: World, merchant: UUID, channel: Channel) -> None:
    if channel is Channel.TEMPLATE:
        found = await calls.ask(world, merchant, lambda client, token: templates.listed(client, token=token))
        rows = [_Row(one.template_id, channel, one.title, one.content, one.example, False) for one in found]
    else:
        own = await calls.ask(world, merchant, lambda client, token: subscriptions.listed(client, token=token))
        rows = [
            _Row(one.template_id, channel, one.title, one.content, one.example, one.type == subscriptions.LONG)
            for one in own
        ]
    async with world.tx(merchant) as tx:
        appid = (await accounts.current(tx)).appid
        for row in rows:
            await tx.run(KEEP, merchant, appid, *row, tx.now)
        await tx.run(FORGET, merchant, appid, channel, tx.now)


async def take(world: World, merchant: UUID, *, short_id: str, keywords: list[str]) -> str:
    """Take a template of the library; give its id. Raises WeixinError 45026, 45027."""
    made = await calls.ask(
        world, merchant,
        lambda client, token: templates.add(client, token=token, short_id=short_id, keywords=keywords),
    )  # fmt: skip
    await _read(world, merchant, Channel.TEMPLATE)
    return made


async def take_notice(world: World, merchant: UUID, *, tid: int, kids: list[int], scene: str) -> str:
    """Take a template of subscription notices; give its id. Raises WeixinError 200012 to 200021."""
    made = await calls.ask(
        world, merchant,
        lambda client, token: subscriptions.add(client, token=token, tid=tid, kids=kids, scene=scene),
    )  # fmt: skip
    await _read(world, merchant, Channel.SUBSCRIPTION)
    return made


async def drop(world: World, merchant: UUID, *, template_id: str) -> None:
    """Drop a template at WeChat and here; plans that use it are off."""
    async with world.tx(merchant) as tx:
        template = await get(tx, template_id=template_id)
    product = templates if template.channel is Channel.TEMPLATE else subscriptions
    try:
        await calls.ask(
            world, merchant, lambda client, token: product.delete(client, token=token, template_id=template_id)
        )
    except WeixinError as error:
        if error.errcode not in GONE:
            raise
    async with world.tx(merchant) as tx:
        await tx.run(DROP, merchant, template_id)
        await tx.run(OFF, merchant, template_id)

"""The account's industries, which decide what templates its library offers; WeChat lets them be changed once a month.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html (2026-11)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.products.mp import templates

CHANGE_EVERY, READ_ON = timedelta(days=30), "2026-11"
# WeChat's numbers run on through these, from 1.
NAMES = (
    ("IT科技", ("互联网|电子商务", "IT软件与服务", "IT硬件与设备", "电子技术", "通信与运营商", "网络游戏")),
    ("金融业", ("银行", "基金|理财|信托", "保险")),
    ("餐饮", ("餐饮",)),
    ("酒店旅游", ("酒店", "旅游")),
    ("运输与仓储", ("快递", "物流", "仓储")),
    ("教育", ("培训", "院校")),
    ("政府与公共事业", ("学术科研", "交警", "博物馆", "公共事业|非盈利机构")),
    ("医药护理", ("医药医疗", "护理美容", "保健与卫生")),
    ("交通工具", ("汽车相关", "摩托车相关", "火车相关", "飞机相关")),
    ("房地产", ("建筑", "物业")),
    ("消费品", ("消费品",)),
    ("商业服务", ("法律", "会展", "中介服务", "认证", "审计")),
    ("文体娱乐", ("传媒", "体育", "娱乐休闲")),
    ("印刷", ("印刷",)),
    ("其它", ("其它",)),
)
LAST = "select first, second, at from industry_change where merchant_id = $1 and appid = $2"
KEEP = """insert into industry_change (merchant_id, appid, first, second, at) values ($1, $2, $3, $4, $5)
on conflict (merchant_id, appid) do update set first = $3, second = $4, at = $5"""


class TooSoon(Refused):
    """WeChat lets the industries be changed once a month; the next time is {day}."""

    code, status, zh = "industry.too_soon", 409, "微信每月只允许修改一次所属行业，{day} 之后可再次修改。"


class Choice(msgspec.Struct, frozen=True):
    """An industry by WeChat's number."""

    number: str
    group: str
    name: str


class Industries(msgspec.Struct, frozen=True):
    """What the account has (class and name, empty without), when we changed it and when it may be changed again."""

    primary: tuple[str, str]
    secondary: tuple[str, str]
    changed_at: datetime | None
    free_at: datetime | None
    may_change: bool
    choices: list[Choice]


@dataclass(frozen=True)
class Change:
    """The last change."""

    first: str
    second: str
    at: datetime


def choices() -> list[Choice]:
    """List WeChat's industries in the order of their numbers."""
    pairs = [(group, name) for group, names in NAMES for name in names]
    return [Choice(str(number), group, name) for number, (group, name) in enumerate(pairs, start=1)]


async def look(world: World, merchant: UUID) -> Industries:
    """Show the account's industries. Raises NoAccount, WeixinError."""
    found = await calls.ask(world, merchant, lambda client, token: templates.industry(client, token=token))
    async with world.tx(merchant) as tx:
        last, now = await _last(tx), tx.now
    free_at = last.at + CHANGE_EVERY if last else None
    changed_at, may_change = last.at if last else None, free_at is None or free_at <= now
    return Industries(found.primary, found.secondary, changed_at, free_at, may_change, choices())


async def put(world: World, merchant: UUID, *, first: str, second: str) -> None:
    """Set the industries by WeChat's numbers. Raises TooSoon, NoAccount, WeixinError (43100 too often)."""
    known = {one.number for one in choices()}
    for field, number in (("first", first), ("second", second)):
        if number not in known:
            raise Invalid(field=field, problem="1-41")
    if first == second:
        raise Invalid(field="second", problem="distinct")
    async with world.tx(merchant) as tx:
        last = await _last(tx)
        if last is not None and (last.first, last.second) == (first, second):
            return
        if last is not None and last.at + CHANGE_EVERY > tx.now:
            raise TooSoon(day=(last.at + CHANGE_EVERY).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))
    await calls.ask(
        world, merchant, lambda client, token: templates.set_industry(client, token=token, first=first, second=second)
    )
    async with world.tx(merchant) as tx:
        await tx.run(KEEP, merchant, (await accounts.current(tx)).appid, first, second, tx.now)


async def _last(tx: Tx) -> Change | None:
    return await tx.first(Change, LAST, tx.merchant, (await accounts.current(tx)).appid)

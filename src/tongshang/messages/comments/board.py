"""Reading and answering comments at WeChat; nothing of them is kept here but who, if it is a fan we know."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar
from uuid import UUID

import msgspec

from tongshang.fans import people
from tongshang.fans.model import Fan
from tongshang.messages.comments import articles
from tongshang.platform.errors import Invalid
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.client import Client
from weixin.products.mp import comments
from weixin.products.mp.comments import Article, Comment

REPLY_MOST = 600
KINDS = {"all": comments.ALL, "normal": comments.NORMAL, "elected": comments.ELECTED}
T = TypeVar("T")
Ask: TypeAlias = Callable[[Client, str, Article], Awaitable[T]]


class Said(msgspec.Struct, frozen=True):
    """A comment, with whoever wrote it as we know them."""

    id: str
    fan_id: UUID | None
    nickname: str | None
    avatar: str | None
    at: datetime
    content: str
    elected: bool
    reply: str | None
    replied_at: datetime | None


class Board(msgspec.Struct, frozen=True):
    """Some comments of an article, and how many there are; `next` is where the next ones begin."""

    total: int
    items: list[Said]
    next: int | None


async def read(
    world: World, merchant: UUID, *, msg_data_id: str, number: int, kind: str = "all", begin: int = 0
) -> Board:
    """Read comments of an article, 50 at a time, the latest first. Raises NotFound, WeixinError."""
    total, found = await _ask(
        world, merchant, msg_data_id, number,
        lambda c, token, article: comments.page(c, token=token, article=article, begin=begin, kind=KINDS[kind]),
    )  # fmt: skip
    async with world.tx(merchant) as tx:
        appid = (await accounts.current(tx)).appid
        known = {
            fan.openid: fan for fan in await people.of_openids(tx, appid=appid, openids={one.openid for one in found})
        }
    items = [_said(one, known.get(one.openid)) for one in found]
    end = begin + len(found)
    return Board(total, items, end if found and end < total else None)


def _said(one: Comment, fan: Fan | None) -> Said:
    return Said(
        one.id, fan.id if fan else None, (fan.remark or fan.nickname) if fan else None, fan.avatar if fan else None,
        datetime.fromtimestamp(one.at, UTC), one.content, one.elected, one.reply,
        datetime.fromtimestamp(one.replied_at, UTC) if one.replied_at else None,
    )  # fmt: skip


async def switch(world: World, merchant: UUID, *, msg_data_id: str, number: int, open: bool) -> None:
    """Open an article to comments, or close it."""
    await _ask(
        world, merchant, msg_data_id, number,
        lambda c, token, article: comments.switch(c, token=token, article=article, open=open),
    )  # fmt: skip
    async with world.tx(merchant) as tx:
        await articles.turned(tx, msg_data_id=msg_data_id, number=number, open=open)


async def elect(world: World, merchant: UUID, *, msg_data_id: str, number: int, comment: str, on: bool) -> None:
    """Feature a comment, which shows it to everybody, or no longer."""
    await _ask(
        world, merchant, msg_data_id, number,
        lambda c, token, article: comments.elect(c, token=token, article=article, comment=comment, on=on),
    )  # fmt: skip


async def delete(world: World, merchant: UUID, *, msg_data_id: str, number: int, comment: str) -> None:
    """Delete a comment for good."""
    await _ask(
        world, merchant, msg_data_id, number,
        lambda c, token, article: comments.delete(c, token=token, article=article, comment=comment),
    )  # fmt: skip


async def reply(world: World, merchant: UUID, *, msg_data_id: str, number: int, comment: str, text: str) -> None:
    """Answer a comment in public; empty takes the answer back."""
    words = text.strip()
    if len(words) > REPLY_MOST:
        raise Invalid(field="text", problem=f"<= {REPLY_MOST}")
    await _ask(
        world, merchant, msg_data_id, number,
        lambda c, token, article: (
            comments.reply(c, token=token, article=article, comment=comment, content=words)
            if words
            else comments.take_reply_back(c, token=token, article=article, comment=comment)
        ),
    )  # fmt: skip


async def _ask(world: World, merchant: UUID, msg_data_id: str, number: int, ask: Ask[T]) -> T:
    async with world.tx(merchant) as tx:
        await articles.get(tx, msg_data_id=msg_data_id, number=number)
    article = Article(msg_data_id, number)
    return await calls.ask(world, merchant, lambda client, token: ask(client, token, article))

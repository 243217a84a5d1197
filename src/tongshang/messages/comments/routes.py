"""Comments over HTTP: the console's page."""

from typing import Literal

import msgspec
from litestar import delete, get, put

from tongshang.messages.comments import articles, board
from tongshang.messages.comments.articles import Open, Out
from tongshang.messages.comments.board import Board
from tongshang.platform.errors import NotFound
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

CLERK, MANAGER = {"role": Role.CLERK}, {"role": Role.MANAGER}
ONE = "/comments/{msg_data_id:str}/{number:int}"
COMMENT = ONE + "/{comment:str}"


class SwitchAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether an article takes comments."""

    open: bool


class ElectionAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether a comment is featured."""

    elected: bool


class ReplyAsked(msgspec.Struct, forbid_unknown_fields=True):
    """The account's answer; empty takes it back."""

    text: str


@get("/comments", operation_id="list_commented", opt=CLERK)
async def list_commented(who: Staff, after: str | None = None, limit: int | None = None) -> Page[Out]:
    """List articles that can have comments, the latest first."""
    async with who.tx() as tx:
        return await articles.listed(tx, after=after, limit=limit)


@get(ONE, operation_id="list_comments", opt=CLERK)
async def list_comments(
    who: Staff, msg_data_id: str, number: int, kind: Literal["all", "normal", "elected"] = "all", begin: int = 0
) -> Board:
    """Read comments of one article at WeChat, the latest first."""
    return await board.read(
        who.world, who.merchant, msg_data_id=msg_data_id, number=number, kind=kind, begin=max(0, begin)
    )


@get(ONE + "/article", operation_id="get_commented", opt=CLERK)
async def get_commented(who: Staff, msg_data_id: str, number: int) -> Open:
    """Show which article it is, and whether it takes comments."""
    async with who.tx() as tx:
        return (await articles.get(tx, msg_data_id=msg_data_id, number=number))[1]


@put(ONE + "/switch", operation_id="put_comments_switch", opt=MANAGER, status_code=204)
async def put_comments_switch(who: Staff, msg_data_id: str, number: int, data: SwitchAsked) -> None:
    """Open an article to comments, or close it."""
    await _audited(who, msg_data_id, number)
    await board.switch(who.world, who.merchant, msg_data_id=msg_data_id, number=number, open=data.open)


@put(COMMENT + "/election", operation_id="elect_comment", opt=CLERK, status_code=204)
async def elect_comment(who: Staff, msg_data_id: str, number: int, comment: str, data: ElectionAsked) -> None:
    """Feature a comment, or no longer."""
    await _audited(who, msg_data_id, number, comment)
    await board.elect(who.world, who.merchant, msg_data_id=msg_data_id, number=number, comment=comment, on=data.elected)


@put(COMMENT + "/reply", operation_id="reply_to_comment", opt=CLERK, status_code=204)
async def reply_to_comment(who: Staff, msg_data_id: str, number: int, comment: str, data: ReplyAsked) -> None:
    """Answer a comment in public, or take the answer back."""
    await _audited(who, msg_data_id, number, comment)
    await board.reply(who.world, who.merchant, msg_data_id=msg_data_id, number=number, comment=comment, text=data.text)


@delete(COMMENT, operation_id="delete_comment", opt=MANAGER, status_code=204)
async def delete_comment(who: Staff, msg_data_id: str, number: int, comment: str) -> None:
    """Delete a comment for good."""
    await _audited(who, msg_data_id, number, comment)
    await board.delete(who.world, who.merchant, msg_data_id=msg_data_id, number=number, comment=comment)


async def _audited(who: Staff, msg_data_id: str, number: int, comment: str = "0") -> None:
    """Look the article up in a transaction of its own, which is also where the audit's line is written."""
    if not (msg_data_id.isdecimal() and comment.isdecimal()):
        raise NotFound
    async with who.tx() as tx:
        await articles.get(tx, msg_data_id=msg_data_id, number=number)


console = [
    list_commented, list_comments, get_commented, put_comments_switch, elect_comment, reply_to_comment, delete_comment,
]  # fmt: skip

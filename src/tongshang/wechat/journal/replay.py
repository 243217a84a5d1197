"""Replaying what passed: a push whose reading failed gets its effects, once; a call that is safe is made again."""

from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from tongshang.wechat.inbox import read
from tongshang.wechat.journal import masking, outgoing, search
from tongshang.wechat.journal.entries import PLACE, Entry, record
from tongshang.wechat.journal.search import Whole

LOCK = "select state from wechat_journal where merchant_id = $1 and at = $2 and id = $3 for update"
DONE = """update wechat_journal set state = 'received', times = times + 1
where merchant_id = $1 and at = $2 and id = $3 and state = any($4)"""
WAITING = ["failed", "orphan"]
# Reads by name that are writes, or whose answer is a secret.
NOT_AGAIN = ("/delete", "/del", "/create", "/clear", "/ticket/getticket", "/cgi-bin/token", "/sns/")
OWN_NUMBER = ("clientmsgid", "client_msg_id")


class NotKept(Refused):
    """What came was not WeChat's, or its words were not kept: there is nothing to replay."""

    code, status, zh = "journal.not_kept", 409, "这条记录未通过校验或没有保留原文，无法重放。"


class StillUnreadable(Refused):
    """It still cannot be read: {problem}"""

    code, status, zh = "journal.unreadable", 409, "仍然无法处理这条推送：{problem}"


class StillNobodys(Refused):
    """The account {appid} still belongs to no merchant here."""

    code, status, zh = "journal.orphan", 409, "公众号 {appid} 仍未授权给本平台的任何商家。"


class NotSafe(Refused):
    """This call would act a second time. Only reads, and sends with a number of their own, are repeated."""

    code, status, zh = "journal.not_safe", 409, "重复这次调用会再次生效；只有查询类调用和带自有编号的发送可以重发。"


class Incomplete(Refused):
    """Parts of this call were masked or cut off when it was kept, so it cannot be made again as it was."""

    code, status, zh = "journal.incomplete", 409, "这次调用的内容已脱敏或截断，无法原样重发。"


class Outcome(msgspec.Struct, frozen=True):
    """What a replay did: `effects` were applied now, or it was `done_before`, or the call was `asked_again`."""

    outcome: str
    answer: str = ""


async def whole(tx: Tx, *, key: str) -> Whole:
    """Show a line with its bodies, and say whether it can be replayed."""
    row = await search.one(tx, key=key)
    line, request = search.line_of(row), search.request_of(tx, row)
    try:
        check(tx.merchant, row)
    except Refused as no:
        return Whole(line, request, row.answer, "", no.sentence("zh"), no.sentence("en"))
    return Whole(line, request, row.answer, "effects" if row.direction == "in" else "again", None, None)


def check(merchant: UUID, row: search.Row) -> None:
    """Refuse what cannot be replayed, as far as the line itself says."""
    if row.direction == "in":
        if row.state != "received" and (row.state not in WAITING or row.raw_sealed is None):
            raise NotKept
        return
    method, _, path = row.name.partition(" ")
    if merchant == NIL or path.startswith("/cgi-bin/component/") or any(part in path for part in NOT_AGAIN):
        raise NotSafe
    if method != "GET" and not any(name in _asked(row) for name in OWN_NUMBER):
        raise NotSafe
    if masking.MASK in row.request or row.request.endswith((masking.MORE, "bytes)")):
        raise Incomplete


async def replay(world: World, merchant: UUID, *, key: str) -> Outcome:
    """Replay a line of the merchant's journal; doing it twice does it once. Raises the refusals above."""
    async with world.tx(merchant) as tx:
        row = await search.one(tx, key=key)
    check(merchant, row)
    if row.direction == "out":
        return await _ask_again(world, merchant, row)
    return Outcome("done_before") if row.state == "received" else await _read_again(world, merchant, row)


async def _read_again(world: World, merchant: UUID, row: search.Row) -> Outcome:
    async with world.system_tx() as tx:
        owner = await accounts.owner(tx, appid=row.appid)
    if owner is None:
        raise StillNobodys(appid=row.appid)
    async with world.tx(merchant) as tx:
        raw = tx.unseal(PLACE, row.raw_sealed or b"")
    letter = read.Letter(row.id, row.appid, row.name, row.openid, row.at, 0, raw)
    fact = read.fact_of(letter)
    if fact is None:
        raise StillUnreadable(problem=row.name)
    try:
        async with world.tx(owner) as tx:
            if owner == merchant:
                # Two who press the button at once stand in line here, and the second finds it done.
                fresh = await tx.value(LOCK, merchant, row.at, row.id) in WAITING
                fresh = fresh and bool(await tx.run(DONE, merchant, row.at, row.id, WAITING))
            else:
                entry = Entry(row.id, row.at, row.appid, row.name, row.openid, "received", raw=raw)
                fresh = bool(await record(tx, [entry]))
            if fresh:
                await tx.emit(fact)
    except (Refused, Again, OSError):
        raise
    except Exception as error:
        raise StillUnreadable(problem=type(error).__name__) from error
    if owner != merchant:
        async with world.tx(merchant) as tx:
            await tx.run(DONE, merchant, row.at, row.id, WAITING)
    return Outcome("effects" if fresh else "done_before")


async def _ask_again(world: World, merchant: UUID, row: search.Row) -> Outcome:
    method, _, path = row.name.partition(" ")
    asked = _asked(row)
    if method == "GET":
        answer = await calls.get(world, merchant, path, {name: str(value) for name, value in asked.items()})
    else:
        answer = await calls.post(world, merchant, path, asked)
    await outgoing.flushed(world)
    return Outcome("asked_again", masking.body(msgspec.json.encode(answer)))


def _asked(row: search.Row) -> dict[str, object]:
    try:
        return dict(msgspec.json.decode(row.request, type=dict[str, object])) if row.request else {}
    except msgspec.DecodeError:
        return {}

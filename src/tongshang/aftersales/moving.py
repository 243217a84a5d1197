"""Moving a case on: lock, compare-and-set, an entry of what happened, the next clock, pieces let go at the end."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tongshang.aftersales import terms
from tongshang.aftersales.facts import CaseMoved, ClockSet
from tongshang.aftersales.model import CASE, ENDED, ENTRIES, HOLDS, ONE, By, Case, Entry, S
from tongshang.media import pictures as media
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound

LOCK = f"{ONE} for update"
MOVE = """update aftersale set state = $4, moved_at = $5, due_at = $6, moves = moves + 1, ended_at = $7,
  ended_because = $8, offer_fen = null
where merchant_id = $1 and id = $2 and state = $3"""
WRITE = """insert into aftersale_entry (merchant_id, id, case_id, nth, at, actor, actor_name, what, words, pictures,
  data) select $1, $2, $3, (select count(*)::integer + 1 from aftersale_entry where merchant_id = $1 and case_id = $3),
  $4, $5, $6, $7, $8, $9, $10"""
LET_GO = """update aftersale_held set held = held - $3, held_fen = held_fen - $4
where merchant_id = $1 and line_id = $2"""
MOST_WORDS, MOST_PICTURES = 500, 9
SAID = {
    "asked": ("提交申请", "asked for"), "agreed": ("商家同意", "agreed"), "refused": ("商家拒绝", "refused"),
    "sent": ("买家已寄回", "sent back"), "checked_in": ("商家已验收", "checked in"),
    "goods_refused": ("商家拒绝验收", "goods refused"), "replaced": ("已补发换货", "replacement sent"),
    "promised": ("退款中", "refund under way"), "settled": ("退款到账", "refunded"),
    "finished": ("换货完成", "exchanged"), "withdrawn": ("买家撤销", "withdrawn"),
    "called": ("申请平台介入", "called the platform"), "ruled": ("平台裁定", "ruled by the platform"),
    "expired": ("超时关闭", "closed, time was up"), "overtaken": ("已另行退款，关闭", "closed, refunded another way"),
    "given_in": ("商家改为同意", "agreed after all"),
}  # fmt: skip


async def locked(tx: Tx, *, case: UUID, fan: UUID | None = None) -> Case:
    """Give a case and keep everybody else off it until the commit; one customer's eyes see only his own."""
    found = await tx.one(Case, LOCK, tx.merchant, case)
    if fan is not None and found.fan_id != fan:
        raise NotFound
    return found


async def move(
    tx: Tx, *, case: Case, name: str, what: str, by: By, words: str = "", pictures: Sequence[UUID] = (),
    data: dict[str, Any] | None = None, because: str = "",
) -> Case:  # fmt: skip
    """Make a move of the machine, write down who did it, and wind the next state's clock."""
    state = CASE.move(name, case.state)
    ended, wait = state in ENDED, terms.at(tx.now).clock(state)
    due = tx.now + wait if wait is not None else None
    moved = await tx.run(MOVE, tx.merchant, case.id, case.state, state, tx.now, due, tx.now if ended else None, because)
    assert moved, "the case was locked, so it is where it was"
    if case.state in HOLDS and state not in HOLDS:
        for line in sorted(case.lines, key=lambda one: one.line_id):
            await tx.run(LET_GO, tx.merchant, line.line_id, line.quantity, line.amount_fen)
    await write(tx, case=case.id, by=by, what=what, words=words, pictures=pictures, data=data)
    await tell(tx, case=case, state=state, what=what, by=by)
    if due is not None:
        await tx.emit(ClockSet(case.id, case.moves + 1, due))
    return await tx.one(Case, ONE, tx.merchant, case.id)


async def tell(tx: Tx, *, case: Case, state: S, what: str, by: By) -> None:
    """Publish where a case went."""
    zh, en = SAID[what]
    await tx.emit(CaseMoved(case.id, case.order_id, case.fan_id, case.number, state, what, by.actor, zh, en))


async def write(
    tx: Tx, *, case: UUID, by: By, what: str, words: str = "", pictures: Sequence[UUID] = (),
    data: dict[str, Any] | None = None, entry: UUID | None = None,
) -> None:  # fmt: skip
    """Write an entry into a case that is locked, or new."""
    await tx.run(
        WRITE, tx.merchant, entry or tx.new_id(), case, tx.now, by.actor, by.name, what, words,
        [str(one) for one in pictures], data or {},
    )  # fmt: skip


async def entries(tx: Tx, *, case: UUID) -> list[Entry]:
    """List what happened in a case, first things first."""
    return await tx.all(Entry, ENTRIES, tx.merchant, case)


async def checked(tx: Tx, words: str, pictures: Sequence[UUID], *, least: int = 0) -> str:
    """Refuse words that are too long or missing, and pictures that are too many or not there."""
    words = words.strip()
    if not least <= len(words) <= MOST_WORDS:
        raise Invalid(field="words", problem=f"{least}-{MOST_WORDS}")
    if len(pictures) > MOST_PICTURES or len(set(pictures)) != len(pictures):
        raise Invalid(field="pictures", problem=f"≤ {MOST_PICTURES}")
    if len(await media.find(tx, pictures)) != len(pictures):
        raise Invalid(field="pictures", problem="unknown")
    return words

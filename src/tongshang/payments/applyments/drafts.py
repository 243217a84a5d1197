"""Typing an application: started once, saved as one types, thrown away, sent; and forgotten when its time is over."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from tongshang.media import blobs
from tongshang.payments.applyments import checks, rules
from tongshang.payments.applyments.checks import Problem
from tongshang.payments.applyments.facts import ApplymentMoved, ApplymentSent
from tongshang.payments.applyments.model import (
    APPLYMENT,
    HANDED_BACK,
    SENSITIVE,
    Applyment,
    ApplymentState,
    Flaw,
    Form,
)
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.machine import IllegalMove
from tongshang.platform.world import World
from tongshang.wechat import accounts as wechat_accounts

FORM, FLAWS, LINK = "applyment.form_sealed", "applyment.flaws_sealed", "applyment.sign_url_sealed"
COLUMNS = """id, state, rev, subject, short_name, form_sealed, flaws_sealed, business_code, series, submits, sp_mchid,
  wx_number, message, sign_url_sealed, sub_mchid, created_at, saved_at, sent_at, moved_at, looked_at, ended_at,
  forget_at, forgotten_at"""
ONE = f"select {COLUMNS} from applyment where merchant_id = $1 and id = $2"
ALL = f"select {COLUMNS} from applyment where merchant_id = $1 order by created_at desc, id limit 20"
ADD = """insert into applyment (merchant_id, id, state, rev, subject, short_name, form_sealed, created_at, saved_at,
  moved_at, forget_at) values ($1, $2, 'draft', 1, $3, $4, $5, $6, $6, $6, $7)"""
SAVE = """update applyment set rev = rev + 1, subject = $4, short_name = $5, form_sealed = $6, saved_at = $7,
  forget_at = $8
where merchant_id = $1 and id = $2 and rev = $3 and state = any($9)"""
DROP = "delete from applyment where merchant_id = $1 and id = $2 and state = 'draft'"
SEND = """update applyment set state = 'sending', rev = rev + 1, business_code = $4, series = $5, submits = $6,
  sp_mchid = $7, flaws_sealed = null, message = '',
  sign_url_sealed = case when $6::bigint = 0 then null else sign_url_sealed end,
  sent_at = $8, moved_at = $8, forget_at = null, ended_at = null
where merchant_id = $1 and id = $2 and rev = $3 and state = any($9)"""
PICTURED = """select slot, count(*)::integer as pictures from applyment_picture
where merchant_id = $1 and applyment_id = $2 group by slot"""
DUE = """select coalesce(array_agg(merchant_id::text || ' ' || id::text), '{}') from applyment
where forget_at is not null and forget_at <= $1"""
FILES = "select coalesce(array_agg(digest), '{}') from applyment_picture where merchant_id = $1 and applyment_id = $2"
DROP_FILES = "delete from applyment_picture where merchant_id = $1 and applyment_id = $2"
FORGET = """update applyment set form_sealed = null, flaws_sealed = null, sign_url_sealed = null, message = '',
  forgotten_at = $3, forget_at = null, state = case when state = any($4) then 'cancelled' else state end,
  ended_at = coalesce(ended_at, $3), moved_at = case when ended_at is null then $3 else moved_at end
where merchant_id = $1 and id = $2 and forget_at <= $3"""


class Underway(Refused):
    """An application of this merchant is under way already."""

    code, status, zh = "applyment.underway", 409, "已有一份申请单正在办理，请先完成它。"


class Stale(Refused):
    """This application was changed somewhere else. Load it again."""

    code, status, zh = "applyment.stale", 409, "申请单已在别处修改，请刷新后再编辑。"


class Incomplete(Refused):
    """Some fields have to be mended before this can be sent."""

    code, status, zh = "applyment.incomplete", 422, "还有内容需要补充或更正，请按提示修改后再提交。"


class Forgotten(Refused):
    """The data of this application was deleted; start a new one."""

    code, status, zh = "applyment.forgotten", 409, "该申请单的资料已按期删除，请重新填写。"


class _Count(msgspec.Struct, frozen=True):
    slot: str
    pictures: int


async def get(tx: Tx, *, applyment: UUID, locked: bool = False) -> Applyment:
    """Give an application of this merchant, or raise NotFound."""
    return await tx.one(Applyment, ONE + (" for update" if locked else ""), tx.merchant, applyment)


def form_of(tx: Tx, row: Applyment) -> Form:
    """Open what was typed; raises Forgotten."""
    if row.form_sealed is None:
        raise Forgotten
    return msgspec.json.decode(tx.unseal(FORM, row.form_sealed), type=Form)


def flaws_of(tx: Tx, row: Applyment) -> list[Flaw]:
    """Open what WeChat said of fields."""
    if row.flaws_sealed is None:
        return []
    return msgspec.json.decode(tx.unseal(FLAWS, row.flaws_sealed), type=list[Flaw])


async def save(tx: Tx, *, applyment: UUID, rev: int, form: Form) -> Applyment:
    """Start an application (rev 0) or save it; sensitive fields left empty stay as they were.

    Raises Underway (one at a time), Stale (saved somewhere else meanwhile), IllegalMove (WeChat has it).
    """
    known = await tx.first(Applyment, ONE + " for update", tx.merchant, applyment)
    if known is None:
        if rev:
            raise NotFound
        return await _start(tx, applyment, form)
    if known.state not in HANDED_BACK:
        raise IllegalMove(move="save", state=str(known.state))
    old = form_of(tx, known)
    kept = {name: getattr(old, name) for name in SENSITIVE if not getattr(form, name)}
    form = _trimmed(msgspec.structs.replace(form, **kept))
    if form == old:
        return known
    if known.rev != rev:
        raise Stale
    await tx.run(
        SAVE, tx.merchant, applyment, rev, form.subject.value, form.merchant_shortname[:64], _sealed(tx, form), tx.now,
        tx.now + rules.at(tx.now).kept_untouched, [str(one) for one in HANDED_BACK],
    )  # fmt: skip
    return await get(tx, applyment=applyment)


async def _start(tx: Tx, applyment: UUID, form: Form) -> Applyment:
    form, until = _trimmed(form), tx.now + rules.at(tx.now).kept_untouched
    name = form.merchant_shortname[:64]
    try:
        await tx.run(ADD, tx.merchant, applyment, form.subject.value, name, _sealed(tx, form), tx.now, until)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "applyment_one_at_a_time"):
            raise Underway from None
        raise
    return await get(tx, applyment=applyment)


async def pictured(tx: Tx, *, applyment: UUID) -> dict[str, int]:
    """Count an application's pictures by slot."""
    return {one.slot: one.pictures for one in await tx.all(_Count, PICTURED, tx.merchant, applyment)}


async def wrong(tx: Tx, row: Applyment) -> list[Problem]:
    """List what has to be mended before an application can be sent."""
    today = tx.now.astimezone(SHANGHAI).date()
    pictures = await pictured(tx, applyment=row.id)
    return checks.problems(form_of(tx, row), pictures, rules=rules.at(tx.now), today=today)


async def send(tx: Tx, *, applyment: UUID, rev: int, sp_mchid: str, anew: bool = False) -> Applyment:
    """Promise to hand an application to WeChat: under the number it had, or `anew` under a new one.

    Raises Incomplete with the problems, Stale, IllegalMove, NoAccount (no official account to be paid with).
    """
    row = await get(tx, applyment=applyment, locked=True)
    if row.state is ApplymentState.SENDING:
        return row  # a double click
    anew = anew or row.sp_mchid != sp_mchid
    APPLYMENT.move("renew" if anew and row.business_code else "send", row.state)
    if row.rev != rev:
        raise Stale
    await wechat_accounts.current(tx)
    if problems := await wrong(tx, row):
        refusal = Incomplete(fields=", ".join(one.field for one in problems))
        refusal.more = {"problems": msgspec.to_builtins(problems)}
        raise refusal
    series = row.series + 1 if anew and row.business_code else row.series
    code = row.business_code if row.business_code and not anew else f"{sp_mchid}_{row.id.hex}_{series}"
    submits = 0 if code != row.business_code else row.submits
    try:
        await tx.run(SEND, tx.merchant, applyment, rev, code, series, submits, sp_mchid, tx.now, [str(row.state)])
    except asyncpg.UniqueViolationError as error:
        if violates(error, "applyment_one_at_a_time"):
            raise Underway from None
        raise
    await tx.emit(ApplymentSent(applyment, rev + 1))
    return await get(tx, applyment=applyment)


async def drop(tx: Tx, *, applyment: UUID) -> list[bytes]:
    """Throw a draft away; give the files to delete once that is committed. One that WeChat knows cannot be."""
    await get(tx, applyment=applyment, locked=True)
    files: list[bytes] = await tx.value(FILES, tx.merchant, applyment)
    if not await tx.run(DROP, tx.merchant, applyment):
        raise IllegalMove(move="drop", state="sent")
    return files


async def forget(world: World, *, now: datetime) -> int:
    """Delete the data of applications whose day has come, of all merchants; say how many."""
    async with world.system_tx() as tx:
        due: list[str] = await tx.value(DUE, now)
    for merchant, applyment in ((UUID(a), UUID(b)) for a, _, b in (pair.partition(" ") for pair in due)):
        async with world.tx(merchant) as tx:
            row = await get(tx, applyment=applyment, locked=True)
            files: list[bytes] = await tx.value(FILES, tx.merchant, applyment)
            if not await tx.run(FORGET, tx.merchant, applyment, now, APPLYMENT.sources("lapse")):
                continue  # somebody touched it just now
            await tx.run(DROP_FILES, tx.merchant, applyment)
            if row.ended_at is None:
                await tx.emit(ApplymentMoved(applyment, ApplymentState.CANCELLED))
        for digest in files:
            await blobs.drop(world, merchant, digest=digest)
    return len(due)


def _trimmed(form: Form) -> Form:
    texts = {name: value.strip() for name, value in msgspec.structs.asdict(form).items() if type(value) is str}
    if any(len(value) > 1000 for value in texts.values()):
        raise Invalid(field=next(name for name, value in texts.items() if len(value) > 1000), problem="too long")
    for name in ("license_number", "id_card_number", "contact_id_number", "ubo_id_doc_number"):
        texts[name] = texts[name].upper()
    return msgspec.structs.replace(form, **texts)


def _sealed(tx: Tx, form: Form) -> bytes:
    return tx.seal(FORM, msgspec.json.encode(form))

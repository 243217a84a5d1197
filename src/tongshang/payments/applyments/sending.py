"""Handing an application to WeChat and following it: promise, reach out, record.

The business code is the number the other side knows: after an answer that was lost, WeChat is asked what it has under
it before anything is said again.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from tongshang.payments.accounts import Till
from tongshang.payments.applyments import building, drafts, pictures, provider, rules
from tongshang.payments.applyments.drafts import FLAWS, LINK
from tongshang.payments.applyments.facts import ApplymentMoved
from tongshang.payments.applyments.model import (
    APPLYMENT,
    AT_WECHAT,
    HANDED_BACK,
    TOLD,
    Applyment,
    ApplymentState,
    Flaw,
    Form,
    Kept,
)
from tongshang.payments.applyments.provider import NoProvider
from tongshang.platform.db import Tx
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from tongshang.wechat import accounts as wechat_accounts
from weixin.errors import PayError
from weixin.products.pay import applyments as wx
from weixin.products.pay.applyments import Applyment as Told

log = structlog.get_logger("applyments")
HANDING = """update applyment set submits = submits + 1
where merchant_id = $1 and id = $2 and business_code = $3 and state = 'sending' returning submits"""
MOVE = """update applyment set state = $4, message = $5, flaws_sealed = $6, wx_number = case when $7 = '' then wx_number
  else $7 end, sign_url_sealed = coalesce($8, sign_url_sealed), sub_mchid = case when $9 = '' then sub_mchid
  else $9 end, looked_at = $10, moved_at = case when state = $4 then moved_at else $10 end, ended_at = $11,
  forget_at = $12
where merchant_id = $1 and id = $2 and business_code = $3 and state = any($13)"""
# What these say is about our number or key, not about what the merchant typed: tried again, and a person looks.
OURS = frozenset({"SIGN_ERROR", "FREQUENCY_LIMITED", "SYSTEM_ERROR"})
# WeChat has it already: what it has is asked for.
THERE = frozenset({"PROCESSING", "RESOURCE_ALREADY_EXISTS"})
MISSING = frozenset({"RESOURCE_NOT_EXISTS", "APPLYMENT_NOTEXIST"})
OPEN_AT_WECHAT = ("APPLYMENT_STATE_REJECTED", "APPLYMENT_STATE_EDITTING")
NO_PROVIDER_SECONDS = 600.0


async def pursue(world: World, merchant: UUID, *, applyment: UUID, rev: int) -> None:
    """Hand an application over and ask after it until it is back in the owner's hands, or has ended.

    What was sent again meanwhile (another `rev`) has a follower of its own. Raises Again while it is in WeChat's hands
    or the provider's number is missing; Unreachable, PayError (our own keys are refused).
    """
    async with world.tx(merchant) as tx:
        row = await tx.first(Applyment, drafts.ONE, tx.merchant, applyment)
    if row is None or row.state not in AT_WECHAT or row.rev != rev:
        return
    try:
        if row.state is ApplymentState.SENDING:
            await _hand_over(world, merchant, row)
        else:
            await look(world, merchant, applyment=applyment)
    except NoProvider:
        raise Again(NO_PROVIDER_SECONDS) from None
    async with world.tx(merchant) as tx:
        row = await drafts.get(tx, applyment=applyment)
    if row.state in AT_WECHAT:
        raise Again(rules.pause(since_moved=world.clock.now() - row.moved_at).total_seconds())


async def look(world: World, merchant: UUID, *, applyment: UUID) -> Applyment:
    """Ask WeChat how an application stands, and record it; one that it does not have stays as it is."""
    async with world.tx(merchant) as tx:
        row = await drafts.get(tx, applyment=applyment)
    if row.state not in AT_WECHAT or row.state is ApplymentState.SENDING:
        return row
    till = await _till(world, row)
    if told := await _told(till, row.business_code):
        return await record(world, merchant, row=row, told=told)
    log.warning("applyment.unknown_at_wechat", applyment=str(row.id))
    return row


async def _till(world: World, row: Applyment) -> Till:
    till = await provider.till(world)
    if till.account.mchid != row.sp_mchid:
        raise NoProvider  # it was made under another number, which is not in use any more
    return till


async def _told(till: Till, code: str) -> Told | None:
    try:
        return await wx.query(till.client, business_code=code)
    except PayError as refused:
        if refused.code in MISSING:
            return None
        raise


async def _hand_over(world: World, merchant: UUID, row: Applyment) -> None:
    till = await _till(world, row)
    if row.submits:
        told = await _told(till, row.business_code)
        if told is not None and told.state not in OPEN_AT_WECHAT:
            await record(world, merchant, row=row, told=told)
            return
    async with world.tx(merchant) as tx:
        form, kept = drafts.form_of(tx, row), await pictures.of(tx, applyment=row.id)
        keys = {one.id: tx.unseal(pictures.KEY, one.key_sealed) for one in kept}
        appid = (await wechat_accounts.current(tx)).appid
    try:
        media = await _hand_pictures(world, merchant, till, kept, keys)
        async with world.tx(merchant) as tx:
            if not await tx.value(HANDING, tx.merchant, row.id, row.business_code):
                return
        held = rules.at(world.clock.now())
        body = building.application(
            form, media=media, business_code=row.business_code, appid=appid, rules=held, encrypt=till.client.encrypt
        )
        number = await wx.submit(till.client, body)
    except PayError as refused:
        await _refused(world, merchant, till, row, refused)
        return
    accepted = Told(row.business_code, number, "APPLYMENT_STATE_AUDITING", "", "", "", ())
    row = await record(world, merchant, row=row, told=accepted)
    # The link that the administrator signs by comes with the first answer, not with this one.
    await look(world, merchant, applyment=row.id)


async def _hand_pictures(
    world: World, merchant: UUID, till: Till, kept: list[Kept], keys: dict[UUID, bytes]
) -> dict[str, list[str]]:
    """Have every picture at WeChat, and give its name there, by slot."""
    media: dict[str, list[str]] = {}
    mchid, life = till.account.mchid, rules.at(world.clock.now()).media_life
    for one in kept:
        name = one.media_id
        async with world.tx(merchant) as tx:
            fresh = pictures.is_at_wechat(one, mchid=mchid, younger_than=life, tx=tx)
        if not fresh:
            body = await pictures.opened(world, merchant, kept=one, key=keys[one.id])
            try:
                name = await wx.upload_picture(
                    till.client, name=f"{one.id.hex}.jpg", content_type="image/jpeg", body=body
                )
            except PayError as refused:
                refused.detail = {"field": one.slot}
                raise
            async with world.tx(merchant) as tx:
                await pictures.handed(tx, picture=one.id, media_id=name, mchid=mchid)
        media.setdefault(one.slot, []).append(name)
    return media


async def _refused(world: World, merchant: UUID, till: Till, row: Applyment, refused: PayError) -> None:
    """Record what WeChat would not take, at its field; what it has already is looked at."""
    if refused.code in OURS:
        raise refused
    if refused.code in THERE and (told := await _told(till, row.business_code)):
        await record(world, merchant, row=row, told=told)
        return
    detail: Any = refused.detail if isinstance(refused.detail, dict) else {}
    parts = [part for part in str(detail.get("field") or "").split("/") if part and not part.isdigit()]
    flaw = wx.Flaw(parts[-1] if parts else "", "", refused.message)
    told = Told(row.business_code, "", "APPLYMENT_STATE_EDITTING", refused.message, "", "", (flaw,))
    await record(world, merchant, row=row, told=told)


async def record(world: World, merchant: UUID, *, row: Applyment, told: Told) -> Applyment:
    """Keep what WeChat says of an application; the number at its end goes into the merchant's settings.

    Compare-and-set on business code and state: what is not in WeChat's hands any more is left alone.
    """
    move = TOLD.get(told.state)
    if move is None:
        log.warning("applyment.unknown_state", applyment=str(row.id), told=told.state)
        return row
    known = None
    if move == "finish":
        known = await provider.numbers(world, mchid=row.sp_mchid) if told.sub_mchid else None
        if known is None:
            raise NoProvider
    async with world.tx(merchant) as tx:
        now = await drafts.get(tx, applyment=row.id, locked=True)
        if not APPLYMENT.may(move, now.state) or now.business_code != told.business_code:
            return now
        state = APPLYMENT.move(move, now.state)
        if not await _move(tx, now, state, told, drafts.form_of(tx, now)):
            return now
        if known is not None:
            account = await wechat_accounts.latest(tx)
            assert account is not None
            await provider.put_into(tx, known=known, sub_mchid=told.sub_mchid, appid=account.appid)
        if state is not now.state:
            await tx.emit(ApplymentMoved(row.id, state))
        return await drafts.get(tx, applyment=row.id)


async def _move(tx: Tx, row: Applyment, state: ApplymentState, told: Told, form: Form) -> int:
    held = rules.at(tx.now)
    ended = tx.now if state in (ApplymentState.FINISHED, ApplymentState.CANCELLED) else None
    until: timedelta | None = held.kept_after_end if ended else held.kept_untouched if state in HANDED_BACK else None
    flaws = [Flaw(place(one.place, form), one.name, one.reason) for one in told.flaws]
    return await tx.run(
        MOVE,
        tx.merchant,
        row.id,
        row.business_code,
        state.value,
        "" if flaws else told.message[:300],
        tx.seal(FLAWS, msgspec.json.encode(flaws)) if flaws else None,
        told.applyment_id,
        tx.seal(LINK, told.sign_url.encode()) if told.sign_url else None,
        told.sub_mchid,
        tx.now,
        ended,
        tx.now + until if until is not None else None,
        [str(row.state)],
    )


def place(field: str, form: Form) -> str:
    """Say at which field of ours a flaw belongs: what must be equal is typed once."""
    operators = ("legal_person", "contact_name" if form.by_legal else "legal_person")
    if field in operators or (field == "account_name" and form.personal_account):
        return "id_card_name"
    return {
        "account_name": "merchant_name",
        "bank_account_type": "personal_account",
        "settlement_id": "qualification_type",
        "subject_type": "subject",
        "bank_name": "bank_branch_id",
    }.get(field, field)

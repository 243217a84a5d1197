"""Answering a case: yes, no, a lower offer that the customer has to agree to, messages, and what silence means."""

from uuid import UUID

from tongshang.aftersales import moving, promising, settings
from tongshang.aftersales.facts import CaseSaid
from tongshang.aftersales.model import BUYER, CLOCK, Actor, By, Case, Kind, S
from tongshang.fulfilment import returnable
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.machine import IllegalMove

RETURN_TO = "update aftersale set return_to = $3 where merchant_id = $1 and id = $2"
OFFER = "update aftersale set offer_fen = $3 where merchant_id = $1 and id = $2"
LOWER = "update aftersale set amount_fen = offer_fen, offer_fen = null where merchant_id = $1 and id = $2"
NOTE = "update aftersale set note = $3 where merchant_id = $1 and id = $2"
SAID = "select case_id from aftersale_entry where merchant_id = $1 and id = $2"
NOWHERE = "商家未设置退货地址，商品无需寄回"
OFFERS = (S.ASKED, S.REFUSED, S.RETURNING, S.RECEIVED)


class NoReturnAddress(Refused):
    """Say first where goods go back to, in the after-sales settings."""

    code, status, zh = "aftersale.no_return_address", 409, "请先在售后设置中填写退货地址。"


class NoOffer(Refused):
    """This offer is not there any more."""

    code, status, zh = "aftersale.no_offer", 409, "商家的金额提议已变化，请刷新。"


async def agree(tx: Tx, *, case: UUID, by: By, words: str = "") -> Case:
    """Say yes: money goes back at once, or goods may come back first. Saying it twice is saying it once."""
    found = await moving.locked(tx, case=case)
    if found.state in (S.AGREED, S.REFUNDING, S.RETURNING, S.RECEIVED, S.DONE):
        return found
    words = await moving.checked(tx, words, [])
    return await say_yes(tx, case=found, by=by, words=words, what="agreed" if found.state == S.ASKED else "given_in")


async def say_yes(tx: Tx, *, case: Case, by: By, what: str, words: str = "") -> Case:
    """Go where a yes leads: goods that did not come back yet have to, unless nobody asked for that."""
    came_back = case.parcel_number != "" or case.checked_at is not None
    if not case.returns or came_back:
        return await promising.promise(tx, case=case, by=by, what=what, words=words)
    to = (await settings.read(tx)).return_to
    if to is None and by.actor == Actor.MERCHANT:
        raise NoReturnAddress
    if to is None:  # nobody could send anything anywhere: that is not the customer's loss
        return await promising.promise(tx, case=case, by=by, what=what, words=words or NOWHERE)
    data = {"name": to.name, "phone": to.phone, "address": to.address, "note": to.note}
    await tx.run(RETURN_TO, tx.merchant, case.id, data)
    return await moving.move(tx, case=case, name="agree", what=what, by=by, words=words)


async def refuse(tx: Tx, *, case: UUID, by: By, words: str) -> Case:
    """Say no, and why: to what was asked, or to what came back. The customer may call the provider."""
    found = await moving.locked(tx, case=case)
    if found.state == S.REFUSED:
        return found
    words = await moving.checked(tx, words, [], least=1)
    what = "refused" if found.state == S.ASKED else "goods_refused"
    return await moving.move(tx, case=found, name="refuse", what=what, by=by, words=words)


async def offer(tx: Tx, *, case: UUID, by: By, amount_fen: int, words: str) -> Case:
    """Offer less than was asked; nothing changes until the customer agrees, and the clock goes on."""
    found = await moving.locked(tx, case=case)
    if found.state not in OFFERS or found.kind == Kind.EXCHANGE:
        raise IllegalMove(move="offer", state=str(found.state))
    if not 1 <= amount_fen < found.amount_fen:
        raise Invalid(field="amount_fen", problem=f"1-{found.amount_fen - 1}")
    words = await moving.checked(tx, words, [], least=1)
    if found.offer_fen != amount_fen:
        await tx.run(OFFER, tx.merchant, case, amount_fen)
        await moving.write(tx, case=case, by=by, what="offered", words=words, data={"amount_fen": amount_fen})
        await tx.emit(CaseSaid(found.id, found.order_id, found.fan_id, found.number, by.actor))
    return await moving.locked(tx, case=case)


async def answer_offer(tx: Tx, *, case: UUID, fan: UUID, amount_fen: int, accepted: bool) -> Case:
    """Take the merchant's lower amount, which then counts as agreed; or leave it."""
    found = await moving.locked(tx, case=case, fan=fan)
    if found.offer_fen != amount_fen:
        raise NoOffer
    if not accepted:
        await tx.run(OFFER, tx.merchant, case, None)
        await moving.write(tx, case=case, by=BUYER, what="offer_left", data={"amount_fen": amount_fen})
        await tx.emit(CaseSaid(found.id, found.order_id, found.fan_id, found.number, BUYER.actor))
        return await moving.locked(tx, case=case)
    await tx.run(LOWER, tx.merchant, case)
    await moving.write(tx, case=case, by=BUYER, what="offer_taken", data={"amount_fen": amount_fen})
    lower = await moving.locked(tx, case=case, fan=fan)
    if lower.state == S.RETURNING:
        return lower  # the goods are on their way: their arrival decides
    return await say_yes(tx, case=lower, by=BUYER, what="agreed")


async def say(
    tx: Tx, *, case: UUID, by: By, message: UUID, words: str, pictures: list[UUID], fan: UUID | None = None
) -> Case:
    """Leave a message, under the caller's own id; the same id again is once."""
    found = await moving.locked(tx, case=case, fan=fan)
    if (said := await tx.value(SAID, tx.merchant, message)) is not None:
        if said != case:
            raise NotFound
        return found
    words = await moving.checked(tx, words, pictures, least=0 if pictures else 1)
    await moving.write(tx, case=case, by=by, what="said", words=words, pictures=pictures, entry=message)
    await tx.emit(CaseSaid(found.id, found.order_id, found.fan_id, found.number, by.actor))
    return found


async def set_note(tx: Tx, *, case: UUID, note: str) -> Case:
    """Keep the merchant's own note, which the customer never sees."""
    await moving.locked(tx, case=case)
    await tx.run(NOTE, tx.merchant, case, note.strip()[:500])
    return await moving.locked(tx, case=case)


async def withdraw(tx: Tx, *, case: UUID, fan: UUID) -> Case:
    """Take one's own request back, as long as nothing was sent for it."""
    found = await moving.locked(tx, case=case, fan=fan)
    if found.state == S.WITHDRAWN:
        return found
    return await moving.move(tx, case=found, name="withdraw", what="withdrawn", by=BUYER, because="withdrawn")


async def decide(tx: Tx, *, case: Case) -> Case:
    """Do what silence means: the merchant's is a yes, the customer's lets the case go. The clock has run out."""
    if case.state == S.ASKED:
        if await _spoilt(tx, case):
            return await moving.move(tx, case=case, name="refuse", what="refused", by=CLOCK,
                                     words="申请后已被使用或查看")  # fmt: skip
        return await say_yes(tx, case=case, by=CLOCK, what="agreed")
    if case.state in (S.RETURNING, S.RECEIVED):
        return await promising.promise(tx, case=case, by=CLOCK)
    if case.state == S.REPLACED:
        return await moving.move(tx, case=case, name="finish", what="finished", by=CLOCK)
    return await moving.move(tx, case=case, name="close", what="expired", by=CLOCK, because="expired")


async def _spoilt(tx: Tx, case: Case) -> bool:
    """Say whether what was asked for was used, or seen, since."""
    usable = await returnable.pieces(tx, order=case.order_id)
    return any(usable.get(line.line_id, line.quantity) < line.quantity for line in case.lines)

"""The merchant's desk: cases with their clocks, answers, goods checked in, replacements, money given by oneself."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, put

from tongshang.aftersales import answering, arbitration, asking, queries, returning, settings, terms
from tongshang.aftersales.asking import Given
from tongshang.aftersales.model import Actor, By, Kind, S
from tongshang.aftersales.queries import CaseCard, CaseView, Statistics
from tongshang.aftersales.returning import Back
from tongshang.aftersales.routes.store import Message, ParcelAsked, Words
from tongshang.aftersales.settings import Setting
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    """Yes, or no and why."""

    agreed: bool
    words: str = ""


class Offer(msgspec.Struct, forbid_unknown_fields=True):
    """Less than was asked, and why."""

    amount_fen: int
    words: str


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """How what came back looks, how much of it goes on the shelf, and whether the money goes back at once."""

    condition: str
    back: list[Back] = []
    words: str = ""
    pictures: list[UUID] = []
    refund: bool = True


class Note(msgspec.Struct, forbid_unknown_fields=True):
    """The merchant's own note."""

    note: str


class SellerReason(msgspec.Struct, frozen=True):
    """A reason for which merchants give money back by themselves; `money`: the goods stay where they are."""

    code: str
    zh: str
    en: str
    money: bool = False


class Clocks(msgspec.Struct, frozen=True):
    """How long a state lasts before it decides by itself, in hours, and where that is written."""

    hours: dict[str, int]
    sources: list[tuple[str, str]]


class SettingView(msgspec.Struct):
    """The settings, the clocks in force, and the reasons for giving money back unasked."""

    setting: Setting
    clocks: Clocks
    reasons: list[SellerReason]


def _by(who: Staff) -> By:
    return By(Actor.MERCHANT, who.name)


async def _shown(tx: Tx, case: UUID) -> CaseView:
    return await queries.whole(tx, case=case, noted=True)


@get("/after-sales", operation_id="list_after_sales")
async def list_after_sales(
    who: Staff, states: str = "", q: str = "", after: str | None = None, limit: int | None = None
) -> Page[CaseCard]:
    """List cases, newest first; `states` separated by commas."""
    wanted = [one for one in states.split(",") if one]
    if set(wanted) - {*S}:
        raise Invalid(field="states", problem=states[:60])
    most, start = limit_of(limit), read_cursor(after, int)[0] if after else None
    async with who.tx() as tx:
        found = await queries.at_desk(tx, states=wanted, text=q, before=start, limit=most)
    return page_of(found, most, lambda one: (int(one.number),))


@get("/after-sales/counts", operation_id="count_after_sales")
async def count_after_sales(who: Staff) -> dict[str, int]:
    """Count cases by state."""
    async with who.tx() as tx:
        return await queries.counts(tx)


@get("/after-sales/statistics", operation_id="after_sale_statistics")
async def after_sale_statistics(who: Staff, days: int = 30) -> Statistics:
    """Say what cases come to, by reason and by product."""
    async with who.tx() as tx:
        return await queries.statistics(tx, days=max(1, min(days, 365)))


@get("/after-sales/{case_id:uuid}", operation_id="get_after_sale")
async def get_after_sale(who: Staff, case_id: UUID) -> CaseView:
    """Show a case with its story."""
    async with who.tx() as tx:
        return await _shown(tx, case_id)


@get("/orders/{order_id:uuid}/after-sales", operation_id="list_order_after_sales")
async def list_order_after_sales(who: Staff, order_id: UUID) -> list[CaseCard]:
    """List an order's cases."""
    async with who.tx() as tx:
        return await queries.of_order(tx, order=order_id)


@put("/orders/{order_id:uuid}/after-sales/{case_id:uuid}", operation_id="give_after_sale", status_code=202)
async def give_after_sale(who: Staff, order_id: UUID, case_id: UUID, data: Given) -> CaseView:
    """Give money back without having been asked; accepted is not done, the case says when it is."""
    async with who.tx() as tx:
        await asking.give(tx, order=order_id, case=case_id, staff=who.id, by=_by(who), asked=data)
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/answer", operation_id="answer_after_sale")
async def answer_after_sale(who: Staff, case_id: UUID, data: Answer) -> CaseView:
    """Agree, or refuse with a reason."""
    async with who.tx() as tx:
        if data.agreed:
            await answering.agree(tx, case=case_id, by=_by(who), words=data.words)
        else:
            await answering.refuse(tx, case=case_id, by=_by(who), words=data.words)
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/offer", operation_id="offer_in_after_sale")
async def offer_in_after_sale(who: Staff, case_id: UUID, data: Offer) -> CaseView:
    """Offer less; it counts once the customer agrees."""
    async with who.tx() as tx:
        await answering.offer(tx, case=case_id, by=_by(who), amount_fen=data.amount_fen, words=data.words)
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/check-in", operation_id="check_in_after_sale")
async def check_in_after_sale(who: Staff, case_id: UUID, data: CheckIn) -> CaseView:
    """Check in what came back."""
    async with who.tx() as tx:
        await returning.check_in(
            tx, case=case_id, by=_by(who), condition=data.condition, back=data.back, words=data.words,
            pictures=data.pictures, refund=data.refund,
        )  # fmt: skip
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/refund", operation_id="refund_after_sale", status_code=202)
async def refund_after_sale(who: Staff, case_id: UUID) -> CaseView:
    """Promise the money back, of goods that are there or need not come back."""
    async with who.tx() as tx:
        await returning.refund(tx, case=case_id, by=_by(who))
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/replacements/{shipment_id:uuid}", operation_id="replace_after_sale")
async def replace_after_sale(who: Staff, case_id: UUID, shipment_id: UUID, data: ParcelAsked) -> CaseView:
    """Send what was wanted instead."""
    async with who.tx() as tx:
        await returning.replace(
            tx, case=case_id, shipment=shipment_id, by=_by(who), company=data.company, number=data.number
        )
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/messages/{message_id:uuid}", operation_id="say_in_after_sale")
async def say_in_after_sale(who: Staff, case_id: UUID, message_id: UUID, data: Message) -> CaseView:
    """Leave a message for the customer, under the caller's own id."""
    async with who.tx() as tx:
        await answering.say(tx, case=case_id, by=_by(who), message=message_id, words=data.words, pictures=data.pictures)
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/call", operation_id="call_provider_to_after_sale")
async def call_provider_to_after_sale(who: Staff, case_id: UUID, data: Words) -> CaseView:
    """Call for the provider to decide."""
    async with who.tx() as tx:
        await arbitration.call(tx, case=case_id, by=_by(who), words=data.words)
        return await _shown(tx, case_id)


@put("/after-sales/{case_id:uuid}/note", operation_id="note_after_sale")
async def note_after_sale(who: Staff, case_id: UUID, data: Note) -> CaseView:
    """Keep the merchant's own note."""
    async with who.tx() as tx:
        await answering.set_note(tx, case=case_id, note=data.note)
        return await _shown(tx, case_id)


@get("/after-sale-settings", operation_id="get_after_sale_settings")
async def get_after_sale_settings(who: Staff) -> SettingView:
    """Show where goods go back to, what is excepted, and which clocks are in force."""
    async with who.tx() as tx:
        return _setting(tx, await settings.read(tx))


@put("/after-sale-settings", operation_id="put_after_sale_settings", opt={"role": Role.MANAGER})
async def put_after_sale_settings(who: Staff, data: Setting) -> SettingView:
    """Say where goods go back to, and what does not go back without a reason."""
    async with who.tx() as tx:
        await settings.put(tx, asked=data)
        return _setting(tx, await settings.read(tx))


def _setting(tx: Tx, setting: Setting) -> SettingView:
    now = terms.at(tx.now)
    waits = {state: now.clock(state) for state in S}
    hours = {str(state): int(wait.total_seconds() // 3600) for state, wait in waits.items() if wait is not None}
    reasons = [SellerReason(one.code, one.zh, one.en, one.money) for one in terms.reasons(Kind.SELLER, sent=True)]
    return SettingView(setting, Clocks(hours, list(now.sources)), reasons)


console: list[Any] = [
    list_after_sales, count_after_sales, after_sale_statistics, get_after_sale, list_order_after_sales, give_after_sale,
    answer_after_sale, offer_in_after_sale, check_in_after_sale, refund_after_sale, replace_after_sale,
    say_in_after_sale, call_provider_to_after_sale, note_after_sale, get_after_sale_settings, put_after_sale_settings,
]  # fmt: skip

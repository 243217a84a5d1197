"""What customers do: ask, show, say, send back, call for the provider, or think better of it."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post, put

from tongshang.aftersales import answering, arbitration, asking, choices, queries, returning
from tongshang.aftersales.asking import Asked
from tongshang.aftersales.choices import Choices
from tongshang.aftersales.model import BUYER
from tongshang.aftersales.queries import CaseCard, CaseView
from tongshang.fans.access import Shopper
from tongshang.media import uploads
from tongshang.media.pictures import Picture
from tongshang.media.uploads import Upload
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.trade import orders


class ParcelAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Who brings the goods back, and under which number."""

    company: str
    number: str


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """Words, pictures, or both."""

    words: str = ""
    pictures: list[UUID] = []


class OfferAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """Yes or no to the amount that was offered, which is named so that another one is not taken by mistake."""

    amount_fen: int
    accepted: bool


class Words(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    words: str


@get("/orders/{order_id:uuid}/after-sale-choices", operation_id="get_after_sale_choices")
async def get_after_sale_choices(who: Shopper, order_id: UUID) -> Choices:
    """Say what one may ask for of one's own order."""
    async with who.tx() as tx:
        return await choices.of_order(tx, order=order_id, fan=who.fan)


@put("/orders/{order_id:uuid}/after-sales/{case_id:uuid}", operation_id="ask_after_sale")
async def ask_after_sale(who: Shopper, order_id: UUID, case_id: UUID, data: Asked) -> CaseView:
    """Ask for money back, a return or an exchange, under one's own id; asking again is asking once."""
    async with who.tx() as tx:
        await asking.ask(tx, order=order_id, case=case_id, fan=who.fan, asked=data)
        return await queries.whole(tx, case=case_id, fan=who.fan)


@post("/orders/{order_id:uuid}/after-sale-pictures", operation_id="upload_after_sale_picture")
async def upload_after_sale_picture(who: Shopper, order_id: UUID, data: Upload) -> Picture:
    """Send a picture along, as the part `file`; only of one's own order."""
    async with who.tx() as tx:
        await orders.get(tx, order=order_id, fan=who.fan)
    return await uploads.keep_of_customer(who.world, who.merchant, fan=who.fan, data=data, name="售后图片")


@get("/after-sales", operation_id="list_my_after_sales")
async def list_my_after_sales(who: Shopper, after: str | None = None, limit: int | None = None) -> Page[CaseCard]:
    """List one's own cases, newest first."""
    most, start = limit_of(limit, default=10), read_cursor(after, int)[0] if after else None
    async with who.tx() as tx:
        found = await queries.of_fan(tx, fan=who.fan, before=start, limit=most)
    return page_of(found, most, lambda one: (int(one.number),))


@get("/after-sales/{case_id:uuid}", operation_id="get_my_after_sale")
async def get_my_after_sale(who: Shopper, case_id: UUID) -> CaseView:
    """Show one's own case with its story."""
    async with who.tx() as tx:
        return await queries.whole(tx, case=case_id, fan=who.fan)


@put("/after-sales/{case_id:uuid}/withdrawal", operation_id="withdraw_after_sale")
async def withdraw_after_sale(who: Shopper, case_id: UUID) -> CaseView:
    """Take one's request back."""
    async with who.tx() as tx:
        await answering.withdraw(tx, case=case_id, fan=who.fan)
        return await queries.whole(tx, case=case_id, fan=who.fan)


@put("/after-sales/{case_id:uuid}/parcel", operation_id="send_after_sale_parcel")
async def send_after_sale_parcel(who: Shopper, case_id: UUID, data: ParcelAsked) -> CaseView:
    """Say how the goods come back."""
    async with who.tx() as tx:
        await returning.send(tx, case=case_id, fan=who.fan, company=data.company, number=data.number)
        return await queries.whole(tx, case=case_id, fan=who.fan)


@put("/after-sales/{case_id:uuid}/messages/{message_id:uuid}", operation_id="say_in_my_after_sale")
async def say_in_my_after_sale(who: Shopper, case_id: UUID, message_id: UUID, data: Message) -> CaseView:
    """Leave a message for the merchant, under one's own id."""
    async with who.tx() as tx:
        await answering.say(
            tx, case=case_id, by=BUYER, message=message_id, words=data.words, pictures=data.pictures, fan=who.fan
        )
        return await queries.whole(tx, case=case_id, fan=who.fan)


@put("/after-sales/{case_id:uuid}/offer", operation_id="answer_after_sale_offer")
async def answer_after_sale_offer(who: Shopper, case_id: UUID, data: OfferAnswer) -> CaseView:
    """Take the merchant's lower amount, or leave it."""
    async with who.tx() as tx:
        await answering.answer_offer(tx, case=case_id, fan=who.fan, amount_fen=data.amount_fen, accepted=data.accepted)
        return await queries.whole(tx, case=case_id, fan=who.fan)


@put("/after-sales/{case_id:uuid}/call", operation_id="call_provider")
async def call_provider(who: Shopper, case_id: UUID, data: Words) -> CaseView:
    """Call for the provider to decide."""
    async with who.tx() as tx:
        await arbitration.call(tx, case=case_id, by=BUYER, words=data.words, fan=who.fan)
        return await queries.whole(tx, case=case_id, fan=who.fan)


@put("/after-sales/{case_id:uuid}/receipt", operation_id="receive_replacement")
async def receive_replacement(who: Shopper, case_id: UUID) -> CaseView:
    """Say that what was sent instead has arrived."""
    async with who.tx() as tx:
        await returning.received(tx, case=case_id, fan=who.fan)
        return await queries.whole(tx, case=case_id, fan=who.fan)


store: list[Any] = [
    get_after_sale_choices, ask_after_sale, upload_after_sale_picture, list_my_after_sales, get_my_after_sale,
    withdraw_after_sale, send_after_sale_parcel, say_in_my_after_sale, answer_after_sale_offer, call_provider,
    receive_replacement,
]  # fmt: skip

"""The console's way out of a refund that is stuck at WeChat Pay: another card."""

from uuid import UUID

import msgspec
from litestar import get, put
from litestar.types import ControllerRouterHandler

from tongshang.payments import mending, refunds
from tongshang.payments.mending import BANKS, Card
from tongshang.payments.routes.books import MANAGER
from tongshang.tenancy.access import Staff


class CardAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A payer's debit card; it is handed to WeChat Pay and not kept."""

    bank: str
    account: str
    name: str


class Bank(msgspec.Struct, frozen=True):
    """A bank whose cards WeChat Pay takes."""

    code: str
    zh: str


class Mended(msgspec.Struct):
    """A refund on its way to a card."""

    id: UUID
    state: str


@get("/refunds/banks", operation_id="list_refund_banks")
async def list_banks(who: Staff) -> list[Bank]:
    """List the banks whose debit cards a stuck refund can go to."""
    return [Bank(code, zh) for code, zh in BANKS.items()]


@put("/refunds/{refund_id:uuid}/card", operation_id="mend_refund", opt=MANAGER)
async def mend_refund(who: Staff, refund_id: UUID, data: CardAsked) -> Mended:
    """Send a refund that is stuck on to a bank card of the payer's."""
    card = Card(data.bank, data.account, data.name)
    await mending.mend(who.world, who.merchant, refund=refund_id, card=card)
    async with who.tx() as tx:
        mended = await refunds.get(tx, refund=refund_id)
    return Mended(mended.id, mended.state)


console: list[ControllerRouterHandler] = [list_banks, mend_refund]

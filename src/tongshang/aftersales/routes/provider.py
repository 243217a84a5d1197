"""The provider's side: cases that somebody called for, and no others; rulings, in the audit of both sides."""

from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import get, put

from tongshang.aftersales import arbitration, queries
from tongshang.aftersales.arbitration import CalledCase
from tongshang.aftersales.queries import CaseView
from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.tenancy.access import Staff

PROVIDER = {"provider": True}


class Ruling(msgspec.Struct, forbid_unknown_fields=True):
    """For whom, for how much, and why."""

    finds_for: Literal["buyer", "merchant"]
    words: str
    amount_fen: int | None = None


@get("/provider/arbitrations", operation_id="list_arbitrations", opt=PROVIDER)
async def list_arbitrations(who: Staff, waiting: bool = True) -> list[CalledCase]:
    """List the cases of all merchants that somebody called for: those that wait, or the others."""
    async with who.system_tx() as tx:
        return await arbitration.listed(tx, waiting=waiting)


@get("/provider/arbitrations/{merchant_id:uuid}/{case_id:uuid}", operation_id="get_arbitration", opt=PROVIDER)
async def get_arbitration(who: Staff, merchant_id: UUID, case_id: UUID) -> CaseView:
    """Show a case that somebody called for; any other is not there."""
    if merchant_id == NIL:
        raise NotFound
    async with who.tx(merchant_id) as tx:
        await arbitration.called(tx, case=case_id)
        return await queries.whole(tx, case=case_id)


@put("/provider/arbitrations/{merchant_id:uuid}/{case_id:uuid}/ruling", operation_id="rule_arbitration", opt=PROVIDER)
async def rule_arbitration(who: Staff, merchant_id: UUID, case_id: UUID, data: Ruling) -> CaseView:
    """Decide, with a reason both sides can read; it stands in the merchant's audit and in the provider's."""
    if merchant_id == NIL:
        raise NotFound
    async with who.tx(merchant_id) as tx:
        await arbitration.rule(
            tx, case=case_id, by=arbitration.provider(who.name), finds_for=data.finds_for, words=data.words,
            amount_fen=data.amount_fen,
        )  # fmt: skip
        shown = await queries.whole(tx, case=case_id)
    async with who.tx():
        pass  # one merchant per transaction: this one is the provider's own line of the audit
    return shown


console: list[Any] = [list_arbitrations, get_arbitration, rule_arbitration]

"""The console's lists of money: refunds, balances, postings."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from tongshang.payments import ledger, queries, refunds
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}


class Balances(msgspec.Struct):
    """All accounts; `agrees` says that snapshots plus sums equal all postings, and debits equal credits."""

    items: list[ledger.Balance]
    agrees: bool
    next: None = None


class Repeated(msgspec.Struct):
    """A refund promised once more."""

    id: UUID
    state: str
    tries: int


@get("/refunds", operation_id="list_refunds")
async def list_refunds(
    who: Staff,
    section: Annotated[str, Parameter(query="state")] = "",
    after: str | None = None,
    limit: int | None = None,
) -> queries.RefundPage:
    """List refunds, newest first."""
    async with who.tx() as tx:
        return await queries.refunds(tx, state=section, after=after, limit=limit)


@put("/refunds/{refund_id:uuid}/repetition", operation_id="repeat_refund", opt=MANAGER)
async def repeat_refund(who: Staff, refund_id: UUID) -> Repeated:
    """Promise a refund that WeChat closed once more, under a new number."""
    async with who.tx() as tx:
        again = await refunds.again(tx, refund_id=refund_id)
    return Repeated(again.id, again.state, again.tries)


@get("/ledger/balances", operation_id="list_balances", opt=MANAGER)
async def list_balances(who: Staff) -> Balances:
    """Show what is in each account (debits less credits: they add up to zero)."""
    async with who.tx() as tx:
        trial = await ledger.trial_balance(tx)
    return Balances(trial.balances, trial.agrees)


@get("/ledger/postings", operation_id="list_postings", opt=MANAGER)
async def list_postings(
    who: Staff,
    account: str = "",
    first: Annotated[date | None, Parameter(query="from")] = None,
    last: Annotated[date | None, Parameter(query="to")] = None,
    after: str | None = None,
    limit: int | None = None,
) -> Page[ledger.Posting]:
    """List postings, newest first."""
    if account and account not in ledger.CHART:
        raise Invalid(field="account", problem="unknown")
    async with who.tx() as tx:
        return await ledger.postings(tx, account=account, first=first, last=last, after=after, limit=limit)


console: list[ControllerRouterHandler] = [list_refunds, repeat_refund, list_balances, list_postings]

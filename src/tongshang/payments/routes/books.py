"""The console's lists of money: refunds, balances, postings."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Response, get, put
from litestar.params import Parameter
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from tongshang.payments import ledger, queries, refunds, statements
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page
from tongshang.tenancy import audit
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
async def list_balances(
    who: Staff, whole: bool = False, day: Annotated[date | None, Parameter(query="on")] = None
) -> Balances:
    """Show what is in each account (debits less credits: they add up to zero), or was at the end of a day.

    From the last snapshot on; `whole` adds up from the first posting on and compares, which takes its time.
    """
    async with who.tx() as tx:
        if day is not None:
            trial = await ledger.balances_on(tx, day=day)
        else:
            trial = await (ledger.trial_balance(tx) if whole else ledger.quick_trial(tx))
    return Balances(trial.balances, trial.agrees)


@get("/ledger/balances/export", operation_id="export_balances", media_type="text/csv", opt=MANAGER)
async def export_balances(
    who: Staff, day: Annotated[date, Parameter(query="on")], language: str = "zh"
) -> Response[bytes]:
    """Give the trial balance at the end of a day as a spreadsheet (CSV); audited."""
    async with who.tx() as tx:
        await audit.record(
            tx, staff_id=who.id, staff_name=who.name, action="export_balances", target={"on": str(day)},
            request=who.request_id, ip=who.ip,
        )  # fmt: skip
        trial = await ledger.balances_on(tx, day=day)
    name = quote(f"{'余额表' if language == 'zh' else 'trial-balance'}-{day:%Y%m%d}.csv")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
    sheet = statements.trial_sheet(trial, language=language)
    return Response(sheet, media_type="text/csv; charset=utf-8", headers=headers)


@get("/ledger/statement", operation_id="get_statement", opt=MANAGER)
async def get_statement(
    who: Staff,
    account: str,
    first: Annotated[date, Parameter(query="from")],
    last: Annotated[date, Parameter(query="to")],
) -> statements.Statement:
    """Say what an account held, what moved it in a period, and what it held then."""
    async with who.tx() as tx:
        return await statements.of_account(tx, account=account, first=first, last=last)


@get("/ledger/export", operation_id="export_postings", media_type="text/csv", opt=MANAGER)
async def export_postings(
    who: Staff,
    first: Annotated[date, Parameter(query="from")],
    last: Annotated[date, Parameter(query="to")],
    account: str = "",
    language: str = "zh",
) -> Stream:
    """Give a period's postings as a spreadsheet (CSV), all of them or, above 200,000, none; audited."""
    statements.check(account, first, last)
    async with who.tx() as tx:
        await statements.check_size(tx, account=account, first=first, last=last)
        await audit.record(
            tx, staff_id=who.id, staff_name=who.name, action="export_postings",
            target={"account": account, "from": str(first), "to": str(last)}, request=who.request_id, ip=who.ip,
        )  # fmt: skip

    def pieces() -> AsyncIterator[bytes]:
        return statements.sheet(who.world, who.merchant, account=account, first=first, last=last, language=language)

    name = quote(f"{'账本明细' if language == 'zh' else 'ledger'}-{first:%Y%m%d}-{last:%Y%m%d}.csv")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
    return Stream(pieces, media_type="text/csv; charset=utf-8", headers=headers)


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


console: list[ControllerRouterHandler] = [
    list_refunds, repeat_refund, list_balances, export_balances, get_statement, export_postings, list_postings,
]  # fmt: skip

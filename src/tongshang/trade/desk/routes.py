"""The desk of orders over HTTP: the list, views that are kept, bulk work, and export."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.di import Provide
from litestar.params import Parameter
from litestar.response import Stream

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import cursor, limit_of, read_cursor
from tongshang.tenancy import audit
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import views
from tongshang.trade.desk import bulk, exporting, kept, listing
from tongshang.trade.desk.bulk import Outcome, Work
from tongshang.trade.desk.filters import Filters
from tongshang.trade.desk.kept import View
from tongshang.trade.routes.console import name_fans
from tongshang.trade.views import OrderView


class OrderPage(msgspec.Struct):
    """Orders, where the next page starts, and, on the first page, how many wait at each stage (each up to 1000)."""

    items: list[OrderView]
    next: str | None
    counts: dict[str, int]


class ViewAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A view to be kept, for oneself or for everybody."""

    name: str
    filters: Filters
    shared: bool = False


class Outcomes(msgspec.Struct):
    """What became of each order."""

    items: list[Outcome]


def filters_of(
    stage: Annotated[str, Parameter(query="state")] = "",
    q: str = "",
    delivery: str = "",
    refund: str = "",
    product: UUID | None = None,
    coupon: bool | None = None,
    noted: bool | None = None,
    least_fen: int | None = None,
    most_fen: int | None = None,
    since: Annotated[datetime | None, Parameter(query="from")] = None,
    until: Annotated[datetime | None, Parameter(query="to")] = None,
) -> Filters:
    """Read what is looked for from a request's query; a time without a zone is one of the merchant's clock."""
    said: dict[str, Any] = {
        "stage": stage, "text": q.strip(), "delivery": delivery, "refund": refund, "product": product,
        "coupon": coupon, "noted": noted, "least_fen": least_fen, "most_fen": most_fen,
        "since": _in_shanghai(since), "until": _in_shanghai(until),
    }  # fmt: skip
    try:
        return msgspec.convert(said, Filters)
    except msgspec.ValidationError as error:
        raise Invalid(
            field=str(error).rpartition("$.")[2].rstrip("`"), problem=str(error).partition(" - ")[0]
        ) from None


def _in_shanghai(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=SHANGHAI) if moment and moment.tzinfo is None else moment


@get("/orders", operation_id="list_orders", dependencies={"filters": Provide(filters_of, sync_to_thread=False)})
async def list_orders(who: Staff, filters: Filters, after: str | None = None, limit: int | None = None) -> OrderPage:
    """List orders, newest first; `q` is a number, a phone or its last four digits, a name, or goods."""
    most = limit_of(limit, default=20)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.tx() as tx:
        found = await listing.orders(tx, filters=filters, before=start, limit=most)
        shown = await views.many(tx, found=found[:most])
        await name_fans(tx, shown, {order.id: order.fan_id for order in found})
        counts = {} if after else await listing.counts(tx)
    return OrderPage(shown, cursor(shown[-1].id) if len(found) > most else None, counts)


@get(
    "/orders/export", operation_id="export_orders", media_type="text/csv",
    dependencies={"filters": Provide(filters_of, sync_to_thread=False)},
)  # fmt: skip
async def export_orders(who: Staff, filters: Filters, language: str = "zh") -> Stream:
    """Give what is looked for as a spreadsheet (CSV), a row for each line, at most 100,000 orders; audited."""
    async with who.tx() as tx:
        await audit.record(
            tx, staff_id=who.id, staff_name=who.name, action="export_orders",
            target=msgspec.to_builtins(filters), request=who.request_id, ip=who.ip,
        )  # fmt: skip
        day = tx.now.astimezone(SHANGHAI)
    name = f"订单-{day:%Y%m%d-%H%M}.csv" if language == "zh" else f"orders-{day:%Y%m%d-%H%M}.csv"

    def pieces() -> AsyncIterator[bytes]:
        return exporting.sheet(who.world, who.merchant, filters=filters, language=language)

    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {"content-disposition": disposition, "cache-control": "no-store"}
    return Stream(pieces, media_type="text/csv; charset=utf-8", headers=headers)


@put("/orders/batches/{work_id:uuid}", operation_id="do_orders")
async def do_orders(who: Staff, work_id: UUID, data: Work) -> Outcomes:
    """Do the same to up to a hundred orders; says of each what became of it. Asking again changes nothing more."""
    done = await bulk.carry_out(who.world, who.merchant, work=data)
    async with who.tx():
        return Outcomes(done)


@get("/order-views", operation_id="list_order_views")
async def list_order_views(who: Staff) -> list[View]:
    """List one's own views of the order list, and everybody's."""
    async with who.tx() as tx:
        return await kept.listed(tx, staff=who.id)


@put("/order-views/{view_id:uuid}", operation_id="put_order_view", status_code=204)
async def put_order_view(who: Staff, view_id: UUID, data: ViewAsked) -> None:
    """Keep a view under a name; only a manager keeps one for everybody."""
    if data.shared and not who.may(Role.MANAGER):
        raise Invalid(field="shared", problem="manager")
    async with who.tx() as tx:
        await kept.put(tx, view=view_id, staff=who.id, name=data.name, filters=data.filters, shared=data.shared)


@delete("/order-views/{view_id:uuid}", operation_id="drop_order_view")
async def drop_order_view(who: Staff, view_id: UUID) -> None:
    """Forget a view."""
    async with who.tx() as tx:
        await kept.drop(tx, view=view_id, staff=who.id)


console = [list_orders, export_orders, do_orders, list_order_views, put_order_view, drop_order_view]

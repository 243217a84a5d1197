"""Papers over HTTP: one PDF for any number of orders, and the slip of one parcel."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from tongshang.fulfilment.papers import drawing, printing
from tongshang.fulfilment.papers.model import Kind, Language, Paper, Size
from tongshang.platform.errors import Invalid
from tongshang.tenancy import audit
from tongshang.tenancy.access import Staff

LONGEST = 40 * printing.MOST


@get("/orders/papers", operation_id="print_papers", media_type="application/pdf")
async def print_papers(
    who: Staff, orders: Annotated[str, Parameter(max_length=LONGEST)], kind: Kind = "slip", size: Size = "a4",
    language: Language = "zh",
) -> Response[bytes]:  # fmt: skip
    """Give packing slips or receipts of up to a hundred paid orders (ids, separated by commas) in one PDF; audited."""
    try:
        ids = [UUID(one) for one in orders.split(",")]
    except ValueError:
        raise Invalid(field="orders", problem="ids, separated by commas", zh="须为用逗号分隔的订单编号") from None
    async with who.tx() as tx:
        papers = await printing.of_orders(tx, ids=ids, kind=kind, language=language)
        await audit.record(
            tx, staff_id=who.id, staff_name=who.name, action="print_papers",
            target={"kind": kind, "orders": str(len(papers))}, request=who.request_id, ip=who.ip,
        )  # fmt: skip
    return await _pdf(who, papers, size, kind)


@get("/orders/{order_id:uuid}/shipments/{shipment_id:uuid}/slip", operation_id="print_parcel_slip",
     media_type="application/pdf")  # fmt: skip
async def print_parcel_slip(
    who: Staff, order_id: UUID, shipment_id: UUID, size: Size = "a4", language: Language = "zh"
) -> Response[bytes]:
    """Give the packing slip of one parcel."""
    async with who.tx() as tx:
        paper = await printing.of_parcel(tx, order=order_id, shipment=shipment_id, language=language)
    return await _pdf(who, [paper], size, "slip")


async def _pdf(who: Staff, papers: Sequence[Paper], size: Size, name: str) -> Response[bytes]:
    at = who.world.clock.now()
    body = await asyncio.to_thread(drawing.draw, papers, size=size, at=at)
    headers = {"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


console: list[ControllerRouterHandler] = [print_papers, print_parcel_slip]

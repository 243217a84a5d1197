"""Shipping by spreadsheet over HTTP, and the carriers."""

from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from tongshang.catalog.sheets.workbooks import MOST_BYTES
from tongshang.fulfilment import sheets
from tongshang.fulfilment.carriers import CARRIERS
from tongshang.fulfilment.sheets import Outcome
from tongshang.platform.errors import Invalid, TooLarge
from tongshang.tenancy.access import Staff

Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]
Kind = Literal["xlsx", "csv"]
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


class CarrierView(msgspec.Struct, frozen=True):
    """A carrier as one chooses him."""

    code: str
    zh: str
    en: str
    number: str


class ShippingReport(msgspec.Struct, frozen=True):
    """What became, or would become, of each row."""

    applied: bool
    ready: int
    bad: int
    rows: list[Outcome]


@get("/carriers", operation_id="list_carriers")
async def list_carriers(who: Staff) -> list[CarrierView]:
    """List the carriers, with the pattern of their numbers."""
    return [CarrierView(one.code, one.zh, one.en, one.number) for one in CARRIERS]


@get("/shipments/sheet", operation_id="get_shipping_sheet")
async def get_shipping_sheet(who: Staff, kind: Kind = "xlsx") -> Response[bytes]:
    """Give a sheet of the orders that wait to be sent."""
    async with who.tx() as tx:
        body = await sheets.template(tx, kind=kind)
    headers = {"content-disposition": f'attachment; filename="to-ship.{kind}"', "cache-control": "no-store"}
    return Response(body, media_type=TYPES[kind], headers=headers)


@post("/shipments/sheet", operation_id="ship_by_sheet", status_code=200)
async def ship_by_sheet(who: Staff, data: Upload, apply: bool = False) -> ShippingReport:
    """Look through a sheet (the part `file`), or send its parcels; the same sheet again sends nothing twice."""
    upload = data.get("file")
    if upload is None:
        raise Invalid(field="file", problem="required")
    body = await upload.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise TooLarge(limit=MOST_BYTES)
    parcels = sheets.read(body)
    async with who.tx():
        pass  # the sheet is one line of the audit; its rows are transactions of their own
    rows = await sheets.ship(who.world, who.merchant, parcels=parcels, apply=apply)
    good = sum(1 for one in rows if one.state in ("ready", "sent"))
    return ShippingReport(apply, good, sum(1 for one in rows if one.state == "bad"), rows)


console = [list_carriers, get_shipping_sheet, ship_by_sheet]

"""Freight templates in the console; regions, freight to a place and pasted addresses in the store."""

from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put

from tongshang.fans.access import Shopper
from tongshang.platform.errors import Invalid
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy import merchants
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade.freights import local, sending, templates
from tongshang.trade.freights.model import Local
from tongshang.trade.freights.sending import Sending
from tongshang.trade.freights.templates import TemplateAsked, TemplateView
from tongshang.trade.regions import areas, pasted
from tongshang.trade.regions.pasted import Pasted

LONGEST_REGION = 80


class Areas(msgspec.Struct):
    """All regions as [code, name], a parent's code beginning its children's; and where the list comes from."""

    source: str
    areas: list[tuple[str, str]]


class PastedAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Text with an address somewhere in it."""

    text: str


@get("/freight-templates", operation_id="list_freight_templates")
async def list_freight_templates(who: Staff) -> list[TemplateView]:
    """List the freight templates, the default one first."""
    async with who.tx() as tx:
        return await templates.listed(tx)


@put("/freight-templates/{template_id:uuid}", operation_id="put_freight_template", opt={"role": Role.MANAGER})
async def put_freight_template(who: Staff, template_id: UUID, data: TemplateAsked) -> list[TemplateView]:
    """Write a freight template down; a default one takes that from the one before."""
    async with who.tx() as tx:
        await templates.put(tx, template=template_id, asked=data)
        return await templates.listed(tx)


@delete("/freight-templates/{template_id:uuid}", operation_id="drop_freight_template", opt={"role": Role.MANAGER})
async def drop_freight_template(who: Staff, template_id: UUID) -> None:
    """Remove a freight template that no product follows."""
    async with who.tx() as tx:
        await templates.drop(tx, template=template_id)


@get("/shop/local-delivery", operation_id="get_local_delivery")
async def get_local_delivery(who: Staff) -> Local:
    """Say where the shop delivers itself."""
    async with who.tx() as tx:
        return await local.get(tx)


@put("/shop/local-delivery", operation_id="put_local_delivery", opt={"role": Role.MANAGER})
async def put_local_delivery(who: Staff, data: Local) -> Local:
    """Say where the shop delivers itself from now on, for how much."""
    async with who.tx() as tx:
        await local.put(tx, local=data)
        return await local.get(tx)


@get("/regions", operation_id="list_regions")
async def list_regions(who: Staff) -> Response[bytes]:
    """List China's regions."""
    return _areas()


@get("/regions", operation_id="store_regions")
async def store_regions(shop: str) -> Response[bytes]:
    """List China's regions."""
    return _areas()


def _areas() -> Response[bytes]:
    body = msgspec.json.encode(Areas(areas.SOURCE, list(areas.known().items())))
    return Response(body, media_type="application/json", headers={"cache-control": "private, max-age=86400"})


@get("/freight", operation_id="store_freight")
async def store_freight(request: AnyRequest, shop: str, variant: UUID, region: str = "", quantity: int = 1) -> Sending:
    """Say what sending some of a variant to a region (names joined by commas) costs, and why."""
    if not 1 <= quantity <= 999 or len(region) > LONGEST_REGION:
        raise Invalid(field="quantity" if len(region) <= LONGEST_REGION else "region", problem="")
    world = world_of(request)
    names = [name for name in region.split(",") if name][:3]
    async with world.tx(await merchants.by_slug(world, shop)) as tx:
        return await sending.of(tx, variant=variant, quantity=quantity, region=names)


@post("/addresses/reading", operation_id="read_address", status_code=200)
async def read_address(who: Shopper, data: PastedAsked) -> Pasted:
    """Take a pasted address apart; nothing is kept."""
    return pasted.read(data.text)


console = [list_freight_templates, put_freight_template, drop_freight_template, get_local_delivery,
           put_local_delivery, list_regions]  # fmt: skip
store = [store_regions, store_freight, read_address]

"""Writing freight templates down, and reading all that a shop says of freight."""

from uuid import UUID

import asyncpg
import msgspec

from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import NotFound, Refused
from tongshang.trade.freights.model import By, Flat, Local, Rate, Rates, Template, Zone, check
from tongshang.trade.regions import areas

MOST = 50
COLUMNS = "t.id, t.name, t.charged_by as by, t.zones, t.rest"
LIST = f"""select {COLUMNS}, t.is_default, t.updated_at, (select count(*) from product p
  where p.merchant_id = t.merchant_id and p.freight_template_id = t.id and p.state <> 'gone') as products
from freight_template t where t.merchant_id = $1 and not t.gone order by t.is_default desc, t.name"""
ALL = f"select {COLUMNS}, t.is_default from freight_template t where t.merchant_id = $1 and not t.gone"
FLAT = "select flat_fen, free_over_fen, version, local from freight where merchant_id = $1"
# Takes the shop's row, so that two who write templates stand in line, and readers see that something changed.
CHANGED = """insert into freight (merchant_id, flat_fen, version) values ($1, 0, 1)
on conflict (merchant_id) do update set version = freight.version + 1"""
COUNT = "select count(*) from freight_template where merchant_id = $1 and id <> $2 and not gone"
PUT = """insert into freight_template (merchant_id, id, name, charged_by, zones, rest, is_default, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (merchant_id, id) do update set name = $3, charged_by = $4, zones = $5, rest = $6, is_default = $7,
  updated_at = $8
where not freight_template.gone"""
NO_DEFAULT = "update freight_template set is_default = false where merchant_id = $1 and is_default and id <> $2"
USED = "select count(*) from product where merchant_id = $1 and freight_template_id = $2 and state <> 'gone'"
DROP = """update freight_template set gone = true, is_default = false, updated_at = $3
where merchant_id = $1 and id = $2 and not gone"""


class NameTaken(Refused):
    """There is a freight template of that name already."""

    code, status, zh = "freight.name_taken", 409, "已有同名运费模板。"


class TooManyTemplates(Refused):
    """There are {most} freight templates already. Remove one first."""

    code, status, zh = "freight.too_many", 409, "最多 {most} 个运费模板，请先删除不用的。"


class InUse(Refused):
    """{count} products follow this template. Give them another one first."""

    code, status, zh = "freight.in_use", 409, "还有 {count} 件商品在使用此模板，请先为它们更换模板。"


class TemplateAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A template as the merchant writes it down; `rest` None: nothing is sent to regions in no zone."""

    name: str
    by: By = By.PIECES
    zones: list[Zone] = []
    rest: Rate | None = None
    is_default: bool = False


class TemplateView(Template, frozen=True, kw_only=True):
    """A template in the list: whether it is the shop's default, and how many products follow it by name."""

    is_default: bool
    products: int


class _Kept(Template, frozen=True, kw_only=True):
    is_default: bool


class _Head(msgspec.Struct, frozen=True):
    flat_fen: int
    free_over_fen: int | None
    version: int
    local: Local | None = None


async def listed(tx: Tx) -> list[TemplateView]:
    """List the templates, the default one first."""
    return await tx.all(TemplateView, LIST, tx.merchant)


async def rates(tx: Tx) -> Rates:
    """Give all that a shop says of freight; templates are kept ready until they change."""
    head = await tx.first(_Head, FLAT, tx.merchant)
    if head is None:
        return Rates()
    flat = Flat(head.flat_fen, head.free_over_fen)
    if not head.version:
        return Rates(flat=flat, local=head.local)
    ready: dict[UUID, tuple[int, list[_Kept]]] = tx.world.shelf.setdefault("freight templates", {})
    known = ready.get(tx.merchant)
    if known is None or known[0] != head.version:
        # The version was read first: what is kept is never newer than it says, so a change is never missed.
        known = ready[tx.merchant] = (head.version, await tx.all(_Kept, ALL, tx.merchant))
    default = next((one.id for one in known[1] if one.is_default), None)
    return Rates(flat=flat, templates={one.id: one for one in known[1]}, default_id=default, local=head.local)


async def put(tx: Tx, *, template: UUID, asked: TemplateAsked) -> None:
    """Write a template down: new, or as a whole in place of what it was."""
    name = asked.name.strip()
    check(name, asked.zones, asked.rest, areas.known())
    await tx.run(CHANGED, tx.merchant)
    if await tx.value(COUNT, tx.merchant, template) >= MOST:
        raise TooManyTemplates(most=MOST)
    if asked.is_default:
        await tx.run(NO_DEFAULT, tx.merchant, template)
    try:
        written = await tx.run(
            PUT, tx.merchant, template, name, asked.by.value, asked.zones, asked.rest, asked.is_default, tx.now
        )
    except asyncpg.UniqueViolationError as error:
        if violates(error, "freight_template_name_once"):
            raise NameTaken from None
        raise
    if not written:
        raise NotFound  # it is gone


async def drop(tx: Tx, *, template: UUID) -> None:
    """Remove a template that no product follows by name."""
    await tx.run(CHANGED, tx.merchant)
    if count := await tx.value(USED, tx.merchant, template):
        raise InUse(count=count)
    if not await tx.run(DROP, tx.merchant, template, tx.now):
        raise NotFound

"""The codes page of the console: putting codes in, counting them, and seeing where each went. Never their words."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, post

from tongshang.catalog.kinds import codes
from tongshang.catalog.kinds.codes import Added, Code, Count
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

STATES = ("", "free", "given", "void")


class Codes(msgspec.Struct, forbid_unknown_fields=True):
    """Codes as the merchant pastes them, one a line."""

    codes: list[str]


class CodeView(msgspec.Struct):
    """A code without its words: its last characters, and whose it is."""

    id: UUID
    hint: str
    state: str
    added_at: datetime
    order_id: UUID | None
    given_at: datetime | None
    revealed_at: datetime | None


@get("/products/{product_id:uuid}/codes", operation_id="count_codes")
async def count_codes(who: Staff, product_id: UUID) -> list[Count]:
    """Count the codes of a product's variants."""
    async with who.tx() as tx:
        return await codes.counts(tx, product=product_id)


@get("/variants/{variant_id:uuid}/codes", operation_id="list_codes")
async def list_codes(
    who: Staff, variant_id: UUID, section: str = "", after: str | None = None, limit: int | None = None
) -> Page[CodeView]:
    """List a variant's codes, newest first."""
    if section not in STATES:
        raise Invalid(field="section", problem=section)
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.tx() as tx:
        found = await codes.listed(tx, variant=variant_id, state=section, before=start, limit=most)
    return page_of([_view(one) for one in found], most, lambda one: (one.id,))


def _view(code: Code) -> CodeView:
    return CodeView(**{name: getattr(code, name) for name in CodeView.__struct_fields__})


@post("/variants/{variant_id:uuid}/codes", operation_id="add_codes", status_code=200, opt={"role": Role.MANAGER})
async def add_codes(who: Staff, variant_id: UUID, data: Codes) -> Added:
    """Put codes on the shelf; those that are there already are not put in twice."""
    async with who.tx() as tx:
        return await codes.add(tx, variant=variant_id, codes=data.codes, staff=who.id)


@delete("/codes/{code_id:uuid}", operation_id="withdraw_code", opt={"role": Role.MANAGER})
async def withdraw_code(who: Staff, code_id: UUID) -> None:
    """Take a free code off the shelf for good."""
    async with who.tx() as tx:
        await codes.withdraw(tx, code=code_id, staff=who.id)


console = [count_codes, list_codes, add_codes, withdraw_code]

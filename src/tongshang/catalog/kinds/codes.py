"""Codes that are goods: put in by the merchant, sealed at rest, each given to one buyer; the free are the stock."""

import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog import stock
from tongshang.catalog.facts import CodesAdded
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.ids import NIL

MOST_AT_ONCE = 10_000
LONGEST = 200
SEALED = "goods_code.code_sealed"
PRODUCT = """select p.id from variant v join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
where v.merchant_id = $1 and v.id = $2 and not v.gone and p.kind = 'virtual' and p.state <> 'gone'"""
ADD = """insert into goods_code (merchant_id, id, variant_id, code_sealed, hash, hint, state, added_at)
select $1, x.id, $2, decode(x.sealed, 'hex'), decode(x.hash, 'hex'), x.hint, 'free', $4
from jsonb_to_recordset($3::jsonb) as x(id uuid, sealed text, hash text, hint text)
on conflict (merchant_id, variant_id, hash) do nothing"""
GIVE = """update goods_code set state = 'given', order_id = $4, line_id = $5, given_at = $6
where merchant_id = $1 and id = any(array(select id from goods_code where merchant_id = $1 and variant_id = $2
  and state = 'free' order by id limit $3 for update skip locked))"""
VOID = """update goods_code set state = 'void'
where merchant_id = $1 and id = $2 and state = 'free' returning variant_id"""
KNOWN = "select 1 from goods_code where merchant_id = $1 and id = $2"
FREE = "select count(*) from goods_code where merchant_id = $1 and variant_id = $2 and state = 'free'"
COLUMNS = "id, variant_id, line_id, hint, state, added_at, order_id, given_at, revealed_at"
OF_ORDER = f"""select {COLUMNS}, code_sealed from goods_code
where merchant_id = $1 and order_id = $2 and state = 'given' order by line_id, id"""
REVEAL = """update goods_code set revealed_at = $3
where merchant_id = $1 and order_id = $2 and state = 'given' and revealed_at is null"""
UNSEEN = """select array(select id from goods_code where merchant_id = $1 and order_id = $2 and line_id = $3
  and variant_id = $4 and state = 'given' and revealed_at is null order by id limit $5 for update)"""
FREE_AGAIN = """update goods_code set state = 'free', order_id = null, line_id = null, given_at = null
where merchant_id = $1 and id = any($2)"""
LIST = f"""select {COLUMNS} from goods_code where merchant_id = $1 and variant_id = $2 and ($3 = '' or state = $3)
  and ($4::uuid is null or id < $4) order by id desc limit $5"""
COUNTS = """select v.id as variant_id, v.options, count(c.id) filter (where c.state = 'free') as free,
  count(c.id) filter (where c.state = 'given') as given
from variant v left join goods_code c on c.merchant_id = v.merchant_id and c.variant_id = v.id
where v.merchant_id = $1 and v.product_id = $2 and not v.gone
group by v.id, v.options, v.position order by v.position"""
ANY = "select 1 from product where merchant_id = $1 and id = $2 and state <> 'gone'"
VARIANT = "select 1 from variant where merchant_id = $1 and id = $2"


class NotFree(Refused):
    """This code was given to a buyer, or withdrawn before."""

    code, status, zh = "code.not_free", 409, "该卡密已发出或已作废。"


@dataclass(frozen=True)
class Code:
    """A code, without its words; `hint` is its last characters."""

    id: UUID
    variant_id: UUID
    line_id: UUID | None
    hint: str
    state: str
    added_at: datetime
    order_id: UUID | None
    given_at: datetime | None
    revealed_at: datetime | None


@dataclass(frozen=True)
class _Sealed(Code):
    code_sealed: bytes


class Shown(msgspec.Struct, frozen=True):
    """A code with its words, for its buyer's eyes."""

    id: UUID
    line_id: UUID | None
    code: str


class Added(msgspec.Struct, frozen=True):
    """What came of putting codes in: how many are new, how many were there before or twice among them."""

    added: int
    known: int


class Count(msgspec.Struct, frozen=True):
    """How many codes of a variant there are."""

    variant_id: UUID
    options: list[str]
    free: int
    given: int


async def add(tx: Tx, *, variant: UUID, codes: Sequence[str], staff: UUID | None = None) -> Added:
    """Put codes on the shelf; the same code twice is one code. Refuses more than 10,000 at once, and long ones."""
    product = await tx.value(PRODUCT, tx.merchant, variant)
    if product is None:
        raise NotFound
    given = [code.strip() for code in codes if code.strip()]
    if not 1 <= len(given) <= MOST_AT_ONCE:
        raise Invalid(field="codes", problem=f"1-{MOST_AT_ONCE}")
    for number, code in enumerate(given, 1):
        if len(code) > LONGEST or not code.isprintable():
            raise Invalid(field="codes", problem=f"each 1-{LONGEST}", line=number)
    rows = [_row(tx, code) for code in dict.fromkeys(given)]
    added = await tx.run(ADD, tx.merchant, variant, rows, tx.now)
    if added:
        await stock.move(tx, items={variant: added}, why=stock.Why(kind=stock.Kind.IMPORT, staff=staff))
        await tx.emit(CodesAdded(product, variant, added))
    return Added(added, len(given) - added)


async def withdraw(tx: Tx, *, code: UUID, staff: UUID | None = None) -> None:
    """Take a free code off the shelf for good; refuses when it was given, or when unpaid orders hold all there are."""
    variant = await tx.value(VOID, tx.merchant, code)
    if variant is None:
        if await tx.value(KNOWN, tx.merchant, code):
            raise NotFree
        raise NotFound
    await stock.move(tx, items={variant: -1}, why=stock.Why(staff=staff))


def _row(tx: Tx, code: str) -> dict[str, Any]:
    key = tx.world.secrets.derive(f"goods codes of {tx.merchant}").encode()
    hint = code[-4:] if len(code) >= 8 else code[-1:]
    return {
        "id": tx.new_id(),
        "sealed": tx.seal(SEALED, code.encode()).hex(),
        "hash": hmac.new(key, code.encode(), "sha256").hexdigest(),
        "hint": hint,
    }


async def give(tx: Tx, *, variant: UUID, order: UUID, line: UUID, count: int) -> int:
    """Give codes to a line of an order; says how many, which may be fewer when the shelf is empty or being emptied."""
    return await tx.run(GIVE, tx.merchant, variant, count, order, line, tx.now)


async def given(tx: Tx, *, order: UUID) -> Counter[tuple[UUID, UUID]]:
    """Count the codes an order has been given, by line and variant."""
    return Counter((one.line_id or NIL, one.variant_id) for one in await of_order(tx, order=order))


async def free(tx: Tx, *, variant: UUID) -> int:
    """Count the codes nobody has."""
    return int(await tx.value(FREE, tx.merchant, variant))


async def of_order(tx: Tx, *, order: UUID) -> list[Code]:
    """List the codes of an order, without their words."""
    return [Code(**_without(one)) for one in await tx.all(_Sealed, OF_ORDER, tx.merchant, order)]


def _without(one: _Sealed) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Code.__dataclass_fields__}


async def reveal(tx: Tx, *, order: UUID) -> int:
    """Write down that the buyer looks at the codes of an order; from now on they are known."""
    return await tx.run(REVEAL, tx.merchant, order, tx.now)


async def read(tx: Tx, *, order: UUID) -> list[Shown]:
    """Read the codes of an order that its buyer has looked at."""
    return [
        Shown(one.id, one.line_id, tx.unseal(SEALED, one.code_sealed).decode())
        for one in await tx.all(_Sealed, OF_ORDER, tx.merchant, order)
        if one.revealed_at is not None
    ]


async def take_back(tx: Tx, *, order: UUID, line: UUID, variant: UUID, count: int) -> int:
    """Free codes of a line that nobody has looked at; says how many."""
    unseen = await tx.value(UNSEEN, tx.merchant, order, line, variant, count)
    return await tx.run(FREE_AGAIN, tx.merchant, unseen)


async def listed(tx: Tx, *, variant: UUID, state: str, before: UUID | None, limit: int) -> list[Code]:
    """List a variant's codes, newest first; one more than asked for tells that there are more."""
    if not await tx.value(VARIANT, tx.merchant, variant):
        raise NotFound
    return await tx.all(Code, LIST, tx.merchant, variant, state, before, limit + 1)


async def counts(tx: Tx, *, product: UUID) -> list[Count]:
    """Count the codes of a product's variants."""
    if not await tx.value(ANY, tx.merchant, product):
        raise NotFound
    return await tx.all(Count, COUNTS, tx.merchant, product)

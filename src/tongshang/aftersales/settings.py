"""Where goods go back to, and which goods do not go back without a reason."""

from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid

MOST = 500
READ = "select return_to, exceptions from aftersale_setting where merchant_id = $1"
WRITE = """insert into aftersale_setting (merchant_id, return_to, exceptions) values ($1, $2, $3)
on conflict (merchant_id) do update set return_to = $2, exceptions = $3"""
KNOWN = "select count(*)::integer from product where merchant_id = $1 and id = any($2)"


class ReturnTo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom, and where to, goods are sent back."""

    name: str
    phone: str
    address: str
    note: str = ""


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The merchant's after-sales settings; exceptions are goods that the law lets him except (art. 25, list)."""

    return_to: ReturnTo | None = None
    exceptions: list[UUID] = []


class _Row(msgspec.Struct, frozen=True):
    return_to: ReturnTo | None
    exceptions: list[UUID]


async def read(tx: Tx) -> Setting:
    """Give the settings, or what holds where nothing was set."""
    found = await tx.first(_Row, READ, tx.merchant)
    return Setting(return_to=found.return_to, exceptions=found.exceptions) if found else Setting()


async def put(tx: Tx, *, asked: Setting) -> None:
    """Set where goods go back to, and the exceptions."""
    to = asked.return_to
    if to is not None:
        for field, most in (("name", 30), ("phone", 20), ("address", 150)):
            if not 1 <= len(getattr(to, field).strip()) <= most:
                raise Invalid(field=f"return_to.{field}", problem=f"1-{most}")
        if len(to.note) > 200:
            raise Invalid(field="return_to.note", problem="≤ 200")
    if len(asked.exceptions) > MOST or len(set(asked.exceptions)) != len(asked.exceptions):
        raise Invalid(field="exceptions", problem=f"≤ {MOST}")
    if await tx.value(KNOWN, tx.merchant, asked.exceptions) != len(asked.exceptions):
        raise Invalid(field="exceptions", problem="unknown")
    address = msgspec.to_builtins(to) if to else None
    await tx.run(WRITE, tx.merchant, address, [str(one) for one in asked.exceptions])


async def excepted(tx: Tx) -> set[UUID]:
    """Say which goods do not go back without a reason."""
    return set((await read(tx)).exceptions)

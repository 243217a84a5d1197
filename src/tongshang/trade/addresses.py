"""Delivery addresses. A name, a phone and an address are kept only after the privacy text was agreed to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from tongshang.fans import consents
from tongshang.platform.batch import gathered
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.world import World

MOST = 20
LONGEST_NAME = 30
COLUMNS = "id, fan_id, name, phone, region, detail, is_default, created_at"
LIST = f"select {COLUMNS} from address where merchant_id = $1 and fan_id = $2 order by is_default desc, created_at desc"
LISTS = f"""select {COLUMNS} from address where merchant_id = $1 and fan_id = any($2)
order by is_default desc, created_at desc"""
SOME = f"select {COLUMNS} from address where merchant_id = $1 and id = any($2)"
OTHERS = "update address set is_default = false where merchant_id = $1 and fan_id = $2 and is_default and id <> $3"
CHANGE = """update address set name = $4, phone = $5, region = $6, detail = $7, is_default = $8
where merchant_id = $1 and fan_id = $2 and id = $3"""
SPACES = re.compile(r"[\s()（）-]")
DROP = "delete from address where merchant_id = $1 and fan_id = $2 and id = $3"
FORGET = "delete from address where merchant_id = $1 and fan_id = $2"
CHECKS = {
    "address_name_given": "name",
    "address_phone_shape": "phone",
    "address_detail_given": "detail",
    "address_region_named": "region",
}


class TooManyAddresses(Refused):
    """You have {most} addresses already. Delete one first."""

    code, status, zh = "address.too_many", 409, "最多保存 {most} 个地址，请先删除不用的地址。"


@dataclass(frozen=True)
class Address:
    """Where to send to."""

    id: UUID
    fan_id: UUID
    name: str
    phone: str
    region: list[str]
    detail: str
    is_default: bool
    created_at: datetime


async def listed(tx: Tx, *, fan: UUID) -> list[Address]:
    """List somebody's addresses, the default one first."""
    return await tx.all(Address, LIST, tx.merchant, fan)


async def of_fan(world: World, merchant: UUID, *, fan: UUID) -> list[Address]:
    """List somebody's addresses as `listed` does, together with whoever else's are asked for just now."""
    return await gathered(world, "trade.addresses", _lists).ask(merchant, fan)


async def _lists(tx: Tx, fans: Sequence[UUID]) -> list[list[Address] | Exception]:
    found: dict[UUID, list[Address]] = {}
    for one in await tx.all(Address, LISTS, tx.merchant, list(set(fans))):
        found.setdefault(one.fan_id, []).append(one)
    return [found.get(fan, []) for fan in fans]


async def put(tx: Tx, *, address: Address) -> Address:
    """Keep a new address or change a known one; needs consent, and the first one becomes the default."""
    await consents.require(tx, fan_id=address.fan_id)
    address = replace(address, phone=SPACES.sub("", address.phone), region=_region(address.region))
    known = await listed(tx, fan=address.fan_id)
    if not known:
        address = replace(address, is_default=True)
    if address.is_default:
        await tx.run(OTHERS, tx.merchant, address.fan_id, address.id)
    fields = (address.name, address.phone, address.region, address.detail, address.is_default)
    try:
        if not await tx.run(CHANGE, tx.merchant, address.fan_id, address.id, *fields):
            if len(known) >= MOST:
                raise TooManyAddresses(most=MOST)
            await tx.insert("address", address)
    except asyncpg.UniqueViolationError:
        raise NotFound from None  # the id is somebody else's
    except asyncpg.CheckViolationError as error:
        field = next((name for check, name in CHECKS.items() if violates(error, check)), "address")
        raise Invalid(field=field, problem="") from None
    return address


def _region(names: Sequence[str]) -> list[str]:
    """Tidy a region's names; one that is not in the list of regions is kept as it was written."""
    tidy = [name.strip() for name in names if name.strip()]
    if any(len(name) > LONGEST_NAME for name in tidy):
        raise Invalid(field="region", problem=f"≤ {LONGEST_NAME}")
    return tidy


async def drop(tx: Tx, *, fan: UUID, address: UUID) -> None:
    """Forget an address; orders keep their own copy."""
    await tx.run(DROP, tx.merchant, fan, address)


async def forget(tx: Tx, *, fan: UUID) -> None:
    """Forget every address of somebody who took the consent back, unless it was given again meanwhile."""
    last = await consents.latest(tx, fan_id=fan)
    if last is not None and not last.accepted:
        await tx.run(FORGET, tx.merchant, fan)


async def snapshots(tx: Tx, *, ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], dict[str, Any]]:
    """Copy addresses for orders, each under (whose it is, its id); unknown ones are left out."""
    found = await tx.all(Address, SOME, tx.merchant, ids) if ids else []
    return {
        (one.fan_id, one.id): {"name": one.name, "phone": one.phone, "region": one.region, "detail": one.detail}
        for one in found
    }

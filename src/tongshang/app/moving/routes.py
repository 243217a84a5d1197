"""Exports over HTTP: the owner's own, and the provider's of any merchant."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.response import Stream

from tongshang.app.moving import exports
from tongshang.app.moving.archive import PIECE
from tongshang.app.moving.exports import Export
from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.platform.passphrases import carrier, salted
from tongshang.tenancy import audit, merchants
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

OWNER = {"role": Role.OWNER}
PROVIDER = {"provider": True}


class Passphrase(msgspec.Struct, forbid_unknown_fields=True):
    """What the secrets in the file are put under; whoever brings it in has to know it, and nobody here keeps it."""

    passphrase: str

    def __repr__(self) -> str:
        return "Passphrase()"


async def _ask(who: Staff, merchant: UUID, export: UUID, data: Passphrase) -> Export:
    salt = salted()
    made = await asyncio.to_thread(carrier, data.passphrase, salt)
    if merchant == NIL:
        raise NotFound
    async with who.tx(merchant) as tx:
        await merchants.get(tx)
        return await exports.ask(tx, export=export, carrier=made, salt=salt, by=who.name, by_provider=who.provider)


async def _listed(who: Staff, merchant: UUID) -> list[Export]:
    async with who.tx(merchant) as tx:
        await merchants.get(tx)
        return await exports.listed(tx)


async def _file(who: Staff, merchant: UUID, export: UUID) -> Stream:
    """Send the file piece by piece; that it was fetched is in the audit, though nothing was changed."""
    async with who.tx(merchant) as tx:
        path, found = await exports.file_of(tx, export=export)
        shop = await merchants.get(tx)
        await audit.record(
            tx, staff_id=who.id, staff_name=who.name, action=who.action, target=who.target, request=who.request_id,
            ip=who.ip,
        )  # fmt: skip
    headers = {
        "content-disposition": f'attachment; filename="{shop.slug}-{found.asked_at:%Y%m%d}.tar"',
        "content-length": str(found.bytes),
        "cache-control": "no-store",
    }
    return Stream(_pieces(path), media_type="application/x-tar", headers=headers)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


@put("/data-exports/{export_id:uuid}", operation_id="ask_export", opt=OWNER, status_code=202)
async def ask_export(who: Staff, export_id: UUID, data: Passphrase) -> Export:
    """Have the whole merchant written out, its secrets under a passphrase of at least 12 characters."""
    return await _ask(who, who.merchant, export_id, data)


@get("/data-exports", operation_id="list_exports", opt=OWNER)
async def list_exports(who: Staff) -> list[Export]:
    """List the latest exports and how far they are."""
    return await _listed(who, who.merchant)


@get("/data-exports/{export_id:uuid}/file", operation_id="get_export_file", opt=OWNER)
async def get_export_file(who: Staff, export_id: UUID) -> Stream:
    """Fetch an export's file, within 24 hours."""
    return await _file(who, who.merchant, export_id)


@delete("/data-exports/{export_id:uuid}", operation_id="drop_export", opt=OWNER)
async def drop_export(who: Staff, export_id: UUID) -> None:
    """Call an export off, or take its file away."""
    async with who.tx() as tx:
        await exports.drop(tx, export=export_id)


@put(
    "/merchants/{merchant_id:uuid}/data-exports/{export_id:uuid}", operation_id="ask_merchant_export", opt=PROVIDER,
    status_code=202,
)  # fmt: skip
async def ask_merchant_export(who: Staff, merchant_id: UUID, export_id: UUID, data: Passphrase) -> Export:
    """Have a merchant of the install written out."""
    return await _ask(who, merchant_id, export_id, data)


@get("/merchants/{merchant_id:uuid}/data-exports", operation_id="list_merchant_exports", opt=PROVIDER)
async def list_merchant_exports(who: Staff, merchant_id: UUID) -> list[Export]:
    """List a merchant's latest exports."""
    return await _listed(who, merchant_id)


@get(
    "/merchants/{merchant_id:uuid}/data-exports/{export_id:uuid}/file", operation_id="get_merchant_export_file",
    opt=PROVIDER,
)  # fmt: skip
async def get_merchant_export_file(who: Staff, merchant_id: UUID, export_id: UUID) -> Stream:
    """Fetch the file of a merchant's export, within 24 hours."""
    return await _file(who, merchant_id, export_id)


@delete(
    "/merchants/{merchant_id:uuid}/data-exports/{export_id:uuid}", operation_id="drop_merchant_export", opt=PROVIDER
)
async def drop_merchant_export(who: Staff, merchant_id: UUID, export_id: UUID) -> None:
    """Call an export of a merchant off, or take its file away."""
    async with who.tx(merchant_id) as tx:
        await exports.drop(tx, export=export_id)


console = [
    ask_export, list_exports, get_export_file, drop_export, ask_merchant_export, list_merchant_exports,
    get_merchant_export_file, drop_merchant_export,
]  # fmt: skip

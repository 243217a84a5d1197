"""What is compared when an install or a merchant was kept and brought back, and how things are spoilt meanwhile."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from make.tenants import Tenants
from tongshang.app import checking, holdings
from tongshang.app.moving import archive
from tongshang.app.moving.writing import LEASES
from tongshang.platform import db, passphrases, schema
from tongshang.platform.config import Settings
from tongshang.platform.world import World

POLICIES = "select tablename, policyname, roles::text, qual, with_check from pg_policies order by 1, 2"
SPOILT = {
    "snapshots": "update ledger_snapshot set debit_fen = debit_fen + 1",
    "ledger": "update posting set debit = 'nowhere' where debit = 'fees'",
    "booked": "delete from posting where source_id in (select id from charge_attempt)",
    "charges": "update charge_attempt set transaction_id = transaction_id || 'x' where state = 'paid'",
    "payouts": "update payout set amount_fen = amount_fen + 1",
    "shares": "delete from sharing_unwound",
    "refunds": "update refund set amount_fen = amount_fen + 1 where state <> 'closed'",
    "orders": "update orders set goods_fen = goods_fen + 1, total_fen = total_fen + 1",
    "paid": """update charge set state = 'open', paid_attempt_id = null, paid_at = null, transaction_id = null
      where state = 'paid'""",
    "tenders": "update orders set tendered_fen = 0",
    "order_refunds": "delete from order_refund_part; delete from order_refund",
    "refund_parts": "update order_refund_part set amount_fen = amount_fen + 1",
    "holds": "update stock_hold set holder_id = gen_random_uuid() where state = 'held'",
    "stock": "update stock set on_hand = on_hand + 1",
    "reserved": "update stock set reserved = on_hand where on_hand > reserved",
    "wallets": "update wallet set principal_fen = principal_fen + 1",
    "wallet_moves": "update wallet_move set principal_after_fen = principal_after_fen + 1",
    "stored_value": "delete from wallet_move; delete from wallet",
    "files": "update material set sha256 = sha256(sha256) where sha256 is not null",
}
"""What somebody with the database's own password could do, and which check tells; constraints are off meanwhile."""


async def rows_of(dsn: str) -> dict[str, str]:
    """Give every table's rows as one number, and the policies with them."""
    connection = await asyncpg.connect(dsn)
    try:
        found = {"policies": str(await connection.fetch(POLICIES))}
        for table in await schema.tables(connection):
            columns = ", ".join(f"x.{name}" for name in sorted(table.names))
            sql = f"select count(*) || md5(coalesce(string_agg(r::text, ',' order by r::text), '')) from (select {columns} from public.{table.name} x) r"  # noqa: E501
            found[table.name] = await connection.fetchval(sql)
        return found
    finally:
        await connection.close()


def files_of(settings: Settings, merchant: UUID | None = None) -> dict[str, bytes]:
    """Give every file that belongs to the install, or to a merchant."""
    root = settings.var / "media" / (merchant.hex if merchant else "")
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def at(settings: Settings, var: Path) -> Settings:
    """Give the settings of another place that has the same keys."""
    (var / "keys").mkdir(parents=True)
    (var / "keys" / "master.json").write_bytes(settings.keys_path.read_bytes())
    return replace(settings, var=var)


async def of_merchant(world: World, dsn: str, merchant: UUID) -> dict[str, Any]:
    """Give all rows of a merchant by table, secrets opened, leases left out, ids of the merchant's own as one word."""
    connection = await asyncpg.connect(dsn)
    found: dict[str, Any] = {}
    try:
        for table in holdings.carried(await schema.tables(connection)):
            rows = []
            for row in await connection.fetch(f"select * from public.{table.name} where merchant_id = $1", merchant):
                values = {k: v for k, v in row.items() if k not in LEASES}
                for column in table.sealed:
                    if values[column] is not None:
                        bound = f"{table.name}.{column}:{merchant}"
                        values[column] = world.secrets.open(values[column], bound_to=bound)
                rows.append(str(sorted(values.items())).replace(str(merchant), "ours").replace(merchant.hex, "ours"))
            if table.name != "job":
                found[table.name] = sorted(rows)
        return found
    finally:
        await connection.close()


def told_otherwise(whole: bytes, name: str, passphrase: str) -> bytes:
    """Give an archive whose manifest bears the right seal, and a sum that is one more than it was."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(whole)) as old, tarfile.open(fileobj=out, mode="w") as new:
        for info in old:
            body = old.extractfile(info)
            assert body is not None
            words = body.read()
            if info.name == archive.MANIFEST:
                told = msgspec.json.decode(words, type=archive.Manifest)
                carrier = passphrases.carrier(passphrase, bytes.fromhex(told.salt))
                more = msgspec.structs.replace(told, sums=told.sums | {name: told.sums[name] + 1})
                words = msgspec.json.encode(archive.sealed(more, carrier))
                info.size = len(words)
            new.addfile(info, io.BytesIO(words))
    return out.getvalue()


async def found_by(stage: Tenants, dsn: str, sql: str) -> set[str]:
    """Spoil something in a transaction that is rolled back, and say which checks see it there."""
    world = stage.town.world
    connection = await asyncpg.connect(dsn)
    await db.prepare(connection)
    spoilt = connection.transaction()
    await spoilt.start()
    try:
        await connection.execute("set local session_replication_role = replica")  # whom keys do not hold back
        await connection.execute(sql)
        tx = db.Tx(world, connection, stage.town.merchant, world.clock.now())
        return {check.name for check in checking.of_merchants() if await check.find(tx)}
    finally:
        await spoilt.rollback()
        await connection.close()

"""No merchant sees or touches another: every operation as its owner, then with the same ids as a stranger; every table.

What the console writes is in the audit, each time.

The operations come from the OpenAPI document, the tables from the schema. One without its case here fails by name.
"""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pyotp
import pytest

from make.shops import png
from make.tenant_cases import CASES, NOBODY
from make.tenants import Tenants, two_merchants
from make.towns import ACCOUNT
from make.worlds import PASSWORD, Browser
from tongshang.wechat.journal import outgoing

METHODS = ("get", "put", "post", "delete")
DONE = range(200, 300)
UPLOADS = ("upload_picture", "add_material", "bring_sheet", "upload_review_picture", "upload_after_sale_picture",
           "upload_applyment_picture")  # fmt: skip
SHEETS = {"ship_by_sheet": "订单号,快递公司,快递单号\n1,顺丰,SF123456789\n".encode(),
          "put_invoice_file": b"%PDF-1.4\n%%EOF\n"}  # fmt: skip
# Looked up before the merchant is known, or by the whole install: keyed by themselves, without row-level security.
DIRECTORIES = {"shop_slug", "staff_login", "login_throttle", "preauth_directory", "account_directory", "inbox",
               "registration_directory",
               "inbox_bucket", "shelf_version"}  # fmt: skip
# What is on the shelf is for everybody to read (docs/adr/0033), and for its merchant alone to write.
SHOWN = {"product_search"}
OPEN = {"begin_session", "get_consent", "get_js_config", "boot", "home", "store_categories", "store_products",
        "store_product", "store_regions", "store_freight", "search_goods", "count_search_filters", "suggest_search",
        "hot_searches", "product_reviews", "list_offers"}  # fmt: skip
# What a person sends that is no write: nothing is kept of it, or only until it is saved, which is in the audit.
UNAUDITED = {"say_promotion", "show_typing", "put_product_draft", "look_for_parcel"}
AUDITED = "select count(*) from audit where action = $1"
OF_MERCHANTS = """select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'merchant_id' order by 1"""
TABLES = """select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secured,
  exists (select 1 from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
    and p.policyname = 'own_merchant' and p.qual is not null and p.with_check is not null
    and p.roles = '{tongshang_app}') as own
from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1"""


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Tenants]:
    async with two_merchants(database_url, tmp_path) as opened:
        yield opened


def filled(value: Any, has: dict[str, Any]) -> Any:
    """Put what there is in the place of `$names`."""
    if isinstance(value, dict):
        return {name: filled(one, has) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, has) for one in value]
    return has[value[1:]] if isinstance(value, str) and value.startswith("$") else value


async def operations(stage: Tenants) -> dict[str, tuple[str, str, list[str]]]:
    """Read the OpenAPI document: method, path and names in the path by operation."""
    status, document = await stage.owner("GET", "/schema/openapi.json")
    assert status == 200
    return {
        about["operationId"]: (method.upper(), path, re.findall(r"{(\w+)}", path))
        for path, item in document["paths"].items()
        for method, about in item.items()
        if method in METHODS
    }


async def ask(stage: Tenants, name: str, operation: Any, who: str) -> tuple[int, str, str]:
    """Ask as the owner, as a stranger, or as a stranger in the first merchant's shop; gives status, answer, request."""
    method, path, names = operation
    case, has = CASES[name], dict(stage.has)
    if who != "owner":
        has |= {ours: stage.has.get(theirs, theirs) for ours, theirs in case.strange.items()}
    for one in names:
        place = "dining" if who == "stranger" else "tea"
        path = path.replace(f"{{{one}}}", place if one == "shop" else str(has[case.path[one]]))
    query = "&".join(f"{key}={filled(value, has)}" for key, value in (p.split("=") for p in case.query.split("&") if p))
    headers = dict(case.headers)
    browser: Browser = stage.owner if who == "owner" else stage.stranger
    if case.who == "provider" and who == "owner":
        browser = stage.provider
    if case.who == "nobody":
        browser = stage.nobody
    if case.who == "shopper":
        headers |= stage.shopper if who == "owner" else stage.strange_shopper
    body = filled(case.body, has)
    sent = SHEETS.get(name) or (png("#135") if name in UPLOADS else b"")
    more = {"data": {"file": io.BytesIO(sent)}} if sent else {}
    status, answer = await browser(method, f"{path}?{query}" if query else path, body, headers=headers, **more)
    await outgoing.flushed(stage.town.world)  # the journal follows what was asked by a tenth of a second
    return status, str(msgspec.json.encode(answer)), f"{path} {query} {body}"


def leaks(stage: Tenants, answer: str, asked: str) -> list[str]:
    """Name what of the first merchant is in an answer to a stranger, other than what he has said himself so far."""
    # The platform's own AppID is everybody's to know, and so is the date.
    secret = {name: str(value) for name, value in stage.has.items() if name not in ("day", "first_component")}
    known = {name: value for name, value in secret.items() if len(value) >= 8}
    return [name for name, value in {**known, "name": "云上茶园"}.items() if value in answer and value not in asked]


class Digest:
    """All rows of one merchant, in one number for each table; over one connection, for it is asked a thousand times."""

    def __init__(self, statement: Any, merchant: UUID) -> None:
        self.statement, self.merchant = statement, merchant

    @classmethod
    async def over(cls, connection: asyncpg.Connection, merchant: UUID) -> "Digest":
        tables = await connection.fetch(OF_MERCHANTS)
        sql = " union all ".join(
            f"select '{t['name']}', md5(string_agg(x::text, ',' order by x::text)) "
            f"from public.{t['name']} x where merchant_id = $1"
            for t in tables
        )
        await connection.execute("set plan_cache_mode = force_generic_plan")
        return cls(await connection.prepare(sql), merchant)

    async def __call__(self) -> dict[str, str]:
        return {row[0]: row[1] for row in await self.statement.fetch(self.merchant)}


async def prepare(stage: Tenants) -> None:
    """Have what only the requests themselves need."""
    secret = pyotp.random_base32()
    account = await stage.town.sandbox.account(ACCOUNT)
    stage.has |= {
        "password": PASSWORD, "totp_secret": secret, "totp_code": pyotp.TOTP(secret).at(stage.town.world.clock.now()),
        "secret": account["secret"], "page": stage.town.at("/s/tea/"),
        "version": (await stage.shop("GET", "/consent"))["version"],
    }  # fmt: skip
    for name in ("new_merchant", "new_refund", "new_parcel", "new_order"):
        stage.fresh(name)


async def test_every_operation_is_closed_to_strangers(stage: Tenants, database_url: str) -> None:
    known = await operations(stage)
    assert set(known) == set(CASES), "an operation without its case, or a case without its operation"
    await prepare(stage)
    connection = await asyncpg.connect(database_url)
    try:
        digest, said, wrong = await Digest.over(connection, stage.town.merchant), "", []
        for name, case in CASES.items():
            before = await digest()
            tries = {"stranger": case.stranger}
            if case.who == "shopper" and name not in OPEN:
                tries["intruder"] = NOBODY  # another shop's session is none here
            for who, allowed in tries.items():
                status, answer, asked = await ask(stage, name, known[name], who)
                if status not in allowed:
                    wrong.append(f"{name} as {who}: {status} {answer[:200]}")
                said += asked
                if found := leaks(stage, answer, said):
                    wrong.append(f"{name} as {who} tells {found}")
                after = await digest()
                wrong += [f"{name} as {who} changed {table}" for table in before if before[table] != after[table]]
            written = await connection.fetchval(AUDITED, name)
            status, answer, _ = await ask(stage, name, known[name], "owner")
            if status not in DONE:
                wrong.append(f"{name} as its owner: {status} {answer[:300]}")
            by_staff = known[name][0] != "GET" and known[name][1].startswith("/api/console/")
            if by_staff and name not in UNAUDITED and await connection.fetchval(AUDITED, name) == written:
                wrong.append(f"{name} as its owner is not in the audit")
            before = await digest()
            status, answer, asked = await ask(stage, name, known[name], "stranger")
            if status not in case.stranger | {401, 403, 409}:
                wrong.append(f"{name} as stranger, later: {status} {answer[:200]}")
            if before != await digest():
                wrong.append(f"{name} as stranger, later, changed something")
    finally:
        await connection.close()
    assert not wrong, "\n".join(wrong)


async def test_every_table_is_closed_to_strangers(stage: Tenants, database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        tables = {row["name"]: row for row in await connection.fetch(TABLES)}
        tables = {name: row for name, row in tables.items() if not name.startswith(("_yoyo", "yoyo"))}
        assert set(tables) >= DIRECTORIES
        wrong = []
        for name, row in tables.items():
            if name in DIRECTORIES:
                continue
            if not (row["secured"] and row["own"]):
                wrong.append(f"{name}: no row-level security")
            if not await connection.fetchval(
                f"select count(*) from public.{name} where merchant_id <> $1", stage.other
            ):
                wrong.append(f"{name}: nothing in it, so nothing is shown")
            async with stage.town.world.tx(stage.other) as tx:
                if name in SHOWN:
                    if await tx.run(f"delete from public.{name} where merchant_id <> $1", stage.other):
                        wrong.append(f"{name}: strange rows are written")
                elif await tx.value(f"select count(*) from public.{name} where merchant_id <> $1", stage.other):
                    wrong.append(f"{name}: strange rows are seen")
    finally:
        await connection.close()
    assert not wrong, "\n".join(wrong)


async def test_without_a_merchant_nothing_is_seen(stage: Tenants) -> None:
    async with stage.town.world.database.app.acquire() as connection:
        assert await connection.fetchval("select count(*) from public.orders") == 0
        assert await connection.fetchval("select count(*) from public.fan") == 0

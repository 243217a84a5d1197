"""Transactions: what a stranger sees, what a forgotten merchant sees, and what a failed commit answers."""

import asyncio
from typing import ClassVar
from uuid import UUID, uuid4

import aiohttp
import asyncpg
import pytest
from litestar import Litestar, put

from make import worlds
from tongshang.platform.db import CommitFailed, refuse_superuser, violates
from tongshang.platform.facts import Fact, timeline
from tongshang.platform.web import HANDLERS, AnyRequest, Edge, world_of
from tongshang.platform.world import World
from tongshang.tenancy import merchants

INSERT = "insert into counter (merchant_id, name, value) values ($1, $2, 1)"


class Waved(Fact, frozen=True):
    kind: ClassVar[str] = "test.waved"
    zh: ClassVar[str] = "{who} 挥手"
    en: ClassVar[str] = "{who} waved"
    who: str
    about: UUID

    def subjects(self) -> tuple[UUID, ...]:
        return (self.about,)


async def test_row_level_security_stops_a_statement_that_forgot_its_merchant(world: World) -> None:
    one, other = await worlds.make_merchant(world), await worlds.make_merchant(world, slug="dining")
    async with world.tx(one) as tx:
        assert await tx.value("select count(*) from merchant") == 1  # no where clause, and still only our own
        assert await tx.value("select merchant_id from merchant where merchant_id = $1", other) is None
        assert await tx.run("update merchant set name = 'x' where merchant_id = $1", other) == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.tx(one) as tx:
            await tx.run(INSERT, other, "stolen")


async def test_no_connection_remembers_the_last_merchant(world: World) -> None:
    one = await worlds.make_merchant(world)
    async with world.tx(one) as tx:
        assert (await merchants.get(tx)).slug == "tea"
    async with world.database.app.acquire() as connection:
        assert await connection.fetchval("select count(*) from merchant") == 0


async def test_every_table_with_a_merchant_is_guarded(world: World, database_url: str) -> None:
    admin = await asyncpg.connect(database_url)
    unguarded = await admin.fetch(
        """select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'merchant_id'
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
          and not (c.relrowsecurity and c.relforcerowsecurity)
        order by 1"""
    )
    await admin.close()
    directories = {"account_directory", "preauth_directory", "shelf_version", "shop_slug", "staff_login",
                   "registration_directory"}  # fmt: skip
    assert {row["relname"] for row in unguarded} <= directories


async def test_the_roles_are_plain_and_a_superuser_is_refused(world: World, database_url: str) -> None:
    async with world.database.app.acquire() as connection:
        assert await connection.fetchval("select current_user") == "tongshang_app"
    admin = await asyncpg.connect(database_url)
    try:
        with pytest.raises(RuntimeError, match="superuser"):
            await refuse_superuser(admin)
    finally:
        await admin.close()


async def test_a_transaction_that_broke_inside_is_not_called_committed(world: World, merchant: UUID) -> None:
    with pytest.raises(CommitFailed):
        async with world.tx(merchant) as tx:
            await tx.run(INSERT, merchant, "kept?")
            with pytest.raises(asyncpg.UniqueViolationError):
                await tx.run(INSERT, merchant, "kept?")
    async with world.tx(merchant) as tx:
        assert await tx.value("select count(*) from counter where merchant_id = $1", merchant) == 0


async def test_a_breach_is_known_by_its_constraint(world: World, merchant: UUID) -> None:
    with pytest.raises(asyncpg.UniqueViolationError) as caught:
        async with world.tx(merchant) as tx:
            await tx.run(INSERT, merchant, "once")
            await tx.run(INSERT, merchant, "once")
    assert violates(caught.value, "counter_pk")
    assert not violates(caught.value, "counter")


@put("/break/{when:str}")
async def break_it(request: AnyRequest, when: str) -> dict[str, str]:
    """Write something in a transaction whose commit, or whose body, fails."""
    world = world_of(request)
    async with world.tx(UUID(int=7)) as tx:
        await tx.run(INSERT, tx.merchant, "written")
        if when == "commit":
            # The server goes away between the last statement and the commit.
            pid = await tx.value("select pg_backend_pid()")
            admin = await asyncpg.connect(world.settings.database_url)
            await admin.execute(f"select pg_terminate_backend({pid})")
            await admin.close()
        else:
            raise ValueError(when)
    return {"status": "done"}


@pytest.mark.parametrize("when", ["commit", "body"])
async def test_a_failing_commit_is_never_a_success(world: World, when: str) -> None:
    app = Litestar([break_it], exception_handlers=HANDLERS, middleware=[Edge()], logging_config=None)
    app.state.world = world
    async with worlds.serving_app(app, worlds.free_port()) as url, aiohttp.ClientSession() as session:
        async with session.put(f"{url}/break/{when}") as answer:
            assert answer.status >= 500
            assert (await answer.json(content_type=None))["code"] in ("internal", "unavailable")
        async with world.tx(UUID(int=7)) as tx:
            assert await tx.value("select count(*) from counter where merchant_id = $1", tx.merchant) == 0


async def test_facts_make_a_timeline_in_both_languages(world: World, merchant: UUID) -> None:
    somebody = uuid4()
    async with world.tx(merchant) as tx:
        await tx.emit(Waved("小李", somebody))
    other = await worlds.make_merchant(world, slug="dining")
    async with world.tx(merchant) as tx:
        lines = await timeline(tx, subject=somebody)
        assert [(line.kind, line.data["who"]) for line in lines] == [("test.waved", "小李")]
    async with world.tx(other) as tx:
        assert await timeline(tx, subject=somebody) == []


async def test_facts_cannot_be_rewritten(world: World, merchant: UUID) -> None:
    for statement in ("update fact set kind = 'x' where merchant_id = $1", "delete from fact where merchant_id = $1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.tx(merchant) as tx:
                await tx.run(statement, merchant)


async def test_a_transaction_that_is_cancelled_leaves_nothing_behind(world: World, merchant: UUID) -> None:
    async def slow() -> None:
        async with world.tx(merchant) as tx:
            await tx.run("insert into counter (merchant_id, name, value) values ($1, 'cut', 1)", merchant)
            await tx.value("select pg_sleep(30)")

    for _ in range(12):  # more often than there are connections
        task = asyncio.create_task(slow())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with world.tx(merchant) as tx:
        assert await tx.value("select count(*) from counter where merchant_id = $1 and name = 'cut'", merchant) == 0


async def test_a_connection_lost_between_two_steps_of_a_statement_is_told_as_lost(world: World, merchant: UUID) -> None:
    with pytest.raises(asyncpg.InterfaceError):
        async with world.tx(merchant) as tx:
            tx._connection.terminate()
            tx._connection._protocol.bind_execute()  # as the driver does then, and finds nothing there
    with pytest.raises(AttributeError):
        async with world.tx(merchant) as tx:
            tx.nothing_of_the_kind()  # type: ignore[attr-defined]
    async with world.tx(merchant) as tx:
        assert await tx.value("select 1") == 1


async def test_connections_that_the_server_ended_are_replaced(world: World, merchant: UUID) -> None:
    end = """select count(pg_terminate_backend(pid)) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> $1"""
    async with world.database.app.acquire() as one, world.database.app.acquire() as two:
        await one.fetchval("select 1")
        await two.fetchval(end, two.get_server_pid())
    await asyncio.sleep(0.1)
    for _ in range(3):
        async with world.tx(merchant) as tx:
            assert await tx.value("select 1") == 1

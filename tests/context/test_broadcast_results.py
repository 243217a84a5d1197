"""What WeChat says became of a broadcast, at the one moment when our own answer is just being written down."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from context.test_broadcasts import SENDALL, confirm, do, people, write
from make.towns import ACCOUNT, Town, founded
from tongshang.messages.broadcasts import results
from tongshang.platform.db import Tx
from tongshang.platform.jobs import Job
from tongshang.platform.work import settle
from tongshang.wechat.pushed import MassSendFinished

HELD = """insert into job (merchant_id, id, kind, data, due_at, created_at, attempts, locked_by, leased_until)
values ($1, $2, 'messages.heard', '{}', $3, $3, 1, 'here', now() + interval '1 minute')"""
ANSWERED = """update broadcast_part set state = 'accepted', msg_id = $2, accepted_at = $3
where merchant_id = $1 and state = 'sending'"""


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.owner("PUT", "/api/console/welcome", {"enabled": False})
        yield made


class Interrupted:
    """A transaction of which something else happens between the first read and the second."""

    def __init__(self, tx: Tx, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._tx, self._meanwhile, self._reads = tx, meanwhile, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def value(self, sql: str, *args: Any) -> Any:
        await self._read()
        return await self._tx.value(sql, *args)

    async def first(self, kind: type[Any], sql: str, *args: Any) -> Any:
        await self._read()
        return await self._tx.first(kind, sql, *args)

    async def _read(self) -> None:
        self._reads += 1
        if self._reads == 2:
            await self._meanwhile()


@dataclass(frozen=True)
class Overtaken(Job):
    """A job whose look at the database takes just so long."""

    meanwhile: Callable[[], Awaitable[None]]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        async with super().begin() as tx:
            yield cast(Tx, Interrupted(tx, self.meanwhile))


async def test_a_result_is_not_a_strangers_when_the_answer_that_names_it_is_just_being_written_down(town: Town) -> None:
    await people(town, "ann", "bob")
    await town.sandbox.fault(SENDALL, "lost", times=1)
    one = await write(town)
    await confirm(town, one, 2)
    await settle(town.world)
    assert (await do(town, "GET", f"/{one}"))["parts"][0]["state"] == "sending"

    async def answered() -> None:
        async with town.world.tx(town.merchant) as tx:
            assert await tx.run(ANSWERED, tx.merchant, "3147483651", tx.now) == 1

    job = await _held(town)
    said = MassSendFinished(appid=ACCOUNT, openid="", at=0, msg_id="3147483651", status="send success", total=2, sent=2)
    await results.heard(Overtaken(town.world, town.merchant, job, 1, "here", answered), said)
    shown = await do(town, "GET", f"/{one}")
    assert (shown["state"], shown["sent"]) == ("finished", 2)


async def _held(town: Town) -> UUID:
    job = uuid4()
    async with town.world.tx(town.merchant) as tx:
        await tx.run(HELD, tx.merchant, job, tx.now)
    return job

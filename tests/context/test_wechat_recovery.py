"""The vault in bad times: many processes, lost tokens, silent tickets, accounts that left unheard, a month away."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from make import askers
from make.towns import ACCOUNT, COMPONENT, Town, founded
from make.worlds import PASSWORD
from tongshang.wechat import calls, components
from tongshang.wechat.vault import ahead, alarms, recovery, refresh_tokens, tokens
from tongshang.wechat.vault.store import Key, Kind
from weixin.errors import WeixinError

PROCESSES, EACH = 4, 50


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


def key(town: Town) -> Key:
    return Key(town.merchant, Kind.AUTHORIZER, ACCOUNT)


async def health(town: Town) -> dict[str, Any]:
    status, found = await town.owner("GET", "/api/console/wechat/health")
    assert status == 200, found
    return dict(found)


async def lose(database_url: str) -> None:
    """Lose every refresh token, as a restored backup or a careless hand does."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("delete from refresh_token")
    await connection.close()


async def test_two_hundred_askers_in_four_processes_make_one_call(
    town: Town, database_url: str, tmp_path: Path
) -> None:
    await town.advance(hours=2, seconds=1)
    arguments = [database_url, str(tmp_path), town.box.url, town.world.clock.now().isoformat(), str(town.merchant)]
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, askers.__file__, *arguments, ACCOUNT, str(EACH),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    async with asyncio.timeout(60):
        for process in running:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
        before = await town.calls("api_authorizer_token")
        said = await asyncio.gather(*(process.communicate(b"\n") for process in running))
    answers = [out.decode().split() for out, _ in said]
    assert [answer[-1] for answer in answers] == [str(EACH)] * PROCESSES
    assert len({answer[0] for answer in answers}) == 1, "one token for all"
    assert all(len(answer) == 2 for answer in answers)
    assert await town.calls("api_authorizer_token") == before + 1


async def test_lost_refresh_tokens_are_rebuilt_from_the_list(town: Town, database_url: str) -> None:
    await lose(database_url)
    dry = await recovery.recover(town.world, component=COMPONENT, dry_run=True)
    assert (dry.listed, dry.recovered, dry.kept) == (1, 1, 0)
    assert [(one.appid, one.outcome) for one in dry.items] == [(ACCOUNT, "recovered")]
    async with town.world.tx(town.merchant) as tx:
        assert await refresh_tokens.current(tx, appid=ACCOUNT) is None, "a dry run changes nothing"
    done = await recovery.recover(town.world, component=COMPONENT, dry_run=False)
    assert (done.recovered, done.kept) == (1, 0)
    again = await recovery.recover(town.world, component=COMPONENT, dry_run=False)
    assert (again.recovered, again.kept, again.items) == (0, 1, [])
    await town.advance(hours=2, seconds=1)
    assert (await tokens.get(town.world, key(town))).value
    assert [one["source"] for one in (await health(town))["refresh_tokens"]] == ["recovery"]


async def test_the_drill_names_who_left_and_who_is_nobodys(town: Town, database_url: str) -> None:
    await town.sandbox.fault("callback:component.unauthorized", "lose")
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.settle()
    report = await recovery.recover(town.world, component=COMPONENT, dry_run=False)
    assert [(one.appid, one.merchant_id, one.outcome) for one in report.items] == [(ACCOUNT, town.merchant, "gone")]


async def test_a_withdrawal_that_was_not_heard_is_learned_and_leads_back(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    fans = await town.fans()
    await town.sandbox.fault("callback:component.unauthorized", "lose")
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.settle()
    await town.sandbox.heal()
    await town.advance(hours=2, seconds=1)
    with pytest.raises(WeixinError):
        await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    found = await health(town)
    assert (found["state"], found["way_back"]) == ("withdrawn", "authorize")
    assert [one["errcode"] for one in found["errors"]], "and says why"
    await town.authorize()
    assert await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    found = await health(town)
    assert (found["state"], found["way_back"]) == ("authorized", None)
    assert await town.fans() == fans, "nothing was lost"


async def test_after_a_month_away_everything_still_works(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    (fan,) = await town.fans()
    await town.advance(days=31)
    await components.request_ticket(town.world)
    await town.settle()
    assert await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    assert await town.owner.log_in("owner@tea", PASSWORD) is None
    assert (await health(town))["way_back"] is None
    assert [one["id"] for one in await town.fans()] == [fan["id"]]


async def test_silence_of_tickets_raises_the_alarm(town: Town) -> None:
    async def heard() -> list[str]:
        _, found = await town.owner("GET", "/api/console/wechat/alarms")
        return [one["appid"] for one in found]

    assert await heard() == []
    await town.sandbox.fault("callback:component.*", "lose")
    await town.advance(minutes=14)
    assert await heard() == []
    await town.advance(minutes=2)
    assert await heard() == [COMPONENT]
    assert (await alarms.silent(town.world))[0].appid == COMPONENT
    assert alarms.AGE.labels(COMPONENT)._value.get() >= 15 * 60
    _, told = await town.owner("GET", "/api/console/wechat/alarms")
    assert "15" in told[0]["zh"]
    assert told[0]["en"]


async def test_many_expired_at_once_are_all_healed(town: Town) -> None:
    await town.advance(hours=2, seconds=1)
    await ahead.refresh(town.world)
    async with town.world.system_tx() as tx:
        left = await tx.value("select count(*) from wechat_token where expires_at <= $1", tx.now)
    assert left == 0
    assert timedelta(minutes=100) < (await tokens.get(town.world, key(town))).expires_at - town.world.clock.now()


async def test_health_tells_the_last_exchanges(town: Town) -> None:
    await town.advance(seconds=1)  # what happens in one moment has no order
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    await town.advance(hours=2, seconds=1)
    await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    found = await health(town)
    assert found["last_callback"]["name"] == "event.subscribe"
    assert found["last_call"]["name"] == "GET /cgi-bin/draft/count"
    assert [one["state"] for one in found["refreshes"]] == ["done"]
    assert found["calls_today"] >= 2
    assert {one["kind"]: one["healthy"] for one in found["tokens"]}["authorizer"]


async def test_a_verification_that_ends_is_said_in_time(town: Town) -> None:
    async def told(event: str, **more: Any) -> None:
        await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/verification", {"event": event, **more})
        await town.settle()

    async def alarms_now() -> list[dict[str, Any]]:
        status, found = await town.owner("GET", "/api/console/wechat/alarms")
        assert status == 200, found
        return list(found)

    assert (await health(town))["news"] == []
    await told("naming_verify_fail", reason="资料不清晰")
    [news] = (await health(town))["news"]
    assert (news["tone"], "资料不清晰" in news["zh"], "资料不清晰" in news["en"]) == ("bad", True, True)
    await town.advance(seconds=5)
    await told("naming_verify_success", days=365)
    assert await alarms_now() == [], "what was mended is no alarm"
    await town.advance(hours=1)
    await town.settle()
    await told("annual_renew", days=65)
    found = [one for one in await alarms_now() if one["kind"] == "annual_renew"]
    assert [(one["appid"], "年审" in one["zh"]) for one in found] == [(ACCOUNT, True)]
    assert [one["event"] for one in (await health(town))["news"]][:2] == ["annual_renew", "naming_verify_success"]

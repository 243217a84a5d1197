"""The vault: one call however many ask, refusals healed once, and no lapsed holder overwrites anybody."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from make.towns import ACCOUNT, COMPONENT, Town, founded
from tongshang.platform.ids import NIL
from tongshang.wechat import calls
from tongshang.wechat.vault import ahead, store, tokens
from tongshang.wechat.vault.store import Key, Kind
from weixin.errors import Unreachable, WeixinError
from weixin.tokens import Token

QR = {"action_name": "QR_STR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_str": "a"}}}
LAPSE = "update wechat_token set leased_until = now() - interval '1 second' where merchant_id = $1 and kind = $2"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


def key(town: Town, kind: Kind = Kind.AUTHORIZER) -> Key:
    return Key(NIL, kind, COMPONENT) if kind is Kind.COMPONENT else Key(town.merchant, kind, ACCOUNT)


async def expire(town: Town) -> None:
    await town.advance(hours=2, seconds=1)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (Kind.AUTHORIZER, "api_authorizer_token"),
        (Kind.COMPONENT, "api_component_token"),
        (Kind.JSAPI, "/cgi-bin/ticket/getticket"),
    ],
)
async def test_fifty_askers_make_one_call(town: Town, kind: Kind, path: str) -> None:
    await expire(town)
    before = await town.calls(path)
    found = await asyncio.gather(*(tokens.get(town.world, key(town, kind)) for _ in range(50)))
    assert len({one.value for one in found}) == 1
    assert await town.calls(path) == before + 1


async def test_a_failed_call_does_not_become_a_storm(town: Town) -> None:
    await expire(town)
    await tokens.get(town.world, key(town, Kind.COMPONENT))
    before = await town.calls("api_authorizer_token")
    await town.sandbox.fault("POST /cgi-bin/component/api_authorizer_token", "error", errcode=-1)
    found = await asyncio.gather(*(tokens.get(town.world, key(town)) for _ in range(30)), return_exceptions=True)
    assert all(isinstance(one, Unreachable) for one in found)
    assert await town.calls("api_authorizer_token") <= before + 2
    async with town.world.tx(town.merchant) as tx:
        health = await ahead.health(tx, appid=ACCOUNT)
    assert (health.healthy, bool(health.last_error)) == (False, True)
    await town.sandbox.heal()
    assert await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    async with town.world.tx(town.merchant) as tx:
        assert (await ahead.health(tx, appid=ACCOUNT)).healthy


@pytest.mark.parametrize("errcode", [40001, 42001])
async def test_a_rejected_token_heals_once_and_the_call_goes_through(town: Town, errcode: int) -> None:
    before = await town.calls("api_authorizer_token")
    await town.sandbox.fault("POST /cgi-bin/qrcode/create", "error", errcode=errcode, times=1)
    assert (await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR))["ticket"]
    assert await town.calls("api_authorizer_token") == before + 1


async def test_a_token_that_is_always_rejected_is_asked_for_once(town: Town) -> None:
    await town.sandbox.fault("POST /cgi-bin/qrcode/create", "error", errcode=40001)
    before = await town.calls("/cgi-bin/qrcode/create")
    with pytest.raises(WeixinError, match="40001"):
        await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    assert await town.calls("/cgi-bin/qrcode/create") == before + 2


async def test_many_rejected_at_once_fetch_one_new_token(town: Town) -> None:
    before = await town.calls("api_authorizer_token")
    old = await tokens.get(town.world, key(town))
    found = await asyncio.gather(*(tokens.get(town.world, key(town), rejected=old.fence) for _ in range(20)))
    assert old.fence not in {one.fence for one in found}
    assert await town.calls("api_authorizer_token") == before + 1


async def test_a_rejected_component_token_heals_under_an_authorizers_refresh(town: Town) -> None:
    await expire(town)
    await town.sandbox.fault("POST /cgi-bin/component/api_authorizer_token", "error", errcode=42001, times=1)
    assert await tokens.get(town.world, key(town))


async def test_a_lapsed_holder_overwrites_nothing(town: Town) -> None:
    await expire(town)
    async with town.world.tx(town.merchant) as tx:
        seen = (await store.read(tx, key(town))).value_fence
        slow = await store.take(tx, key(town), seen=seen)
        assert slow is not None
        assert await store.take(tx, key(town), seen=seen) is None  # nobody else, while the lease holds
    async with town.world.tx(town.merchant) as tx:
        await tx.run(LAPSE, town.merchant, Kind.AUTHORIZER)
    good = await tokens.get(town.world, key(town))
    async with town.world.tx(town.merchant) as tx:
        late = await store.put(tx, key(town), fence=slow, token=Token("late", 7200), asked_at=tx.now)
        assert late is None
        assert await store.take(tx, key(town), seen=seen) is None  # compared and set: somebody fetched since
    assert (await tokens.get(town.world, key(town))).value == good.value


async def test_a_holder_who_dies_is_waited_for_and_then_replaced(town: Town) -> None:
    await expire(town)
    async with town.world.tx(town.merchant) as tx:
        seen = (await store.read(tx, key(town))).value_fence
        await store.take(tx, key(town), seen=seen)  # and dies
    waiting = asyncio.create_task(tokens.get(town.world, key(town)))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    async with town.world.tx(town.merchant) as tx:
        await tx.run(LAPSE, town.merchant, Kind.AUTHORIZER)
    assert (await waiting).value


async def test_tokens_are_refreshed_ahead_of_expiry(town: Town) -> None:
    first = await tokens.get(town.world, key(town))
    await town.advance(minutes=111)
    await ahead.refresh(town.world)
    before = await town.calls("api_authorizer_token")
    second = await tokens.get(town.world, key(town))
    assert second.value != first.value
    assert second.expires_at - town.world.clock.now() > timedelta(minutes=100)
    assert await town.calls("api_authorizer_token") == before


async def test_an_old_token_serves_while_a_new_one_cannot_be_had(town: Town) -> None:
    first = await tokens.get(town.world, key(town))
    await town.advance(minutes=111)
    await town.sandbox.fault("POST /cgi-bin/component/*", "error", errcode=-1)
    assert (await tokens.get(town.world, key(town))).value == first.value


async def test_no_secret_lies_open_in_the_database(town: Town) -> None:
    token = (await tokens.get(town.world, key(town))).value
    async with town.world.system_tx() as tx:
        for table in ("wechat_token", "refresh_token", "component", "authorization_promise", "authorization_grant"):
            text = await tx.value(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            assert text
            for secret in (token, "refreshtoken@@@", "preauthcode@@@", "ticket@@@", "platformtoken"):
                assert secret not in text
                assert secret.encode().hex() not in text

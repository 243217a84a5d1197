"""The recorder with a third-party platform: a stranger's SDK is recorded, and every call of it is asked again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from wechatpy.component import WeChatComponent

from make.platforms import ACCOUNT, AES_KEY, COMPONENT, TOKEN, Stage, staged
from wxsandbox.recorder import exchange
from wxsandbox.recorder.proxy import recording
from wxsandbox.recorder.replay import replay

SALT = b"a salt for tests"


async def off(work: Callable[..., Any], *args: Any) -> Any:
    """Run the SDK's blocking call beside the simulator's loop."""
    return await asyncio.to_thread(work, *args)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


async def speak(stage: Stage, url: str) -> list[str]:
    """Be authorized and work for the account, all of it through the recorder; gives what must not be recorded."""
    made = WeChatComponent(COMPONENT, stage.component["secret"], TOKEN, AES_KEY)
    made.API_BASE_URL = f"{url}/api.weixin.qq.com/cgi-bin"

    def hear(got: Any) -> Any:
        query = got.query
        return made.parse_message(got.body, query["msg_signature"], query["timestamp"], query["nonce"])

    await off(hear, stage.receiver.at("/events")[0])
    fan = (await stage.alice.follow(ACCOUNT))["openid"]
    address = await off(made.get_pre_auth_url, f"{stage.receiver.url}/authorized")
    await stage.alice.authorize(
        address.replace("https://mp.weixin.qq.com", f"{stage.box.url}/mp.weixin.qq.com"), ACCOUNT
    )
    await stage.sandbox.settle()
    event = await off(hear, stage.receiver.at("/events")[-1])
    tokens = event.query_auth_result["authorization_info"]
    await off(made.get_authorizer_info, ACCOUNT)
    await off(made.get_authorizer_option, ACCOUNT, "voice_recognize")
    await off(made.refresh_authorizer_token, ACCOUNT, tokens["authorizer_refresh_token"])
    with pytest.raises(Exception, match="61023"):
        await off(made.refresh_authorizer_token, ACCOUNT, "refreshtoken@@@wrong")
    with pytest.raises(Exception, match="61009"):
        await off(made.query_auth, "queryauthcode@@@wrong")
    client = made.get_client_by_appid(ACCOUNT)
    client.API_BASE_URL = f"{url}/api.weixin.qq.com/cgi-bin/"
    await off(client.user.get_followers)
    await off(client.user.get, fan)
    return [COMPONENT, stage.component["secret"], ACCOUNT, fan, tokens["authorizer_refresh_token"], made.access_token]


async def test_a_platforms_calls_are_recorded_and_asked_again(stage: Stage, tmp_path: Path) -> None:
    out, lines = tmp_path / "platform.jsonl", list[bytes]()
    async with recording(lines.append, salt=SALT, upstream=f"{stage.box.url}/{{host}}") as url:
        secrets = await speak(stage, url)
    out.write_bytes(b"\n".join(lines))
    assert [secret for secret in secrets if secret in out.read_text()] == []
    exchanges = exchange.read(out)
    paths = [one.path.rpartition("/")[2] for one in exchanges]
    assert {"api_component_token", "api_create_preauthcode", "api_query_auth", "api_authorizer_token"} <= set(paths)
    report = await replay(exchanges)
    assert (report.asked, report.findings, report.skipped) == (len(lines), [], [])
    asked = next(one for one in exchanges if one.path.endswith("api_query_auth") and "authorization_info" in one.answer)
    asked.answer["authorization_info"]["new_of_wechat"] = 1
    ((number, call, found),) = (await replay(exchanges)).findings
    assert (call, found.where) == ("POST /cgi-bin/component/api_query_auth", "$.authorization_info.new_of_wechat")
    assert exchanges[number - 1] is asked

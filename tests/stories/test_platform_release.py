"""WeChat's full-network release test passes by itself, whoever's shops there are, and however many platforms."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from make.places import AES_KEY, COMPONENT, TOKEN
from make.town import Town, found

SECOND = "wxc1c1c1c1c1c1c1c1"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with found(database_url, tmp_path) as made:
        yield made


async def run(town: Town, component: str = COMPONENT, **asked: Any) -> dict[str, Any]:
    await town.sandbox.call("POST", f"/components/{component}/release-test", asked)
    await town.settle()
    return dict(await town.sandbox.call("GET", f"/components/{component}/release-test"))


async def test_every_case_passes_for_every_pair_of_accounts(town: Town) -> None:
    await town.sandbox.component(COMPONENT, func_ids=[1, 2, 3, 4, 15, 19])
    for group in range(1, 6):
        told = await run(town, group=group)
        assert {case["name"]: (case["state"], case["detail"]) for case in told["cases"]} == dict.fromkeys(
            ("ticket", "text", "api", "event", "mini_api"), ("passed", "")
        )
        assert told["state"] == "passed"
    kept = await town.provider("GET", f"/provider/components/{COMPONENT}/history")
    assert {(one["question"], one["state"]) for one in kept["release_test"]} == {
        (question, "answered") for question in ("text", "api", "event")
    }
    # Nobody's account: no merchant has it, nothing of it is in an inbox, no job is stuck.
    assert await town.stuck_jobs() == []
    assert (await town.owner("GET", "/wechat"))["account"] is None
    assert "queryauthcode" not in str(kept)


async def test_each_of_two_platforms_passes_at_its_own_address_and_at_the_shared_one(town: Town) -> None:
    base = town.public_url
    for message_url in (f"{base}/wechat/component/{SECOND}/messages/$APPID$", f"{base}/wechat/messages/$APPID$"):
        made = await town.sandbox.component(
            SECOND, token="another", aes_key=AES_KEY[::-1], message_url=message_url,
            event_url=f"{base}/wechat/component/{SECOND}/ticket",
        )  # fmt: skip
        keys = {"appid": SECOND, "secret": made["secret"], "token": "another", "aes_key": AES_KEY[::-1]}
        await town.provider("PUT", "/provider/component", keys)
        await town.provider("POST", f"/provider/component/ticket-request?component={SECOND}")
        await town.settle()
        assert (await run(town, SECOND))["state"] == "passed"
        assert (await run(town, COMPONENT))["state"] == "passed"


async def test_a_busy_moment_does_not_cost_the_release(town: Town) -> None:
    """The code of the question is good once, so what it bought has to outlive an attempt that failed."""
    await town.sandbox.component(COMPONENT, func_ids=[1, 2, 3, 4, 15, 19])
    await town.sandbox.fault("POST /cgi-bin/message/custom/send", "error", errcode=-1, times=2)
    await run(town)
    await town.advance(seconds=30)
    told = await town.sandbox.call("GET", f"/components/{COMPONENT}/release-test")
    assert told["state"] == "passed", told


async def test_the_judge_is_strict(town: Town) -> None:
    """What the test reports is what was answered, not what was hoped for."""
    await town.sandbox.component(COMPONENT, token=TOKEN + "x")
    told = await run(town)
    assert {case["state"] for case in told["cases"]} == {"failed"}
    await town.sandbox.component(COMPONENT, token=TOKEN)
    await town.sandbox.fault("POST /cgi-bin/message/custom/send", "error", errcode=48001)
    told = await run(town)
    assert [case["name"] for case in told["cases"] if case["state"] != "passed"] == ["api"]
    await town.sandbox.advance(61)
    assert (await town.sandbox.call("GET", f"/components/{COMPONENT}/release-test"))["state"] == "failed"
    kept = await town.provider("GET", f"/provider/components/{COMPONENT}/history")
    assert next(one["state"] for one in kept["release_test"] if one["question"] == "api") == "failed"

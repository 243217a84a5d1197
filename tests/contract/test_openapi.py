"""Whatever the OpenAPI document allows may be sent: nothing breaks, and every refusal is a problem document.

Schemathesis reads the document and makes the requests; half of them carry ids of things that are really there.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from yarl import URL

from make.tenant_cases import CASES
from make.tenants import Tenants, two_merchants
from make.worlds import Browser

EXAMPLES = 5
# The other side's fault, said as such: WeChat refused, or could not be reached.
FROM_WECHAT = {"wechat.refused", "wechat.unreachable", "charge.refused"}
QUIET = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
# They end the session that the others need; with a real one they are tried in test_tenants_generated.py.
NOT_LOGGED_IN = {"log_out", "end_session", "log_in", "accept_invite", "begin_session"}


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Tenants]:
    async with two_merchants(database_url, tmp_path) as opened:
        yield opened


def headers_of(stage: Tenants, operation: str) -> dict[str, str]:
    """Give what the operation's usual caller sends along."""
    headers = {"x-requested-with": "tongshang", "accept-language": "en"}
    if operation in NOT_LOGGED_IN:
        return headers
    who = CASES[operation].who
    if who == "shopper":
        return headers | {"authorization": stage.shopper["authorization"]}
    browser: Browser = stage.provider if who == "provider" else stage.owner
    cookies = browser.session.cookie_jar.filter_cookies(URL(browser.url))
    return headers | {"cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())}


class Fuzz:
    """Sends what schemathesis makes, and writes down what must not be."""

    def __init__(self, stage: Tenants, document: dict[str, Any]) -> None:
        self.stage, self.wrong, self.statuses = stage, list[str](), Counter[int]()
        self.schema = schemathesis.openapi.from_dict(document)

    def run(self, part: range) -> None:
        """Try a part of the operations."""
        for number, result in enumerate(self.schema.get_all_operations()):
            if number in part:
                self.operation(result.ok())

    def operation(self, operation: Any) -> None:
        """Try one operation with what its schema allows."""
        name = operation.definition.raw["operationId"]
        headers = headers_of(self.stage, name)

        @QUIET
        @given(case=operation.as_strategy(), real=st.booleans())
        def tried(case: Any, real: bool) -> None:
            if case.path_parameters:
                known = {one: str(self.stage.has.get(of, of)) for one, of in CASES[name].path.items()} if real else {}
                case.path_parameters |= known | ({"shop": "tea"} if "shop" in case.path_parameters else {})
            self.judge(name, case.call(base_url=self.stage.town.url, headers=headers))

        tried()

    def judge(self, name: str, answer: Any) -> None:
        """Look at an answer."""
        self.statuses[answer.status_code] += 1
        if answer.status_code < 400:
            return
        kind = "".join(answer.headers.get("content-type", [""]))
        asked = f"{answer.request.url} {answer.request.body!r}"
        said = f"{name}: {answer.status_code} {kind} {answer.content[:300]!r} to {asked}"
        if "application/problem+json" not in kind:
            self.wrong.append(f"no problem document: {said}")
            return
        document = answer.json()
        if not {"code", "title", "status", "type"} <= set(document) or document["status"] != answer.status_code:
            self.wrong.append(f"half a problem document: {said}")
        if answer.status_code >= 500 and document["code"] not in FROM_WECHAT:
            self.wrong.append(f"broken: {said}")


@pytest.mark.parametrize("quarter", range(4))
async def test_whatever_is_sent_nothing_breaks(stage: Tenants, quarter: int) -> None:
    status, document = await stage.owner("GET", "/schema/openapi.json")
    assert status == 200
    fuzz = Fuzz(stage, document)
    await asyncio.to_thread(fuzz.run, range(quarter, 1000, 4))
    assert not fuzz.wrong, "\n".join(fuzz.wrong)
    assert len({status // 100 for status in fuzz.statuses}) > 1, fuzz.statuses

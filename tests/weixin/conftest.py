"""What the tests of the library share: WeChat Pay on a free port, and a client of it."""

from collections.abc import AsyncIterator

import pytest

from make.wxkeys import CERT, KEY_ID, NEXT, OURS, PLATFORM, PREFIX, ROTATED, by
from make.wxservers import PayScripted, serving
from weixin.pay import Keys, PayClient
from weixin.transport import Transport


@pytest.fixture
async def server() -> AsyncIterator[PayScripted]:
    scripted = PayScripted(OURS.public_key(), {KEY_ID: PLATFORM, CERT: PLATFORM, NEXT: ROTATED}, PREFIX)
    async with serving(scripted, PREFIX):
        yield scripted


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    async with Transport() as pool:
        yield pool


@pytest.fixture
def client(transport: Transport, server: PayScripted) -> PayClient:
    return by(transport, server, Keys(public_key_id=KEY_ID, public_key=PLATFORM.public_key()))

"""The provider's side: the platform's keys go in and never come out, and each role sees its own."""

import pyotp
import pytest

from make.worlds import Browser, make_staff
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.tenancy.model import Role
from tongshang.wechat import components

KEYS = {"appid": "wxc0c0c0c0c0c0c0c0", "secret": "s3cr3t" * 5, "token": "t0k3n", "aes_key": "A" * 42 + "E"}


@pytest.fixture
async def provider(browser: Browser, world: World) -> Browser:
    """The provider, logged in with a second factor."""
    await make_staff(world, NIL, login="root@provider", role=Role.PROVIDER)
    await browser.log_in("root@provider")
    _, offer = await browser("GET", "/api/console/me/totp")
    code = pyotp.TOTP(offer["secret"]).at(world.clock.now())
    status, answer = await browser("PUT", "/api/console/me/totp", {"secret": offer["secret"], "code": code})
    assert status in (200, 204), answer
    return browser


async def test_keys_go_in_and_never_come_out(provider: Browser, world: World) -> None:
    status, shown = await provider("PUT", "/api/console/provider/component", KEYS)
    assert status == 200, shown
    (one,) = shown
    assert (one["appid"], one["ticket_ok"], one["authorized"]) == (KEYS["appid"], False, 0)
    assert one["event_url"].endswith(f"/wechat/component/{KEYS['appid']}/ticket")
    assert one["message_url"].endswith(f"/wechat/component/{KEYS['appid']}/messages/$APPID$")
    _, listed = await provider("GET", "/api/console/provider/components")
    assert not any(secret in str((shown, listed)) for secret in (KEYS["secret"], KEYS["token"], KEYS["aes_key"]))
    bad = KEYS | {"aes_key": "short"}
    status, answer = await provider("PUT", "/api/console/provider/component", bad)
    assert (status, answer["code"], answer["field"]) == (400, "invalid", "aes_key")
    async with world.tx(NIL) as tx:
        opened = await components.opened(tx, appid=KEYS["appid"])
    assert opened is not None
    assert (opened.secret, opened.previous_aes_key) == (KEYS["secret"], None)
    assert KEYS["secret"] not in repr(opened)


async def test_nobody_else_may(owner: Browser, world: World) -> None:
    for method, path, body in (
        ("PUT", "/provider/component", KEYS),
        ("GET", "/provider/components", None),
        ("POST", "/provider/component/ticket-request", None),
    ):
        assert (await owner(method, f"/api/console{path}", body))[0] == 403, path


async def test_without_a_platform_there_is_a_sentence(owner: Browser) -> None:
    status, answer = await owner("POST", "/api/console/wechat/ticket-request")
    assert (status, answer["code"]) == (409, "wechat.no_component")
    status, view = await owner("GET", "/api/console/wechat")
    assert (status, view) == (200, {"component": None, "account": None, "callbacks": []})
    status, answer = await owner("POST", "/api/console/menu/publication")
    assert (status, answer["code"]) == (409, "wechat.no_account")

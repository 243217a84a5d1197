"""Which host serves what: tried through a server that believes it is on the internet, behind a trusted proxy."""

from dataclasses import replace

import aiohttp
import pytest

from make import worlds
from tongshang.platform.world import World

PROXY = {"x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("host", "path", "headers", "status"),
    [
        ("console.example.com", "/api/console/me", PROXY, 401),
        ("shop.example.com", "/api/console/me", PROXY, 404),
        ("console.example.com", "/api/store/tea/boot", PROXY, 404),
        ("shop.example.com", "/api/store/tea/products", PROXY, 200),
        ("shop.example.com", "/api/store/tea/products", {}, 403),
        ("shop.example.com", "/MP_verify_abc123.txt", PROXY, 200),
        ("shop.example.com", "/MP_verify_other.txt", PROXY, 404),
        ("shop.example.com", "/..%2fkeys%2fmaster.json", PROXY, 404),
        ("anything", "/health/live", {}, 200),
    ],
)
async def test_each_host_serves_its_own(
    world: World, merchant: object, host: str, path: str, headers: dict[str, str], status: int
) -> None:
    world.settings = replace(
        world.settings,
        public_url="https://shop.example.com",
        console_url="https://console.example.com",
        trusted_proxies=("127.0.0.1",),
    )
    verify = world.settings.var / "verify"
    verify.mkdir()
    (verify / "MP_verify_abc123.txt").write_text("abc123")
    async with (
        worlds.serving(world, worlds.free_port()) as url,
        aiohttp.ClientSession() as session,
        session.get(url + path, headers={"host": host, **headers}) as answer,
    ):
        assert answer.status == status

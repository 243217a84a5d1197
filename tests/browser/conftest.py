"""Real Chromium for the browser ring: one browser for all tests, a fresh context (cookies, storage) for each."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ViewportSize, async_playwright, expect

from make import streets
from make.streets import Street
from tongshang.app import webbuild
from tongshang.platform.work import Worker

CHROMIUM = "/usr/bin/chromium"
INSTALLED = Path(CHROMIUM).exists()
# Nothing may leave the machine: every name but this machine's is answered "not found", which also proves that
# pages need no outside host.
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
    "--disable-domain-reliability",
    "--metrics-recording-only",
    "--disable-client-side-phishing-detection",
    "--no-pings",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,"
    "CertificateTransparencyComponentUpdater",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
    "--disable-dev-shm-usage",
    "--lang=zh-CN",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 960}
PATIENCE_MS = 20_000
# A busy machine is slow, not wrong.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser; without one on this machine the test says so and is skipped."""
    if not INSTALLED:
        pytest.skip(f"没有 Chromium，浏览器测试跳过。/ No Chromium at {CHROMIUM}: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def phone_context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A browser the size of a phone, in Chinese."""
    context = await chromium.new_context(viewport=PHONE, device_scale_factor=2, has_touch=True, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()


@pytest.fixture
async def desk_context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A browser on a desk, in Chinese."""
    context = await chromium.new_context(viewport=DESK, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()


@pytest.fixture(scope="session")
def built_phone() -> None:
    """The simulator's phone, built from its present sources."""
    if not webbuild.built("phone"):
        webbuild.build(webbuild.ROOT / "var", "phone")


@pytest.fixture(scope="session")
def built_web() -> None:
    """The console and the store, built from their present sources; the phone too."""
    webbuild.build(webbuild.ROOT / "var")


@pytest.fixture
async def street(database_url: str, tmp_path: Path, built_web: None) -> AsyncIterator[Street]:
    """A shop that is ready to sell, with a worker at work, as on any day."""
    async with streets.opened(database_url, tmp_path) as opened:
        worker = Worker(opened.town.world, name="browser")
        opened.town.world.wakers.append(worker.wake)
        working = asyncio.create_task(worker.run(poll_seconds=0.1))
        yield opened
        worker.stop()
        await working

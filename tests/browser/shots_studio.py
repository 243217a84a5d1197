"""How a picture is taken: a window of one language and width, a page that has come to rest, a small file."""

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, Request, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as NeverCame

from browser.conftest import DESK, PHONE
from browser.looks import WATCH_SHIFTS, Looks
from browser.shots_pages import Shot
from browser.shots_stage import Stage

LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
WIDTHS = (1440, 390)
HIGHEST = {1440: 1500, 390: 1800}
QUALITY = 62
# Also as PNG, for places that show nothing else.
ALSO_PNG = {"zh-1440-overview", "en-1440-overview", "zh-390-store-index", "zh-phone"}
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
SETTLED = "() => !document.querySelector('.el-skeleton, .bone, [aria-busy=true]')"


@dataclass
class Studio:
    """The browser, the stage, and where pictures go."""

    browser: Browser
    stage: Stage
    out: Path
    only: str
    looks: Looks | None = None
    taken: int = 0
    traffic: dict[Page, "Traffic"] = field(default_factory=dict)

    @asynccontextmanager
    async def window(self, language: str, width: int, **more: Any) -> AsyncIterator[BrowserContext]:
        """A fresh browser of one language and width."""
        size = DESK if width > PHONE["width"] else PHONE
        context = await self.browser.new_context(
            viewport=size, locale=LANGUAGES[language], timezone_id="Asia/Shanghai", reduced_motion="reduce", **more
        )
        context.set_default_timeout(15_000)
        if self.looks:
            await context.add_init_script(WATCH_SHIFTS)
        try:
            yield context
        finally:
            await context.close()

    def wanted(self, shot: Shot) -> bool:
        """Say whether this picture was asked for."""
        return re.search(self.only, shot.name) is not None

    async def take(
        self, page: Page, url: str, shot: Shot, act: Callable[[Page], Awaitable[None]] | None = None
    ) -> None:
        """Open an address, let it come to rest, and keep what it looks like."""
        if not self.wanted(shot):
            return
        if page not in self.traffic:
            self.traffic[page] = Traffic(page)
        traffic = self.traffic[page]
        traffic.open.clear()
        try:
            await page.goto(url, wait_until="load")
            await rest(page, traffic)
            if act:
                await act(page)
                await rest(page, traffic)
            if self.looks:
                await self.looks.at(page, shot.name)
            await self.keep(page, shot)
        except (PlaywrightError, AssertionError) as error:  # one page that fails must not cost the others
            print(f"! {shot.name}: {type(error).__name__} {str(error)[:300]}", flush=True)

    async def keep(self, page: Page, shot: Shot) -> None:
        """Write one picture: the whole page, up to a height."""
        size = DESK if shot.width > PHONE["width"] else PHONE
        whole = min(HIGHEST[shot.width], await page.evaluate("document.documentElement.scrollHeight"))
        if whole > size["height"]:
            # A taller window rather than a stitched picture: what is fixed to the window's edge stays at its edge.
            await page.set_viewport_size({"width": size["width"], "height": whole})
            await page.wait_for_timeout(250)
        png = await page.screenshot(animations="disabled")
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        if shot.name in ALSO_PNG:
            picture.quantize(200).save(self.out / f"{shot.name}.png", optimize=True)
        picture.save(self.out / f"{shot.name}.webp", quality=QUALITY, method=4)
        self.taken += 1


class Traffic:
    """How many answers a page still waits for; the stream of news never ends and does not count."""

    def __init__(self, page: Page) -> None:
        self.open: set[Request] = set()
        page.on("request", self._asked)
        page.on("requestfinished", self._done)
        page.on("requestfailed", self._done)

    def _asked(self, request: Request) -> None:
        if request.resource_type != "eventsource" and not request.url.endswith("/events"):
            self.open.add(request)

    def _done(self, request: Request) -> None:
        self.open.discard(request)

    async def quiet(self, page: Page) -> None:
        """Wait until nothing has been asked for a while, at most three seconds."""
        still = 0
        for _ in range(30):
            await page.wait_for_timeout(100)
            still = 0 if self.open else still + 1
            if still == 3:
                return


async def rest(page: Page, traffic: Traffic) -> None:
    """Wait until figures, pictures and fonts have come."""
    await traffic.quiet(page)
    try:
        await page.wait_for_function(SETTLED, timeout=2_500)
    except NeverCame:
        pass
    await page.evaluate("document.fonts.ready.then(() => undefined)")
    await page.wait_for_timeout(150)


async def down(route: Route) -> None:
    """Be a server that cannot be reached."""
    await route.abort("connectionrefused")

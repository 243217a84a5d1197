"""What every page is held to: readable by everybody, no wider than the screen, and still while it loads.

LOOKS_SLOWER=4 makes the browser's processor four times as slow: what jumps only on a slow phone jumps then.
"""

import json
import os
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Page

from tongshang.app.webbuild import WEB

AXE = WEB / "console/node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")
MOST_SHIFT = 0.05
WATCH_SHIFTS = """window.__shift = 0
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.__shift += one.value
})
  .observe({ type: 'layout-shift', buffered: true })"""
# What fades or slides is half there for a moment; what spins for ever is not waited for.
AT_REST = """async () => {
  for (let round = 0; round < 20; round++) {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const moving = document.getAnimations().filter((one) => one.playState === 'running'
      && Number.isFinite(one.effect?.getComputedTiming().endTime))
    if (!moving.length) return
    await Promise.all(moving.map((one) => one.finished.catch(() => null)))
  }
}"""
RUN_AXE = """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
  .map((one) => [one.impact, one.id, one.nodes.length, one.nodes[0].html.slice(0, 160)])"""


@dataclass
class Looks:
    """What was found wrong, page by page."""

    wrong: dict[str, list[Any]] = field(default_factory=dict)

    async def at(self, page: Page, name: str) -> None:
        """Look at a page once it has come to rest."""
        await page.evaluate(AT_REST)
        found: list[Any] = []
        if (wide := await page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            found.append(f"{wide} px too wide")
        if (shift := await page.evaluate("window.__shift")) >= MOST_SHIFT:
            found.append(f"shifts by {shift:.3f}")
        await page.evaluate(AXE.read_text())
        found += [one for one in await page.evaluate(RUN_AXE) if one[0] in GRAVE]
        if found:
            self.wrong[name] = found

    def verdict(self) -> None:
        """Fail, with all that was found."""
        assert not self.wrong, json.dumps(self.wrong, ensure_ascii=False, indent=1)


async def watched(context: BrowserContext) -> Page:
    """Open a page whose layout shifts are counted from the start."""
    await context.add_init_script(WATCH_SHIFTS)
    page = await context.new_page()
    if slower := os.environ.get("LOOKS_SLOWER"):
        devtools = await context.new_cdp_session(page)
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": float(slower)})
    return page

"""Take a picture of every page: zh and en, on a desk and on a phone, full, empty and broken, to docs/screens.

Usage: shots.py [--var FOLDER] [--only PATTERN] [--out FOLDER] [--looks].
Runs a seeded demo of its own (var/shots, seeded once).
"""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Page, async_playwright

from browser.conftest import CHROMIUM, FLAGS
from browser.looks import Looks
from browser.shots_pages import CONSOLE, NEW_PRODUCT, ONE_THING, PROVIDER, Shot
from browser.shots_stage import VAR, Stage, console_cookies, staged
from browser.shots_store import store
from browser.shots_studio import LANGUAGES, WIDTHS, Studio, down
from tongshang.app.webbuild import ROOT

OUT = ROOT / "docs" / "screens"


async def console(studio: Studio, language: str, width: int) -> None:
    """Every page of the console."""
    stage = studio.stage
    base = f"{stage.console}/console"
    rounds = [
        ("tea", "loaded", pages(CONSOLE, stage)),
        ("bloom", "empty", empty_pages()),
        ("tea", "error", pages(CONSOLE, stage)),
        ("admin", "loaded", pages(PROVIDER, stage)),
    ]
    for login, state, todo in rounds:
        async with studio.window(language, width) as context:
            await context.add_cookies(await console_cookies(stage, login))
            page = await context.new_page()
            if state == "error":
                await page.route(lambda url: "/api/console/" in url and not url.endswith("/me"), down)
            for name, address in todo:
                await studio.take(page, base + address, Shot(language, width, name, state))
    async with studio.window(language, width) as context:
        page = await context.new_page()
        await studio.take(page, f"{base}/login", Shot(language, width, "login"))
        await studio.take(page, f"{base}/login", Shot(language, width, "login", "error"), wrong_password)
        if stage.invite:
            await studio.take(page, f"{base}/invites/{stage.invite}", Shot(language, width, "invite"))


def pages(all_pages: dict[str, str], stage: Stage) -> Iterator[tuple[str, str]]:
    """Fill the addresses with what there is to show."""
    return ((name, address.format(**stage.ids)) for name, address in all_pages.items())


def empty_pages() -> Iterator[tuple[str, str]]:
    """The pages of a shop that has just been opened."""
    todo = {name: address for name, address in CONSOLE.items() if name not in ONE_THING}
    return iter({**todo, "product": NEW_PRODUCT}.items())


async def wrong_password(page: Page) -> None:
    """Fail to log in."""
    await page.locator("#login").fill("tea")
    await page.locator("#password").fill("not my password")
    await page.locator("button[type=submit]").click()


async def run(options: argparse.Namespace) -> None:
    """Take every picture that was asked for."""
    async with staged(options.var, running=options.running) as stage, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        studio = Studio(browser, stage, options.out, options.only, Looks() if options.looks else None)
        for language in LANGUAGES:
            for width in WIDTHS:
                await console(studio, language, width)
                await store(studio, language, width)
        await browser.close()
    size = sum(file.stat().st_size for file in options.out.iterdir()) / 1e6
    for name, found in studio.looks.wrong.items() if studio.looks else ():
        print(f"! {name}: {found}")
    print(f"{studio.taken} 张 / pictures, {size:.1f} MB, {options.out.name}")


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", type=Path, default=VAR)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--only", default="", help="a pattern of the pictures' names")
    parser.add_argument("--running", default="", metavar="PORT,SANDBOX_PORT", help="a demo that runs already")
    parser.add_argument("--looks", action="store_true", help="say what is too wide, jumps or cannot be read")
    options = parser.parse_args()
    for folder in (options.var, options.out):
        folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(run(options))


if __name__ == "__main__":
    main()

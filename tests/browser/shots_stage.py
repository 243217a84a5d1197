"""The stage for pictures: a seeded demo of its own, a shop that has only just been opened, and who logs in where."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pyotp

from make.worlds import Browser, free_port
from tongshang.app.webbuild import ROOT

VAR = ROOT / "var" / "shots"
FRESH = {"slug": "bloom", "name": "山野花房", "owner_login": "bloom", "owner_name": "阿禾"}
FRESH_PASSWORD = "a new shop in the hills"
READY_SECONDS = 900


@dataclass
class Stage:
    """A running demo: its addresses, its log-ins, and one of everything to look at."""

    port: int
    box_port: int
    logins: dict[str, dict[str, str]]
    ids: dict[str, str] = field(default_factory=dict)
    invite: str = ""

    @property
    def console(self) -> str:
        """The console's address."""
        return f"http://127.0.0.1:{self.port}"

    def store(self, person: str, shop: str = "tea") -> str:
        """A shop's address on somebody's own host."""
        return f"http://{person}.localhost:{self.port}/s/{shop}/"


@asynccontextmanager
async def staged(var: Path = VAR, *, running: str = "") -> AsyncIterator[Stage]:
    """Run the demo in `var`, seeded once, until the pictures are taken; or use the one at PORT,SANDBOX_PORT."""
    if running:
        port, box_port = running.split(",")
        stage = Stage(int(port), int(box_port), {})
        await dress(stage, var)
        yield stage
        return
    # What is in the demo's WeChat leads to the ports that it was seeded for.
    known = re.findall(r"\d+", (var / "seeded").read_text()) if (var / "seeded").exists() else []
    stage = Stage(*(map(int, known) if known else (free_port(), free_port())), {})
    words = (
        "-m",
        "tongshang.app.cli",
        "up",
        "--demo",
        "--port",
        str(stage.port),
        "--sandbox-port",
        str(stage.box_port),
    )
    with (var / "shots.log").open("wb") as printed:
        env = dict(os.environ, TONGSHANG_VAR=str(var))
        house = await asyncio.create_subprocess_exec(sys.executable, *words, env=env, stdout=printed, stderr=printed)
    try:
        await _ready(stage, house, var)
        await dress(stage, var)
        yield stage
    finally:
        if house.returncode is None:
            house.send_signal(signal.SIGINT)
        await house.wait()


async def _ready(stage: Stage, house: asyncio.subprocess.Process, var: Path) -> None:
    browser = Browser(stage.console)
    try:
        async with asyncio.timeout(READY_SECONDS):
            while house.returncode is None:
                try:
                    if (await browser("GET", "/console/"))[0] == 200 and (var / "seeded").exists():
                        return
                except OSError:
                    pass
                await asyncio.sleep(1)
    finally:
        await browser.close()
    raise RuntimeError(f"the demo ended: {(var / 'shots.log').read_text()[-400:]}")


async def dress(stage: Stage, var: Path) -> None:
    """Read the log-ins, open a shop with nothing in it, and find something of each kind to show."""
    rows = json.loads((var / "logins.json").read_text())
    stage.logins = {row["login"]: row for row in rows}
    provider, owner = Browser(stage.console), Browser(stage.console)
    try:
        admin = stage.logins["admin"]
        await provider.log_in("admin", admin["password"], totp_now(admin))
        status, called = await provider("GET", "/api/console/provider/arbitrations")
        assert status == 200, called
        await _fresh_shop(stage, provider)
        await owner.log_in("tea", stage.logins["tea"]["password"])
        await _find(stage, owner)
        stage.ids |= {"merchant": called[0]["merchant_id"], "called": called[0]["id"]}
    finally:
        await provider.close()
        await owner.close()


USED: dict[str, int] = {}


def totp_now(login: dict[str, str]) -> str:
    """Make the second factor of a log-in that has one; each is good once, and the next one half a minute early."""
    secret = login.get("totp", "").rpartition(" ")[2]
    if not secret:
        return ""
    totp = pyotp.TOTP(secret)
    step = max(USED.get(secret, 0) + 1, totp.timecode(datetime.now(UTC)))
    while step > totp.timecode(datetime.now(UTC)) + 1:
        time.sleep(1)
    USED[secret] = step
    return totp.generate_otp(step)


async def _fresh_shop(stage: Stage, provider: Browser) -> None:
    stage.logins["bloom"] = {"login": "bloom", "password": FRESH_PASSWORD}
    status, listed = await provider("GET", "/api/console/merchants?q=bloom")
    if status == 200 and any(one["slug"] == FRESH["slug"] for one in listed["items"]):
        return
    status, made = await provider("PUT", f"/api/console/merchants/{uuid5(NAMESPACE_URL, FRESH['slug'])}", FRESH)
    assert status < 300, made
    if link := made.get("invite_url"):
        token = link.rsplit("/", 1)[1]
        body = {"password": FRESH_PASSWORD, "name": FRESH["owner_name"]}
        await provider("POST", f"/api/console/invites/{token}", body)


async def _find(stage: Stage, owner: Browser) -> None:
    """Choose what tells most: a refunded order, a product of several variants, a day whose bill has come."""

    async def items(path: str) -> list[dict[str, Any]]:
        status, answer = await owner("GET", f"/api/console{path}")
        assert status == 200, (path, answer)
        return list(answer.get("items") or answer.get("days") or [])

    orders = await items("/orders?limit=100")
    told = [one for one in orders if one["refund"] != "none"] or orders
    products = await items("/products?state=on")
    days = [one for one in await items("/reconciliation") if one["state"] == "agreed"]
    several = max(products, key=lambda one: int(one["variants"]))
    ahead, tickets = await items("/products?q=预售"), await items("/products?q=体验")
    cases = await items("/after-sales")
    sent = [one["id"] for one in orders if one["state"] == "shipped" and one["delivery"] == "express"]
    stage.ids = {
        "order": told[0]["id"],
        "product": several["id"],
        "presale": ahead[-1]["id"],
        "ticket": tickets[0]["id"],
        "presold": (await items("/orders?state=deposit"))[-1]["id"],
        "local": next(one["id"] for one in orders if one["delivery"] == "local"),
        "case": next((one["id"] for one in cases if one["state"] == "returning"), cases[0]["id"]),
        "tracked": await _tracked(owner, sent),
        "holder": (await items("/wallets"))[-1]["id"],
        "fan": str((told[0].get("fan") or {}).get("id") or (await items("/fans"))[0]["id"]),
        "day": str(days[0]["date"] if days else "2026-11-20"),
    }
    asked = {"login": "tea-xiaohe", "name": "小荷", "role": "clerk"}
    status, made = await owner("PUT", f"/api/console/staff/{uuid5(NAMESPACE_URL, 'xiaohe')}", asked)
    if status < 300:
        stage.invite = str(made["invite_url"]).rsplit("/", 1)[1]


async def _tracked(owner: Browser, sent: list[str]) -> str:
    """Find an order whose parcel says where it is."""
    for order in sent:
        _, found = await owner("GET", f"/api/console/orders/{order}")
        if any((parcel.get("track") or {}).get("events") for parcel in found["shipments"]):
            return order
    return sent[0]


async def console_cookies(stage: Stage, login: str) -> list[Any]:
    """Log in once over HTTP; every window of this person gets the cookie."""
    browser = Browser(stage.console)
    try:
        entry = stage.logins[login]
        await browser.log_in(login, entry["password"], totp_now(entry))
        return [{"name": one.key, "value": one.value, "url": stage.console} for one in browser.session.cookie_jar]
    finally:
        await browser.close()

"""The tour plays the whole main job on a running platform and simulator; what stops it is said in one sentence."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid5

import aiohttp
import pyotp
import pytest

from make.shops import make_product
from make.towns import ACCOUNT, COMPONENT, Town, founded
from make.worlds import PASSWORD, Browser, free_port, make_staff
from tongshang.app import codes
from tongshang.app.terminal import Stop
from tongshang.platform.clock import SHANGHAI, FollowedClock
from tongshang.platform.config import Settings
from tongshang.platform.ids import NIL
from tongshang.platform.work import Worker
from tongshang.tenancy import staff
from tongshang.tenancy.model import Role


async def open_shop(town: Town) -> None:
    """Set the shop up in the console: a way to be paid, goods, a coupon in the welcome, a code on the counter."""

    async def put(path: str, body: dict[str, object]) -> None:
        status, answer = await town.owner("PUT", f"/api/console{path}", body)
        assert status < 300, (path, answer)

    made = await town.sandbox.merchant(appids=[ACCOUNT], mode="public_key", refund_seconds=2)
    known = {"mode": "direct", "mchid": made["mchid"], "appid": ACCOUNT, "serial": made["serial"]}
    await put("/pay-account", known | {"public_key_id": made["public_key_id"]})
    keys = {"private_key_pem": made["private_pem"], "apiv3_key": made["apiv3_key"]}
    await put("/pay-account/keys", keys | {"public_key_pem": made["platform_public_pem"]})
    await put("/shop", {"name": "云上茶园"})
    await put("/shop/freight", {"flat_fen": 800, "free_over_fen": 100_000})
    await put("/shop/pickup", {"enabled": True, "place": "云上茶园", "address": "龙井路一号"})
    coupon = str(uuid5(NIL, "coupon"))
    await put(f"/coupons/{coupon}", {"name": "见面礼", "minus_fen": 1000, "min_spend_fen": 30_000, "total": 100})
    await put("/welcome", {"enabled": True, "text": "欢迎来喝茶", "link_title": "进店逛逛", "coupon_id": coupon})
    await put(f"/scene-codes/{uuid5(NIL, 'code')}", {"name": "收银台", "scene": "counter", "permanent": True})
    for title, price in (("龙井", 9_900), ("碧螺春", 8_800), ("普洱", 6_600)):
        await make_product(town.world, town.merchant, title=title, prices=(price,), stock=20)
    await make_staff(town.world, town.merchant, login="tea-shop", role=Role.ASSISTANT)


@asynccontextmanager
async def running(town: Town) -> AsyncIterator[None]:
    """Run as a demo does: tickets come, the clock runs, the platform follows it, a worker works."""
    async with aiohttp.ClientSession() as http:

        async def ask() -> datetime:
            async with http.get(f"{town.sandbox.url}/_sandbox/clock") as answer:
                return datetime.fromisoformat((await answer.json())["now"]).astimezone(UTC)

        await town.sandbox.component(COMPONENT, ticket_on=True)
        await town.sandbox.call("POST", "/clock", {"frozen": False})
        clock = FollowedClock(ask)
        await clock.follow_once()
        town.world.clock = clock
        worker = Worker(town.world, name="tour")
        town.world.wakers.append(worker.wake)
        following, working = asyncio.create_task(clock.follow()), asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            await working
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


async def tour(var: Path, port: int, sandbox_port: int) -> tuple[int, str, str]:
    """Run the command as nobody's terminal does; give its code and what it said."""
    ports = ("--port", str(port), "--sandbox-port", str(sandbox_port))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tongshang.app.cli", "tour", *ports, "--pace", "0", "--yes",
        env={**os.environ, "TONGSHANG_VAR": str(var)}, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate(), 150)
    except TimeoutError:
        process.kill()
        raise
    return process.returncode or 0, out.decode(), err.decode()


def write_logins(var: Path, port: int) -> None:
    """Write the log-ins as the seeder does."""
    var.mkdir(exist_ok=True)
    owner = {"who": "云上茶园", "login": "owner@tea", "password": PASSWORD, "store": f"http://localhost:{port}/s/tea/"}
    staff = {"who": "店员", "login": "tea-shop", "password": PASSWORD, "staff": f"http://127.0.0.1:{port}/staff/"}
    admin = {"who": "服务商", "login": "admin", "password": PASSWORD, "totp": "TOTP X"}
    (var / "logins.json").write_text(json.dumps([admin, owner, staff]))


async def test_the_tour_plays_the_whole_main_job(database_url: str, tmp_path: Path) -> None:
    async with founded(database_url, tmp_path / "platform") as town:
        await town.authorize()
        await open_shop(town)
        ports = tuple(urlsplit(url).port or 0 for url in (town.url, town.sandbox.url))
        write_logins(tmp_path / "var", ports[0])
        async with running(town):
            code, said, wrong = await tour(tmp_path / "var", *ports)
            assert (code, wrong) == (0, ""), said + wrong
            assert f"http://tour-1.localhost:{ports[1]}/phone" in said
            assert f"http://127.0.0.1:{ports[0]}/console/orders" in said
            assert "账单与账本一致" in said

            # What the tour said it did, as the merchant's console has it.
            (fan,) = await town.fans()
            assert fan["subscribed"]
            _, page = await town.owner("GET", "/api/console/orders")
            sent, picked_up = sorted(page["items"], key=lambda order: int(order["number"]))
            assert (sent["state"], sent["refund"], sent["discount_fen"]) == ("shipped", "part", 1000)
            assert (picked_up["delivery"], picked_up["state"]) == ("pickup", "completed")
            paid = datetime.fromisoformat(sent["paid_at"]).astimezone(SHANGHAI).date()
            _, day = await town.owner("GET", f"/api/console/reconciliation/{paid:%Y-%m-%d}")
            assert day["state"] == "agreed"
            assert day["paid_fen"] == sent["total_fen"] + picked_up["total_fen"]
            assert day["refund_fen"] > 0
            now = datetime.fromtimestamp(await town.sandbox.now(), SHANGHAI)
            assert ((now.date() - paid).days, now.hour) == (1, 10)
            receipts = await town.sandbox.call("GET", "/people/tour-1")
            kinds = {bubble["kind"] for chat in receipts["chats"] for bubble in chat["messages"]}
            assert {"text", "receipt", "refund"} <= kinds

            # Another tour is another person's, and goes on from the morning.
            code, said, wrong = await tour(tmp_path / "var", *ports)
            assert (code, wrong) == (0, ""), said + wrong
            assert "http://tour-2.localhost" in said
            assert len(await town.fans()) == 2

            # It is tomorrow for shop and WeChat, not for the provider's phone, whose codes are as good as before.
            secret = pyotp.random_base32()
            root = await make_staff(town.world, NIL, login="admin", role=Role.PROVIDER)
            async with town.world.tx(NIL) as tx:
                await staff.keep_totp(tx, staff_id=root, secret=secret)
            browser = Browser(town.url)
            try:
                await browser.log_in("admin", totp=pyotp.TOTP(secret).now())
            finally:
                await browser.close()


async def test_what_stops_the_tour_is_said_in_one_sentence(tmp_path: Path) -> None:
    code, _, wrong = await tour(tmp_path, free_port(), free_port())
    assert (code, wrong.count("\n")) == (1, 2), wrong
    assert "make demo" in wrong
    port = free_port()
    write_logins(tmp_path, port)
    code, _, wrong = await tour(tmp_path, port, free_port())
    assert (code, wrong.count("\n")) == (1, 2), wrong
    assert "SANDBOX_PORT" in wrong


def test_a_demos_second_factor_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(var=tmp_path)
    with pytest.raises(Stop, match="make demo"):
        codes.main(settings)
    write_logins(tmp_path, 8000)
    secret = pyotp.random_base32()
    path = tmp_path / "logins.json"
    path.write_text(path.read_text().replace("TOTP X", f"TOTP {secret}"))
    before = pyotp.TOTP(secret).now()
    codes.main(settings)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert any(f"admin  {code}  " in said for code in (before, pyotp.TOTP(secret).now()))


async def test_a_changed_password_is_said(database_url: str, tmp_path: Path) -> None:
    async with founded(database_url, tmp_path / "platform") as town:
        ports = tuple(urlsplit(url).port or 0 for url in (town.url, town.sandbox.url))
        write_logins(tmp_path / "var", ports[0])
        path = tmp_path / "var" / "logins.json"
        path.write_text(path.read_text().replace(PASSWORD, "another password"))
        code, _, wrong = await tour(tmp_path / "var", *ports)
        assert (code, wrong.count("\n")) == (1, 2), wrong
        assert "owner@tea" in wrong

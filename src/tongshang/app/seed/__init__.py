"""The demo's data: three shops and sixty days of their business, made through the public verbs, once.

It runs before the platform does, serves the platform's own port for the simulator's callbacks, and leaves the
simulator's clock at the present. A play that was cut off is swept away and begun again.
"""

import asyncio
import gc
import json
import random
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from tongshang.app.seed import build, complaints, deals
from tongshang.app.seed.goods import SHOPS
from tongshang.app.seed.play import DAYS, sixty_days
from tongshang.app.seed.post import in_time
from tongshang.app.seed.simulator import Simulator
from tongshang.app.terminal import say
from tongshang.app.web import app_for, database_url
from tongshang.app.world import make_world
from tongshang.insights import imports
from tongshang.insights.windows import last_ready
from tongshang.platform import log
from tongshang.platform.clock import SHANGHAI, ManualClock, SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.ids import NIL
from tongshang.platform.world import World

GROWING = "job, fact, fact_subject, orders, order_line, stock_hold, charge, charge_attempt, posting, pay_notice, fan, cart_line"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def main(settings: Settings) -> None:
    """Play the demo's data; prints its steps, and keeps the log-ins in var/logins.json."""
    log.configure(json=settings.json_logs, level="ERROR")
    # A short play in a process of its own: what is there now stays, and little of what comes is worth collecting.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    uvloop.run(_main(settings))


async def _main(settings: Settings) -> None:
    dsn = database_url(settings)
    _sweep(dsn)
    end = SystemClock().now().astimezone(SHANGHAI) - timedelta(minutes=5)
    start = end - timedelta(days=DAYS, hours=1)
    # A play that is cut off is played again from the start, so its commits need not wait for the disk.
    hasty = f"{dsn}{'&' if '?' in dsn else '?'}synchronous_commit=off"
    clock = ManualClock(start.astimezone(UTC))
    world = await make_world(settings, hasty, clock=clock, rng=random.Random(20261122))
    url = urlsplit(settings.wx.api)
    box = Simulator(world.transport, f"{url.scheme}://{url.netloc}")
    server = Server(
        in_time(app_for(world), clock),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        log_enabled=False,
    )
    serving = asyncio.create_task(server.serve())
    learning = asyncio.create_task(_learn(dsn))
    try:
        await _play(world, box, end, start)
        await learning
        await asyncio.to_thread(_keep, dsn)
    finally:
        learning.cancel()
        server.stop()  # type: ignore[no-untyped-call]  # granian leaves it unannotated
        await serving
        await world.close()


async def _play(world: World, box: Simulator, end: datetime, start: datetime) -> None:
    await box.call("POST", "/reset")
    await box.turn(start)
    await _answering(world)
    await build.component(world, box)
    await box.call("POST", "/settle")
    logins = ["admin", *(f"{shop.slug}{end}" for shop in SHOPS for end in ("", "-clerk", "-shop"))]
    passwords = {login: _password(world, login) for login in logins}
    totp = await build.provider(world, passwords["admin"])
    await build.provider_number(world, box)
    built = await build.merchants(world, box, SHOPS, passwords)
    await deals.declare(world, [one.merchant for one in built])
    for one in built:
        # WeChat's figures of thirty days in one go, at the end: the same figures, an eighth of the calls.
        async with world.tx(one.merchant) as tx:
            await imports.put_off(tx, appid=one.appid, until=last_ready(end))
    say("  三家店铺已就绪，开始演练 60 天 / three shops are set up, playing sixty days")
    plays = await sixty_days(world, box, built, end=end)
    for play in plays:
        await complaints.complain(world, play.merchant, regular=play.customers[0].fan)
    await box.turn(SystemClock().now(), frozen=False)
    _write(world.settings, passwords, totp)
    fans, orders = sum(len(play.customers) for play in plays), sum(play.placed for play in plays)
    say(f"  {fans} 位粉丝，{orders} 笔订单 / {fans} fans, {orders} orders")


def _password(world: World, login: str) -> str:
    """Make a log-in's password: another one in every installation, the same one in each run of this one."""
    digest = bytes.fromhex(world.secrets.derive(f"demo login {login}"))
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:12])


async def _answering(world: World) -> None:
    """Wait until our own server answers."""
    for _ in range(100):
        try:
            await world.transport.request("GET", f"http://127.0.0.1:{world.settings.port}/health/live")
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return


def _write(settings: Settings, passwords: dict[str, str], totp: str) -> None:
    """Keep the log-ins where only this installation's owner can read them."""
    console = f"{settings.console_url}/console/"
    rows = [{"who": "服务商 / provider", "login": "admin", "password": passwords["admin"], "totp": f"TOTP {totp}"}]
    for shop in SHOPS:
        store = f"{settings.public_url}/s/{shop.slug}/"
        rows.append({"who": shop.name, "login": shop.slug, "password": passwords[shop.slug], "store": store})
        staff_page = f"{settings.console_url}/staff/"
        login = f"{shop.slug}-shop"
        rows.append({"who": f"{shop.name}店员", "login": login, "password": passwords[login], "staff": staff_page})
    path = settings.var / "logins.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    say(f"  {console}")


def _sweep(dsn: str) -> None:
    """Empty every table, as after a play that was cut off; the migrations stay."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        begun = "select exists (select 1 from component where merchant_id = %s)"
        if admin.execute(begun, [NIL]).fetchone() == (False,):
            return  # nothing was played yet: the platform's own registration is a play's first scene
        names = admin.execute(
            "select string_agg(format('%I', tablename), ', ') from pg_tables where schemaname = 'public' "
            "and tablename not like '%yoyo%'"
        ).fetchone()
        if names and names[0]:
            admin.execute(f"truncate {names[0]} cascade")


async def _learn(dsn: str) -> None:
    """Let the planner see the tables grow: what it planned while they were empty reads them from end to end."""
    for pause in (4, 8):
        await asyncio.sleep(pause)
        await asyncio.to_thread(_keep, dsn, GROWING)


def _keep(dsn: str, tables: str = "") -> None:
    """Tell the planner what is there; its commit, unlike the play's, waits until all before it is on disk."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(f"analyze {tables}")

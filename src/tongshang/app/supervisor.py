"""One command for a whole machine: start everything, watch it, start again what falls, and stop without a trace.

Order: PostgreSQL, migrations, then platform, worker and (in a demo) the simulator together, the web build beside
them, then the seeds, once. Everything is a child in a group of its own; var/log keeps what each of them prints.
"""

import asyncio
import fcntl
import json
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tongshang.app import ground, webbuild
from tongshang.app.terminal import Stop, child_line, say, step
from tongshang.platform import metrics, postgres, processes
from tongshang.platform.pgserver import DATABASE, PostgresError
from tongshang.platform.processes import Child, Program

READY_SECONDS = 60
NEEDED_MB, FULL_MB = 300, 20


@dataclass(frozen=True)
class Plan:
    """What to run, where."""

    var: Path
    port: int = 8000
    sandbox_port: int = 8800
    demo: bool = False
    web: bool = True
    seed: bool = True
    workers: int = 1
    database_url: str = ""


@dataclass
class House:
    """The running processes of one supervisor."""

    plan: Plan
    env: Mapping[str, str]
    children: dict[str, Child] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def program(self, name: str, *arguments: str, **more: str) -> Program:
        """Describe one of our own commands as a child."""
        return Program(
            name=name,
            command=(sys.executable, "-m", *arguments),
            log=self.plan.var / "log" / f"{name}.log",
            env={**self.env, **more},
        )

    def keep(self, program: Program) -> None:
        """Keep a program running from now on."""
        child = self.children[program.name] = Child(program, child_line)
        self.tasks.append(asyncio.create_task(child.keep()))

    async def once(self, program: Program, *, loud: bool = False) -> int:
        """Run a program to its end; `loud` shows every line it prints."""
        show: Callable[[str, str], None] = child_line
        if loud:
            show = _say_line
        return await processes.run(program, show)


def demo_environment(plan: Plan) -> dict[str, str]:
    """Tell the children where everything is; a demo's WeChat is the simulator, and so is its clock."""
    env = {"TONGSHANG_VAR": str(plan.var), "HOST": "127.0.0.1", "PORT": str(plan.port)}
    env[metrics.FOLDER] = str(plan.var / "metrics")
    if plan.database_url:
        env["DATABASE_URL"] = plan.database_url
    if plan.demo:
        box = f"http://localhost:{plan.sandbox_port}"
        env |= {
            "PUBLIC_URL": f"http://localhost:{plan.port}",
            "CONSOLE_URL": f"http://127.0.0.1:{plan.port}",
            "WX_API_BASE": f"{box}/api.weixin.qq.com",
            "WX_OPEN_BASE": f"{box}/open.weixin.qq.com",
            "WX_MP_BASE": f"{box}/mp.weixin.qq.com",
            "WX_PAY_BASE": f"{box}/api.mch.weixin.qq.com",
            "WX_RES_BASE": f"{box}/res.wx.qq.com",
            "KUAIDI_BASE": f"{box}/poll.kuaidi100.com",
            "CLOCK_URL": f"{box}/_sandbox/clock",
            "SANDBOX_URL": box,
        }
    return env


def up(plan: Plan) -> None:
    """Run everything until SIGINT or SIGTERM; raises Stop, in one sentence, when it cannot."""
    plan.var.mkdir(parents=True, exist_ok=True)
    with _only_one(plan):
        ground.check_disk(plan.var, NEEDED_MB)
        ports = {"PORT": plan.port, **({"SANDBOX_PORT": plan.sandbox_port} if plan.demo else {})}
        ground.check_ports(ports)
        if plan.demo:
            ground.check_seeded(plan.var / "seeded", ports)
        shutil.rmtree(plan.var / "metrics", ignore_errors=True)  # the counters of processes that are gone
        (plan.var / "metrics").mkdir()
        asyncio.run(_up(plan))


async def _up(plan: Plan) -> None:
    house = House(plan, demo_environment(plan))
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()

    def on_signal() -> None:
        if house.stopping.is_set():  # the second time a person presses Ctrl-C
            for child in house.children.values():
                if child.process:
                    processes.kill_group(child.process.pid)
        elif main:
            house.stopping.set()
            main.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, on_signal)
    try:
        await _start(house)
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        if not house.stopping.is_set():
            raise
    finally:
        house.stopping.set()
        await _stop(house)


async def _start(house: House) -> None:
    plan = house.plan
    building = asyncio.create_task(_build_web(house)) if plan.web else None
    if building:
        house.tasks.append(building)
    if not plan.database_url:
        async with step("数据库", "database"):
            await _start_postgres(house)
    async with step("数据表", "migrations"):
        if await house.once(house.program("migrate", "tongshang.app.cli", "migrate")):
            ground.check_disk(plan.var, FULL_MB)
            log = plan.var / "log" / "migrate.log"
            raise Stop(f"数据表迁移失败，见 {log}。", f"The migrations failed, see {log}.")
    if plan.demo:
        async with step("微信模拟器", "simulator"):
            data = ("--port", str(plan.sandbox_port), "--data", str(plan.var / "sandbox"))
            house.keep(house.program("sandbox", "wxsandbox", *data))
            await _wait("sandbox", lambda: processes.answers(plan.sandbox_port, "/_sandbox/health"), plan)
        await _seed(house)
    async with step("服务", "servers"):
        serve = ("tongshang.app.cli", "serve", "--workers", str(plan.workers))
        house.keep(house.program("platform", *serve))
        house.keep(house.program("worker", "tongshang.app.cli", "worker"))
        await _wait("platform", lambda: processes.answers(plan.port, "/health/ready"), plan)
    _print_links(plan)
    if building:
        await building
        _print_end(plan)


async def _seed(house: House) -> None:
    """Play the demo's data, once; before the servers start, since it turns the clock through sixty days."""
    plan, seeded = house.plan, house.plan.var / "seeded"
    if not plan.seed or seeded.exists():
        return
    async with step("演示数据", "demo data"):
        if await house.once(house.program("seed", "tongshang.app.cli", "seed"), loud=True) == 0:
            seeded.write_text(f"PORT={plan.port} SANDBOX_PORT={plan.sandbox_port}\n")
        else:
            say(f"! 演示数据没有写完，见 {plan.var}/log/seed.log / the demo data is incomplete, see there")


async def _start_postgres(house: House) -> None:
    """Run the embedded server as a child, and prepare its directory before each start."""
    root = house.plan.var / "pg"
    try:
        server = await asyncio.to_thread(postgres.prepare, root)
    except PostgresError as error:
        zh, _, en = str(error).partition(" / ")
        raise Stop(zh, en) from error
    house.keep(
        Program(
            name="postgres",
            command=tuple(server.command),
            log=house.plan.var / "log" / "postgres.log",
            env={"LANG": "C.UTF-8", "TZ": "UTC"},
            stop_with=signal.SIGINT,
            identity={**server.identity, "cwd": "/"},
            before=lambda: _prepared(root),
        )
    )

    async def ready() -> bool:
        return await asyncio.to_thread(server.answers)

    await _wait("postgres", ready, house.plan)
    await asyncio.to_thread(postgres.create_database, server, DATABASE)


def _prepared(root: Path) -> None:
    postgres.prepare(root)


async def _build_web(house: House) -> None:
    """Build what changed, in a child of its own: the platform serves a waiting page meanwhile."""
    if all(webbuild.built(app) for app in webbuild.present()):
        return
    async with step("前端", "web apps"):
        await house.once(house.program("web", "tongshang.app.cli", "web", "build"), loud=True)


async def _wait(name: str, ready: Callable[[], Awaitable[bool]], plan: Plan) -> None:
    """Wait until a child answers; raises Stop after a minute."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not await ready():  # noqa: ASYNC110  (another process's port has no event to wait for)
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        ground.check_disk(plan.var, FULL_MB)
        log = plan.var / "log" / f"{name}.log"
        raise Stop(f"{name} 没有启动，见 {log}。", f"{name} did not start, see {log}.") from error


async def _stop(house: House) -> None:
    """Drain: first those who take work, then the simulator they may still need, the database last."""
    if house.children:
        say("\n· 正在停止 / stopping …")
    for names in (("platform", "worker"), ("sandbox",), ("postgres",)):
        await asyncio.gather(*(house.children[n].stop() for n in names if n in house.children))
    for task in house.tasks:
        task.cancel()
    await asyncio.gather(*house.tasks, return_exceptions=True)


@contextmanager
def _only_one(plan: Plan) -> Iterator[None]:
    with (plan.var / "supervisor.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stop(
                f"{plan.var} 的演示已经在运行：先在那个终端按 Ctrl-C。",
                f"A demo of {plan.var} is running already: press Ctrl-C in its terminal first.",
            ) from error
        yield


def _print_links(plan: Plan) -> None:
    """Print where to go and how to log in; the seeder wrote both, with passwords of this installation."""
    say()
    say(f"  控制台 / console    http://127.0.0.1:{plan.port}/console/")
    if plan.demo:
        say(f"  手机 / phone        http://localhost:{plan.sandbox_port}/phone")
    logins = plan.var / "logins.json"
    if plan.demo and logins.exists():
        for entry in json.loads(logins.read_text()):
            say("  " + "  ".join(str(value) for value in entry.values()))
    say()
    say("  Ctrl-C 停止 / stops")


def _print_end(plan: Plan) -> None:
    ready = all(webbuild.built(app) for app in webbuild.present())
    if not ready:
        say("! 前端没有构建好：修好后运行 make web / the web apps are not built: run make web once it is mended")


def _say_line(name: str, line: str) -> None:
    say(f"{name:>9} | {line}")

"""The command `tongshang`: thin dispatchers, each importing what it needs when it is asked for."""

import argparse
import errno
import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from tongshang.app.terminal import Stop, say
from tongshang.platform.config import Settings, load

# What a person can mend where he is: his disk, or whose file it is.
OUT_OF_REACH = (errno.EACCES, errno.EPERM, errno.EROFS)
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
CONNECTIONS, OTHER_FILES = 8192, 256
"""How many connections a web process holds open at once, and what else it may have open beside them."""


def main(arguments: list[str] | None = None) -> None:
    """Run one sub-command; what a person can mend is told in one sentence."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Settings], None] = options.run
    try:
        run(options, _settings())
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        raise SystemExit(1) from None
    except OSError as error:
        if (told := _told(error)) is None:
            raise
        sys.stderr.write(f"{told}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _settings() -> Settings:
    try:
        return load()
    except ValueError as error:
        raise Stop(f"环境变量里有一个不是数字：{error}。", f"A setting must be a number: {error}.") from None


def _told(error: OSError) -> Stop | None:
    """Say what stands in the way, where it is something a person can mend."""
    if error.errno in NO_SPACE:
        return Stop("磁盘已满：请腾出空间后再运行。", "The disk is full: free some space and run it again.")
    if error.errno in OUT_OF_REACH and error.filename:
        return Stop(
            f"没有权限使用 {error.filename}：请换成它的所有者来运行。",
            f"{error.filename} cannot be used: run it as its owner.",
        )
    return None


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if not 0 < number < 2**16:
        raise argparse.ArgumentTypeError(f"端口是 1 到 65535 的数字 / a port is a number from 1 to 65535, not {text!r}")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tongshang", description="通商 Tongshang")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Settings], None], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    up = command("up", _up, "启动并看护全部进程 / start and watch everything")
    up.add_argument("--demo", action="store_true", help="带模拟器与演示数据 / with the simulator and demo data")
    up.add_argument("--port", type=_port)
    up.add_argument("--sandbox-port", type=_port, default=8800)
    up.add_argument("--workers", type=int, default=1, help="web processes")
    up.add_argument("--no-web", action="store_true", help="do not build the web apps")
    up.add_argument("--no-seed", action="store_true", help="no demo data")
    command("serve", _serve, "网站进程 / the web process").add_argument("--workers", type=int, default=1)
    command("worker", _worker, "后台进程 / the worker process")
    command("migrate", _migrate, "更新数据表 / bring the tables up to date")
    command("keys", _keys, "主密钥 / the master keys").add_argument("action", choices=["rotate", "reseal", "show"])
    command("doctor", _doctor, "检查本机环境 / check this machine")
    check = command("check", _check, "核对全部账目、库存、文件与密钥 / check books, stock, files and secrets")
    check.add_argument("--merchant", default="", help="只查一个店铺地址 / only the shop of this address")
    backup = command("backup", _backup, "备份到一个文件夹 / back everything up into a folder")
    backup.add_argument("--to", type=Path, help="默认 var/backups/<时间> / var/backups/<time> if left out")
    backup.add_argument("--with-key", action="store_true", help="连同主密钥 / with the master key in it")
    restore = command("restore", _restore, "恢复到空数据库 / restore a backup into an empty database")
    restore.add_argument("source", type=Path)
    merchant = command("merchant", _merchant, "整体导出、导入一个商户 / write a merchant out whole, bring one in")
    merchant.add_argument("action", choices=["export", "import"])
    merchant.add_argument("--slug", default="", help="店铺地址；导入时换一个 / the shop's address; another one here")
    merchant.add_argument("--new-id", action="store_true", help="导入时用新的商户编号 / bring it in under a new id")
    merchant.add_argument("--passphrase-file", type=Path, help="不写则询问 / asked for if left out")
    merchant.add_argument("file", type=Path)
    command("web", _web, "构建前端 / the web apps").add_argument("action", choices=["build", "check"])
    provider = command("provider", _provider, "服务商的登录 / invite the provider's own staff")
    provider.add_argument("login")
    provider.add_argument("--name", default="管理员")
    wechat = command("wechat", _wechat, "找回丢失的公众号授权凭证 / rebuild lost refresh tokens from WeChat's list")
    wechat.add_argument("action", choices=["recover"])
    wechat.add_argument("--dry-run", action="store_true", help="只报告，不写入 / only report")
    command("seed", _seed, "写入演示数据 / play the demo data")
    command("code", _code, "演示账号此刻的动态码 / the demo's second factor of this moment")
    tour = command("tour", _tour, "演示主流程 / play the main job slowly")
    tour.add_argument("--port", type=_port, default=8000)
    tour.add_argument("--sandbox-port", type=_port, default=8800)
    tour.add_argument("--pace", type=float, default=5.0, help="每步之间的秒数 / seconds between steps")
    tour.add_argument("--yes", action="store_true", help="不等回车 / never wait for Enter")
    return parser


def _up(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app.supervisor import Plan, up

    up(
        Plan(
            var=settings.var.resolve(),
            port=options.port or settings.port,
            sandbox_port=options.sandbox_port,
            demo=options.demo,
            web=not options.no_web,
            seed=not options.no_seed,
            workers=options.workers,
            database_url=settings.database_url,
        )
    )


def _serve(options: argparse.Namespace, settings: Settings) -> None:
    from granian import Granian
    from granian.constants import Interfaces, Loops

    from tongshang.platform import processes

    Granian(
        "tongshang.app.web:create_app",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        address=settings.host,
        port=settings.port,
        workers=options.workers,
        # Each open connection holds a place, also a browser's that asks nothing: a thousand would keep all others out.
        backlog=CONNECTIONS,
        backpressure=processes.allow_files(CONNECTIONS + OTHER_FILES) - OTHER_FILES,
        # Requests take milliseconds; only open event streams, or a worker still importing, are cut off.
        workers_kill_timeout=4,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    ).serve()


def _worker(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app.worker import main as work

    work(settings)


def _migrate(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app.web import database_url
    from tongshang.app.world import ROLES_PURPOSE
    from tongshang.platform import secrets
    from tongshang.platform.migrate import migrate

    password = secrets.load(settings.keys_path).derive(ROLES_PURPOSE)
    applied = migrate(database_url(settings), password=password)
    say(f"已更新 {applied} 项 / {applied} migrations applied")


def _keys(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app import keys

    keys.main(settings, action=options.action)


def _provider(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app import provider

    provider.main(settings, login=options.login, name=options.name)


def _doctor(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app import doctor

    doctor.main(settings)


def _check(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app import checking

    checking.main(settings, only=options.merchant)


def _backup(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app.backup import writing

    writing.main(settings, to=options.to, with_key=options.with_key)


def _restore(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app.backup import restoring

    restoring.main(settings, source=options.source)


def _merchant(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app.moving import commands

    asked = commands.Asked(options.file, options.slug, options.new_id, options.passphrase_file)
    {"export": commands.export, "import": commands.bring}[options.action](settings, asked)


def _web(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app import webbuild

    {"build": webbuild.build, "check": webbuild.check}[options.action](settings.var.resolve())


def _wechat(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app import recover

    recover.main(settings, dry_run=options.dry_run)


def _seed(options: argparse.Namespace, settings: Settings) -> None:
    _part("seed").main(settings)


def _code(options: argparse.Namespace, settings: Settings) -> None:
    from tongshang.app import codes

    codes.main(settings)


def _tour(options: argparse.Namespace, settings: Settings) -> None:
    box = f"http://localhost:{options.sandbox_port}"
    _part("tour").main(replace(settings, port=options.port), sandbox_url=box, pace=options.pace, yes=options.yes)


def _part(name: str) -> ModuleType:
    """Import a part of the demo by name: an installation may leave the demo out."""
    try:
        return importlib.import_module(f"tongshang.app.{name}")
    except ModuleNotFoundError as error:
        raise Stop(f"这里没有 {name}。", f"There is no {name} here.") from error


if __name__ == "__main__":
    main()

"""`tongshang doctor`: look at this machine and say what is missing, one line each."""

import shutil
import socket
import sys

from tongshang.app.terminal import Stop, say
from tongshang.platform import processes
from tongshang.platform.config import Settings
from tongshang.platform.pgserver import PostgresError, at, check_reach


def main(settings: Settings) -> None:
    """Print every check; raises Stop when one of them would stop `tongshang up`."""
    bad = [name for name, (fine, said) in checks(settings).items() if not _line(name, fine, said)]
    if bad:
        raise Stop(f"需要处理：{'、'.join(bad)}。", f"To be mended: {', '.join(bad)}.")


def checks(settings: Settings) -> dict[str, tuple[bool, str]]:
    """Give each check's verdict and what was seen."""
    settings.var.mkdir(parents=True, exist_ok=True)
    free_mb = shutil.disk_usage(settings.var).free // 2**20
    node = processes.output(["node", "--version"]).strip()
    return {
        "Python": (sys.version_info >= (3, 11), sys.version.split()[0]),
        "PostgreSQL": _database(settings),
        "磁盘 disk": (free_mb > 1000, f"{free_mb} MB"),
        "Node": (True, node or "构建前端时自动安装 / installed when the web apps are built"),
        "密钥 keys": _keys(settings),
        f"端口 port {settings.port}": (True, "占用 taken" if _listening(settings.port) else "空闲 free"),
    }


def _line(name: str, fine: bool, said: str) -> bool:
    say(f"  {'✓' if fine else '✗'} {name}: {said}")
    return fine


def _database(settings: Settings) -> tuple[bool, str]:
    if settings.database_url:
        return True, "DATABASE_URL"
    try:
        server = at(settings.var / "pg")
        check_reach(server)
        return True, server.tool("postgres", "--version").stdout.strip()
    except PostgresError as error:
        return False, str(error)


def _keys(settings: Settings) -> tuple[bool, str]:
    if not settings.keys_path.exists():
        return True, "首次启动时生成 / made at the first start"
    mode = settings.keys_path.stat().st_mode & 0o777
    return mode == 0o600, f"{settings.keys_path} {mode:o}"


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

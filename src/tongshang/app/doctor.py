"""`tongshang doctor`: look at this machine, then ask WeChat, and say what is missing, one line each."""

import asyncio
import shutil
import socket
import sys
from urllib.parse import urlsplit

from tongshang.app import golive
from tongshang.app.terminal import Stop, say
from tongshang.platform import processes
from tongshang.platform.config import Settings
from tongshang.platform.pgserver import PostgresError, at, check_reach


def main(settings: Settings) -> None:
    """Print every check; raises Stop when one of them would stop `tongshang up`."""
    bad = [name for name, (fine, said) in checks(settings).items() if not _line(name, fine, said)]
    # Only now: without a sound machine there is nobody to ask.
    if not bad:
        bad = [name for name, (fine, said) in asyncio.run(golive.main(settings)).items() if not _line(name, fine, said)]
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
        "地址 addresses": _addresses(settings),
        "微信 WeChat": (True, "模拟器 simulator" if settings.wx.all_loopback() else settings.wx.api),
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


def _addresses(settings: Settings) -> tuple[bool, str]:
    """Say what of the go-live list about addresses is not done; loopback needs none of it."""
    if settings.local:
        return True, f"{settings.public_url} (本机 loopback)"
    missing = []
    if not settings.public_url.startswith("https://") or not settings.console_url.startswith("https://"):
        missing.append("https")
    if urlsplit(settings.public_url).netloc == urlsplit(settings.console_url).netloc:
        missing.append("CONSOLE_URL 须与 PUBLIC_URL 不同主机 / on another host than PUBLIC_URL")
    if not settings.trusted_proxies:
        missing.append("TRUSTED_PROXIES：否则看不到 https 与来访地址 / or neither https nor who asks is seen")
    return not missing, "；".join(missing) or f"{settings.public_url} · {settings.console_url}"


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

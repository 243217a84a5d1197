"""What the machine must have before anything is started; what it lacks is told in one sentence, at once."""

import errno
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from tongshang.app.terminal import Stop


def check_disk(var: Path, needed_mb: int) -> None:
    """Raise Stop where there is less room than that."""
    free_mb = shutil.disk_usage(var).free // 2**20
    if free_mb < needed_mb:
        raise Stop(
            f"磁盘已满：{var} 只剩 {free_mb} MB，至少需要 {needed_mb} MB；请腾出空间后再运行。",
            f"The disk is full: {free_mb} MB left at {var}, {needed_mb} MB needed; free some space and run it again.",
        )


def check_ports(ports: Mapping[str, int]) -> None:
    """Raise Stop where a port, by the name of its setting, cannot be had."""
    if len(set(ports.values())) < len(ports):
        names, port = " / ".join(ports), next(iter(ports.values()))
        raise Stop(f"{names} 都是 {port}：请让它们不同。", f"{names} are both {port}: choose two.")
    for name, port in ports.items():
        if (why := _taken(port)) == errno.EACCES:
            raise Stop(
                f"端口 {port} 要 root 才能用：换一个，例如 make demo {name}=8010。",
                f"Port {port} is for root alone: choose another, such as make demo {name}=8010.",
            )
        if why:
            other = f"make demo {name}={port + 10 if port < 65_000 else port - 10}"
            raise Stop(
                f"端口 {port} 已被占用：换一个，例如 {other}。",
                f"Port {port} is taken: choose another, such as {other}.",
            )


def check_seeded(seeded: Path, ports: Mapping[str, int]) -> None:
    """Raise Stop where the demo's data was written for other ports: menus, links and callbacks in WeChat lead there."""
    asked = " ".join(f"{name}={port}" for name, port in ports.items())
    known = seeded.read_text().strip() if seeded.exists() else ""
    if known and known != asked:
        raise Stop(
            f"演示数据是按 {known} 写的，微信里的菜单、链接和回调都指向那里：请运行 make demo {known}，"
            f"或删除 {seeded.parent} 后重新开始。",
            f"The demo's data was written for {known}, where menus, links and callbacks in WeChat lead: "
            f"run make demo {known}, or delete {seeded.parent} to begin anew.",
        )


def _taken(port: int) -> int:
    """Say why a port cannot be had, as an error's number; 0 when it can."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            # Browsers try ::1 first for localhost, so who listens there would be seen in our place; many have no IPv6.
            if family == socket.AF_INET or error.errno == errno.EADDRINUSE:
                return error.errno or errno.EADDRINUSE
    return 0

"""Building the web apps: once per state of their sources, with the machine's Node or with one from a wheel.

A build's stamp holds the digest of what it was made from. Processes that build at once wait for each other.
"""

import fcntl
import hashlib
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongshang.app.terminal import Stop, say
from tongshang.platform import processes

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "web"
APPS = ("console", "store", "phone")
OLDEST_NODE = (20, 19)
_STAMP = ".built-from"
_NOT_SOURCES = {"node_modules", "dist", ".vite", ".cache", "unpackage", "components.d.ts"}
_NO_NETWORK = re.compile("ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network|dns error|Could not connect")


def dist(app: str) -> Path:
    """Say where a built app is served from; the phone ships inside the simulator."""
    return ROOT / "src/wxsandbox/phone/dist" if app == "phone" else WEB / app / "dist"


def digest(app: str) -> str:
    """Name the state of an app's sources: its own files, the shared ones, the lock."""
    total = hashlib.sha256()
    for folder in (WEB / app, WEB / "shared"):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not _NOT_SOURCES & set(file.relative_to(folder).parts):
                total.update(f"{folder.name}/{file.relative_to(folder)}\0".encode() + file.read_bytes() + b"\0")
    return total.hexdigest()


def built(app: str) -> bool:
    """Say whether an app's build is there and of the present sources."""
    stamp = dist(app) / _STAMP
    return stamp.exists() and stamp.read_text() == digest(app)


def present() -> list[str]:
    """List the apps whose sources are here; a wheel carries only what was built."""
    return [app for app in APPS if (WEB / app / "package.json").exists()]


def build(var: Path, *apps: str) -> None:
    """Build every app, or those named, that is not up to date; raises Stop."""
    for app in apps or present():
        with _alone(var, app):
            if built(app):
                continue
            npm = _npm(var)
            _install(npm, app, var)
            made_from = digest(app)
            say(f"构建前端 {app} / building {app}")
            _run([*npm, "run", "build"], app, var)
            if app == "phone":
                shutil.rmtree(dist(app), ignore_errors=True)
                shutil.copytree(WEB / app / "dist", dist(app))
            (dist(app) / _STAMP).write_text(made_from)


def check(var: Path) -> None:
    """Check every app's types, where it has a script for it; raises Stop."""
    for app in present():
        if '"check"' in (WEB / app / "package.json").read_text():
            with _alone(var, app):
                npm = _npm(var)
                _install(npm, app, var)
                _run([*npm, "run", "check"], app, var)


def building_page() -> bytes:
    """Give the page to serve while an app is not built yet; it looks again by itself."""
    return _BUILDING.encode()


def _install(npm: list[str], app: str, var: Path) -> None:
    """Install an app's packages as its lock says, unless that was done."""
    lock = WEB / app / "package-lock.json"
    if not lock.exists():
        raise Stop(f"缺少 web/{app}/package-lock.json。", f"web/{app}/package-lock.json is missing.")
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = WEB / app / "node_modules" / _STAMP
    if not (stamp.exists() and stamp.read_text() == wanted):
        say(f"安装前端依赖 {app} / installing the packages of {app}")
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], app, var)
        stamp.parent.mkdir(exist_ok=True)  # an app may need no packages
        stamp.write_text(wanted)


def _npm(var: Path) -> list[str]:
    """Find npm: the system's where its Node is new enough, else the wheel's, installed on demand."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return [npm]
    home = Path(sys.executable).parent
    if not (home / "npm").exists():
        say("安装 Node / installing Node")
        _run([sys.executable, str(ROOT / "scripts" / "bootstrap.py"), "web"], "", var)
    return [str(home / "npm")]


def _version(node: str) -> tuple[int, ...]:
    printed = processes.output([node, "--version"])
    return tuple(int(part) for part in re.findall(r"\d+", printed)[:2]) or (0,)


def _run(command: list[str], app: str, var: Path) -> None:
    """Run one step of a build in the app's folder; its output goes to a log and is shown when it fails."""
    log = var / "log" / "web.log"
    folder = str(Path(sys.executable).parent)
    env = {"CI": "1", "npm_config_update_notifier": "false", "npm_config_loglevel": "error"}
    if command[0].startswith(folder):
        env["PATH"] = f"{folder}:{processes.path()}"  # the wheel's npm must find the wheel's node
    code, printed = processes.call(command, cwd=WEB / app if app else ROOT, env=env, log=log)
    if code == 0:
        return
    say("\n".join(printed.strip().splitlines()[-25:]))
    if _NO_NETWORK.search(printed) and "ci" in command:
        raise Stop(
            "没有网络，前端依赖装不了：联网后运行 make web；其余部分照常可用。",
            "No network for the web packages: run make web when there is one; everything else works meanwhile.",
        )
    raise Stop(f"前端 {app} 构建失败，见 {log}。", f"Building {app} failed, see {log}.")


@contextmanager
def _alone(var: Path, app: str) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / f"web-{app}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


_BUILDING = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>正在构建前端</title><style>
body{font:16px/1.6 "PingFang SC","WenQuanYi Micro Hei","Noto Sans CJK SC",sans-serif;color:#1f2d3d;background:#f6f8f7;
display:grid;place-items:center;height:100vh;margin:0}main{text-align:center}p{color:#5f6b7a;margin:.4em}
i{display:block;width:36px;height:36px;margin:0 auto 18px;border:3px solid #d5e5dc;border-top-color:#07c160;
border-radius:50%;animation:r 1s linear infinite}@keyframes r{to{transform:rotate(1turn)}}</style></head>
<body><main><i></i><h2>正在构建前端</h2><p>约需一分钟，完成后本页自动打开。</p>
<p>Building the web app, about a minute; this page opens by itself.</p></main></body></html>"""

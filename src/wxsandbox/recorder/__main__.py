"""`python -m wxsandbox.recorder`: record what WeChat answers, and hold the simulator against it."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from wxsandbox.recorder import exchange
from wxsandbox.recorder.proxy import UPSTREAM, recording
from wxsandbox.recorder.replay import replay
from wxsandbox.recorder.tour import tour

SALT_BYTES = 32


def arguments() -> argparse.Namespace:
    """Read the command line; credentials come from the environment alone."""
    parser = argparse.ArgumentParser(prog="wxsandbox.recorder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    proxy = commands.add_parser("proxy", help="stand before WeChat and record what any program asks it")
    proxy.add_argument("--port", type=int, default=8801)
    walk = commands.add_parser("tour", help="record calls that change nothing (WEIXIN_APPID, WEIXIN_SECRET)")
    for one in (proxy, walk):
        one.add_argument("--out", type=Path, required=True, help="file to append to, one exchange per line")
        one.add_argument("--upstream", default=UPSTREAM, help="where WeChat is; {host} is its host")
    again = commands.add_parser("replay", help="ask a fresh simulator the same; exit 1 when an answer's shape differs")
    again.add_argument("files", type=Path, nargs="+")
    return parser.parse_args()


def salt() -> bytes:
    """Take RECORDER_SALT, so that several recordings fit each other, or one that nobody knows afterwards."""
    return os.environ.get("RECORDER_SALT", "").encode() or os.urandom(SALT_BYTES)


def into(path: Path) -> Callable[[bytes], None]:
    """Append lines to a file, each at once."""

    def keep(line: bytes) -> None:
        with path.open("ab") as out:
            out.write(line + b"\n")

    return keep


async def stand(options: argparse.Namespace) -> int:
    """Run the proxy until it is interrupted."""
    async with recording(into(options.out), salt=salt(), upstream=options.upstream, port=options.port) as url:
        sys.stdout.write(f"recorder: {url}/api.weixin.qq.com -> {options.out}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
    return 0


async def walk(options: argparse.Namespace) -> int:
    """Make the tour with the account of the environment."""
    names = ("WEIXIN_APPID", "WEIXIN_SECRET")
    appid, secret = (os.environ.get(name, "") for name in names)
    if not appid or not secret:
        sys.stderr.write(f"set {' and '.join(names)}\n")
        return 2
    async with recording(into(options.out), salt=salt(), upstream=options.upstream) as url:
        for path, errcode in await tour(url, appid=appid, secret=secret):
            sys.stdout.write(f"{errcode:>6} {path}\n")
    return 0


async def again(options: argparse.Namespace) -> int:
    """Replay files, and say what is different."""
    wrong = 0
    for path in options.files:
        report = await replay(exchange.read(path))
        for finding in report.findings:
            sys.stdout.write(f"{path}:{finding}\n")
        skipped = f", {len(report.skipped)} skipped" if report.skipped else ""
        sys.stdout.write(f"{path}: {report.asked} asked, {len(report.findings)} differences{skipped}\n")
        wrong += len(report.findings)
    return 1 if wrong else 0


COMMANDS = {"proxy": stand, "tour": walk, "replay": again}


def main() -> None:
    """Run a command."""
    options = arguments()
    try:
        sys.exit(asyncio.run(COMMANDS[options.command](options)))
    except KeyboardInterrupt:
        sys.exit(130)
    except ValueError as wrong:
        sys.exit(f"recorder: {wrong}")


if __name__ == "__main__":
    main()

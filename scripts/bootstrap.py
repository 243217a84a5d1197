"""Make the project's own Python: .venv with everything the lock names, in steps that say what they do.

Standard library only, and written so that an old Python can still read it and say what is wrong.
Usage: bootstrap.py [demo|dev|web] [--here]. "demo" installs what runs, "dev" adds what tests, "web" adds Node;
"--here" first looks whether PostgreSQL can run here.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCKS = {"demo": "requirements.lock", "dev": "requirements-dev.lock", "web": "requirements-web.lock"}
UV = "uv>=0.9,<1"
NEEDS_MB = {"demo": 1500, "dev": 2500, "web": 300}


def stop(chinese, english):
    """End with one sentence in each language."""
    sys.stderr.write("\n✗ %s\n  %s\n" % (chinese, english))
    raise SystemExit(1)


@contextlib.contextmanager
def step(chinese, english):
    """Print one line for a piece of work, with the seconds it took."""
    begun = time.monotonic()
    sys.stdout.write("· %s / %s … " % (chinese, english))
    sys.stdout.flush()
    yield
    sys.stdout.write("%.1f s\n" % (time.monotonic() - begun))
    sys.stdout.flush()


def run(command, **more):
    """Run a command; its output is shown only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT, **more)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def fail(output):
    """Say why an installation failed: the disk, or the network, or what the installer said."""
    sys.stderr.write("\n" + "\n".join(output.strip().splitlines()[-12:]) + "\n")
    if "No space left" in output or "os error 28" in output:
        stop("磁盘已满：请腾出空间后再运行。", "The disk is full: free some space and run it again.")
    stop(
        "安装依赖失败（见上）：请检查网络或 pip 镜像设置后再运行。",
        "Installing the dependencies failed (see above): check the network or pip's mirror setting, then run again.",
    )


def a_good_python():
    """Find a Python of 3.11 or later: this one, or one on the PATH."""
    if sys.version_info >= (3, 11):
        return sys.executable
    for name in ("python3.13", "python3.12", "python3.11", "python3.14"):
        found = shutil.which(name)
        # A pyenv shim may exist for a version that is not active: ask it.
        if found and run([found, "--version"])[0] == 0:
            return found
    return stop(
        "需要 Python 3.11 或更新版本，现在是 %s。" % sys.version.split()[0],
        "Python 3.11 or later is needed, this is %s." % sys.version.split()[0],
    )


def check_the_disk(profile):
    """Refuse to start what cannot fit."""
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if free_mb < NEEDS_MB[profile]:
        stop(
            "磁盘空间不足：需要 %d MB，只剩 %d MB。" % (NEEDS_MB[profile], free_mb),
            "Not enough disk space: %d MB needed, %d MB left." % (NEEDS_MB[profile], free_mb),
        )


def check_the_place():
    """As root: refuse a place that the account PostgreSQL will run as cannot enter, before anything is installed."""
    if os.geteuid() != 0 or os.environ.get("DATABASE_URL") or os.environ.get("PG_BINDIR"):
        return
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    names = [name for name in (os.environ.get("PG_RUN_AS"), "postgres", "nobody") if name in accounts]
    if not names:
        return  # told later, with what to do
    account = accounts[names[0]]

    def become():
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)

    try:
        entered = subprocess.call([shutil.which("test") or "/usr/bin/test", "-x", ROOT], cwd="/", preexec_fn=become)
    except (OSError, subprocess.SubprocessError):
        return  # this root may not become anybody else, and is told so when it has to
    if entered:
        stop(
            "以 root 运行时 PostgreSQL 使用账户 %s，它进不去 %s：请把项目放到 /srv 一类的目录，或换普通用户运行。"
            % (account.pw_name, ROOT),
            "As root, PostgreSQL runs as %s, who cannot enter %s: move the project to a place such as /srv, "
            "or run it as an ordinary user." % (account.pw_name, ROOT),
        )


def make_venv():
    """Create .venv, unless a working one of a good version is there."""
    if os.path.exists(PYTHON):
        code, _ = run([PYTHON, "-c", "import sys; raise SystemExit(sys.version_info < (3, 11))"])
        if code == 0:
            return
        shutil.rmtree(VENV)  # half made, or its Python is gone
    python = a_good_python()
    if run([python, "-c", "import venv, ensurepip"])[0]:
        stop(
            "这个 Python 没有 venv：请先运行 apt-get install python3-venv（或安装完整的 Python）。",
            "This Python lacks venv: run apt-get install python3-venv first (or install a complete Python).",
        )
    with step("创建虚拟环境", "creating the virtual environment"):
        code, output = run([python, "-m", "venv", VENV])
    if code:
        shutil.rmtree(VENV, ignore_errors=True)
        fail(output)


def mirror():
    """Hand pip's own index and certificate settings to uv, which does not read them."""
    env = dict(os.environ, UV_LINK_MODE="copy", UV_NO_PROGRESS="1", UV_SYSTEM_CERTS="1", VIRTUAL_ENV=VENV)
    for line in run([PYTHON, "-m", "pip", "config", "list"])[1].splitlines():
        key, _, value = line.partition("=")
        for name, variable in ((".index-url", "UV_DEFAULT_INDEX"), (".cert", "SSL_CERT_FILE")):
            if key.endswith(name):
                env.setdefault(variable, value.strip("'\""))
    return env


def install(profile):
    """Install the lock, hash by hash, and the project itself without its dependencies."""
    lock = os.path.join(ROOT, LOCKS[profile])
    with step("安装 uv", "installing uv"):
        if not os.path.exists(os.path.join(VENV, "bin", "uv")):
            if run([PYTHON, "-m", "pip", "--version"])[0]:
                run([PYTHON, "-m", "ensurepip"])
            code, output = run([PYTHON, "-m", "pip", "install", "-q", UV])
            if code:
                fail(output)
    env = mirror()
    uv = [os.path.join(VENV, "bin", "uv"), "pip", "install", "-q", "--compile-bytecode", "--python", PYTHON]
    with step("安装依赖（%s）" % LOCKS[profile], "installing the dependencies"):
        code, output = run(uv + ["--only-binary", ":all:", "--require-hashes", "-r", lock], env=env)
        if code:
            fail(output)
    with step("安装本项目", "installing the project"):
        code, output = run(uv + ["--no-deps", "-e", ROOT], env=env)
        if code:
            fail(output)


def fingerprint(profile):
    """Name what is installed: the lock, the project's own description, and where it stands."""
    digest = hashlib.sha256(ROOT.encode())
    for name in (LOCKS[profile], "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def main():
    """Bring .venv up to the lock; do nothing when it already is."""
    profile = sys.argv[1] if len(sys.argv) > 1 else "demo"
    if "--here" in sys.argv:
        check_the_place()
    wanted = fingerprint(profile)
    stamp = os.path.join(VENV, ".installed-" + profile)
    if os.path.exists(stamp) and os.path.exists(PYTHON):
        with open(stamp) as file:
            if file.read() == wanted:
                return
    if not sys.platform.startswith("linux") and sys.platform != "darwin":
        stop("目前只支持 Linux 与 macOS。", "Only Linux and macOS are supported for now.")
    check_the_disk(profile)
    make_venv()
    install(profile)
    with open(stamp, "w") as file:
        file.write(wanted)


def safely():
    """Run, and turn what a person can mend into one sentence."""
    try:
        main()
    except OSError as error:
        if error.errno == 28:
            stop("磁盘已满：请腾出空间后再运行。", "The disk is full: free some space and run it again.")
        stop("无法准备环境：%s" % error, "Could not prepare the environment: %s" % error)
    except KeyboardInterrupt:
        stop("已中断。", "Interrupted.")


if __name__ == "__main__":
    safely()

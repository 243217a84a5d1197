"""`tongshang keys`: show which master keys there are, or put a new one in front."""

from tongshang.app.terminal import say
from tongshang.platform import secrets
from tongshang.platform.config import Settings


def main(settings: Settings, *, action: str) -> None:
    """Show the ids of the keys, never the keys; `rotate` makes new values use a new one."""
    if action == "rotate":
        secrets.load(settings.keys_path)
        secrets.add_key(settings.keys_path)
    current = secrets.load(settings.keys_path).current
    say(f"{settings.keys_path}: {current}")
    if action == "rotate":
        say("新的密文使用新密钥，旧密钥继续保留；请重启进程。")
        say("New values use the new key, the old ones stay readable; restart the processes.")

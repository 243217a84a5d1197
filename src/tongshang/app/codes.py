"""`tongshang code`: the demo's second factors, for whoever has no authenticator app at hand."""

import msgspec
import pyotp

from tongshang.app.terminal import Stop, say
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings

STEP_SECONDS = 30


class LogIn(msgspec.Struct):
    """One line of var/logins.json, as the seeder writes it; `totp` ends with the secret."""

    login: str
    totp: str = ""


def main(settings: Settings) -> None:
    """Print the six digits of this moment for every log-in of the demo that has a second factor; raises Stop."""
    path = settings.var / "logins.json"
    try:
        known = msgspec.json.decode(path.read_bytes(), type=list[LogIn])
    except (OSError, msgspec.MsgspecError):
        raise Stop(
            f"没有演示的登录信息（{path}）：先运行 make demo，等它打印出链接。",
            f"There are no log-ins of a demo ({path}): run make demo and wait for its links.",
        ) from None
    now = SystemClock().now()
    left = STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS
    for one in known:
        if secret := one.totp.rpartition(" ")[2]:
            say(f"  {one.login}  {pyotp.TOTP(secret).at(now)}  （{left} 秒内有效，只能用一次 / for {left} s, once）")

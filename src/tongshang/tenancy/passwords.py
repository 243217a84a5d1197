"""Passwords (argon2id) and one-time codes (TOTP, RFC 6238), off the event loop where they are slow."""

import asyncio
import hashlib
import hmac
import re
from datetime import datetime
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tongshang.platform.errors import Refused

HASHER = PasswordHasher()
SHORTEST = 10
SECRET, CODE = re.compile(r"[A-Z2-7]{16,64}"), re.compile(r"[0-9]{6}", re.ASCII)


class WeakPassword(Refused):
    """The password must have at least 10 characters and not be made of the log-in name."""

    code, status, zh = "password.weak", 400, "密码至少 10 位，且不能包含登录名。"


async def hashed(password: str, *, login: str) -> str:
    """Hash a password, or refuse a weak one."""
    if len(password) < SHORTEST or login.split("@")[0] in password.lower():
        raise WeakPassword
    return await asyncio.to_thread(HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Compare a password; takes as long for somebody who does not exist."""
    against: str = stored if stored else await asyncio.to_thread(_nobodys)
    try:
        return await asyncio.to_thread(HASHER.verify, against, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    # Made once: hashing it each time would take twice as long as comparing, and so tell which names exist.
    return HASHER.hash("nobody has this password")


def step_of(secret: str, code: str, shown: datetime) -> int | None:
    """Say to which half minute a six-digit code belongs, this one or a neighbour; None when it is wrong."""
    if not (SECRET.fullmatch(secret) and CODE.fullmatch(code)):
        return None
    totp = pyotp.TOTP(secret)
    near = (offset for offset in (-1, 0, 1) if hmac.compare_digest(totp.at(shown, counter_offset=offset), code))
    return next((totp.timecode(shown) + offset for offset in near), None)


def digest(secret: str) -> bytes:
    """Hash a random secret for keeping; it has entropy enough to need no salt."""
    return hashlib.sha256(secret.encode()).digest()

"""What an account has left of permanent codes, and short keys, over HTTP."""

import msgspec
from litestar import get, post

from tongshang.messages import codes, codes_keys
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role


class Limits(msgspec.Struct):
    """How many permanent codes there are, and how many more WeChat makes."""

    permanent: int
    left: int


class KeyAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What to keep, and for how many seconds."""

    data: str
    expire_seconds: int = 2_592_000


class KeyMade(msgspec.Struct):
    """A short key."""

    short_key: str


class KeyKept(msgspec.Struct):
    """What is behind a short key, and how many seconds it has left."""

    data: str
    expire_seconds: int


@get("/scene-codes/limits", operation_id="get_code_limits", opt={"role": Role.CLERK})
async def get_code_limits(who: Staff) -> Limits:
    """Show how many permanent codes are left."""
    async with who.tx() as tx:
        made = await codes.permanent_made(tx)
    return Limits(made, max(0, codes.PERMANENT_MOST - made))


@post("/short-keys", operation_id="post_short_key", opt={"role": Role.MANAGER})
async def post_short_key(who: Staff, data: KeyAsked) -> KeyMade:
    """Have WeChat keep a text under a short key."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    key = await codes_keys.keep(who.world, who.merchant, data=data.data, expire_seconds=data.expire_seconds)
    return KeyMade(key)


@get("/short-keys/{key:str}", operation_id="get_short_key", opt={"role": Role.CLERK})
async def get_short_key(who: Staff, key: str) -> KeyKept:
    """Show what is behind a short key."""
    kept = await codes_keys.fetch(who.world, who.merchant, key=key)
    return KeyKept(kept.data, kept.expire_seconds)


console = [get_code_limits, post_short_key, get_short_key]

"""The door of the inbox: only what WeChat signed, lately and readably, comes in; the rest is counted and refused."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from litestar.types import HTTPScope, Receive

from tongshang.platform.errors import Refused, TooLarge
from tongshang.platform.world import World
from tongshang.wechat.inbox.addresses import Address
from tongshang.wechat.journal import entries
from tongshang.wechat.model import CALLBACK_MAX_AGE_SECONDS
from weixin.callbacks import Push, read_plain_push, read_push
from weixin.errors import BadMessage, BadSignature, Stale
from weixin.safexml import MAX_BYTES

Find = Callable[[bool], Awaitable[Address]]


class Forged(Refused):
    """This push was not signed by WeChat."""

    code, status, zh = "callback.forged", 401, "签名不正确，不是来自微信的推送。"


class TooOld(Refused):
    """This push is too old to be taken."""

    code, status, zh = "callback.stale", 401, "推送已过期。"


class Unreadable(Refused):
    """This push cannot be read."""

    code, status, zh = "callback.unreadable", 400, "推送内容无法解析。"


class Strange(Exception):
    """These keys do not fit; others may."""


async def verified(
    world: World, find: Find, query: Mapping[str, str], body: bytes, *, strange: bool = False
) -> tuple[Address, Push]:
    """Verify, decrypt and read a push; `find(fresh)` gives its keys. What is refused is written to the journal.

    With `strange`, keys that do not fit raise Strange and are no forgery yet.
    """
    address = await find(False)
    try:
        push = _read(world, address, query, body)
        if not (push.previous_key or push.previous_token):
            return address, push
        # Old keys are believed only as long as they are the ones before: another process may have been told newer ones.
    except Stale:
        raise await _refused(world, address, TooOld(), "stale") from None
    except (BadSignature, BadMessage):
        pass  # perhaps another process was told new keys: look once more
    address = await find(True)
    try:
        return address, _read(world, address, query, body)
    except BadSignature:
        if strange:
            raise Strange from None
        raise await _refused(world, address, Forged(), "forged") from None
    except BadMessage:
        raise await _refused(world, address, Unreadable(), "unreadable") from None


def _read(world: World, address: Address, query: Mapping[str, str], body: bytes) -> Push:
    moment = world.clock.now()
    now = int(moment.timestamp())
    if address.plain and not is_sealed(query):
        return _plain(address.tokens(moment), query, body, now)
    return read_push(query, body, address.crypt, now=now, max_age_seconds=CALLBACK_MAX_AGE_SECONDS)


def _plain(tokens: list[str], query: Mapping[str, str], body: bytes, now: int) -> Push:
    *newer, last = tokens
    for token in newer:
        try:
            return read_plain_push(query, body, token, now=now, max_age_seconds=CALLBACK_MAX_AGE_SECONDS)
        except Stale:
            raise
        except BadSignature:
            continue
    push = read_plain_push(query, body, last, now=now, max_age_seconds=CALLBACK_MAX_AGE_SECONDS)
    return replace(push, previous_token=bool(newer))


def is_sealed(query: Mapping[str, str]) -> bool:
    """Say whether a push claims to be encrypted; while an account changes its mode, both kinds arrive."""
    return query.get("encrypt_type") == "aes"


async def _refused(world: World, address: Address, refusal: Refused, state: str) -> Refused:
    async with world.tx(address.merchant) as tx:
        await entries.refused(tx, appid=address.appid, state=state)
    return refusal


async def read_body(scope: HTTPScope, receive: Receive) -> bytes:
    """Collect a callback's body, or refuse one that no push can be."""
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value) > MAX_BYTES):
            raise TooLarge(limit=MAX_BYTES)
    chunks = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunks += message.get("body", b"")
        if len(chunks) > MAX_BYTES:
            raise TooLarge(limit=MAX_BYTES)
        more = message.get("more_body", False)
    return bytes(chunks)

"""Tickets: a place in line in somebody's own hand, sealed under the shop's key, so that no process must remember it.

A ticket is good for one person and one order, until the moment he was to ask again by.
"""

import base64
import hmac
from uuid import UUID

import msgspec

from tongshang.platform.errors import Refused
from tongshang.trade.waiting.line import Since


class NoTicket(Refused):
    """This place in line was not given by the shop. Please order again."""

    code, status, zh = "order.queue_ticket", 400, "排队凭证无效，请重新下单。"


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """Since when somebody waits, and until when that counts (world time, seconds)."""

    since: Since
    by: float


def sealed(ticket: Ticket, *, key: bytes, fan: UUID, order: UUID) -> str:
    """Write a ticket for somebody's order."""
    body = base64.urlsafe_b64encode(msgspec.msgpack.encode(ticket)).decode().rstrip("=")
    return f"{body}.{_seal(body, key, fan, order)}"


def opened(text: str, *, key: bytes, fan: UUID, order: UUID) -> Ticket:
    """Read a ticket; refuses one that was made up, or that is for somebody or something else."""
    body, _, seal = text.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(body, key, fan, order).encode()):
        raise NoTicket
    return msgspec.msgpack.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=Ticket)


def _seal(body: str, key: bytes, fan: UUID, order: UUID) -> str:
    return hmac.new(key, body.encode() + fan.bytes + order.bytes, "sha256").hexdigest()[:32]

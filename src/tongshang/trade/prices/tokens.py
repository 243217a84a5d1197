"""Quote tokens: they stand for everything that was shown, cannot be made up, and remember enough to say what changed.

A token is a hash of the whole price, a short summary of it, and a seal over both under the shop's own key.
"""

import base64
import hashlib
import hmac
from uuid import UUID

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.money import yuan
from tongshang.trade.model import Price
from tongshang.trade.prices import words
from tongshang.trade.prices.words import Pair

MOST_LINES = 40
GIFT_GONE = "gift_gone"


class Tampered(Refused):
    """This price was not made by the shop. Look at the basket again."""

    code, status, zh = "quote.tampered", 400, "价格凭证无效，请返回重新结算。"


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """What of a price is remembered: sums, steps (kind, rule, fen), lines (variant, gift, count, unit, paid)."""

    total: int
    freight: int
    steps: list[tuple[str, str, int]]
    lines: list[tuple[str, bool, int, int, int]]


def _seen(price: Price) -> _Seen:
    steps = [(r.kind, r.rule[-8:], r.fen) for r in price.explanation if r.kind not in ("goods", "freight")]
    lines = [
        (tail(line.variant_id), line.gift, line.quantity, line.unit_price_fen, line.paid_fen)
        for line in price.lines[:MOST_LINES]
    ]
    return _Seen(price.total_fen, price.freight_fen, steps, lines)


def token(price: Price, *, key: bytes, also: object = None) -> str:
    """Stand for a price and whatever else was shown: the same gives the same token, anything else another."""
    digest = hashlib.sha256(msgspec.json.encode((price, also))).hexdigest()[:32]
    summary = base64.urlsafe_b64encode(msgspec.msgpack.encode(_seen(price))).decode().rstrip("=")
    return f"{digest}.{summary}.{_seal(digest + summary, key)}"


def _seal(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:24]


def pieces(shown: str, *, key: bytes) -> dict[str, int]:
    """Count the pieces that a token stands for, gifts left out, by `tail` of their variant, without a look at them."""
    found: dict[str, int] = {}
    for variant, gift, count, _, _ in _opened(shown, key).lines:
        if not gift:
            found[variant] = found.get(variant, 0) + count
    return found


def tail(variant: UUID) -> str:
    """Give what a token remembers of a variant's id."""
    return variant.hex[-8:]


def _opened(shown: str, key: bytes) -> _Seen:
    digest, _, rest = shown.partition(".")
    summary, _, seal = rest.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(digest + summary, key).encode()):
        raise Tampered
    return msgspec.msgpack.decode(base64.urlsafe_b64decode(summary + "=" * (-len(summary) % 4)), type=_Seen)


def changes(shown: str, price: Price, *, key: bytes) -> list[Pair]:
    """Say in words how a price differs from what a token stands for; refuses a token that was made up."""
    then = _opened(shown, key)
    said = [*_lines(then, price), *_steps(then, price)]
    if then.freight != price.freight_fen:
        was, now = yuan(then.freight), yuan(price.freight_fen)
        said.append((f"运费由 {was} 元变为 {now} 元", f"Freight changed from {was} to {now} yuan"))
    return said


def _lines(then: _Seen, price: Price) -> list[Pair]:
    said: list[Pair] = []
    now = {(tail(line.variant_id), line.gift): line for line in price.lines}
    before = {(variant, gift): (count, unit) for variant, gift, count, unit, _ in then.lines}
    for place, (count, unit) in before.items():
        line = now.get(place)
        if line is None:
            gone = ("有赠品已送完", "A gift is gone") if place[1] else ("有商品已不在订单中", "Some goods are gone")
            said.append(gone)
        elif line.unit_price_fen != unit:
            a, b = yuan(unit), yuan(line.unit_price_fen)
            said.append((f"“{line.title}” 由 {a} 元变为 {b} 元", f"{line.title} changed from {a} to {b} yuan"))
        elif line.quantity != count:
            said.append(
                (f"“{line.title}” 数量变为 {line.quantity}", f"{line.title}: the quantity is now {line.quantity}")
            )
    if len(price.lines) <= MOST_LINES:
        for place, line in now.items():
            if place not in before:
                said.append((f"新增 “{line.title}”", f"{line.title} is new"))
    return said


def _steps(then: _Seen, price: Price) -> list[Pair]:
    said: list[Pair] = []
    now = {(r.kind, r.rule[-8:]): r for r in price.explanation if r.kind not in ("goods", "freight", GIFT_GONE)}
    before = {(kind, rule): fen for kind, rule, fen in then.steps if kind != GIFT_GONE}
    for place, fen in before.items():
        zh, en = words.NAMES.get(place[0], (place[0], place[0]))
        if place not in now:
            said.append((f"{zh}优惠已失效，少减 {yuan(-fen)} 元", f"{en} is over: {yuan(-fen)} yuan no longer off"))
        elif now[place].fen != fen:
            a, b = yuan(-fen), yuan(-now[place].fen)
            said.append((f"{now[place].zh} 由减 {a} 元变为减 {b} 元", f"{now[place].en}: from {a} to {b} yuan off"))
    for place, reason in now.items():
        if place not in before:
            said.append((f"新增优惠：{reason.zh}", f"New: {reason.en}"))
    return said

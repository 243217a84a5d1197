"""Yuan as WeChat's bills write them, and fen as we count them; exact, by digits, never through floats."""

import re

from weixin.errors import BadMessage

_YUAN = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,10}))?")


def yuan_to_fen(text: str) -> int:
    """Turn "0.01" into 1; raises BadMessage for anything that is not a whole number of fen."""
    if text == "0.00":  # most cells of a bill
        return 0
    sign, fen, rest = _digits(text)
    if rest.strip("0"):
        raise BadMessage(f"not whole fen: {text[:40]!r}")
    return sign * fen


def yuan_to_nearest_fen(text: str) -> int:
    """Turn "0.01500" into 2, half away from zero: bills print fees with five decimals."""
    sign, fen, rest = _digits(text)
    return sign * (fen + (rest[:1] >= "5"))


def fen_to_yuan(fen: int) -> str:
    """Turn 1 into "0.01"."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"


def _digits(text: str) -> tuple[int, int, str]:
    found = _YUAN.fullmatch(text)
    if not found:
        raise BadMessage(f"not an amount: {text[:40]!r}")
    decimals = (found[3] or "").ljust(2, "0")
    return (-1 if found[1] else 1), int(found[2] + decimals[:2]), decimals[2:]

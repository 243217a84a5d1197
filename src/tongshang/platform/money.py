"""Money as integer fen, and the one way to share an amount out so that no fen is lost."""

from collections.abc import Sequence

Fen = int


def allocate(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Share `total` out by `weights` with the largest remainder; the parts add up to `total` exactly.

    Ties go to the earlier line. All weights zero (a gift-only order) puts everything on the first line.
    """
    if not weights:
        if total:
            raise ValueError("nothing to share the amount among")
        return []
    if min(weights) < 0:
        raise ValueError("weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        return [total] + [0] * (len(weights) - 1)
    sign, size = (-1, -total) if total < 0 else (1, total)
    parts = [size * weight // whole for weight in weights]
    if odd := size - sum(parts):
        remainders = [size * weight % whole for weight in weights]
        # Reversed, a stable sort still leaves the earlier of two equals first.
        for i in sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)[:odd]:
            parts[i] += 1
    return [sign * part for part in parts]


def yuan(fen: Fen) -> str:
    """Write fen as yuan with two decimals: 1990 is "19.90"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"

"""Everything that looks random, drawn from one seed and a counter that is kept with the state."""

import hashlib
import string

ALNUM = string.ascii_letters + string.digits


class Dice:
    """A stream of draws: the same seed and counter always give the same draw."""

    def __init__(self, seed: int = 1, counter: int = 0) -> None:
        """Begin at `counter`."""
        self.seed = seed
        self.counter = counter

    def bytes(self, size: int) -> bytes:
        """Draw `size` bytes."""
        self.counter += 1
        return hashlib.shake_128(f"{self.seed}:{self.counter}".encode()).digest(size)

    def hex(self, size: int) -> str:
        """Draw `size` lower-case hexadecimal digits."""
        return self.bytes((size + 1) // 2).hex()[:size]

    def text(self, size: int, alphabet: str = ALNUM) -> str:
        """Draw `size` characters of an alphabet."""
        return "".join(alphabet[b % len(alphabet)] for b in self.bytes(size))

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 to limit - 1."""
        return int.from_bytes(self.bytes(8)) % limit

    def chance(self) -> float:
        """Draw a number in [0, 1)."""
        return int.from_bytes(self.bytes(7)) / 2**56

    def stable(self, *parts: str, size: int = 27) -> str:
        """Derive characters from the seed and `parts` alone, the same every time."""
        digest = hashlib.shake_128(":".join((str(self.seed), *parts)).encode()).digest(size)
        return "".join(ALNUM[b % len(ALNUM)] for b in digest)

"""Randomness of the operating system, fetched by the page: a system call for each id costs more than the id."""

import os
import random
import threading

PAGE_BYTES = 4096


class Chance(random.SystemRandom):
    """As SystemRandom, every byte used once, by one thread; a forked process forgets what its parent had fetched."""

    def __init__(self) -> None:
        super().__init__()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._page, self._at, self._alone = b"", 0, threading.Lock()

    def getrandbits(self, k: int) -> int:
        """Give k random bits."""
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        return int.from_bytes(self.randbytes((k + 7) // 8)) >> (-k % 8)

    def randbytes(self, n: int) -> bytes:
        """Give n random bytes."""
        if n > PAGE_BYTES:
            return os.urandom(n)
        with self._alone:
            if self._at + n > len(self._page):
                self._page, self._at = os.urandom(PAGE_BYTES), 0
            self._at += n
            return self._page[self._at - n : self._at]

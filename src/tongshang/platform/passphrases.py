"""Secrets on their way: out of the master key's hands into a passphrase's, and back.

The key is scrypt of the passphrase (RFC 7914: N 2^15, r 8, p 1); a value is AES-256-GCM, 12 bytes of nonce first,
bound to the column it stands in.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tongshang.platform.errors import Refused

SHORTEST = 12


class WeakPassphrase(Refused):
    """The passphrase must have at least 12 characters."""

    code, status, zh = "export.weak_passphrase", 400, "口令至少 12 个字符。"


class WrongPassphrase(Exception):
    """The passphrase is another one."""


class Carrier:
    """Seals and opens what is under way, with the key of one archive."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return "Carrier()"

    def seal(self, place: str, plain: bytes) -> bytes:
        """Encrypt a value for a place, "table.column"."""
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Decrypt what `seal` made for the same place, or raise WrongPassphrase."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], place.encode())
        except InvalidTag:
            raise WrongPassphrase from None

    def mark(self, words: bytes) -> str:
        """Give the HMAC-SHA256 of some words under this key."""
        return hmac.new(self.key, words, hashlib.sha256).hexdigest()


def salted() -> bytes:
    """Make the salt of a new archive."""
    return os.urandom(16)


def carrier(passphrase: str, salt: bytes) -> Carrier:
    """Make the carrier of a passphrase; a tenth of a second of work, by design. Raises WeakPassphrase."""
    if len(passphrase) < SHORTEST:
        raise WeakPassphrase
    return Carrier(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))

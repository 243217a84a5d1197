"""WeChat's message signatures and AES, written from the contract and sharing no code with any SDK.

Official page: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/
Technical_Plan.html, read 2026-09.
"""

import base64
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class Unreadable(Exception):
    """The ciphertext does not open with this key, or was meant for another appid."""


def signature(*parts: str) -> str:
    """Return the SHA-1 of the parts, sorted and joined, in hex."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def key_bytes(encoding_aes_key: str) -> bytes:
    """Return the 32 bytes of a 43-character EncodingAESKey; the last character may carry unused bits."""
    return base64.b64decode(encoding_aes_key + "=")


def encrypt(plain: bytes, *, aes_key: str, appid: str, random16: bytes) -> str:
    """Seal a message: random(16) + length + message + appid, AES-256-CBC, padded to 32, in base64."""
    key = key_bytes(aes_key)
    full = random16 + struct.pack(">I", len(plain)) + plain + appid.encode()
    pad = BLOCK - len(full) % BLOCK
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(full + bytes([pad]) * pad) + sealer.finalize()).decode()


def decrypt(sealed: str, *, aes_key: str, appid: str) -> bytes:
    """Open a message and check its tail; raises Unreadable."""
    key = key_bytes(aes_key)
    try:
        raw = base64.b64decode(sealed, validate=True)
        opener = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        full = opener.update(raw) + opener.finalize()
    except ValueError as wrong:
        raise Unreadable(str(wrong)) from None
    if not full or not 1 <= full[-1] <= BLOCK or len(full) - full[-1] < 20:
        raise Unreadable("padding")
    full = full[: -full[-1]]
    (length,) = struct.unpack(">I", full[16:20])
    if full[20 + length :] != appid.encode():
        raise Unreadable("appid")
    return full[20 : 20 + length]

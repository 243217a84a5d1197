"""Message encryption of accounts and of the third-party platform (WXBizMsgCrypt), both ways.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/Before_Develop/message_push.html
(2026-11)
"""

import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from weixin.errors import BadMessage, BadSignature
from weixin.signing import same, sha1_signature

_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_BLOCK = 32  # PKCS#7 here counts to 32, twice the block of AES
_HEAD = 20  # 16 random bytes and the length


@dataclass(frozen=True, slots=True)
class Sealed:
    """One encrypted text and the signature over it."""

    encrypt: str
    msg_signature: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted message, and whether it took the key or token that is being changed (answer with the same)."""

    message: bytes = field(repr=False)
    previous: bool
    previous_token: bool = False


def decode_aes_key(text: str) -> bytes:
    """Decode an EncodingAESKey of 43 characters to 32 bytes, its last bits being idle; raises ValueError."""
    if not _KEY.fullmatch(text):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return b64decode(text + "=")


class MessageCrypt:
    """The keys of one callback address; a third-party platform receives all under the component's appid."""

    __slots__ = ("_ciphers", "_tail", "_tokens")

    def __init__(
        self,
        token: str,
        aes_key: str,
        appid: str,
        previous_aes_key: str | None = None,
        previous_token: str | None = None,
    ) -> None:
        """Keep the keys parsed; raises ValueError for a malformed one. The previous ones are honoured too."""
        keys = [decode_aes_key(text) for text in (aes_key, previous_aes_key) if text]
        self._ciphers = [Cipher(AES(key), CBC(key[:16])) for key in keys]
        self._tokens = [text for text in (token, previous_token) if text is not None]
        self._tail = appid.encode()

    def __repr__(self) -> str:
        """Name the account, not the keys."""
        return f"MessageCrypt(appid={self._tail.decode()!r})"

    def open(self, timestamp: str, nonce: str, msg_signature: str, encrypt: str) -> bytes:
        """Verify and decrypt one message; raises BadSignature or BadMessage."""
        return self.unseal(timestamp, nonce, msg_signature, encrypt).message

    def unseal(self, timestamp: str, nonce: str, msg_signature: str, encrypt: str) -> Opened:
        """Verify and decrypt, telling which key and token it took; raises BadSignature or BadMessage."""
        fits = [same(sha1_signature(token, timestamp, nonce, encrypt), msg_signature) for token in self._tokens]
        if not any(fits):
            raise BadSignature("msg_signature does not match")
        old_token = not fits[0]
        try:
            sealed = b64decode(encrypt, validate=True)
        except (NotBase64, ValueError):
            raise BadMessage("Encrypt is not base64") from None
        if not sealed or len(sealed) % 16:
            raise BadMessage("Encrypt is not a whole number of blocks")
        try:
            return Opened(self._decrypt(self._ciphers[0], sealed), previous=False, previous_token=old_token)
        except BadMessage:
            # Both keys are live while a new one is rolled out; the signature has already said it is WeChat.
            if len(self._ciphers) == 1:
                raise
        return Opened(self._decrypt(self._ciphers[1], sealed), previous=True, previous_token=old_token)

    def seal(
        self,
        plain: bytes,
        timestamp: int | str,
        nonce: str,
        random16: bytes,
        *,
        previous: bool = False,
        previous_token: bool = False,
    ) -> Sealed:
        """Encrypt and sign one reply with 16 random bytes, under the key and token its question came with."""
        if len(random16) != 16:
            raise ValueError("random16 has 16 bytes")
        full = random16 + len(plain).to_bytes(4, "big") + plain + self._tail
        pad = _BLOCK - len(full) % _BLOCK
        encryptor = self._ciphers[1 if previous else 0].encryptor()
        sealed = encryptor.update(full + bytes((pad,)) * pad) + encryptor.finalize()
        encrypt = b64encode(sealed).decode()
        return Sealed(encrypt, sha1_signature(self._tokens[1 if previous_token else 0], str(timestamp), nonce, encrypt))

    def _decrypt(self, cipher: Cipher[CBC], sealed: bytes) -> bytes:
        decryptor = cipher.decryptor()
        full = decryptor.update(sealed) + decryptor.finalize()
        pad = full[-1]
        if not 1 <= pad <= _BLOCK or full[-pad:] != bytes((pad,)) * pad:
            raise BadMessage("bad padding")
        size = int.from_bytes(full[16:_HEAD], "big")
        end = _HEAD + size
        if end > len(full) - pad:
            raise BadMessage("the length inside is longer than the message")
        # A message for another account is signed and readable when two share a key by mistake: refuse it.
        if not hmac.compare_digest(full[end : len(full) - pad], self._tail):
            raise BadMessage("the message is for another appid")
        return full[_HEAD:end]

"""What WeChat Pay encrypts: whole documents with the APIv3 key, single fields with RSA.

https://pay.weixin.qq.com/doc/v3/merchant/4012071382 (AEAD), /4013053257 (sensitive fields) (2026-11)
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1

from weixin.errors import BadMessage

# SHA-1 twice, by the guide and every official SDK; one FAQ page recommends SHA-256 and is wrong.
_OAEP = OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None)  # noqa: S303


def open_resource(apiv3_key: bytes, resource: Mapping[str, Any]) -> bytes:
    """Decrypt a resource (notice, certificate); raises BadMessage."""
    algorithm = resource.get("algorithm", "AEAD_AES_256_GCM")
    if algorithm != "AEAD_AES_256_GCM":
        raise BadMessage(f"unknown algorithm {str(algorithm)[:40]!r}")
    try:
        nonce = str(resource["nonce"]).encode()
        sealed = b64decode(str(resource["ciphertext"]), validate=True)
        extra = str(resource.get("associated_data") or "").encode()
        return AESGCM(apiv3_key).decrypt(nonce, sealed, extra)
    except (KeyError, NotBase64, ValueError, InvalidTag):
        raise BadMessage("the resource cannot be decrypted") from None


def encrypt_field(key: RSAPublicKey, text: str) -> str:
    """Encrypt a sensitive field (at most 214 bytes under a 2048-bit key); raises ValueError when longer."""
    return b64encode(key.encrypt(text.encode(), _OAEP)).decode()


def decrypt_field(key: RSAPrivateKey, text: str) -> str:
    """Decrypt a sensitive field WeChat sent; raises BadMessage."""
    try:
        return decrypt_bytes(key, text).decode()
    except UnicodeDecodeError:
        raise BadMessage("the field cannot be decrypted") from None


def decrypt_bytes(key: RSAPrivateKey, text: str) -> bytes:
    """Decrypt what WeChat closed for the owner of a key and is no text, such as another key; raises BadMessage."""
    try:
        return key.decrypt(b64decode(text, validate=True), _OAEP)
    except (NotBase64, ValueError):
        raise BadMessage("the field cannot be decrypted") from None


def open_file(key: bytes, nonce: str, sealed: bytes) -> bytes:
    """Decrypt a file (AES-GCM, nothing associated, the tag at its end); raises BadMessage."""
    try:
        return AESGCM(key).decrypt(nonce.encode(), sealed, b"")
    except (ValueError, InvalidTag):
        raise BadMessage("the file cannot be decrypted") from None

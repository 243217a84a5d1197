"""WeChat's older cryptography: Pay V2 signatures and notices, and the mini program's open data. Pure.

MD5, ECB and PKCS#1 v1.5 encryption are WeChat's choice, kept only where WeChat still speaks them.
"""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import md5, sha1, sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

from weixin.errors import BadMessage


def v2_string(params: Mapping[str, str], key: str) -> str:
    """Write what Pay V2 signs: sorted, without empty values and `sign`, the key last."""
    pairs = [f"{name}={value}" for name, value in sorted(params.items()) if value and name != "sign"]
    return "&".join([*pairs, f"key={key}"])


def v2_sign_md5(params: Mapping[str, str], key: str) -> str:
    """Sign a Pay V2 message with MD5, upper-case hex. Chapter 4_3 of the V2 documentation (2026-11)."""
    return md5(v2_string(params, key).encode(), usedforsecurity=False).hexdigest().upper()


def v2_sign_hmac(params: Mapping[str, str], key: str) -> str:
    """Sign a Pay V2 message with HMAC-SHA256, upper-case hex."""
    return hmac.new(key.encode(), v2_string(params, key).encode(), sha256).hexdigest().upper()


def v2_notice_key(api_key: str) -> bytes:
    """Derive the key of V2 refund notices: the lower-case hex MD5 of the API key."""
    return md5(api_key.encode(), usedforsecurity=False).hexdigest().encode()


def aes_ecb_decrypt(key: bytes, text: str) -> bytes:
    """Decrypt the req_info of a V2 refund notice (AES-256-ECB, PKCS#7); raises BadMessage."""
    return _unpad(Cipher(AES(key), ECB()), text)  # noqa: S305


def wxa_signature(raw_data: str, session_key: str) -> str:
    """Sign a mini program's rawData: SHA-1 over it and the session key."""
    return sha1((raw_data + session_key).encode(), usedforsecurity=False).hexdigest()


def wxa_decrypt(session_key: str, iv: str, encrypted: str) -> bytes:
    """Decrypt a mini program's encryptedData (AES-128-CBC); check the watermark's appid after; raises BadMessage."""
    try:
        cipher = Cipher(AES(b64decode(session_key)), CBC(b64decode(iv)))
    except (NotBase64, ValueError):
        raise BadMessage("bad session key or iv") from None
    return _unpad(cipher, encrypted)


def pkcs1v15_decrypt(key: RSAPrivateKey, text: str) -> bytes:
    """Decrypt what V2 encrypts with RSA PKCS#1 v1.5; raises BadMessage."""
    try:
        return key.decrypt(b64decode(text), PKCS1v15())
    except (NotBase64, ValueError):
        raise BadMessage("cannot be decrypted") from None


def _unpad(cipher: Cipher[CBC] | Cipher[ECB], text: str) -> bytes:
    try:
        sealed = b64decode(text, validate=True)
        decryptor = cipher.decryptor()
        full = decryptor.update(sealed) + decryptor.finalize()
    except (NotBase64, ValueError):
        raise BadMessage("cannot be decrypted") from None
    pad = full[-1] if full else 0
    if not 1 <= pad <= 16 or full[-pad:] != bytes((pad,)) * pad:
        raise BadMessage("bad padding")
    return full[:-pad]

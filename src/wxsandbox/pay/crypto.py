"""Keys, certificates and ciphers of the simulator's WeChat Pay, written apart from every client of it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

NONCE_BYTES = 12
CERTIFICATE_LIFE = timedelta(days=5 * 365)

# WeChat Pay closes fields and keys with SHA-1 in OAEP: the contract's own choice, not ours.
_OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303


@dataclass(frozen=True, slots=True)
class KeyPair:
    """One RSA key as PEM texts: what is kept in state and handed out once."""

    private_pem: str
    public_pem: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """One X.509 certificate and the serial that headers name it by (40 upper-case hex digits)."""

    serial: str
    pem: str
    effective: datetime
    expires: datetime


class Sealed(NamedTuple):
    """One AEAD_AES_256_GCM cipher text with what is needed to open it."""

    ciphertext: str
    nonce: str
    associated_data: str


def new_key() -> KeyPair:
    """Make an RSA-2048 key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(private.decode(), public.decode())


@lru_cache(maxsize=256)
def private_key(pem: str) -> rsa.RSAPrivateKey:
    """Parse a private key once; parsing is a hundred times dearer than signing."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@lru_cache(maxsize=512)
def public_key(pem: str) -> rsa.RSAPublicKey:
    """Parse a public key once."""
    key = serialization.load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def sign(pem: str, message: bytes) -> str:
    """Sign with RSASSA-PKCS1-v1_5 SHA-256, base64 without newlines."""
    return base64.b64encode(private_key(pem).sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def verified(pem: str, message: bytes, signature: str) -> bool:
    """Tell whether a signature fits a message; garbled base64 is simply wrong."""
    try:
        raw = base64.b64decode(signature, validate=True)
        public_key(pem).verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature):
        return False
    return True


def seal(key: str, plain: bytes, *, nonce: str, associated_data: str) -> Sealed:
    """Encrypt under an APIv3 key of 32 characters; the tag follows the cipher text."""
    sealed = AESGCM(key.encode()).encrypt(nonce.encode(), plain, associated_data.encode())
    return Sealed(base64.b64encode(sealed).decode(), nonce, associated_data)


def seal_file(key: str, plain: bytes, *, nonce: str) -> bytes:
    """Encrypt a file under a key of its own (hex); bytes, not base64, the tag at the end, nothing associated."""
    return AESGCM(bytes.fromhex(key)).encrypt(nonce.encode(), plain, b"")


def close_key(pem: str, key: str) -> str:
    """Close a file's key (hex) for the owner of a public key: its bytes, RSA-OAEP, base64."""
    return base64.b64encode(public_key(pem).encrypt(bytes.fromhex(key), _OAEP)).decode()


def decrypt_field(pem: str, text: str) -> str | None:
    """Open a sensitive field (RSA-OAEP, SHA-1); None when it was not made for this key."""
    try:
        return private_key(pem).decrypt(base64.b64decode(text, validate=True), _OAEP).decode()
    except ValueError:
        return None


def encrypt_field(pem: str, text: str) -> str:
    """Close a sensitive field for the owner of a public key."""
    return base64.b64encode(public_key(pem).encrypt(text.encode(), _OAEP)).decode()


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def certificate(
    *, subject: str, organisation: str, public_pem: str, ca_pem: str, serial: bytes, now: datetime
) -> Certificate:
    """Issue a certificate for five years from `now` under the simulator's own root."""
    # The first nibble is held at 4..7: positive, and always 40 hex digits.
    number = int.from_bytes(bytes([0x40 | (serial[0] & 0x3F)]) + serial[1:20], "big")
    start = now.replace(microsecond=0)
    end = start + CERTIFICATE_LIFE
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(subject, organisation))
        .issuer_name(_name("wxsandbox Root CA", "wxsandbox"))
        .public_key(public_key(public_pem))
        .serial_number(number)
        .not_valid_before(start)
        .not_valid_after(end)
        .sign(private_key(ca_pem), hashes.SHA256())
    )
    return Certificate(f"{number:040X}", made.public_bytes(serialization.Encoding.PEM).decode(), start, end)


def nonce_text(rng_bytes: Callable[[int], bytes], length: int) -> str:
    """Make a nonce of letters and digits, `length` characters long."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(alphabet[byte % len(alphabet)] for byte in rng_bytes(length))

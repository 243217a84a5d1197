"""Keys of WeChat Pay, parsed once (a PEM costs 29 ms) and kept: the merchant's own, and the platform's by serial.

https://pay.weixin.qq.com/doc/v3/merchant/4012153196 (public key), /4012551764 (certificates) (2026-11)
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key


def load_private_key(pem: bytes | str, *, checked: bool = False) -> RSAPrivateKey:
    """Parse a merchant's apiclient_key.pem; raises ValueError.

    Nine tenths of the cost is the proof that the primes are primes: `checked` leaves it out for a key that passed it
    when it was handed in and was kept under authenticated encryption since.
    """
    try:
        key = load_pem_private_key(_bytes(pem), password=None, unsafe_skip_rsa_key_validation=checked)
    except TypeError:
        raise ValueError("the private key is locked with a password") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA private key")
    return key


def load_public_key(pem: bytes | str) -> RSAPublicKey:
    """Parse a public key, or take it out of a certificate; raises ValueError."""
    data = _bytes(pem)
    key = x509.load_pem_x509_certificate(data).public_key() if _CERT in data else load_pem_public_key(data)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA public key")
    return key


def certificate_serial(pem: bytes | str) -> str:
    """Give a certificate's serial as WeChat Pay writes it: upper-case hex of whole bytes; raises ValueError."""
    digits = f"{x509.load_pem_x509_certificate(_bytes(pem)).serial_number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who signs: a direct merchant or a service provider."""

    mchid: str
    # Of the merchant's API certificate, 40 upper-case hex digits.
    serial: str
    private_key: RSAPrivateKey = field(repr=False)
    apiv3_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that could decrypt nothing."""
        if len(self.apiv3_key) != 32:
            raise ValueError("an APIv3 key has 32 bytes")

    def sign(self, message: bytes) -> str:
        """Sign with SHA256-RSA2048, base64."""
        return b64encode(self.private_key.sign(message, PKCS1v15(), SHA256())).decode()


@dataclass(frozen=True, slots=True)
class PlatformCertificate:
    """One of WeChat Pay's own certificates."""

    serial: str
    effective_at: datetime
    expires_at: datetime
    pem: str = field(repr=False)
    public_key: RSAPublicKey = field(repr=False)


class Keys:
    """WeChat Pay's keys for one merchant: one public key, certificates, or both while it changes over."""

    def __init__(
        self,
        *,
        public_key_id: str | None = None,
        public_key: RSAPublicKey | None = None,
        certificates: Iterable[PlatformCertificate] = (),
    ) -> None:
        """Start from what is configured or was kept from an earlier download."""
        if (public_key_id is None) != (public_key is None):
            raise ValueError("a public key and its id belong together")
        self.public_key_id = public_key_id
        self._public_key = public_key
        self._certificates = {item.serial: item for item in certificates}

    @property
    def certificates(self) -> list[PlatformCertificate]:
        """List the certificates, the newest first, to be kept for the next start."""
        return sorted(self._certificates.values(), key=lambda item: item.effective_at, reverse=True)

    def find(self, serial: str) -> RSAPublicKey | None:
        """Look a key up by the exact value of the Wechatpay-Serial header."""
        if self._public_key is not None and serial == self.public_key_id:
            return self._public_key
        known = self._certificates.get(serial)
        return known.public_key if known else None

    def encryption(self) -> tuple[str, RSAPublicKey] | None:
        """Give serial and key to encrypt fields with: the public key, else the newest certificate."""
        if self.public_key_id is not None and self._public_key is not None:
            return self.public_key_id, self._public_key
        newest = next(iter(self.certificates), None)
        return (newest.serial, newest.public_key) if newest else None

    def plus(self, fresh: Iterable[PlatformCertificate]) -> "Keys":
        """Give these keys and some more, leaving these as they are."""
        return Keys(
            public_key_id=self.public_key_id,
            public_key=self._public_key,
            certificates=[*self._certificates.values(), *fresh],
        )

    def learn(self, fresh: Iterable[PlatformCertificate], *, now: datetime) -> None:
        """Add downloaded certificates; what is still valid stays, so a bad download never empties the store."""
        kept = {serial: item for serial, item in self._certificates.items() if item.expires_at > now}
        merged = kept | {item.serial: item for item in fresh}
        if merged:
            self._certificates = merged


_CERT = b"-----BEGIN CERTIFICATE-----"


def _bytes(pem: bytes | str) -> bytes:
    return pem.encode() if isinstance(pem, str) else pem

"""WeChat Pay APIv3 with one verb: sign, send, look at the status, verify, decode.

https://pay.weixin.qq.com/doc/v3/merchant/4012365336 (2026-11)
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from weixin.errors import BadMessage, BadSignature, PayError, UnknownSerial, Unreachable, UnverifiedAnswer, WeixinError
from weixin.pay.certificates import PATH as CERTIFICATES
from weixin.pay.certificates import read_certificates
from weixin.pay.keys import Keys, Merchant, PlatformCertificate
from weixin.pay.sealed import decrypt_field, encrypt_field
from weixin.pay.sign import authorization
from weixin.pay.verify import verify
from weixin.transport import Answer, Transport


class PayClient:
    """One merchant (or service provider) at WeChat Pay; the keys are parsed and stay so."""

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        merchant: Merchant,
        keys: Keys,
        clock: Callable[[], int],
        *,
        nonce: Callable[[], str],
    ) -> None:
        """Take `clock` in unix seconds and `nonce` giving up to 32 random letters and digits.

        A path in `base_url` (a simulator's prefix) is sent but not signed.
        """
        self.merchant = merchant
        self.keys = keys
        self._transport = transport
        self._base = base_url.rstrip("/")
        self._clock = clock
        self._nonce = nonce

    async def request(
        self, method: str, path: str, json: Mapping[str, Any] | None = None, *, sensitive: bool = False
    ) -> dict[str, Any]:
        """Call WeChat Pay; `path` carries its encoded query; `sensitive` says that fields are encrypted.

        Raises PayError when refused, Unreachable when the outcome is unknown (repeat with the same number).
        """
        # Serialised once: these bytes are signed and these bytes are sent.
        body = msgspec.json.encode(json) if json is not None else b""
        answer = await self._ask(method, path, body, sensitive=sensitive)
        if not await self._is_verified(answer):
            # A probe, or a key that has just changed. WeChat never probes twice, and every call can be repeated.
            answer = await self._ask(method, path, body, sensitive=sensitive)
            if not await self._is_verified(answer):
                raise UnverifiedAnswer("the answer's signature is wrong", status=answer.status)
        if not answer.body:
            return {}
        return _object(answer.body)

    async def upload(self, path: str, *, meta: bytes, body: bytes, content_type: str) -> dict[str, Any]:
        """Send a file: only what is said about it (`meta`, a part of the form) is signed, not the form itself."""
        for last in (False, True):
            answer = await self._ask("POST", path, meta, sensitive=False, form=(body, content_type))
            if await self._is_verified(answer):
                break
            if last:
                raise UnverifiedAnswer("the answer's signature is wrong", status=answer.status)
        return _object(answer.body)

    async def download(self, path: str, *, limit_bytes: int = 256 * 1024 * 1024) -> bytes:
        """Fetch a file by a signed request; such answers are not signed, so check the file by its hash."""
        return (await self._ask("GET", path, b"", sensitive=False, limit_bytes=limit_bytes)).body

    async def refresh_certificates(self) -> list[PlatformCertificate]:
        """Download the platform certificates (at least every 12 hours) and add them to `keys`.

        The answer is verified with the certificates it carries, whose origin the APIv3 key proves.
        """
        try:
            return await self._take_certificates()
        except BadSignature:
            # A probe, as with any answer: asked again once.
            return await self._take_certificates()

    async def _take_certificates(self) -> list[PlatformCertificate]:
        answer = await self._ask("GET", CERTIFICATES, b"", sensitive=False)
        fresh = read_certificates(self.merchant.apiv3_key, answer.body)
        verify(self.keys.plus(fresh), answer.headers, answer.body, now=self._clock())
        self.keys.learn(fresh, now=datetime.fromtimestamp(self._clock(), UTC))
        return fresh

    def encrypt(self, text: str) -> str:
        """Encrypt a sensitive field for WeChat Pay; raises ValueError without a key to do it with."""
        chosen = self.keys.encryption()
        if chosen is None:
            raise ValueError("no key of WeChat Pay to encrypt with")
        return encrypt_field(chosen[1], text)

    def decrypt(self, text: str) -> str:
        """Decrypt a sensitive field WeChat Pay sent; raises BadMessage."""
        return decrypt_field(self.merchant.private_key, text)

    def own_path(self, url: str) -> str:
        """Give path and query of a URL WeChat Pay named, to be asked at our base: signatures go nowhere else."""
        path = _path_of(url)
        prefix = _path_of(self._base).rstrip("/")
        return path.removeprefix(prefix) if prefix and path.startswith(prefix + "/") else path

    async def _ask(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        sensitive: bool,
        limit_bytes: int = 16 * 1024 * 1024,
        form: tuple[bytes, str] | None = None,
    ) -> Answer:
        headers = {
            "Authorization": authorization(
                self.merchant, method=method, path=path, body=body, timestamp=self._clock(), nonce=self._nonce()
            )
        }
        sent, kind = form or (body, "application/json")
        if sent:
            headers["Content-Type"] = kind
        chosen = self.keys.encryption()
        # With a public key the header also asks WeChat to sign its answer with that key.
        if chosen and (sensitive or chosen[0] == self.keys.public_key_id):
            headers["Wechatpay-Serial"] = chosen[0]
        answer = await self._transport.request(
            method,
            self._base + path,
            content=sent or None,
            headers=headers,
            limit_bytes=limit_bytes,
            file_bytes=len(sent) if form else 0,
        )
        # Status first: refusals are often unsigned.
        if not 200 <= answer.status < 300:
            raise _failure(answer)
        if answer.status == 202:
            raise Unreachable("accepted, not done yet", status=202, rid=answer.headers.get("request-id"))
        return answer

    async def _is_verified(self, answer: Answer) -> bool:
        try:
            try:
                verify(self.keys, answer.headers, answer.body, now=self._clock())
            except UnknownSerial:
                # Certificates rotate, and during a change-over both kinds of key sign.
                await self.refresh_certificates()
                verify(self.keys, answer.headers, answer.body, now=self._clock())
        except (BadSignature, BadMessage, WeixinError, PayError):
            # A refusal of the certificates says nothing about the order that was asked for.
            return False
        return True


def _path_of(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def _failure(answer: Answer) -> PayError | Unreachable:
    try:
        data = _object(answer.body)
    except BadMessage:
        data = {}
    code, message = str(data.get("code") or ""), str(data.get("message") or f"HTTP {answer.status}")
    request_id = answer.headers.get("request-id")
    # Whether money moved is unknown: ask, then repeat under the same number.
    if answer.status >= 500 or answer.status == 429:
        return Unreachable(f"{answer.status} {code} {message}", rid=request_id, status=answer.status, code=code)
    return PayError(answer.status, code, message, data.get("detail"), request_id)


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadMessage("the answer is not JSON") from None
    if not isinstance(data, dict):
        raise BadMessage("the answer is not an object")
    return data

"""What can go wrong between us and WeChat, as types a caller can act on.

No exception carries a token, a secret, a key or a URL: their texts end up in logs and on pages.
"""

import re
from typing import Any

# " rid: 6142cae2-160a288b-589e1ad2" today, " hint: [xxxx]" before 2020-08: only the first is worth keeping.
_RID = re.compile(r"\s*,?\s*rid: ([0-9A-Za-z-]+)\s*$")

# A quota of the day or of the minute is used up: later, and for every call of this kind.
TOO_MANY = frozenset({45009, 45011})
# The component waits for its next ticket, which comes within ten minutes.
NO_TICKET = frozenset({40091, 61005, 61006})
# Nothing is wrong with the request: WeChat is busy, or wants some time between two of the kind. It comes again later.
BUSY = frozenset({-1, 45066, 53501, 61008, 61039, 61450, 89247, 89250, 91030, 9402202, 10060012}) | TOO_MANY | NO_TICKET
# The token is stale, foreign, malformed, missing or expired: take a fresh one and ask again.
TOKEN_REJECTED = frozenset({40001, 40014, 40094, 41001, 41021, 42001, 42006})
# How long WeChat wants to be left alone, where it is known; without, whoever asks waits longer each time.
REST_SECONDS = {45066: 60.0, **dict.fromkeys(NO_TICKET, 120.0)}
# The account has withdrawn from the third-party platform, or its refresh token is void.
NOT_AUTHORIZED = frozenset({61003, 61023})


class WeixinError(Exception):
    """WeChat answered with an errcode; compare the code, never the text."""

    retry = False

    def __init__(self, errcode: int, errmsg: str, rid: str | None = None) -> None:
        """Keep WeChat's own code, text and request id."""
        super().__init__(f"{errcode} {errmsg}" + (f" (rid {rid})" if rid else ""))
        self.errcode = errcode
        self.errmsg = errmsg
        self.rid = rid
        # All that was answered: 45065 names the message that was sent before.
        self.answer: dict[str, Any] = {}

    @property
    def token_rejected(self) -> bool:
        """Tell whether a fresh access token would cure this."""
        return self.errcode in TOKEN_REJECTED

    @property
    def not_authorized(self) -> bool:
        """Tell whether the account has to authorize the platform again."""
        return self.errcode in NOT_AUTHORIZED


class Unreachable(WeixinError):
    """WeChat could not be asked, or wants to be asked later; the outcome is unknown: repeat under the same number."""

    retry = True

    def __init__(
        self,
        errmsg: str,
        *,
        errcode: int = -1,
        rid: str | None = None,
        status: int | None = None,
        code: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        """Keep what little is known: the HTTP status, WeChat Pay's code, when it is worth coming again."""
        super().__init__(errcode, errmsg, rid)
        self.retry_after_seconds = retry_after_seconds
        self.status = status
        self.code = code


class PayError(Exception):
    """WeChat Pay refused: branch on `code`, never on `message`; one code comes with several HTTP statuses."""

    def __init__(
        self, status: int, code: str, message: str, detail: object = None, request_id: str | None = None
    ) -> None:
        """Keep the parts of the error body and the Request-ID that WeChat's support asks for."""
        super().__init__(f"{status} {code} {message}" + (f" (request {request_id})" if request_id else ""))
        self.status = status
        self.code = code
        self.message = message
        # May repeat what we sent (names, numbers), so it is kept out of the text.
        self.detail = detail
        self.request_id = request_id


class BadSignature(Exception):
    """What arrived was not signed by WeChat, or not lately: refuse it with 401."""


class Stale(BadSignature):
    """The signature may be right but its time is outside the window: a replay, or a clock that is off."""


class UnknownSerial(BadSignature):
    """Signed with a key we do not hold (yet): fetch certificates, or configure the new public key."""

    def __init__(self, serial: str) -> None:
        """Name the serial, which is public."""
        super().__init__(f"no key with serial {serial!r}")
        self.serial = serial


class UnverifiedAnswer(Unreachable, BadSignature):
    """Two answers in a row failed verification: whether WeChat acted on the request is unknown."""


class BadMessage(Exception):
    """What arrived cannot be read: broken ciphertext, XML or JSON, or another account's message."""


def from_answer(errcode: int, errmsg: str) -> WeixinError:
    """Make the error for an errcode, its request id taken out of errmsg."""
    found = _RID.search(errmsg)
    rid = found.group(1) if found else None
    text = errmsg[: found.start()] if found else errmsg
    if errcode in BUSY:
        return Unreachable(text, errcode=errcode, rid=rid, retry_after_seconds=REST_SECONDS.get(errcode))
    return WeixinError(errcode, text, rid)

"""WeChat Pay's own refusals: a status, a code, a message, and for wrong fields the place of the fault."""

import json
from typing import Any


class PayRefused(Exception):
    """Carry one refusal of WeChat Pay from the rule that found it to the answer."""

    def __init__(self, status: int, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.detail = status, code, message, detail

    def body(self) -> bytes:
        """Write the error body as WeChat does; `detail` only where there is one."""
        answer: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.detail is not None:
            answer["detail"] = self.detail
        return json.dumps(answer, ensure_ascii=False).encode()


def wrong_field(field: str, issue: str, message: str, *, location: str = "body", value: Any = None) -> PayRefused:
    """Say which field is wrong; `field` is a JSON pointer in the body or a parameter's name."""
    detail: dict[str, Any] = {"field": field, "issue": issue, "location": location}
    if value is not None:
        detail["value"] = value
    return PayRefused(400, "PARAM_ERROR", message, detail)


def invalid(message: str) -> PayRefused:
    """Refuse a request that breaks a business rule."""
    return PayRefused(400, "INVALID_REQUEST", message)


def sign_error(message: str) -> PayRefused:
    """Refuse a caller who did not prove who they are."""
    return PayRefused(401, "SIGN_ERROR", message)


def no_auth(message: str = "商户无权限") -> PayRefused:
    """Refuse a known caller something that is not theirs."""
    return PayRefused(403, "NO_AUTH", message)

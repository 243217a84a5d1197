"""Notices about registering mini programs for a company or a person, pushed to the platform.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Register_Mini_Programs/
Fast_Registration_Interface_document.html (2026-11)
"""

from dataclasses import dataclass, field
from typing import Any

from weixin.safexml import Fields


@dataclass(frozen=True, slots=True)
class Registration:
    """How a registration ended; appid and auth_code only when it succeeded (status 0)."""

    kind: str
    status: int | None
    appid: str
    auth_code: str = field(repr=False)
    message: str
    # What was asked for, names and phone numbers among it.
    info: dict[str, str] = field(repr=False)


def read(fields: Fields) -> Registration:
    """Read a notice; what is missing is empty, since failures leave fields out."""
    status = str(fields.get("status", ""))
    info: Any = fields.get("info")
    return Registration(
        kind=str(fields.get("InfoType", "")),
        status=int(status) if status.lstrip("-").isdecimal() and len(status) < 10 else None,
        appid=_text(fields, "appid") or _text(fields, "authorizer_appid"),
        auth_code=_text(fields, "auth_code"),
        message=_text(fields, "msg") or _text(fields, "message"),
        info={name: value for name, value in info.items() if isinstance(value, str)} if isinstance(info, dict) else {},
    )


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""

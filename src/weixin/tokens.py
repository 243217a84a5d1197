"""A token and how long it is good for. Nothing is cached here: the owner of the secret keeps tokens and locks."""

from dataclasses import dataclass, field
from typing import Any

from weixin.errors import BadMessage

# Old and new tokens both work for five minutes after a refresh, so refreshing this early loses no call.
REFRESH_EARLY_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, ticket or pre-auth code; its value never shows in repr."""

    value: str = field(repr=False)
    expires_in_seconds: int

    def expires_at(self, asked_at: int) -> int:
        """Give the unix second of expiry, counted from before the question was sent."""
        return asked_at + self.expires_in_seconds

    def refresh_at(self, asked_at: int) -> int:
        """Give the unix second from which to refresh: ten minutes early, or half-way for short-lived ones."""
        return asked_at + max(self.expires_in_seconds - REFRESH_EARLY_SECONDS, self.expires_in_seconds // 2)


def text(answer: dict[str, Any], name: str) -> str:
    """Take a text that must be in an answer; raises BadMessage naming the field, not its value."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise BadMessage(f"the answer has no {name}")
    return value


def seconds(answer: dict[str, Any], name: str = "expires_in") -> int:
    """Take a duration that must be in an answer; older pages write it as text."""
    value = answer.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if not isinstance(value, int):
        raise BadMessage(f"the answer has no {name}")
    return value


def token(answer: dict[str, Any], name: str = "access_token") -> Token:
    """Take a token and its life from an answer."""
    return Token(text(answer, name), seconds(answer))

"""Structured logs: one line per event, with request, merchant and job ids, and no secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_WORDS = (
    "secret", "password", "token", "ticket", "authorization", "cookie", "private", "apiv3", "aes_key", "code",
    "signature", "phone", "address", "openid",
)  # fmt: skip
MASK = "***"


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask values whose name sounds like a secret or a person, at any depth."""
    for key in list(event):
        event[key] = _masked(key, event[key])
    return event


def _masked(key: str, value: Any) -> Any:
    if key != "event" and any(word in key.lower() for word in SECRET_WORDS):
        return MASK
    if isinstance(value, dict):
        return {inner: _masked(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", item) for item in value]
    return value


def configure(*, json: bool, level: str = "INFO") -> None:
    """Set the process's logging up: JSON lines, or readable ones for a terminal."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if json else structlog.processors.ExceptionPrettyPrinter(sys.stderr),
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

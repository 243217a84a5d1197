"""Refusals: what the platform says no to, with a stable code and a sentence in both languages.

The docstring of a refusal is its English sentence, `zh` its Chinese one; both may name the parameters
given to the constructor, as in `"only {left} left"`. Anything that is not a `Refused` is either the
outside failing (`weixin.errors.Unreachable`, retried) or our own bug (an assertion).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from tongshang.platform import wording


class Refused(Exception):
    """This cannot be done."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    zh: ClassVar[str] = "无法完成该操作。"
    more: Mapping[str, Any] | None = None
    """What the answer tells besides the sentence, such as the new quote when a price has changed."""

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params

    def sentence(self, language: str) -> str:
        """Say why, in "zh" or "en"."""
        text = self.zh if language == "zh" else (type(self).__doc__ or "").strip().splitlines()[0]
        return text.format_map(_Lenient(self.params))

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence('en')}"


class _Lenient(dict[str, Any]):
    """Leaves an unknown placeholder as it is, so that a sentence can never raise."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class NotFound(Refused):
    """There is nothing here."""

    code, status, zh = "not_found", 404, "没有找到您要的内容。"


class Invalid(Refused):
    """The request is not well formed: {field} {problem}"""

    code, status, zh = "invalid", 400, "填写的内容有误：{field} {problem}"

    def __init__(self, *, field: str, problem: str, zh: str = "", **params: Any) -> None:
        """Name the field and what it must be, in a form that `wording` knows, or in English with `zh` beside it."""
        super().__init__(field=field, problem=problem, **params)
        self.told = (zh, problem) if zh else None

    def words(self) -> tuple[str, str]:
        """Say what the field must be, in Chinese and in English, without naming it."""
        return self.told or wording.words(self.params["field"], self.params["problem"])

    def sentence(self, language: str) -> str:
        """Name the field and say what it must be; `field` and `problem` stay what programs read."""
        return wording.sentence(self.params["field"], self.words(), language)


class Unauthenticated(Refused):
    """Please log in first."""

    code, status, zh = "unauthenticated", 401, "请先登录。"


class Forbidden(Refused):
    """Your role does not allow this."""

    code, status, zh = "forbidden", 403, "您的角色没有权限执行此操作。"


class Mismatch(Refused):
    """The same id was used before for a different request."""

    code, status, zh = "idempotency.mismatch", 409, "同一编号已用于另一项请求，请刷新后重试。"


class TooMany(Refused):
    """Too many attempts. Try again in {seconds} seconds."""

    code, status, zh = "rate_limited", 429, "操作太频繁，请 {seconds} 秒后再试。"


class TooLarge(Refused):
    """The request is larger than {limit} bytes."""

    code, status, zh = "too_large", 413, "内容过大，上限为 {limit} 字节。"

"""Order forms: what a customer is asked for with the goods, and whether an answer will do. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from tongshang.platform.errors import Invalid, Refused

MOST_FIELDS = 10
MOST_OPTIONS = 30
LONGEST = {"text": 100, "textarea": 500, "number": 20, "phone": 20, "date": 10}
KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")
PHONE = re.compile(r"\+?[0-9][0-9\- ]{4,18}")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")


class FormField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question: `key` names its answer, `options` are what may be chosen of."""

    key: str
    name: str
    type: Literal["text", "textarea", "number", "phone", "date", "select", "many"] = "text"
    required: bool = False
    options: list[str] = []


class WrongAnswer(Refused):
    """Please fill in "{name}" as asked."""

    code, status, zh = "form.wrong_answer", 400, "请按要求填写“{name}”。"


def check(form: Sequence[FormField]) -> None:
    """Refuse a form that nobody could fill in."""
    if len(form) > MOST_FIELDS or len({field.key for field in form}) != len(form):
        raise Invalid(field="form", problem=f"≤ {MOST_FIELDS}, distinct")
    for number, field in enumerate(form):
        where = f"form.{number}"
        if not KEY.fullmatch(field.key):
            raise Invalid(field=f"{where}.key", problem="a-z 0-9 _, 1-20")
        if not 1 <= len(field.name.strip()) <= 20:
            raise Invalid(field=f"{where}.name", problem="1-20")
        chosen = field.type in ("select", "many")
        if chosen != bool(field.options) or len(field.options) > MOST_OPTIONS:
            raise Invalid(field=f"{where}.options", problem=f"1-{MOST_OPTIONS}")
        if len(set(field.options)) != len(field.options) or any(not 1 <= len(one) <= 30 for one in field.options):
            raise Invalid(field=f"{where}.options", problem="each 1-30, distinct")


def answered(form: Sequence[FormField], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answers as an order keeps them, or refuse the first that will not do; what was not asked is left out."""
    kept: dict[str, Any] = {}
    for field in form:
        answer = given.get(field.key)
        answer = answer.strip() if isinstance(answer, str) else answer
        if answer in (None, "", []):
            if field.required:
                raise WrongAnswer(name=field.name, key=field.key)
            continue
        if not _will_do(field, answer):
            raise WrongAnswer(name=field.name, key=field.key)
        kept[field.key] = answer
    return kept


def _will_do(field: FormField, answer: Any) -> bool:
    if field.type == "many":
        if not isinstance(answer, list) or len(answer) > len(field.options):
            return False
        return all(one in field.options and answer.count(one) == 1 for one in answer)
    if not isinstance(answer, str):
        return False
    if field.type == "select":
        return answer in field.options
    if len(answer) > LONGEST[field.type] or "\x00" in answer:  # which no database keeps
        return False
    if field.type == "date":
        try:
            return bool(date.fromisoformat(answer))
        except ValueError:
            return False
    pattern = {"phone": PHONE, "number": NUMBER}.get(field.type)
    return pattern is None or bool(pattern.fullmatch(answer))

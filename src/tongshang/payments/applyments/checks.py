"""What WeChat would refuse, found beforehand and said by field; pure.

Forms of numbers: GB 11643-1999 (identity numbers), GB 32100-2015 (unified social credit codes).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Literal

import msgspec

from tongshang.payments.applyments.model import Form, Subject
from tongshang.payments.applyments.rules import Rules, industry

FOREVER = "长期"
Code = Literal["required", "format", "checksum", "expired", "order", "too_long", "unknown", "not_wanted"]
CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LONGEST = {
    "merchant_name": 128, "license_address": 128, "id_card_name": 100, "id_card_address": 128, "merchant_shortname": 64,
    "biz_store_name": 128, "biz_store_address": 128, "contact_name": 100, "ubo_id_doc_name": 100,
    "ubo_id_doc_address": 128, "contact_email": 128,
}  # fmt: skip


class Problem(msgspec.Struct, frozen=True):
    """A field (or slot of a picture), and what is wrong with it."""

    field: str
    code: Code


def problems(form: Form, pictures: Mapping[str, int], *, rules: Rules, today: date) -> list[Problem]:
    """List what has to be mended before a form is sent; `pictures` counts them by slot, `today` is Shanghai's."""
    found = [Problem(name, "too_long") for name, most in LONGEST.items() if len(getattr(form, name)) > most]
    for part in (_licence, _person, _owner, _administrator, _business, _account):
        found += part(form, pictures, rules, today)
    seen: dict[str, Problem] = {}
    for one in found:
        seen.setdefault(one.field, one)
    return list(seen.values())


def id_number(text: str) -> bool:
    """Say whether an identity number's last digit fits the others, and its birthday exists."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text):
        return False
    try:
        date.fromisoformat(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    except ValueError:
        return False
    return "10X98765432"[sum(int(digit) * pow(2, 17 - place) for place, digit in enumerate(text[:17])) % 11] == text[17]


def credit_code(text: str) -> bool:
    """Say whether a unified social credit code's last character fits the others."""
    if len(text) != 18 or any(one not in CREDIT_DIGITS for one in text):
        return False
    total = sum(CREDIT_DIGITS.index(one) * pow(3, place, 31) for place, one in enumerate(text[:17]))
    return CREDIT_DIGITS[(31 - total % 31) % 31] == text[17]


Problems = Iterator[Problem]
Pictures = Mapping[str, int]


def _licence(form: Form, pictures: Pictures, rules: Rules, today: date) -> Problems:
    yield from _pictured(pictures, "license_copy")
    yield from _needed(form, "merchant_name", "license_number")
    # The old registration number has fifteen digits, and nothing to check it by.
    if form.license_number and not re.fullmatch(r"[0-9]{15}", form.license_number):
        yield from _of_form(form, "license_number", credit_code, "checksum")
    if form.period_begin or form.period_end:
        yield from _period(form, "period_begin", "period_end", today)


def _person(form: Form, pictures: Pictures, rules: Rules, today: date) -> Problems:
    yield from _pictured(pictures, "id_card_copy", "id_card_national")
    yield from _needed(form, "id_card_name", "id_card_number")
    yield from _of_form(form, "id_card_number", id_number, "checksum")
    yield from _period(form, "card_period_begin", "card_period_end", today)
    if form.subject is Subject.ENTERPRISE:
        yield from _needed(form, "id_card_address")


def _owner(form: Form, pictures: Pictures, rules: Rules, today: date) -> Problems:
    if form.subject is not Subject.ENTERPRISE or form.owner:
        return
    yield from _pictured(pictures, "ubo_id_doc_copy", "ubo_id_doc_copy_back")
    yield from _needed(form, "ubo_id_doc_name", "ubo_id_doc_number", "ubo_id_doc_address")
    yield from _of_form(form, "ubo_id_doc_number", id_number, "checksum")
    yield from _period(form, "ubo_period_begin", "ubo_period_end", today)


def _administrator(form: Form, pictures: Pictures, rules: Rules, today: date) -> Problems:
    yield from _needed(form, "mobile_phone", "contact_email")
    yield from _of_form(form, "mobile_phone", lambda text: re.fullmatch(r"1[3-9][0-9]{9}", text))
    yield from _of_form(form, "contact_email", lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text))
    if form.by_legal:
        return
    yield from _pictured(pictures, "contact_id_doc_copy", "contact_id_doc_copy_back", "business_authorization_letter")
    yield from _needed(form, "contact_name", "contact_id_number")
    yield from _of_form(form, "contact_id_number", id_number, "checksum")
    yield from _period(form, "contact_period_begin", "contact_period_end", today)


def _business(form: Form, pictures: Pictures, rules: Rules, today: date) -> Problems:
    yield from _needed(form, "merchant_shortname", "service_phone", "qualification_type")
    yield from _of_form(form, "service_phone", lambda text: re.fullmatch(r"[0-9+-]{5,20}", text))
    if form.has_store:
        yield from _needed(form, "biz_store_name", "biz_address_code", "biz_store_address")
        yield from _of_form(form, "biz_address_code", lambda text: re.fullmatch(r"[0-9]{6}", text))
        yield from _pictured(pictures, "store_entrance_pic", "indoor_pic")
    if not form.qualification_type:
        return
    line = industry(rules, form.subject, form.qualification_type)
    if line is None:
        yield Problem("qualification_type", "unknown")
    elif line.needs == "must":
        yield from _pictured(pictures, "qualifications")
    elif line.needs == "none" and pictures.get("qualifications"):
        yield Problem("qualifications", "not_wanted")


def _account(form: Form, pictures: Pictures, rules: Rules, today: date) -> Problems:
    if form.personal_account and form.subject is not Subject.INDIVIDUAL:
        yield Problem("personal_account", "not_wanted")
    yield from _needed(form, "account_bank", "account_number")
    yield from _of_form(form, "account_number", lambda text: re.fullmatch(r"[0-9]{8,30}", text))
    if form.needs_branch and not (form.bank_branch_id and form.bank_name):
        yield Problem("bank_branch_id", "required")


def _needed(form: Form, *names: str) -> Problems:
    for name in names:
        if not getattr(form, name).strip():
            yield Problem(name, "required")


def _pictured(pictures: Pictures, *slots: str) -> Problems:
    for slot in slots:
        if not pictures.get(slot):
            yield Problem(slot, "required")


def _of_form(form: Form, name: str, fits: Callable[[str], object], code: Code = "format") -> Problems:
    if (value := getattr(form, name)) and not fits(value):
        yield Problem(name, code)


def _period(form: Form, begin: str, end: str, today: date) -> Problems:
    yield from _needed(form, begin, end)
    first, last = _day(getattr(form, begin)), _day(getattr(form, end))
    if getattr(form, begin) and first is None:
        yield Problem(begin, "format")
    if getattr(form, end) and getattr(form, end) != FOREVER:
        if last is None:
            yield Problem(end, "format")
        elif last <= today:
            yield Problem(end, "expired")
        elif first is not None and last <= first:
            yield Problem(end, "order")
    if first is not None and first > today:
        yield Problem(begin, "order")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None

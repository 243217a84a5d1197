"""Sentences about fields that will not do, made of a field's name and of what it must be.

What it must be is said in a few forms, joined by ", ": "1-30", "≤ 9", "≥ 1", "> starts_at", "distinct", "required",
"unknown", "A-Z 0-9 -" for characters, a value that is not among the known ones, and the phrases below.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from tongshang.platform.fields import FIELDS, UNITS

Pair = tuple[str, str]
NUMBER = r"-?\d+"
CHARACTERS = re.compile(r"(?:(?:A-Z|a-z|0-9|[-_.@]) ?)+")
KINDS: dict[str, Pair] = {
    "A-Z": ("大写字母", "capital letters"), "a-z": ("小写字母", "small letters"), "0-9": ("数字", "digits"),
}  # fmt: skip
OF_TIME = re.compile(r"_(at|from|until|day|by)$|^(from|to|since|until)$")
# As one says it of amounts and counts, and of times.
ORDERED: dict[str, tuple[str, str, str, str]] = {
    ">": ("须高于", "more than", "须晚于", "after"), "<": ("须低于", "less than", "须早于", "before"),
    "≥": ("不能低于", "not less than", "不能早于", "not before"),
    "≤": ("不能高于", "not more than", "不能晚于", "not after"),
}  # fmt: skip
PHRASES: dict[str, Pair] = {
    "": ("格式不对", "not well formed"),
    "0": ("应留空", "must be empty"),
    "required": ("必须填写", "is required"),
    "unknown": ("不存在，可能已被删除", "is not there, or not any more"),
    "distinct": ("不能重复", "no two alike"),
    "unreadable": ("含有无法保存的字符", "has a character that cannot be kept"),
    "too long": ("太长", "is too long"),
    "≠ 0": ("不能为 0", "not 0"),
    "positive": ("须大于 0", "more than 0"),
    "past": ("已经过去", "is over"),
    "digits": ("只能用数字", "digits only"),
    "http(s)": ("须以 http:// 或 https:// 开头", "begins with http:// or https://"),
    "https": ("须以 https:// 开头", "begins with https://"),
    "PDF": ("须为 PDF", "a PDF"),
    "YYYY-MM": ("须写作 2026-11 这样", "written as 2026-11"),
    "name@example.com": ("须写作 name@example.com 这样", "written as name@example.com"),
    "#rrggbb": ("须写作 #rrggbb", "written as #rrggbb"),
    "time zone": ("须带时区", "needs a time zone"),
    "revision required": ("必须填写", "is required"),
    "whole number": ("须为整数", "a whole number"),
    "one of each combination": ("每种组合须有且只有一个", "one of each combination"),
    "provider only": ("只有服务商模式才需要", "for service providers only"),
    "WeChat Pay's form": ("不符合微信支付的格式", "is not of WeChat Pay's form"),
    "manager": ("需要管理员权限", "for managers"),
    "HH:MM-HH:MM": ("须写作 11:00-13:00 这样", "written as 11:00-13:00"),
}  # fmt: skip
ONE = {"entries": "entry", "people": "person"}
Said = Callable[["re.Match[str]", str], Pair | None]


def sentence(field: str, told: Pair, language: str) -> str:
    """Name a field and say what it must be."""
    zh, en, _ = named(field)
    return f"“{zh}”{told[0]}。" if language == "zh" else f"{en}: {told[1]}."


def words(field: str, problem: str) -> Pair:
    """Say what a field must be; what is in no form that is known is given as it is."""
    return understood(problem, named(field)[2], field) or (f"有误（{problem[:100]}）", problem[:100])


def named(field: str) -> tuple[str, str, str]:
    """Give a field's name in both languages and its unit, by the end of its path."""
    path = [part for part in re.split(r"[.\[\]]+", field) if part and not part.isdecimal()]
    for start in range(len(path)):
        if found := FIELDS.get(".".join(path[start:])):
            return found[0], found[1], "yuan" if path[-1].endswith("_fen") else found[2]
    return field, field, "yuan" if field.endswith("_fen") else ""


def understood(problem: str, unit: str, field: str = "") -> Pair | None:
    """Say in both languages what a field must be, or None where the words are in no form that is known."""
    if whole := _form(problem, unit, field):
        return whole
    parts = [_form(part, unit, field) for part in problem.split(", ")]
    told = [part for part in parts if part]
    return ("，".join(zh for zh, _ in told), ", ".join(en for _, en in told)) if len(told) == len(parts) else None


def _form(problem: str, unit: str, field: str) -> Pair | None:
    if phrase := PHRASES.get(problem):
        return phrase
    for pattern, say in FORMS:
        if found := pattern.fullmatch(problem):
            return say(found, "time" if OF_TIME.search(field.rpartition(".")[2]) else unit)
    return None


def _counted(number: str, unit: str) -> Pair:
    told = f"{Decimal(number) / 100:f}" if unit == "yuan" else number
    zh, en = UNITS.get(unit, UNITS[""])
    return f"{told} {zh}".rstrip(), f"{told} {ONE.get(en, en.removesuffix('s')) if told == '1' else en}".rstrip()


def _between(found: re.Match[str], unit: str) -> Pair:
    least, most = found.groups()
    (zh, en), few = _counted(most, unit), _counted(least, "" if unit != "yuan" else unit)[0].removesuffix(" 元")
    if least == most:
        return f"应为 {zh}", en
    if least == "0" and unit in ("text", "code", "list", "pictures"):
        return f"最多 {zh}", f"{en} at most"
    return f"应为 {few} 到 {zh}", f"{few} to {en}"


def _ordered(found: re.Match[str], unit: str) -> Pair:
    sign, other = {">=": "≥", "<=": "≤"}.get(found[1], found[1]), found[2]
    zh, en, zh_time, en_time = ORDERED[sign]
    if re.fullmatch(NUMBER, other):
        of = _counted(other, unit)
        many = {"≥": ("至少", "at least"), "≤": ("最多", "at most")}.get(sign, (zh, en))
        return f"{many[0]} {of[0]}", f"{many[1]} {of[1]}"
    if other not in FIELDS:
        return (f"{zh_time} {other}", f"{en_time} {other}")
    name = FIELDS[other]
    return (
        (f"{zh_time}“{name[0]}”", f"{en_time} {name[1]}") if unit == "time" else (f"{zh}“{name[0]}”", f"{en} {name[1]}")
    )


def _each(problem: str) -> Pair | None:
    told = _form(problem, "text", "")
    return (f"每项{told[0]}", f"each {told[1]}") if told else None


def _characters(found: re.Match[str], _: str) -> Pair:
    kinds = [KINDS.get(part, (part, part)) for part in found[0].split()]
    return f"只能用{'、'.join(zh for zh, _ in kinds)}", f"only {', '.join(en for _, en in kinds)}"


FORMS: list[tuple[re.Pattern[str], Said]] = [
    (re.compile(rf"({NUMBER})-({NUMBER})"), _between),
    (re.compile(r"(>=|<=|[<>≥≤]) (\S+)"), _ordered),
    (CHARACTERS, _characters),
    (re.compile(r"each ([^,]+)"), lambda found, _: _each(found[1])),
    (re.compile(r"(.+) ×2"), lambda found, _: (f"“{found[1]}”重复了", f"{found[1]} is there twice")),
    (re.compile(r"one of (.+)"), lambda found, _: (f"只能是：{found[1]}", f"one of {found[1]}")),
    (re.compile(r"(\d+) bytes"), lambda found, _: (f"最多 {found[1]} 字节", f"{found[1]} bytes at most")),
    # As msgspec says what is no such value at all.
    (re.compile(r"Expected `[^`]+`, got `[^`]+`"), lambda found, _: (f"类型不对（{found[0]}）", found[0])),
    (
        re.compile(r"Object missing required field `([^`]+)`"),
        lambda found, _: (f"缺少 {found[1]}", f"{found[1]} is missing"),
    ),
    (
        re.compile(r"Object contains unknown field `([^`]+)`"),
        lambda found, _: (f"多了 {found[1]}", f"no {found[1]} is known"),
    ),
    (
        re.compile(r"Invalid enum value '?([^']{0,60})'?"),
        lambda found, _: (f"不支持“{found[1]}”", f"{found[1]} is not known"),
    ),
    (re.compile(r"[a-z][a-z0-9_]{0,59}"), lambda found, _: (f"不支持“{found[0]}”", f"{found[0]} is not known")),
]

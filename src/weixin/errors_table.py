"""What each errcode of WeChat means to whoever called: what to do about it, and a sentence for the merchant.

The sentences are data beside this file (`errors_table.tsv`): codes and ranges, kind, Chinese, English. Source: the
global return codes, https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html, those of
third-party platforms, and the pages of single APIs, read 2026-11.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

SOURCE = "https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html"
READ_ON = "2026-11"


class Kind(StrEnum):
    """What to do about an error."""

    RETRY = "retry"  # the same call later
    HEAL = "heal"  # a fresh token, then the same call
    ASK = "ask"  # the merchant can cure it
    GIVE_UP = "give_up"  # this call will never succeed


@dataclass(frozen=True, slots=True)
class Meaning:
    """An errcode explained."""

    code: int
    kind: Kind
    zh: str
    en: str


def meaning(code: int) -> Meaning:
    """Explain an errcode; one that is not in the table is explained as unknown."""
    found = table().get(code)
    if found is not None:
        return found
    zh = f"微信返回了未收录的错误 {code}，请在接口日志中查看详情，并向微信客服提供请求编号。"
    en = f"WeChat answered with error {code}, which is not in our table; give WeChat's support the request id."
    return Meaning(code, Kind.GIVE_UP, zh, en)


@cache
def table() -> dict[int, Meaning]:
    """Read the table."""
    return {one.code: one for one in _lines(files("weixin").joinpath("errors_table.tsv").read_text("utf-8"))}


def _lines(text: str) -> Iterator[Meaning]:
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        codes, kind, zh, en = line.split("\t")
        for part in codes.split(","):
            first, dash, last = part.rpartition("..")
            for code in range(int(first), int(last) + 1) if dash else (int(part),):
                yield Meaning(code, Kind(kind), zh, en)

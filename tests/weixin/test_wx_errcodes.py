"""Every errcode that WeChat documents has a kind, and a sentence that a merchant understands in both languages."""

import re
from pathlib import Path

import pytest

from weixin.errors import BUSY, NOT_AUTHORIZED, TOKEN_REJECTED, Unreachable, from_answer
from weixin.errors_table import Kind, meaning, table

CONTRACT = Path(__file__).resolve().parents[3] / "shared" / "contracts" / "official-account.md"
CALL = re.compile(r"^\| `(?:GET|POST) ")
LISTED = re.compile(r"(?<![\w.\-@{\"/:])(\d{5,8})(?:-(\d{5,8}))?(?![\w\"/%.])")
HAN = re.compile(r"[\u4e00-\u9fff]")


def documented() -> list[int]:
    """Read the codes of the contract's table D1: single ones, lists and ranges."""
    section = CONTRACT.read_text().split("## D1.")[1].split("## D2.")[0]
    codes: set[int] = {-1}
    for line in section.splitlines():
        if not re.match(r"\| -?\d", line):
            continue
        for part in re.split(r"[/·]", line.split("|")[1]):
            first, _, last = part.strip().partition("-") if not part.strip().startswith("-") else (part.strip(), "", "")
            if not first or not first.lstrip("-").isdigit():
                continue
            codes |= set(range(int(first), int(last or first) + 1))
    return sorted(codes - {0})


def of_calls() -> set[int]:
    """Read the codes that the contract names beside single calls, after the dot in the last cell of a call's line."""
    codes: set[int] = set()
    for line in CONTRACT.read_text().splitlines():
        if CALL.match(line):
            told = re.sub(r"`[^`]*`|\([^)]*\)", " ", line.rstrip(" |").rpartition("|")[2]).rpartition("·")[2]
            for first, last in LISTED.findall(told):
                codes |= set(range(int(first), int(last or first) + 1))
    return codes


def test_every_code_that_a_call_may_answer_is_explained() -> None:
    if not CONTRACT.exists():
        pytest.skip("the contract is not beside this checkout")
    codes = of_calls()
    assert len(codes) > 150
    assert {45028, 53503, 40114, 85310} <= codes
    missing = sorted(code for code in codes if code not in table())
    assert not missing, missing


def test_every_documented_code_is_explained() -> None:
    if not CONTRACT.exists():
        pytest.skip("the contract is not beside this checkout")
    codes = documented()
    assert len(codes) > 400
    # A range names more numbers than there are codes: those that no sentence covers are holes, single codes never are.
    missing = [code for code in codes if code not in table()]
    assert not missing, missing


def test_sentences_are_sentences_in_both_languages() -> None:
    for one in table().values():
        assert HAN.search(one.zh), one.code
        assert one.zh.endswith(("。", "？")), one.code
        assert not HAN.search(one.en), one.code
        assert one.en.endswith("."), one.code
        assert 3 < len(one.zh) < 90, one.code
        assert 4 < len(one.en) < 160, one.code


def test_kinds_agree_with_what_calls_do() -> None:
    kinds = {kind: {one.code for one in table().values() if one.kind is kind} for kind in Kind}
    assert kinds[Kind.HEAL] == TOKEN_REJECTED
    assert kinds[Kind.ASK] >= NOT_AUTHORIZED
    # Figures that are not ready are one report's matter: the import waits for that one, and goes on with the others.
    assert kinds[Kind.RETRY] == BUSY | {61503}
    assert isinstance(from_answer(53501, "publish too frequently"), Unreachable)


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    assert 77777 not in table()
    assert "77777" in meaning(77777).zh
    assert meaning(77777).kind is Kind.GIVE_UP

"""Every errcode that WeChat documents has a kind, and a sentence that a merchant understands in both languages."""

import re
from pathlib import Path

import pytest

from weixin.errors import BUSY, NOT_AUTHORIZED, TOKEN_REJECTED
from weixin.errors_table import Kind, meaning, table

CONTRACT = Path(__file__).resolve().parents[3] / "shared" / "contracts" / "official-account.md"
NUMBERS = re.compile(r"(?<!\d)-?\d{5,7}(?!\d)|^-1$")
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
    assert {meaning(code).kind for code in TOKEN_REJECTED} == {Kind.HEAL}
    assert {meaning(code).kind for code in NOT_AUTHORIZED} == {Kind.ASK}
    assert {meaning(code).kind for code in BUSY} == {Kind.RETRY}


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    assert 77777 not in table()
    assert "77777" in meaning(77777).zh
    assert meaning(77777).kind is Kind.GIVE_UP

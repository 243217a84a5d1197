"""The doctor names what of the go-live list about addresses is not done."""

from pathlib import Path

import pytest

from tongshang.app import doctor
from tongshang.platform.config import Settings, load

ADDRESSES = "地址 addresses"
LIVE = {"PUBLIC_URL": "https://shop.example.com", "CONSOLE_URL": "https://desk.example.com", "TRUSTED_PROXIES": "a, b"}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings of an install that is ready to go live."""
    for name, value in {**LIVE, "TONGSHANG_VAR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return load()


def test_an_install_that_is_ready_is_found_so(settings: Settings) -> None:
    assert settings.trusted_proxies == ("a", "b")
    fine, said = doctor.checks(settings)[ADDRESSES]
    assert fine, said


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [("PUBLIC_URL", "http://shop.example.com", "https"), ("CONSOLE_URL", "https://shop.example.com", "CONSOLE_URL"),
     ("TRUSTED_PROXIES", "", "TRUSTED_PROXIES")],
)  # fmt: skip
def test_what_is_missing_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, word: str
) -> None:
    monkeypatch.setenv(name, value)
    fine, said = doctor.checks(load())[ADDRESSES]
    assert not fine
    assert word in said

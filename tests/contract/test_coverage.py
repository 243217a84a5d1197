"""The coverage page: every simulated endpoint says where it is from, and its error codes are WeChat's own."""

import re
import warnings
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import msgspec
import pytest
from lxml import html

import wxsandbox
from wxsandbox.control.checks import Check, checks
from wxsandbox.control.coverage import is_documented, row
from wxsandbox.errors import TEXTS
from wxsandbox.mounts import parts

CONTRACT = Path(__file__).parents[3] / "shared" / "contracts" / "official-account.md"
WHY = "the contract folder is not beside the project"
OFFICIAL = ("https://developers.weixin.qq.com/", "https://pay.weixin.qq.com/")
API, PAY = "api.weixin.qq.com", "api.mch.weixin.qq.com"
ROUTES = [(part.name, route) for part in parts() for route in part.routes]
ROWS = [row(route, part) for part, route in ROUTES if is_documented(route)]
# Of WeChat's own pages, but not in the contract: https://developers.weixin.qq.com/doc/offiaccount/…
ELSEWHERE = {
    45110: "Draft_Box/Add_draft.html: the author is too long",
    76001: "openApi/get_rid_info.html: there is no such rid",
}
SHIPPING = (10060001, *range(10060003, 10060008), 10060014, 10060023, 10060024, 10060031, 268485216)
ELSEWHERE |= dict.fromkeys(SHIPPING, "order-shipping.html of mini programs: its table of codes")
# What a page says in HTML rather than as an errcode.
PAGES = {"open.weixin.qq.com", "mp.weixin.qq.com"}
if not CONTRACT.exists():
    warnings.warn(f"{CONTRACT.name}: {WHY}", stacklevel=1)


def codes_of(text: str) -> set[int]:
    """Read every code and range of codes that a text names."""
    found = {int(code) for code in re.findall(r"(?<!\d)-?\d{1,7}(?!\d)", text)}
    for first, last in re.findall(r"(?<!\d)(\d{4,7})\s?[-–]\s?(\d{4,7})(?!\d)", text):
        found |= set(range(int(first), int(last) + 1))
    return found


def test_every_endpoint_of_the_api_says_its_page_and_day() -> None:
    bare = [f"{r.name}" for _, r in ROUTES if r.host in (API, PAY) and not (r.page and r.date)]
    assert bare == []
    undated = [one["path"] for one in ROWS if not re.fullmatch(r"20\d\d-\d\d(-\d\d)?", one["date"])]
    assert undated == []
    assert [one["page"] for one in ROWS if not one["page"].startswith(OFFICIAL)] == []
    assert [one["path"] for one in ROWS if not one["what"] or not one["topic"]] == []


def test_every_code_has_wechats_text() -> None:
    codes = {code for one in ROWS if one["host"] not in PAGES for code in one["errors"] if isinstance(code, int)}
    assert codes - TEXTS.keys() == set()
    words = {code for one in ROWS for code in one["errors"] if isinstance(code, str)}
    assert [word for word in words if not re.fullmatch(r"[A-Z_]+", word)] == []
    assert [one["path"] for one in ROWS if one["host"] == API and not one["errors"]] == []


@pytest.mark.skipif(not CONTRACT.exists(), reason=WHY)
def test_every_code_is_one_of_the_contract() -> None:
    known = codes_of(CONTRACT.read_text(encoding="utf-8"))
    rows = [one for one in ROWS if one["host"] not in PAGES]
    found = {code: one["path"] for one in rows for code in one["errors"] if isinstance(code, int)}
    assert {code: path for code, path in found.items() if code not in known | ELSEWHERE.keys()} == {}


def test_fields_are_read_from_the_types() -> None:
    class Inner(msgspec.Struct):
        name: Annotated[str, msgspec.Meta(max_length=3)]
        sub: "list[Any]" = []

    class Body(msgspec.Struct):
        inner: list[Inner]
        count: int | None = None

    assert checks(Body) == [
        Check("inner", "list of object", required=True),
        Check("inner[].name", "string (≤ 3)", required=True),
        Check("inner[].sub", "list of any", required=False),
        Check("count", "integer or null", required=False),
    ]
    by_path = {(one["method"], one["path"]): one for one in ROWS}
    menu = by_path["POST", "/cgi-bin/menu/create"]
    assert {"button", "button[].name", "button[].sub_button[].type"} <= set(menu["fields"])


async def test_the_page_has_every_endpoint_and_can_be_searched() -> None:
    async with wxsandbox.serve() as box, aiohttp.ClientSession() as http:
        async with http.get(f"{box.url}/_sandbox/coverage", headers={"accept": "text/html"}) as answer:
            page = html.fromstring(await answer.text())
        async with http.get(f"{box.url}/_sandbox/coverage.json") as answer:
            listed = await answer.json()
    lines = page.xpath("//tbody/tr")
    assert len(lines) == len(listed["items"]) == len(ROWS) > 150
    shown = {line.xpath(".//code/text()")[0] for line in lines}
    assert shown == {f"{one['method']} {one['path']}" for one in listed["items"]}
    assert page.xpath("//input[@type='search']")
    # What a code means can be searched for although only the number is shown.
    (create,) = [line for line in lines if line.xpath(".//code/text()") == ["POST /cgi-bin/menu/create"]]
    assert "invalid button name size" in create.get("data-more")
    assert listed["error_texts"]["40018"] == "invalid button name size"

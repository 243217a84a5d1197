"""Invoices: asked for with words that can be right, issued or refused, and taken back when money goes back."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.customers import Customer, Till, enter, open_till
from tongshang.fans import sessions

ASKS = {
    "kind": "company",
    "title": " 杭州云上  茶业有限公司 ",
    "tax_number": "91350100m000100y43",
    "email": "a@tea.example",
}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def asked(till: Till, order: dict[str, Any], **more: str) -> dict[str, Any]:
    path = f"/orders/{order['id']}/invoices/{uuid4()}"
    found: dict[str, Any] = await till.lily.do("PUT", path, ASKS | more)
    return dict(found["items"][0])


async def refund(till: Till, order: dict[str, Any], count: int) -> None:
    body = {"lines": [{"line_id": order["lines"][0]["id"], "quantity": count}], "reason": "少了"}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)
    await till.shop.settle()
    await till.shop.wait(120)
    await till.shop.settle()


async def mine(till: Till, order: dict[str, Any]) -> dict[str, Any]:
    return dict(await till.lily.do("GET", f"/orders/{order['id']}/invoices"))


async def test_what_is_asked_for_can_be_right(till: Till) -> None:
    order = await till.sold(await till.goods(stock=9), 2)
    path = f"/orders/{order['id']}/invoices/{uuid4()}"
    wrongs = {"title": [" ", "长" * 101], "tax_number": ["", "91350100M000100Y44", "12345"],
              "email": ["nobody", "a@b", "<a>@b.cn", "a b@c.cn"]}  # fmt: skip
    for field, wrong in ((field, one) for field, several in wrongs.items() for one in several):
        status, answer = await till.lily("PUT", path, ASKS | {field: wrong})
        assert (status, answer["code"], answer["field"]) == (400, "invalid", field), wrong
    assert (await mine(till, order)) == {"may_ask": True, "amount_fen": 19_800, "items": []}
    for _ in range(2):
        found = await till.lily.do("PUT", path, ASKS)
    (one,) = found["items"]
    assert (one["title"], one["tax_number"]) == ("杭州云上 茶业有限公司", "91350100M000100Y43")
    assert (one["state"], one["amount_fen"], found["may_ask"]) == ("asked", 19_800, False)
    assert (await till.lily("PUT", path, ASKS | {"title": "别人"}))[1]["code"] == "idempotency.mismatch"
    again = await till.lily("PUT", f"/orders/{order['id']}/invoices/{uuid4()}", ASKS)
    assert again[1]["code"] == "invoice.asked_already"
    unpaid = await till.lily.buy(await till.goods(stock=9))
    assert (await till.lily("PUT", f"/orders/{unpaid['id']}/invoices/{uuid4()}", ASKS))[1]["code"] == "invoice.nothing"
    carol = await enter(till.shop.world, till.shop.merchant, till.owner, name="carol")
    for method, where, body in (("PUT", f"/orders/{order['id']}/invoices/{uuid4()}", ASKS),
                                ("GET", f"/orders/{order['id']}/invoices", None),
                                ("PUT", f"/invoices/{one['id']}/withdrawal", None)):  # fmt: skip
        assert (await carol(method, where, body))[0] == 404
    await till.shop.wait(366 * 86_400)
    async with till.shop.world.tx(till.shop.merchant) as tx:  # her session has ended meanwhile
        till.lily = Customer(till.owner, till.lily.fan, await sessions.give(tx, fan_id=till.lily.fan))
    await till.lily.do("PUT", f"/invoices/{one['id']}/withdrawal")
    late = await till.lily("PUT", f"/orders/{order['id']}/invoices/{uuid4()}", ASKS | {"kind": "person"})
    assert late[1]["code"] == "invoice.too_late"


async def test_two_requests_of_one_moment_are_one(till: Till) -> None:
    order = await till.sold(await till.goods())
    answers = await asyncio.gather(
        *(till.lily("PUT", f"/orders/{order['id']}/invoices/{uuid4()}", ASKS) for _ in range(3))
    )
    assert sorted(status for status, _ in answers) == [200, 409, 409]


async def test_it_is_issued_with_a_pdf_and_reversed_after_a_refund(till: Till) -> None:
    order = await till.sold(await till.goods(stock=9), 3)
    one = await asked(till, order, kind="person", tax_number="")
    await refund(till, order, 1)
    assert (await mine(till, order))["items"][0]["amount_fen"] == 19_800  # less, while it is only asked for
    path = f"/invoices/{one['id']}"
    for body in ({}, {"link": "http://insecure.example/1"}, {"link": "javascript:alert(1)"}, {"number": "<b>"}):
        assert (await till.console("PUT", f"{path}/issuance", body))[0] == 400
    for data, status in ((b"<html>", 400), (PDF[:-7], 400), (PDF + b"0" * (1 << 20), 413), (PDF, 200)):
        sent = {"file": io.BytesIO(data)}
        assert (await till.owner("PUT", f"/api/console{path}/file", data=sent))[0] == status
    issued = await till.do("PUT", f"{path}/issuance", {"number": "24332000000012345678"})
    assert (issued["state"], issued["order_number"], issued["has_file"]) == ("issued", order["number"], True)
    url = f"{till.lily.browser.url}/api/store/tea{path}/file"
    async with till.lily.browser.session.get(url, headers=till.lily.headers) as answer:
        assert (answer.status, await answer.read()) == (200, PDF)
        assert answer.headers["content-disposition"].startswith("attachment")
    assert (await till.console("PUT", f"{path}/refusal", {"reason": "不开"}))[1]["code"] == "state.illegal_move"
    await refund(till, order, 1)
    owed = (await till.do("GET", "/invoices?state=red_owed"))["items"][0]
    assert (owed["state"], owed["red_fen"], owed["amount_fen"]) == ("red_owed", 9_900, 19_800)
    await till.do("PUT", f"{path}/reversal", {"number": "24332000000099999999"})
    now = await mine(till, order)
    assert (now["items"][0]["state"], now["may_ask"], now["amount_fen"]) == ("reversed", True, 9_900)
    kinds = [fact["state"] for fact in await till.shop.facts("invoice.moved")]
    assert kinds == ["asked", "issued", "red_owed", "reversed"]


async def test_it_is_refused_with_a_reason_and_may_be_asked_for_again(till: Till) -> None:
    order = await till.sold(await till.goods(stock=9))
    one = await asked(till, order)
    assert (await till.console("PUT", f"/invoices/{one['id']}/refusal", {"reason": " "}))[0] == 400
    await till.do("PUT", f"/invoices/{one['id']}/refusal", {"reason": "税号与抬头不一致"})
    seen = await mine(till, order)
    assert (seen["items"][0]["reason"], seen["may_ask"]) == ("税号与抬头不一致", True)
    other = await asked(till, order, kind="person", tax_number="")
    await refund(till, order, 1)  # nothing is left to be invoiced
    page = await till.do("GET", "/invoices")
    assert [one["state"] for one in page["items"]] == ["withdrawn", "refused"]
    assert page["counts"] == {"withdrawn": 1, "refused": 1}
    assert (await till.console("PUT", f"/invoices/{other['id']}/issuance", {"number": "123456"}))[0] == 409
    assert (await mine(till, order))["may_ask"] is False

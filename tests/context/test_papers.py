"""Packing slips and receipts: real PDFs, with Chinese that can be read, and nothing of a customer's read as markup."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from make import kinds
from make.customers import Till, open_till
from tongshang.fulfilment.papers import drawing
from tongshang.fulfilment.papers.model import Paper, Row

pytestmark = pytest.mark.slow
NASTY = "<b>粗体</b> %PDF ) Tj ‮倒写\x07 \\n **x** 请放门口"


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def pages(till: Till, path: str) -> list[tuple[tuple[int, int], str]]:
    """Fetch a PDF; give each page's size in millimetres and its text."""
    async with till.owner.session.get(f"{till.owner.url}/api/console{path}") as answer:
        assert (answer.status, answer.content_type) == (200, "application/pdf"), await answer.text()
        document = pypdfium2.PdfDocument(await answer.read())
    try:
        return [
            (tuple(round(side / 72 * 25.4) for side in page.get_size()), page.get_textpage().get_text_bounded())
            for page in document
        ]  # type: ignore[misc]
    finally:
        document.close()


async def test_slips_and_receipts_of_many_orders_are_one_pdf(till: Till) -> None:
    tea = await till.goods(stock=50)
    sold: list[dict[str, Any]] = [await till.sold(tea, 2, delivery="express", remark=NASTY)]
    sold.append(await till.sold(tea))
    ids = ",".join(order["id"] for order in sold)
    for size, measures in (("a4", (210, 297)), ("label", (100, 150))):
        found = await pages(till, f"/orders/papers?orders={ids}&size={size}")
        assert [one for one, _ in found] == [measures] * 2
        first, second = (text.replace("\r\n", "") for _, text in found)
        assert all(word in first for word in ("装箱单", sold[0]["number"], "明前龙井", "小爱", "共 2 件")), first
        assert "<b>粗体</b> %PDF ) Tj 倒写 \\n **x** 请放门口" in first
        assert "99.00" not in first  # a slip may be a present's
        assert sold[1]["number"] in second
    receipt = (await pages(till, f"/orders/papers?orders={ids}&size=label&kind=receipt&language=en"))[0][1]
    assert all(word in receipt for word in ("Receipt", "99.00", "198.00", "Total paid")), receipt
    for wrong, status in ((f"{uuid4()}", 404), ("x", 400), (",".join(str(uuid4()) for _ in range(101)), 400)):
        assert (await till.console("GET", f"/orders/papers?orders={wrong}"))[0] == status
    unpaid = await till.lily.buy(tea)
    assert (await till.console("GET", f"/orders/papers?orders={unpaid['id']}"))[1]["code"] == "refund.not_paid"


async def test_a_parcels_slip_says_what_is_in_it_and_the_rest_waits(till: Till) -> None:
    order = await till.sold(await till.goods(stock=9), 5, delivery="express")
    parcel, line = uuid4(), order["lines"][0]["id"]
    body = {"company": "圆通", "number": "YT12345", "lines": [{"line_id": line, "quantity": 3}]}
    await till.do("PUT", f"/orders/{order['id']}/shipments/{parcel}", body)
    ((size, text),) = await pages(till, f"/orders/{order['id']}/shipments/{parcel}/slip?size=label")
    assert (size, "共 3 件" in text, "圆通 YT12345" in text) == ((100, 150), True, True)
    ((_, text),) = await pages(till, f"/orders/papers?orders={order['id']}")
    assert "共 2 件" in text
    assert (await till.console("GET", f"/orders/{order['id']}/shipments/{uuid4()}/slip"))[0] == 404


async def test_a_slip_says_what_was_filled_in_and_when_it_is_wanted(till: Till) -> None:
    hours = {"enabled": True, "regions": ["330106"], "fee_fen": 600, "minimum_fen": 0, "free_over_fen": None,
             "windows": ["明天上午"]}  # fmt: skip
    await till.do("PUT", "/shop/local-delivery", hours)
    asked = [{"key": "card", "name": "贺卡写给", "type": "text"},
             {"key": "ways", "name": "包装", "type": "many", "options": ["礼盒", "丝带"]}]  # fmt: skip
    _, cup = await kinds.goods(till, "physical", title="白瓷盖碗", form=asked)
    near = await till.lily.address(region=["浙江省", "杭州市", "西湖区"])
    said = {"f1": "<i>小爱</i>", "f2": ["礼盒", "丝带"]}
    order = await till.sold(cup, delivery="local", address_id=near, window="明天上午", form=said)
    ids = order["id"]
    for size in ("a4", "label"):
        ((_, text),) = await pages(till, f"/orders/papers?orders={ids}&size={size}")
        assert all(word in text for word in ("送达时间", "明天上午", "贺卡写给：<i>小爱</i>", "包装：礼盒、丝带")), text
    ((_, text),) = await pages(till, f"/orders/papers?orders={ids}&language=en")
    assert all(word in text for word in ("Deliver", "Order form", "包装: 礼盒, 丝带")), text
    ((_, receipt),) = await pages(till, f"/orders/papers?orders={ids}&kind=receipt")
    assert "小爱" not in receipt  # what was paid for is nobody else's


def test_a_long_order_goes_on_over_the_page() -> None:
    rows = [Row("武夷山大红袍" * 9, 1, "1.00", "1.00") for _ in range(60)]
    columns, facts = ["商品", "单价", "数量", "实付"], [("订单号", "100007")]
    paper = Paper("云上茶园", "购物收据", "100007", facts, columns, rows, [("合计", "60.00")])
    document = pypdfium2.PdfDocument(drawing.draw([paper, paper], size="label", at=datetime(2026, 11, 23, tzinfo=UTC)))
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert len(found) > 6
    assert all("云上茶园 · 100007" in text for text in found)
    assert sum(text.count("武") for text in found) == 2 * 60 * 9
    assert "合计" in found[-1]

"""Shipping by spreadsheet: looked through first, each row by itself, and nothing twice."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from make import customers
from make.customers import Till
from tongshang.catalog.sheets import workbooks


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with customers.open_till(database_url, tmp_path) as opened:
        yield opened


async def bring(till: Till, text: str, *, apply: bool = False) -> tuple[int, Any]:
    path = f"/api/console/shipments/sheet?apply={'true' if apply else 'false'}"
    return await till.owner("POST", path, data={"file": io.BytesIO(text.encode())})


async def test_a_sheet_ships_what_can_be_shipped_once_and_says_what_cannot(till: Till) -> None:
    goods = await till.goods(stock=9)
    sent = [await till.sold(goods, delivery="express") for _ in range(2)]
    fetched = await till.sold(goods)
    one, two = (order["number"] for order in sent)
    good, other = f"{one},顺丰,SF123456789", f"{fetched['number']},圆通,YT1234"
    rows = [good, f"{two},中通快递,ABC", good, other, "999,圆通,YT1234", f"{two},中通,471234567890"]
    sheet = "备注,订单号,快递公司,快递单号\n" + "".join(f"x,{row}\n" for row in rows)
    status, dry = await bring(till, sheet)
    states = [row["state"] for row in dry["rows"]]
    assert (status, states) == (200, ["ready", "bad", "skipped", "bad", "bad", "ready"])
    assert [(await till.look(order["id"]))["state"] for order in sent] == ["paid", "paid"]  # it was only looked at
    for state, shipped in (("sent", 2), ("same", 0)):  # and once more
        status, done = await bring(till, sheet, apply=True)
        assert (done["rows"][0]["state"], done["ready"]) == (state, shipped)
    for order, number in zip(sent, ("SF123456789", "471234567890"), strict=True):
        shown = await till.look(order["id"])
        assert (shown["state"], [parcel["number"] for parcel in shown["shipments"]]) == ("shipped", [number])
    assert done["rows"][0]["row"] == 2  # as the spreadsheet counts
    assert (await till.look(sent[1]["id"]))["shipments"][0]["company"] == "中通快递"
    for wrong, why in {
        "": "没有内容", "订单号,快递公司\n1,2\n": "缺少“快递单号”这一列", "订单号,快递公司,快递单号\n": "没有内容",
        "\x00\x01": "不是可读的 xlsx 或 csv", "订单号,快递公司,快递单号\n" + "1,2,3\n" * 501: "每次最多 500 行",
    }.items():  # fmt: skip
        refused = (await bring(till, wrong))[1]
        assert refused["code"] == "shipping.unreadable"
        assert why in refused["title"]


async def test_a_row_that_no_database_keeps_stops_none_of_the_others(till: Till) -> None:
    order = await till.sold(await till.goods(), delivery="express")
    rest = "1,圆通,YT1234\n" * 400  # beyond what is looked at to tell text from anything else
    sheet = (
        f"订单号,快递公司,快递单号\n{rest}{order['number']},顺\x00丰,SF123456789\n{order['number']},顺丰,SF123456789\n"
    )
    status, done = await bring(till, sheet, apply=True)
    assert (status, [row["state"] for row in done["rows"]][-2:]) == (200, ["bad", "sent"])
    assert (await till.look(order["id"]))["state"] == "shipped"


async def test_the_template_lists_what_waits_and_can_be_brought_in_again(till: Till) -> None:
    order = await till.sold(await till.goods(), 2, delivery="express")
    async with till.owner.session.get(f"{till.owner.url}/api/console/shipments/sheet") as answer:
        found = list(workbooks.rows(await answer.read()))
    assert [found[1][1][at] for at in (0, 3)] == [order["number"], "小爱"]
    assert found[1][1][6].endswith("× 2")
    carriers = await till.do("GET", "/carriers")
    assert {"shunfeng", "ems"} <= {one["code"] for one in carriers}

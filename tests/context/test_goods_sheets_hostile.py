"""Sheets as nobody should make them: broken files end, no cell is guessed at, no row is lost in another's shadow."""

import contextlib
import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from make.spreadsheets import CONSOLE, bring, confirm, items, sheet, written
from make.worlds import Browser
from tongshang.catalog import categories
from tongshang.catalog.sheets import columns, parsing, workbooks
from tongshang.catalog.sheets.columns import COLUMNS, Wrong
from tongshang.catalog.sheets.workbooks import Unreadable
from tongshang.platform.world import World

PLAIN = sheet([{"title": "x", "price_fen": 1}])
ONE = b"<c><v>1</v></c>"


def edited(before: bytes, after: bytes, data: bytes = PLAIN) -> bytes:
    """Exchange bytes in the first sheet of a workbook, as no program would."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            body = source.read(name)
            archive.writestr(name, body.replace(before, after) if "sheet1" in name else body)
    return out.getvalue()


def test_a_broken_file_is_no_sheet_and_none_breaks_the_work_on_it() -> None:
    spoiled = bytearray(PLAIN)
    for place in range(60, len(PLAIN), 7):  # wherever a download was cut or a disk has failed
        spoiled[place] ^= 0x55
        with contextlib.suppress(Unreadable):
            parsing.goods(bytes(spoiled))
        spoiled[place] ^= 0x55
    with pytest.raises(Unreadable, match="not_a_sheet"):
        parsing.goods(edited(ONE, b'<c t="s"><v>7</v></c>'))  # a string that is not there
    with pytest.raises(Unreadable, match="columns_twice"):
        parsing.goods("商品名称,价格,Price\n甲,1,2\n".encode())
    with pytest.raises(Unreadable, match="not_a_sheet"):  # the rows below are not swallowed by a quote left open
        parsing.goods('商品名称,价格,商品介绍\n甲,1,"好\n乙,1,好\n'.encode())


@pytest.mark.parametrize("place", [b"<sheetData>", b'<row r="2">'])
def test_what_unpacks_to_millions_of_elements_is_put_aside(place: bytes) -> None:
    with pytest.raises(Unreadable, match="too_large"):
        parsing.goods(edited(place, place + b"<c/>" * 300_000))


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1,200", 120_000), ("￥1,234.5", 123_450), ("１２．５", 1_250), ("12 元", 1_200), ("12,5", None), ("9，90", None),
     ("1,2,3", None), ("12.345", None), ("1_000", None), ("-1", None), ("1e999999999", None), ("", None)],
)  # fmt: skip
def test_an_amount_is_what_it_says_or_it_is_none(text: str, fen: int | None) -> None:
    read = {column.key: column.read for column in COLUMNS}
    if fen is not None:
        assert read["price_fen"](text) == fen
        return
    for key in ("price_fen", "stock") if text not in ("12.345",) else ("price_fen",):
        with pytest.raises(Wrong):
            read[key](text)


def test_a_formula_without_a_result_is_told_and_rows_count_themselves() -> None:
    broken = b'<c t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    for cell in (broken, b"<c><f>A1*2</f></c>"):
        [one] = parsing.goods(edited(ONE, cell))[0]
        assert [(told.row, told.field) for told in one.problems] == [(2, "price_fen")]
    # A name that came to nothing is nobody's row, least of all of the goods above it.
    data = sheet(
        [{"title": "好茶", "price_fen": 1}, {"title": "#REF!", "price_fen": 2}, {"title": "丙", "price_fen": 3}]
    )
    assert [[told.field for told in one.problems] for one in parsing.goods(data)[0]] == [[], ["title"], []]
    assert [one.lines[0].row for one in parsing.goods(edited(b' r="2"', b""))[0]] == [2]
    data = sheet([{"title": "茶_乙", "price_fen": 1, "detail": "好_水"}])  # as other programs end lines, and spoil them
    spoiled = {"_乙": "_x0000__xD800_乙", "好_": "好_x000D_\n"}
    for word, written_as in spoiled.items():
        data = edited(word.encode(), written_as.encode(), data)
    assert parsing.goods(data)[0][0].whole == {"title": "茶乙", "detail": "好\n水"}
    assert columns.heads({0: "规格"})[0][0].read("尺码：S：小") == [("尺码", "S：小")]


async def test_rows_that_were_sorted_take_nothing_from_the_goods(owner: Browser, world: World, merchant: UUID) -> None:
    product, _ = await shops.make_product(world, merchant, title="龙井", prices=(9_900, 18_850), stock=10)
    _, whole = await owner("GET", f"{CONSOLE}/products/{product}")
    assert whole["pictures"]
    _, body = await owner("GET", f"{CONSOLE}/product-sheets/export?format=csv")
    rows = list(workbooks.rows(body))
    lines = [[cells.get(n, "") for n in range(len(COLUMNS))] for _, cells in rows]
    path = await bring(owner, world, written([lines[0], *reversed(lines[1:])]))
    assert (await owner("GET", path))[1]["tally"] == {"same": 1}
    lines[2][[column.key for column in COLUMNS].index("subtitle")] = "第二行另有说法"
    lines[1][[column.key for column in COLUMNS].index("subtitle")] = "第一行的说法"
    path = await bring(owner, world, written(lines))
    [bad] = await items(owner, path, "bad")
    assert [(one["row"], one["field"]) for one in bad["problems"]] == [(3, "subtitle")]


async def test_goods_that_a_cell_says_less_exactly_stay_as_they_are(owner: Browser, world: World) -> None:
    body = {"title": "茶", "tags": ["送礼、自用", "a,b"], "detail": "好茶\r\n好水 _x000D_ 。\n",
            "on_sale_from": "2026-11-30T10:00:30Z",
            "options": [{"name": "规格", "values": ["大；罐", "小：袋", "1:2; 3"]}],
            "variants": [{"id": str(uuid4()), "options": [one], "price_fen": 100 + n, "stock": 1}
                         for n, one in enumerate(("大；罐", "小：袋", "1:2; 3"))]}  # fmt: skip
    status, made = await owner("PUT", f"{CONSOLE}/products/{uuid4()}", body)
    assert status == 200, made
    for kind in ("xlsx", "csv"):
        _, data = await owner("GET", f"{CONSOLE}/product-sheets/export?format={kind}")
        path = await bring(owner, world, data)
        [item] = await items(owner, path)
        assert (item["state"], item["problems"], item["changes"]) == ("same", [], [])


async def test_no_row_is_lost_behind_another_that_means_the_same(owner: Browser, world: World, merchant: UUID) -> None:
    async with world.tx(merchant) as tx:
        await categories.put(tx, category=tx.new_id(), name="茶", position=0)
    tea = [{"title": "龙井", "options": f"规格:{n}g", "price_fen": n, "sku_code": f"LJ-{n}"} for n in (50, 100)]
    assert (await confirm(owner, world, await bring(owner, world, sheet(tea))))["done"] == 1
    twice: list[dict[str, Any]] = [
        {"sku_code": "LJ-50", "title": "龙井", "price_fen": 51},
        {"sku_code": "LJ-50", "title": "龙井", "price_fen": 52},
        {"sku_code": "N-1", "title": "甲", "price_fen": 1}, {"sku_code": "N-1", "title": "乙", "price_fen": 2},
        {"sku_code": "LJ-100", "title": "龙井", "price_fen": 101},
    ]  # fmt: skip
    path = await bring(owner, world, sheet(twice))
    told = [[(p["row"], p["field"]) for p in one["problems"]] for one in await items(owner, path)]
    assert told == [[(3, "options")], [], [(5, "sku_code")], [(6, "title")]]
    done = await confirm(owner, world, path, skip_bad=True)
    assert (done["done"], done["refused"]) == (1, 0)


async def test_a_letter_that_nobody_keeps_is_told_and_does_not_stop_the_others(
    owner: Browser, world: World, merchant: UUID
) -> None:
    data = "商品名称,价格,库存量\n" + "".join(f"好茶 {n},1,7\n" for n in range(600)) + "甲\x00乙,2\n"
    path = await bring(owner, world, data.encode())
    _, looked = await owner("GET", path)
    assert (looked["state"], looked["tally"]) == ("checked", {"good": 600, "bad": 1})
    assert "库存量" in looked["problem"]["zh"]  # a column that nobody knows is not left out in silence
    [bad] = await items(owner, path, "bad")
    assert (bad["problems"][0]["row"], bad["problems"][0]["field"]) == (602, "title")

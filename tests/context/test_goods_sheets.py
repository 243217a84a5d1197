"""Goods by spreadsheet: a dry run changes nothing and names every fault; good rows come in once; exports come back."""

import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from make import shops
from make.spreadsheets import CONSOLE, bring, confirm, ended, items, sheet, written
from make.worlds import Browser
from tongshang.catalog.sheets import exports, parsing, workbooks, working
from tongshang.catalog.sheets.columns import COLUMNS
from tongshang.media import files
from tongshang.platform.jobs import Again
from tongshang.platform.world import World

GOODS_TABLES = ("product", "variant", "stock", "shelf_version", "fact", "category", "media_file")


async def digest(url: str, merchant: UUID) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return [
            await connection.fetchval(
                f"select md5(string_agg(x::text, ',' order by x::text)) from public.{table} x where merchant_id = $1",
                merchant,
            )
            for table in GOODS_TABLES
            if table != "fact"
        ]
    finally:
        await connection.close()


async def shown(owner: Browser) -> list[dict[str, Any]]:
    _, page = await owner("GET", f"{CONSOLE}/products?limit=100")
    return [(await owner("GET", f"{CONSOLE}/products/{card['id']}"))[1] for card in page["items"]]


async def test_half_of_everything_wrong_is_told_row_by_row_and_the_rest_comes_in(
    owner: Browser, world: World, merchant: UUID, database_url: str
) -> None:
    green, picture = str(uuid4()), await files.keep(world, merchant, data=shops.png(), name="tea.png")
    await owner("PUT", f"{CONSOLE}/categories/{green}", {"name": "绿茶"})
    good = {"title": "明前龙井", "category": "绿茶", "tags": "春茶，送礼", "pictures": picture.url, "state": "在售",
            "options": "规格:50g", "price_fen": 99.5, "member_price_fen": "89", "stock": 12, "sku_code": "LJ-50",
            "on_sale_from": "2026-12-01 10:00", "weight_g": 80}  # fmt: skip
    more = {"options": "规格:100g", "price_fen": "¥188", "stock": 5, "sku_code": "LJ-100"}  # of the row above
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("price_fen", {"title": "甲", "price_fen": "很贵"}), ("price_fen", {"title": "乙"}),
        ("price_fen", {"title": "丙", "price_fen": 1.999}), ("stock", {"title": "丁", "price_fen": 1, "stock": -3}),
        ("category", {"title": "戊", "price_fen": 1, "category": "没有"}),
        ("member_price_fen", {"title": "己", "price_fen": 1, "member_price_fen": 2}),
        ("state", {"title": "庚", "price_fen": 1, "state": "卖"}),
        ("pictures", {"title": "辛", "price_fen": 1, "state": "在售"}),
        ("pictures", {"title": "壬", "price_fen": 1, "pictures": "https://x.cn/a.png"}),
        ("on_sale_from", {"title": "癸", "price_fen": 1, "on_sale_from": "明天"}),
        ("product_id", {"title": "子", "price_fen": 1, "product_id": str(uuid4())}),
        ("options", {"title": "丑", "price_fen": 1, "options": "颜色:红; 颜色:蓝"}),
        ("title", {"title": "长" * 61, "price_fen": 1}),
        ("pictures", {"title": "寅", "price_fen": 1, "pictures": str(uuid4())}),
    ]  # fmt: skip
    plain = {"title": "=HYPERLINK(1)", "price_fen": "1,234.50", "detail": "+1", "barcode": 6901234567892.0}
    before = await digest(database_url, merchant)
    path = await bring(owner, world, sheet([good, more, *(row for _, row in wrong), plain]))
    _, looked = await owner("GET", path)
    assert (looked["state"], looked["rows"], looked["products"]) == ("checked", 17, 16)
    assert looked["tally"] == {"good": 2, "bad": len(wrong)}
    assert await digest(database_url, merchant) == before  # a dry run changes nothing
    bad = await items(owner, path, "bad")
    assert [(one["problems"][0]["field"], one["problems"][0]["row"]) for one in bad] == [
        (field, row) for row, (field, _) in enumerate(wrong, 4)
    ]
    assert all(problem["zh"] and problem["en"] for one in bad for problem in one["problems"])
    assert "_" not in "".join(problem["zh"] for one in bad for problem in one["problems"])  # nobody's field names
    assert [bad[n]["problems"][0]["zh"] for n in (5, 7)] == ["会员价：不能高于“价格”", "图片：至少 1 张"]
    status, refused = await owner("PUT", f"{path}/confirmation", {})
    assert (status, refused["code"]) == (409, "sheet.has_bad_rows")
    assert await digest(database_url, merchant) == before
    done = await confirm(owner, world, path, skip_bad=True)
    assert (done["state"], done["done"], done["refused"]) == ("done", 2, 0)
    assert (await confirm(owner, world, path, skip_bad=True))["done"] == 2  # twice is once
    named = {one["title"]: one for one in await shown(owner)}
    assert set(named) == {"明前龙井", "=HYPERLINK(1)"}
    tea = named["明前龙井"]
    assert (tea["category_id"], tea["tags"], tea["state"], tea["on_sale_from"]) == (
        green, ["春茶", "送礼"], "on", "2026-12-01T02:00:00Z")  # fmt: skip
    told = ("options", "price_fen", "member_price_fen", "stock", "sku_code")
    assert [tuple(one[name] for name in told) for one in tea["variants"]] == [
        (["50g"], 9_950, 8_900, 12, "LJ-50"), (["100g"], 18_800, None, 5, "LJ-100")]  # fmt: skip
    other = named["=HYPERLINK(1)"]["variants"][0]
    assert (other["price_fen"], other["barcode"]) == (123_450, "6901234567892")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_an_export_comes_back_as_it_was_and_what_is_changed_in_it_changes_nothing_else(
    owner: Browser, world: World, merchant: UUID, kind: str
) -> None:
    product, ids = await shops.make_product(world, merchant, title="=1+1", prices=(9_900, 18_850), stock=10)
    await shops.make_product(world, merchant, title="'带撇号", prices=(500,), stock=7)
    before = await shown(owner)
    status, body = await owner("GET", f"{CONSOLE}/product-sheets/export?format={kind}")
    assert status == 200
    if kind == "csv":
        assert "'=1+1" in body.decode("utf-8-sig")
        assert b",=1+1" not in body
    path = await bring(owner, world, body)
    _, looked = await owner("GET", path)
    assert (looked["tally"], looked["problem"]) == ({"same": 2}, None)
    # One price is changed in the sheet; meanwhile some of it is sold, and its count is not brought back.
    rows = list(workbooks.rows(body))
    at = {name.strip(" *"): place for place, name in rows[0][1].items()}
    lines = [[cells.get(n, "") for n in range(len(COLUMNS))] for _, cells in rows]
    [changed] = [line for line in lines if line[at["商品编码"]] == "100g"]
    changed[at["价格"]] = "200"
    path = await bring(owner, world, written(lines))
    [item] = await items(owner, path, "good")
    assert [(one["field"], one["before"], one["after"]) for one in item["changes"]] == [("price_fen", "18850", "20000")]
    assert (await owner("PUT", f"{CONSOLE}/products/{product}/stock", {"variants": [{"id": str(ids[1]), "stock": 4}]}))[
        0
    ] == 204
    assert (await confirm(owner, world, path))["done"] == 1
    after = {one["id"]: one for one in await shown(owner)}
    for one in before:
        for variant, now in zip(one["variants"], after[one["id"]]["variants"], strict=True):
            if variant["id"] == str(ids[1]):
                assert (now["price_fen"], now["stock"]) == (20_000, 4)
            else:
                assert now == variant


async def test_goods_that_changed_since_the_dry_run_are_refused_one_by_one(
    owner: Browser, world: World, merchant: UUID
) -> None:
    one, _ = await shops.make_product(world, merchant, title="甲", prices=(100,))
    two, _ = await shops.make_product(world, merchant, title="乙", prices=(100,))
    rows = [{"product_id": str(product), "subtitle": "新卖点"} for product in (one, two)]
    path = await bring(owner, world, sheet(rows))
    await owner("PUT", f"{CONSOLE}/products/{one}/shelf", {"state": "off"})
    done = await confirm(owner, world, path)
    assert (done["state"], done["done"], done["refused"], done["tally"]) == ("done", 1, 1, {"done": 1, "refused": 1})
    [refused] = await items(owner, path, "refused")
    assert (refused["title"], refused["problems"][0]["row"]) == ("甲", 2)
    assert {p["title"]: p["subtitle"] for p in await shown(owner)} == {"甲": "", "乙": "新卖点"}


async def test_what_is_stopped_goes_on_where_it_was_and_nothing_comes_twice(
    owner: Browser, world: World, merchant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_A_TIME", 20)
    rows = [{"title": f"茶 {n}", "price_fen": 1 + n, "sku_code": f"T{n}", "stock": n} for n in range(50)]
    path = await bring(owner, world, sheet(rows))
    assert (await owner("GET", path))[1]["tally"] == {"good": 50}
    sheet_id = UUID(path.rsplit("/", 1)[1])
    assert (await owner("PUT", f"{path}/confirmation", {}))[0] == 202
    with pytest.raises(Again):  # a first share is done, and the rest is another's, or a later, turn
        await working.apply(world, merchant, sheet=sheet_id)
    _, half = await owner("GET", path)
    assert (half["state"], half["done"]) == ("applying", 20)
    assert (await ended(owner, world, path, "applying"))["done"] == 50
    assert (await owner("GET", f"{CONSOLE}/products/counts"))[1]["all"] == 50
    # The same file once more: its codes find the goods, and there is nothing to change.
    again = await bring(owner, world, sheet(rows))
    assert (await owner("GET", again))[1]["tally"] == {"same": 50}


async def test_a_file_that_is_none_is_told_so(owner: Browser, world: World, merchant: UUID) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 2**20))
    entity = sheet([{"title": "x", "price_fen": 1}])
    laughs = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(entity)) as source, zipfile.ZipFile(laughs, "w") as archive:
        for name in source.namelist():
            body = source.read(name)
            if "sheet1" in name:
                body = body.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
            archive.writestr(name, body)
    for data, code in (
        (b"PK\x03\x04 not really", "not_a_sheet"), (bomb.getvalue(), "too_large"), (laughs.getvalue(), "not_a_sheet"),
        (b"\x00\x01\x02", "not_a_sheet"), (b"", "empty"), ("价格,库存\n1,2\n".encode(), "no_columns"),
        ("商品名称,价格\n".encode("gb18030"), "empty"), (shops.png(), "not_a_sheet"),
    ):  # fmt: skip
        path = await bring(owner, world, data)
        _, found = await owner("GET", path)
        assert (found["state"], found["problem"]["code"]) == ("unreadable", code)
        assert (await owner("PUT", f"{path}/confirmation", {}))[1]["code"] == "sheet.not_ready"
    path = await bring(owner, world, sheet([{"title": "x", "price_fen": 1}]))
    assert (await owner("DELETE", path))[0] == 204
    assert (await owner("PUT", f"{path}/confirmation", {}))[1]["code"] == "sheet.not_ready"
    status, refused = await owner("PUT", path, data={"file": io.BytesIO(b"other")})
    assert (status, refused["code"]) == (409, "idempotency.mismatch")


async def test_the_template_is_a_good_sheet(owner: Browser, world: World, merchant: UUID, tmp_path: Path) -> None:
    for kind in ("xlsx", "csv"):
        status, body = await owner("GET", f"{CONSOLE}/product-sheets/template?format={kind}")
        assert status == 200
        [one] = parsing.goods(body)[0]
        assert ([line.row for line in one.lines], one.problems) == ([2, 3], [])
    path = await bring(owner, world, exports.template("xlsx"))
    assert (await confirm(owner, world, path))["done"] == 1


def test_a_far_cell_and_five_thousand_rows_cost_little() -> None:
    """Only cells that are there are kept, and rows are forgotten as the next is read."""
    row = {"price_fen": 9.9, "options": "规格:1", "detail": "好茶" * 40}
    data = sheet([{"title": f"茶 {n}", **row} for n in range(5_000)])
    far, file = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>', io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"</sheetData>", far))
    tracemalloc.start()
    try:
        assert sum(1 for _ in workbooks.rows(file.getvalue())) == 5_001
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()
    found, _, rows = parsing.goods(data)
    assert (len(found), rows, found[-1].problems) == (5_000, 5_000, [])


def test_plans_are_kept_as_json_and_read_back() -> None:
    told = parsing.problem(7, "price_fen", "不能为空", "is needed")
    assert (told.row, told.zh, told.en) == (7, "价格：不能为空", "Price: is needed")
    assert msgspec.json.decode(msgspec.json.encode(told), type=parsing.Problem) == told

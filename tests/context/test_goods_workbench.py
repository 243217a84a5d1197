"""The goods workbench: found by what is known of them, changed many at once as rehearsed, put into groups."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from make import shops
from make.worlds import Browser
from tongshang.catalog import groups
from tongshang.catalog.workbench.changes import Reprice, scaled
from tongshang.media import files
from tongshang.platform.world import World

CONSOLE = "/api/console"


async def shelf(owner: Browser, world: World, merchant: UUID) -> dict[str, str]:
    """Four goods, unlike each other in everything one can look for."""
    picture = str((await files.keep(world, merchant, data=shops.png(), name="tea.png")).id)
    green = str(uuid4())
    await owner("PUT", f"{CONSOLE}/categories/{green}", {"name": "绿茶"})
    about: dict[str, dict[str, Any]] = {
        "longjing": {"title": "明前龙井", "tags": ["春茶", "送礼"], "category_id": green, "price": 9_999, "stock": 50},
        "maofeng": {"title": "黄山毛峰", "tags": ["春茶"], "category_id": green, "price": 4_000, "stock": 3},
        "dahongpao": {"title": "大红袍", "price": 20_000, "stock": 0, "on_sale_from": "2027-01-01T00:00:00Z"},
        "cup": {"title": "盖碗", "state": "off", "price": 6_800, "stock": 8, "pictures": []},
    }
    ids = {"green": green}
    for name, more in about.items():
        ids[name] = str(uuid4())
        variant = {"id": str(uuid4()), "options": [], "price_fen": more.pop("price"), "stock": more.pop("stock"),
                   "sku_code": f"SKU-{name}", "barcode": f"69{len(ids)}"}  # fmt: skip
        body = {"pictures": [picture], "state": "on", "variants": [variant], **more}
        status, made = await owner("PUT", f"{CONSOLE}/products/{ids[name]}", body)
        assert status == 200, made
    return ids


async def titles(owner: Browser, query: str) -> list[str]:
    status, page = await owner("GET", f"{CONSOLE}/products?{query}")
    assert status == 200, page
    return [card["title"] for card in page["items"]]


async def change(owner: Browser, ids: list[str], **more: Any) -> tuple[int, Any]:
    return await owner("POST", f"{CONSOLE}/products/changes", {"ids": ids, **more})


async def test_goods_are_found_by_what_is_known_of_them(owner: Browser, world: World, merchant: UUID) -> None:
    ids = await shelf(owner, world, merchant)
    assert await titles(owner, "state=low&sort=price_down") == ["大红袍", "黄山毛峰"]
    assert await titles(owner, "state=out") == ["大红袍"] == await titles(owner, "state=scheduled")
    assert await titles(owner, "tag=春茶&sort=price_up") == ["黄山毛峰", "明前龙井"]
    assert await titles(owner, f"category={ids['green']}&q=龙井") == ["明前龙井"] == await titles(owner, "q=SKU-long")
    assert await titles(owner, "q=694") == ["大红袍"]  # by its whole bar code
    assert await titles(owner, "sort=price_down") == ["大红袍", "明前龙井", "盖碗", "黄山毛峰"]
    assert await titles(owner, "sort=stock_up&state=on") == ["大红袍", "黄山毛峰", "明前龙井"]
    _, counts = await owner("GET", f"{CONSOLE}/products/counts")
    assert counts == {"all": 4, "on": 3, "off": 1, "low": 2, "out": 1, "scheduled": 1, "ended": 0}
    _, counts = await owner("GET", f"{CONSOLE}/products/counts?tag=春茶")
    assert (counts["all"], counts["low"], counts["out"]) == (2, 1, 0)
    assert (await owner("GET", f"{CONSOLE}/product-tags"))[1][0] == {"tag": "春茶", "products": 2}
    assert (await owner("GET", f"{CONSOLE}/products?state=gone"))[0] == 400


@pytest.mark.parametrize("sort", ["new", "updated", "sold", "price_up", "price_down", "stock_up"])
async def test_pages_in_any_order_have_everything_once(owner: Browser, world: World, merchant: UUID, sort: str) -> None:
    await shelf(owner, world, merchant)
    whole, seen, after = await titles(owner, f"sort={sort}"), [], ""
    for _ in range(4):
        _, page = await owner("GET", f"{CONSOLE}/products?sort={sort}&limit=1{after}")
        seen += [card["title"] for card in page["items"]]
        after = f"&after={page['next']}"
    assert (seen, page["next"], len(set(seen))) == (whole, None, 4)


async def test_a_rehearsal_changes_nothing_and_tells_what_would_be(
    owner: Browser, world: World, merchant: UUID
) -> None:
    ids = await shelf(owner, world, merchant)
    both, up = [ids["longjing"], ids["maofeng"]], {"do": "price", "percent": 10, "to": "jiao"}
    status, told = await change(owner, both, change=up, rehearse=True)
    assert (status, told["done"]) == (200, 2)
    assert [(one["before_fen"], one["after_fen"]) for one in told["outcomes"]] == [(9_999, 11_000), (4_000, 4_400)]
    assert await titles(owner, "sort=price_up&state=on") == ["黄山毛峰", "明前龙井", "大红袍"]
    assert (await owner("GET", f"{CONSOLE}/products/{both[0]}"))[1]["variants"][0]["price_fen"] == 9_999
    for token in (None, "x" * 32):
        assert (await change(owner, both, change=up, token=token))[1]["code"] == "goods.changed_since"
    status, done = await change(owner, both, change=up, token=told["token"])
    assert (status, done["done"], done["token"]) == (200, 2, told["token"])
    # The second click of a double click raises no price a second time.
    assert (await change(owner, both, change=up, token=told["token"]))[0] == 409
    _, shown = await owner("GET", f"/api/store/tea/products/{both[0]}")
    assert shown["variants"][0]["price_fen"] == 11_000


async def test_what_cannot_be_changed_is_named_and_the_rest_is_done(
    owner: Browser, world: World, merchant: UUID
) -> None:
    ids = await shelf(owner, world, merchant)
    status, done = await change(
        owner, [ids["cup"], ids["longjing"], str(uuid4())], change={"do": "shelve", "state": "on"}
    )
    assert (status, done["done"], done["refused"]) == (200, 1, 2)
    assert [(one["title"], one["code"]) for one in done["outcomes"]] == [
        ("盖碗", "invalid"), ("明前龙井", ""), ("", "not_found")]  # fmt: skip
    tags = {"do": "tag", "add": ["新品", "春茶"], "remove": ["送礼"]}
    assert (await change(owner, [ids["longjing"]], change=tags))[1]["done"] == 1
    assert (await owner("GET", f"{CONSOLE}/products/{ids['longjing']}"))[1]["tags"] == ["春茶", "新品"]
    moved = {"do": "category", "category_id": ids["green"]}
    assert (await change(owner, [ids["cup"]], change=moved))[1]["done"] == 1
    assert (await change(owner, [ids["cup"]], change={"do": "category", "category_id": str(uuid4())}))[1][
        "refused"
    ] == 1
    assert (await change(owner, [ids["cup"]], change={"do": "shelve", "state": "gone"}))[1]["done"] == 1
    assert "盖碗" not in await titles(owner, "")
    for wrong in ([], [ids["cup"]] * 2, [str(uuid4()) for _ in range(501)]):
        assert (await change(owner, wrong, change=tags))[0] == 400
    assert (await change(owner, [ids["cup"]], change={"do": "price", "percent": 0}))[1]["field"] == "percent"


async def test_groups_by_hand_and_by_rule(owner: Browser, world: World, merchant: UUID) -> None:
    ids = await shelf(owner, world, merchant)
    hand, rule = str(uuid4()), str(uuid4())
    chosen = [ids["dahongpao"], ids["longjing"]]
    status, made = await owner("PUT", f"{CONSOLE}/product-groups/{hand}", {"name": "店长推荐", "members": chosen})
    assert (status, made["members"], made["group"]["products"]) == (200, chosen, 2)
    await owner("PUT", f"{CONSOLE}/product-groups/{rule}", {"name": "春天", "tags": ["春茶"], "position": 1})
    _, found = await owner("GET", f"{CONSOLE}/product-groups")
    assert [(one["name"], one["by_rule"], one["products"]) for one in found] == [
        ("店长推荐", False, 2),
        ("春天", True, 2),
    ]
    assert await titles(owner, f"group={hand}&sort=price_up") == ["明前龙井", "大红袍"]
    assert await titles(owner, f"group={rule}&sort=price_up") == ["黄山毛峰", "明前龙井"]
    async with world.tx(merchant) as tx:
        of = await groups.of(tx, products=[UUID(ids["longjing"]), UUID(ids["cup"])])
    assert of == {UUID(ids["longjing"]): {UUID(hand), UUID(rule)}}
    for field, wrong in (
        ("name", {"name": " "}), ("members", {"name": "x", "members": chosen, "tags": ["春茶"]}),
        ("members", {"name": "x", "members": [str(uuid4())]}), ("members", {"name": "x", "members": chosen[:1] * 2}),
    ):  # fmt: skip
        assert (await owner("PUT", f"{CONSOLE}/product-groups/{uuid4()}", wrong))[1]["field"] == field
    assert (await owner("PUT", f"{CONSOLE}/product-groups/{uuid4()}", {"name": "春天"}))[1][
        "code"
    ] == "group.name_taken"
    assert (await owner("DELETE", f"{CONSOLE}/product-groups/{hand}"))[0] == 204
    assert (await owner("GET", f"{CONSOLE}/products?group={hand}"))[0] == 404


@given(st.integers(1, 10**8), st.integers(-90, 500).filter(bool), st.sampled_from(["fen", "jiao", "yuan"]))
def test_a_scaled_price_is_the_nearest_multiple(fen: int, percent: int, to: Any) -> None:
    unit = {"fen": 1, "jiao": 10, "yuan": 100}[to]
    price = scaled(fen, Reprice(percent, to))
    assert price % unit == 0
    assert abs(price * 100 - fen * (100 + percent)) * 2 <= 100 * unit


async def test_a_group_is_shown_in_the_store_in_its_order(owner: Browser, world: World, merchant: UUID) -> None:
    ids, hand, rule = await shelf(owner, world, merchant), str(uuid4()), str(uuid4())
    chosen = [ids["dahongpao"], ids["cup"], ids["longjing"]]  # the cup is not on the shelf
    await owner("PUT", f"{CONSOLE}/product-groups/{hand}", {"name": "推荐", "members": chosen})
    await owner("PUT", f"{CONSOLE}/product-groups/{rule}", {"name": "绿茶组", "categories": [ids["green"]]})
    _, page = await owner("GET", f"/api/store/tea/products?group={hand}")
    assert ([card["title"] for card in page["items"]], page["next"]) == (["大红袍", "明前龙井"], None)
    source = {"by": "group", "group_id": rule, "limit": 5}
    doc = {"blocks": [{"id": "goods", "type": "goods", "source": source}]}
    _, home = await owner("GET", f"{CONSOLE}/pages/home")
    status, shown = await owner("PUT", f"{CONSOLE}/pages/home", {"doc": doc, "rev": home["rev"]})
    assert (status, {card["title"] for card in shown["resolved"]["products"]["goods"]}) == (
        200,
        {"明前龙井", "黄山毛峰"},
    )
    await owner("PUT", f"{CONSOLE}/product-groups/{hand}", {"name": "推荐", "members": chosen[::-1]})
    _, page = await owner("GET", f"/api/store/tea/products?group={hand}")
    assert [card["title"] for card in page["items"]] == ["明前龙井", "大红袍"]  # no older answer is kept

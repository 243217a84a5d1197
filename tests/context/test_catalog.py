"""Goods in the console: written down, put on the shelf, counted, sorted; and bad input named field by field."""

from typing import Any
from uuid import UUID, uuid4

from make import shops
from make.customers import enter
from make.worlds import Browser, make_merchant
from tongshang.media import files
from tongshang.platform.world import World

AXES = [{"name": "规格", "values": ["50g", "100g"]}, {"name": "包装", "values": ["袋", "罐"]}]


async def picture(world: World, merchant: UUID) -> str:
    return str((await files.keep(world, merchant, data=shops.png(), name="tea.png")).id)


def asked(*variants: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "明前龙井", "variants": list(variants or [variant()]), **more}


def variant(*options: str, price_fen: int = 9_900, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "options": list(options), "price_fen": price_fen, **more}


async def test_a_product_is_made_and_edited_as_a_whole(owner: Browser, world: World, merchant: UUID) -> None:
    image, path = await picture(world, merchant), f"/api/console/products/{uuid4()}"
    first = asked(variant(stock=5, sku_code="LJ-50"), pictures=[image], subtitle="杭州", state="on", detail="好茶")
    status, made = await owner("PUT", path, first)
    assert (status, made["title"], made["state"], made["version"]) == (200, "明前龙井", "on", 1)
    assert [(v["price_fen"], v["stock"], v["sku_code"]) for v in made["variants"]] == [(9_900, 5, "LJ-50")]
    assert [p["id"] for p in made["pictures"]] == [image]
    kept = first["variants"][0] | {"price_fen": 12_000, "market_price_fen": 15_000}
    del kept["stock"]
    status, edited = await owner("PUT", path, asked(kept, title="雨前龙井", state="off"))
    assert (status, edited["title"], edited["state"], edited["version"]) == (200, "雨前龙井", "off", 2)
    assert (edited["pictures"], edited["subtitle"], edited["detail"]) == ([], "", "")  # in place of what it was
    assert [(v["price_fen"], v["market_price_fen"], v["stock"]) for v in edited["variants"]] == [(12_000, 15_000, 5)]
    assert (await owner("GET", path))[1] == edited


async def test_what_a_page_would_take_for_html_is_cleaned(owner: Browser) -> None:
    for before in ("", " \n", "\ufeff", "\u3000\ufeff "):
        body = asked(detail=f"{before}<p onclick=x()>好茶</p><img src=https://x.cn/a.png onerror=x()>")
        _, made = await owner("PUT", f"/api/console/products/{uuid4()}", body)
        assert made["detail"].strip("\ufeff\u3000 \n") == "<p>好茶</p>"


async def test_each_choice_is_a_variant_and_one_left_out_is_gone(owner: Browser, merchant: UUID) -> None:
    path = f"/api/console/products/{uuid4()}"
    four = [variant(size, box, price_fen=100 * n, stock=n) for n, (size, box) in enumerate(
        (("50g", "袋"), ("50g", "罐"), ("100g", "袋"), ("100g", "罐")), 1)]  # fmt: skip
    status, made = await owner("PUT", path, asked(*four, options=AXES))
    assert (status, [v["options"] for v in made["variants"]]) == (200, [v["options"] for v in four])
    _, fewer = await owner("PUT", path, asked(four[3], four[0], options=AXES))
    assert [(v["id"], v["stock"]) for v in fewer["variants"]] == [(four[3]["id"], 4), (four[0]["id"], 1)]
    _, page = await owner("GET", "/api/console/products")
    assert [(p["price_fen"], p["price_max_fen"], p["variants"], p["stock"]) for p in page["items"]] == [
        (100, 400, 2, 5)
    ]
    _, back = await owner("PUT", path, asked(*four, options=AXES))
    assert [v["id"] for v in back["variants"]] == [v["id"] for v in four]


async def test_a_gone_variant_cannot_be_wished_for_and_stays_in_the_cart_as_off(
    owner: Browser, world: World, merchant: UUID
) -> None:
    lily = await enter(world, merchant, owner)
    path, (old, new) = f"/api/console/products/{uuid4()}", (variant(stock=3), variant(stock=3))
    image = await picture(world, merchant)
    await owner("PUT", path, asked(old, pictures=[image], state="on"))
    await lily.do("PUT", f"/cart/lines/{old['id']}", {"quantity": 2})
    await owner("PUT", path, asked(new, pictures=[image], state="on"))
    cart = await lily.do("GET", "/cart")
    assert [(line["state"], line["quantity"]) for line in cart["lines"]] == [("off", 2)]
    assert cart["selected_fen"] == 0
    assert (await lily("PUT", f"/cart/lines/{old['id']}", {"quantity": 1}))[0] == 404


BAD: list[tuple[str, dict[str, Any]]] = [
    ("title", {"title": "  "}),
    ("title", {"title": "茶" * 61}),
    ("state", {"state": "gone"}),
    ("pictures", {"state": "on"}),
    ("pictures", {"pictures": [str(uuid4())]}),
    ("pictures", {"pictures": [str(uuid4())] * 10}),
    ("category_id", {"category_id": str(uuid4())}),
    ("detail", {"detail": "长" * 20_001}),
    ("detail", {"subtitle": "长" * 101}),
    ("options", {"options": [{"name": "a", "values": ["1"]}, {"name": "a", "values": ["1"]}]}),
    ("options", {"options": [{"name": " ", "values": ["1"]}]}),
    ("options", {"options": [{"name": "a", "values": ["1", "1"]}]}),
    ("options", {"options": [{"name": "a", "values": []}]}),
    ("options", {"options": [{"name": str(n), "values": ["1"]} for n in range(4)]}),
    ("options", {"options": [{"name": str(n), "values": [str(v) for v in range(1_000)]} for n in range(3)]}),
    ("variants", {"variants": []}),
    ("variants", {"variants": [variant() for _ in range(101)]}),
    ("variants.options", {"variants": [variant(), variant()]}),
    ("variants.options", {"variants": [variant("50g")]}),
    ("variants.options", {"variants": [variant("20g")], "options": AXES[:1]}),
    ("variants.price_fen", {"variants": [variant(price_fen=0)]}),
    ("variants.price_fen", {"variants": [variant(price_fen=10**8 + 1)]}),
    ("variants.market_price_fen", {"variants": [variant(market_price_fen=1)]}),
    ("variants.stock", {"variants": [variant(stock=-1)]}),
    ("variants.stock", {"variants": [variant(stock=10_000_001)]}),
    ("variants.id", {"variants": [variant("50g") | {"id": str(UUID(int=7))},
                                  variant("100g") | {"id": str(UUID(int=7))}], "options": AXES[:1]}),
]  # fmt: skip


async def test_what_cannot_be_sold_is_refused_by_field(owner: Browser, merchant: UUID) -> None:
    for field, wrong in BAD:
        status, answer = await owner("PUT", f"/api/console/products/{uuid4()}", asked() | wrong)
        assert (status, answer["code"], answer.get("field")) == (400, "invalid", field), wrong
    assert (await owner("GET", "/api/console/products"))[1]["items"] == []


async def test_unknown_fields_and_wrong_types_are_refused(owner: Browser, merchant: UUID) -> None:
    for wrong in ({"colour": "red"}, {"title": 7}, {"variants": "all"}, {"variants": [{"price_fen": 1}]}):
        status, answer = await owner("PUT", f"/api/console/products/{uuid4()}", asked() | wrong)
        assert (status, answer["code"]) == (400, "invalid")
    for path in ("products", "categories"):
        assert (await owner("GET", f"/api/console/{path}/no-uuid"))[0] in (404, 405)
    assert (await owner("GET", "/api/console/products?after=rubbish"))[1]["code"] == "invalid"


async def test_the_shelf_is_on_or_off_and_needs_a_picture(owner: Browser, world: World, merchant: UUID) -> None:
    path = f"/api/console/products/{uuid4()}"
    await owner("PUT", path, asked())
    for wrong in ("gone", "ON", ""):
        status, answer = await owner("PUT", f"{path}/shelf", {"state": wrong})
        assert (status, answer["code"]) == (400, "invalid")
    status, answer = await owner("PUT", f"{path}/shelf", {"state": "on"})
    assert (status, answer["field"]) == (400, "pictures")
    await owner("PUT", path, asked(pictures=[await picture(world, merchant)]))
    for state in ("on", "on", "off"):
        assert (await owner("PUT", f"{path}/shelf", {"state": state}))[0] == 204
        assert (await owner("GET", path))[1]["state"] == state


async def test_what_was_removed_is_gone_for_good(owner: Browser, world: World, merchant: UUID) -> None:
    product, _ = await shops.make_product(world, merchant)
    path = f"/api/console/products/{product}"
    assert (await owner("DELETE", path))[0] == 204
    assert (await owner("GET", "/api/console/products"))[1]["items"] == []
    for method, tail, body in (
        ("GET", "", None), ("DELETE", "", None), ("PUT", "", asked()), ("PUT", "/shelf", {"state": "on"}),
    ):  # fmt: skip
        assert (await owner(method, path + tail, body))[0] == 404


async def test_counting_sets_what_can_be_bought_on_top_of_what_is_held(
    owner: Browser, world: World, merchant: UUID
) -> None:
    product, (one,) = await shops.make_product(world, merchant, stock=5)
    await shops.order(world, merchant, await shops.make_fan(world, merchant), one, quantity=3)
    path = f"/api/console/products/{product}"
    assert (await owner("GET", path))[1]["variants"][0]["stock"] == 2
    assert (await owner("PUT", f"{path}/stock", {"variants": [{"id": str(one), "stock": 7}]}))[0] == 204
    assert (await owner("GET", path))[1]["variants"][0]["stock"] == 7
    async with world.tx(merchant) as tx:
        row = await tx.value("select array[on_hand, reserved] from stock where merchant_id = $1", merchant)
    assert row == [10, 3]
    assert (await owner("PUT", f"{path}/stock", {"variants": [{"id": str(one), "stock": 0}]}))[0] == 204
    for wrong in (-1, 10**7 + 1, 2**40):
        status, answer = await owner("PUT", f"{path}/stock", {"variants": [{"id": str(one), "stock": wrong}]})
        assert (status, answer["code"], answer["field"]) == (400, "invalid", "variants.stock")


async def test_stock_of_somebody_elses_variant_is_not_there(owner: Browser, world: World, merchant: UUID) -> None:
    product, _ = await shops.make_product(world, merchant)
    _, (other,) = await shops.make_product(world, merchant, title="别的茶")
    body = {"variants": [{"id": str(other), "stock": 1}]}
    assert (await owner("PUT", f"/api/console/products/{product}/stock", body))[0] == 404
    taken = asked(variant() | {"id": str(other)})
    assert (await owner("PUT", f"/api/console/products/{product}", taken))[0] == 404
    assert (await owner("GET", f"/api/console/products/{product}"))[1]["title"] == "明前龙井"  # nothing was written


async def test_another_merchants_goods_and_pictures_are_not_there(owner: Browser, world: World, merchant: UUID) -> None:
    other = await make_merchant(world, slug="dining", name="老王面馆")
    product, (one,) = await shops.make_product(world, other)
    image = await picture(world, other)
    path = f"/api/console/products/{product}"
    assert (await owner("GET", path))[0] == 404
    assert (await owner("DELETE", path))[0] == 404
    assert (await owner("PUT", f"{path}/shelf", {"state": "off"}))[0] == 404
    assert (await owner("PUT", f"{path}/stock", {"variants": [{"id": str(one), "stock": 1}]}))[0] == 404
    status, answer = await owner("PUT", f"/api/console/products/{uuid4()}", asked(pictures=[image]))
    assert (status, answer["field"]) == (400, "pictures")


async def test_categories_sort_the_shelf(owner: Browser, world: World, merchant: UUID) -> None:
    green, red = (f"/api/console/categories/{uuid4()}" for _ in range(2))
    await owner("PUT", green, {"name": " 绿茶 ", "position": 2})
    _, listed = await owner("PUT", red, {"name": "红茶", "position": 1})
    assert [(c["name"], c["products"]) for c in listed] == [("红茶", 0), ("绿茶", 0)]
    status, answer = await owner("PUT", red, {"name": "绿茶"})
    assert (status, answer["code"]) == (409, "category.name_taken")
    for wrong in ("", " ", "长" * 21):
        assert (await owner("PUT", red, {"name": wrong}))[1]["field"] == "name"
    status, answer = await owner("PUT", red, {"name": "红茶", "position": 2**40})
    assert (status, answer["code"]) == (400, "invalid")
    category = green.rsplit("/", 1)[1]
    path = f"/api/console/products/{uuid4()}"
    await owner("PUT", path, asked(category_id=category))
    await owner("PUT", f"/api/console/products/{uuid4()}", asked(title="大红袍"))
    _, page = await owner("GET", f"/api/console/products?category={category}")
    assert [p["title"] for p in page["items"]] == ["明前龙井"]
    assert (await owner("DELETE", green))[0] == 204
    assert (await owner("GET", path))[1]["category_id"] is None  # the product stays
    assert (await owner("DELETE", green))[0] == 404
    _, listed = await owner("GET", "/api/console/categories")
    assert [c["name"] for c in listed] == ["红茶"]


async def test_lists_are_filtered_and_come_in_pages(owner: Browser, world: World, merchant: UUID) -> None:
    for n in range(5):
        await owner("PUT", f"/api/console/products/{UUID(int=n + 1)}", asked(title=f"茶{n}"))
    await shops.make_product(world, merchant, title="上架的茶", stock=6)
    _, page = await owner("GET", "/api/console/products?limit=4")
    assert [p["title"] for p in page["items"]] == ["上架的茶", "茶4", "茶3", "茶2"]
    _, rest = await owner("GET", f"/api/console/products?limit=4&after={page['next']}")
    assert ([p["title"] for p in rest["items"]], rest["next"]) == (["茶1", "茶0"], None)
    _, on = await owner("GET", "/api/console/products?state=on")
    assert [p["title"] for p in on["items"]] == ["上架的茶"]
    assert (await owner("GET", "/api/console/products?state=low"))[1]["items"] == []
    await shops.make_product(world, merchant, title="最后几罐", stock=5)
    _, low = await owner("GET", "/api/console/products?state=low")
    assert [p["title"] for p in low["items"]] == ["最后几罐"]
    _, found = await owner("GET", "/api/console/products", params={"q": "茶3%_"})
    assert [p["title"] for p in found["items"]] == ["茶3"]


async def test_text_that_no_database_keeps_is_bad_input(owner: Browser, merchant: UUID) -> None:
    for wrong in ({"title": "茶\x00"}, {"detail": "a\x00b"}, {"options": [{"name": "a\x00", "values": ["1"]}]}):
        body = asked(variant(*(["1"] if "options" in wrong else []))) | wrong
        status, answer = await owner("PUT", f"/api/console/products/{uuid4()}", body)
        assert (status, answer["code"]) == (400, "invalid")

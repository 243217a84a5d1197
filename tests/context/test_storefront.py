"""The store's pages: published over what was seen, refused when they could do harm, as fresh as the shelf."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from make.worlds import Browser, free_port, make_merchant, open_world, serving
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.tenancy import merchants

HOME = "/api/console/pages/home"


@pytest.fixture
async def shop(owner: Browser, world: World) -> Browser:
    await settle(world)  # the sign and the first page
    return owner


def page(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = blocks or ({"id": "text1", "type": "text", "text": "欢迎"},)
    return {"doc": {"blocks": [{"id": f"blk{n}", **block} for n, block in enumerate(found)], **more}}


async def test_a_new_shop_can_be_opened_at_once(shop: Browser, world: World, merchant: UUID) -> None:
    product, _ = await shops.make_product(world, merchant)
    status, boot = await shop("GET", "/api/store/tea/boot")
    assert (status, boot["shop"]["name"], boot["slug"], boot["home"]["rev"]) == (200, "云上茶园", "tea", 1)
    assert boot["login_url"] == "/s/tea/login"
    assert [card["id"] for card in boot["home"]["resolved"]["products"]["newest"]] == [str(product)]
    assert (await shop("GET", "/api/store/tea/home"))[1] == boot["home"]


async def test_a_page_is_published_over_what_its_author_has_seen(shop: Browser) -> None:
    status, made = await shop("PUT", HOME, page(), headers={"if-match": '"1"'})
    assert (status, made["rev"], made["doc"]["blocks"][0]["text"]) == (200, 2, "欢迎")
    for seen in ('"1"', 'W/"1"', "3"):
        status, answer = await shop("PUT", HOME, page(), headers={"if-match": seen})
        assert (status, answer["code"]) == (409, "page.changed")
    assert (await shop("PUT", HOME, page() | {"rev": 2}))[1]["rev"] == 3
    for headers in ({}, {"if-match": "*"}, {"if-match": "²"}, {"if-match": "-1"}, {"if-match": "9" * 30}):
        status, answer = await shop("PUT", HOME, page(), headers=headers)
        assert (status, answer["code"]) == (400, "invalid"), headers
    assert (await shop("GET", HOME))[1]["rev"] == 3


def banner(url: str, media: str) -> dict[str, Any]:
    return {"type": "banner", "slides": [{"media_id": media, "link": {"kind": "url", "url": url}}]}


async def test_what_could_do_harm_is_not_published(shop: Browser, world: World, merchant: UUID) -> None:
    product, _ = await shops.make_product(world, merchant)
    media = (await shop("GET", f"/api/console/products/{product}"))[1]["pictures"][0]["id"]
    text = {"type": "text", "text": "x"}
    bad = [
        page(banner("javascript:alert(1)", media)), page(banner("http://evil.example", media)),
        page(banner(" https://evil.example", media)), page(banner("//evil.example", media)),
        page(banner("data:text/html,x", media)), page(banner("https://good.example", str(uuid4()))),
        page({"type": "banner", "slides": []}), page({"type": "html", "html": "<script>"}),
        page(text | {"html": "<b>"}), page(text | {"text": ""}), page(text | {"text": "长" * 2_001}),
        page(text | {"align": "middle"}), page(text | {"id": "a b"}), page(text | {"id": "<x>"}),
        page(text | {"id": "same"}, text | {"id": "same"}), page(*[text] * 61), page(colour="red"),
        page({"type": "goods", "source": {"by": "ids", "ids": []}}),
        page({"type": "goods", "source": {"by": "auto", "limit": 51}}),
        page({"type": "goods", "source": {"by": "luck"}}), page() | {"more": 1}, {},
    ]  # fmt: skip
    for wrong in bad:
        status, answer = await shop("PUT", HOME, wrong, headers={"if-match": "1"})
        assert (status, answer["code"]) == (400, "invalid"), wrong
    assert (await shop("GET", HOME))[1]["rev"] == 1
    good = page(banner("https://good.example/x", media))
    status, made = await shop("PUT", HOME, good, headers={"if-match": "1"})
    assert (status, list(made["resolved"]["media"])) == (200, [media])


async def test_blocks_show_live_data(shop: Browser, world: World, merchant: UUID) -> None:
    first, _ = await shops.make_product(world, merchant, title="一")
    second, _ = await shops.make_product(world, merchant, title="二")
    coupon = uuid4()
    offer = {"name": "券", "minus_fen": 1, "min_spend_fen": 2, "total": 3}
    await shop("PUT", f"/api/console/coupons/{coupon}", offer)
    goods = {"type": "goods"}
    asked = page(
        goods | {"source": {"by": "ids", "ids": [str(second), str(uuid4()), str(first)]}},
        goods | {"source": {"by": "auto", "sort": "sales", "limit": 1}},
        goods | {"source": {"by": "category", "category_id": str(uuid4())}},
        goods | {"source": {"by": "auto"}, "hidden": True},
        {"type": "coupon", "coupon_id": str(coupon)},
    )
    status, made = await shop("PUT", HOME, asked, headers={"if-match": "1"})
    assert status == 200, made
    shown = {key: [card["title"] for card in cards] for key, cards in made["resolved"]["products"].items()}
    assert shown == {"blk0": ["二", "一"], "blk1": ["二"], "blk2": []}
    assert made["resolved"]["coupons"][str(coupon)]["left"] == 3
    await shop("PUT", f"/api/console/products/{second}/shelf", {"state": "off"})
    _, home = await shop("GET", "/api/store/tea/home")
    assert [card["title"] for card in home["resolved"]["products"]["blk0"]] == ["一"]


async def test_the_sign_is_well_formed_and_its_text_has_versions(shop: Browser) -> None:
    path, sign = "/api/console/shop", {"name": "新名字", "theme": "#AABBCC", "privacy_text": "新政策"}
    status, made = await shop("PUT", path, sign)
    assert (status, made["name"], made["theme"], made["privacy_version"]) == (200, "新名字", "#aabbcc", "2")
    assert (await shop("PUT", path, sign))[1]["privacy_version"] == "2"
    assert (await shop("GET", path))[1] == made
    for field, wrong in (("name", " "), ("name", "长" * 31), ("privacy_text", " "), ("theme", "red"),
                         ("theme", "#12345g"), ("logo_id", str(uuid4()))):  # fmt: skip
        status, answer = await shop("PUT", path, sign | {field: wrong})
        assert (status, answer["field"]) == (400, field)
    assert (await shop("PUT", path, sign | {"css": "x"}))[0] == 400


@pytest.fixture
async def elsewhere(shop: Browser, database_url: str, tmp_path: Path) -> AsyncIterator[Browser]:
    """Another process on the same database, as seen by a customer."""
    async with open_world(database_url, tmp_path, seed=2) as other, serving(other, free_port()) as url:
        browser = Browser(url)
        yield browser
        await browser.close()


async def test_the_next_read_anywhere_sees_price_stock_and_shelf(
    shop: Browser, elsewhere: Browser, world: World, merchant: UUID
) -> None:
    product, (one,) = await shops.make_product(world, merchant, stock=5)
    path, fan = f"/api/console/products/{product}", await shops.make_fan(world, merchant)

    async def seen() -> list[Any]:
        answers = []
        for reader in (elsewhere, shop):
            status, shown = await reader("GET", f"/api/store/tea/products/{product}")
            _, listed = await reader("GET", "/api/store/tea/products")
            _, sorts = await reader("GET", "/api/store/tea/categories")
            found = shown["variants"][0] if status == 200 else {}
            cards = [(card["price_fen"], card["stock"]) for card in listed["items"]]
            answers.append((found.get("price_fen"), found.get("stock"), cards, [c["name"] for c in sorts]))
        assert answers[0] == answers[1]
        return list(answers[0])

    assert await seen() == [9_900, 5, [(9_900, 5)], []]
    asked: dict[str, Any] = {"title": "龙井", "variants": [{"id": str(one), "price_fen": 8_000}]}
    _, shown = await shop("GET", path)
    asked["pictures"], asked["state"] = [shown["pictures"][0]["id"]], "on"
    assert (await shop("PUT", path, asked))[0] == 200
    assert await seen() == [8_000, 5, [(8_000, 5)], []]
    await shop("PUT", f"{path}/stock", {"variants": [{"id": str(one), "stock": 3}]})
    assert await seen() == [8_000, 3, [(8_000, 3)], []]
    await shops.order(world, merchant, fan, one, quantity=2)
    assert await seen() == [8_000, 1, [(8_000, 1)], []]
    category = f"/api/console/categories/{uuid4()}"
    await shop("PUT", category, {"name": "绿茶"})
    await shop("PUT", path, asked | {"category_id": category.rsplit("/", 1)[1]})
    assert (await seen())[3] == ["绿茶"]
    await shop("PUT", category, {"name": "好茶"})
    assert (await seen())[3] == ["好茶"]
    assert (await shop("DELETE", category))[0] == 204
    assert (await seen())[3] == []
    await shop("PUT", f"{path}/shelf", {"state": "off"})
    assert await seen() == [None, None, [], []]
    await shop("PUT", f"{path}/shelf", {"state": "on"})
    assert await seen() == [8_000, 1, [(8_000, 1)], []]


async def test_the_store_lists_in_pages_what_is_on_the_shelf(shop: Browser, world: World, merchant: UUID) -> None:
    for n in range(3):
        await shops.make_product(world, merchant, title=f"茶{n}")
    _, first = await shop("GET", "/api/store/tea/products?limit=2")
    _, rest = await shop("GET", f"/api/store/tea/products?limit=2&after={first['next']}")
    titles = [card["title"] for card in first["items"] + rest["items"]]
    assert (sorted(titles), rest["next"]) == (["茶0", "茶1", "茶2"], None)
    _, found = await shop("GET", "/api/store/tea/products", params={"q": "茶1"})
    assert [card["title"] for card in found["items"]] == ["茶1"]
    assert (await shop("GET", "/api/store/tea/products?after=rubbish"))[0] == 400
    assert (await shop("GET", f"/api/store/tea/products/{uuid4()}"))[0] == 404


async def test_unknown_and_suspended_shops_are_not_there(shop: Browser, world: World, elsewhere: Browser) -> None:
    other = await make_merchant(world, slug="dining", name="老王面馆")
    await settle(world)
    product, _ = await shops.make_product(world, other)
    paths = [f"/api/store/dining/{tail}" for tail in ("boot", "home", "categories", "products", f"products/{product}")]
    assert {(await shop("GET", path))[0] for path in paths} == {200}
    # What one shop sells is not in another.
    assert (await shop("GET", f"/api/store/tea/products/{product}"))[0] == 404
    async with world.tx(other) as tx:
        await merchants.suspend(tx)
    told = {str(await elsewhere("GET", path)) for path in (*paths, "/api/store/nobody/boot")}
    assert len(told) == 1
    assert "404" in told.pop()

"""Search as customers use it: Chinese words, pinyin, initials, codes, filters, and help when nothing is found."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from make.shops import png
from make.worlds import Browser
from tongshang.catalog import categories, products
from tongshang.catalog.model import ProductAsked, VariantAsked
from tongshang.catalog.search import finding, lexemes, routes, upkeep
from tongshang.media import files
from tongshang.platform.clock import ManualClock
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.tenancy import merchants

GOODS: tuple[tuple[str, list[str], int, int], ...] = (
    ("云上特级明前龙井绿茶礼盒", ["春茶"], 39_900, 5),
    ("西湖龙井 250g 罐装", ["春茶"], 19_900, 5),
    ("安溪铁观音浓香型", ["乌龙"], 12_900, 0),
    ("武夷山大红袍", ["乌龙"], 25_900, 5),
    ("重庆火锅底料", [], 3_900, 5),
    ("Apple 手机壳 iPhone15", [], 4_900, 5),
)


class Shop:
    """A shop with a few goods, and a customer who looks for them."""

    def __init__(self, world: World, merchant: UUID, browser: Browser) -> None:
        self.world, self.merchant, self.browser = world, merchant, browser
        self.ids: dict[str, UUID] = {}

    async def put(self, title: str, tags: list[str], price: int, stock: int, **more: Any) -> UUID:
        """Put a product on the shelf."""
        product = self.ids.setdefault(title, uuid4())
        variant = UUID(int=product.int ^ 1)
        sku = more.pop("sku", "")
        picture = await files.keep(self.world, self.merchant, data=png(), name="x.png")
        one = VariantAsked(id=variant, price_fen=price, stock=stock, sku_code=sku)
        asked = ProductAsked(title=title, tags=tags, pictures=[picture.id], variants=[one], state="on", **more)
        async with self.world.tx(self.merchant) as tx:
            await products.put(tx, product=product, asked=asked)
        return product

    async def get(self, path: str) -> Any:
        """Ask as a customer."""
        status, answer = await self.browser("GET", f"/api/store/tea{path}")
        assert status == 200, answer
        return answer

    async def suggested(self, q: str) -> list[str]:
        """List the titles that are suggested."""
        return [one["title"] for one in (await self.get(f"/search/suggestions?q={q}"))["goods"]]

    async def found(self, q: str, **more: Any) -> list[str]:
        """List the titles that are found."""
        query = "&".join([f"q={q}", *(f"{key}={value}" for key, value in more.items())])
        return [one["title"] for one in (await self.get(f"/search?{query}"))["items"]]


@pytest.fixture
async def shop(world: World, merchant: UUID, browser: Browser) -> Shop:
    await settle(world)
    await browser.log_in("owner@tea")
    assert isinstance(world.clock, ManualClock)
    made = Shop(world, merchant, browser)
    for title, tags, price, stock in GOODS:
        await made.put(title, tags, price, stock)
        world.clock.advance(timedelta(seconds=1))
    await upkeep.look_after_all(world)
    return made


async def test_goods_are_found_however_people_type_them(shop: Shop) -> None:
    dragon = {"云上特级明前龙井绿茶礼盒", "西湖龙井 250g 罐装"}
    for q in ("龙井", "longjing", "LongJing", "lj", "longj", "龙 井", "ｌｏｎｇｊｉｎｇ"):
        assert set(await shop.found(q)) == dragon, q
    for q in ("龙井绿茶", "绿茶 龙井", "mingqianlongjinglvcha", "lvcha", "mqljlc", "礼盒 longjing"):
        assert await shop.found(q) == ["云上特级明前龙井绿茶礼盒"], q
    assert await shop.found("袍") == ["武夷山大红袍"]
    assert await shop.found("chongqing") == ["重庆火锅底料"]  # 重 is read chong here, and zhong elsewhere
    assert await shop.found("iphone") == await shop.found("sjk") == ["Apple 手机壳 iPhone15"]
    assert await shop.found("250") == ["西湖龙井 250g 罐装"]
    assert set(await shop.found("乌龙")) == {"安溪铁观音浓香型", "武夷山大红袍"}  # a tag
    assert await shop.found("'%_\\:*&|!") == []


async def test_a_product_is_found_as_it_is_now_and_only_while_it_is_sold(shop: Shop) -> None:
    title = "武夷山大红袍"
    await shop.put(title, ["乌龙"], 9_900, 5, sku="DHP-001")
    assert await shop.found("dhp001") == await shop.found("DHP-001") == [title]
    async with shop.world.tx(shop.merchant) as tx:
        await products.shelve(tx, product=shop.ids[title], state="off")
    assert await shop.found("大红袍") == []
    async with shop.world.tx(shop.merchant) as tx:
        await products.shelve(tx, product=shop.ids[title], state="on")
    assert await shop.found("大红袍") == [title]
    category = uuid4()
    async with shop.world.tx(shop.merchant) as tx:
        await categories.put(tx, category=category, name="岩茶", position=1)
    await shop.put(title, [], 9_900, 5, category_id=category)
    assert await shop.found("岩茶") == [title]
    async with shop.world.tx(shop.merchant) as tx:
        await categories.put(tx, category=category, name="闽茶", position=1)
    await upkeep.look_after_all(shop.world)
    assert (await shop.found("闽茶"), await shop.found("岩茶")) == ([title], [])


async def test_what_was_found_can_be_sorted_filtered_and_counted(shop: Shop) -> None:
    prices = await shop.found("", sort="price_up")
    assert prices == [title for title, _, _, _ in sorted(GOODS, key=lambda one: one[2])]
    assert await shop.found("", sort="price_down") == prices[::-1]
    assert (await shop.found("", sort="new"))[0] == GOODS[-1][0]
    assert await shop.found("", tag="乌龙", in_stock="true") == ["武夷山大红袍"]
    assert await shop.found("龙井", least_fen=20_000) == ["云上特级明前龙井绿茶礼盒"]
    counts = await shop.get("/search/filters?q=")
    assert (counts["total"], counts["in_stock"]) == (6, 5)
    assert [(one["value"], one["count"]) for one in counts["tags"]] == [("乌龙", 2), ("春茶", 2)]
    assert sum(band["count"] for band in counts["prices"]) == 6
    assert counts["prices"][-1]["most_fen"] is None
    counts = await shop.get("/search/filters?q=&tag=乌龙")
    assert counts["total"] == 2
    assert len(counts["tags"]) == 2  # who has chosen one still sees the other
    page = await shop.get("/search?q=&limit=4")
    assert (page["total"], page["more"], page["next"], len(page["items"])) == (6, False, 4, 4)
    rest = await shop.get(f"/search?q=&limit=4&after={page['next']}")
    assert (rest["next"], len({one["id"] for one in page["items"] + rest["items"]})) == (None, 6)
    for wrong in ("least_fen=-1", "least_fen=5&most_fen=4", "sort=x", "after=-1", "category=x"):
        assert (await shop.browser("GET", f"/api/store/tea/search?{wrong}"))[0] == 400


async def test_where_too_many_answer_pages_are_as_if_all_had_been_looked_at(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [(q, filters, sort) for q in ("", "龙井") for sort in ("sold", "price_up")
             for filters in ({}, {"tag": "春茶"}, {"least_fen": 10_000}, {"in_stock": "true"})]  # fmt: skip
    exact = [await shop.found(q, sort=sort, **filters) for q, filters, sort in asked]
    assert max(map(len, exact)) == len(GOODS)
    for walked in (2, 100):  # the best do not fill every page, and are all there are
        monkeypatch.setattr(finding, "MOST", 1)
        monkeypatch.setattr(finding, "MOST_WALKED", walked)
        assert [await shop.found(q, sort=sort, **filters) for q, filters, sort in asked] == exact
        pages = [await shop.found("", sort="price_up", after=n, limit=2) for n in (0, 2, 4)]
        assert [one for page in pages for one in page] == exact[asked.index(("", {}, "price_up"))]
        last = await shop.get("/search?q=&limit=4&after=4")
        assert (last["more"], last["next"], len(last["items"])) == (True, None, 2)  # a page that is not full ends it
    # What had too many is not believed to have them for ever.
    many = await shop.get("/search?q=龙井&limit=1")
    assert (many["total"], many["more"]) == (1, True)
    async with shop.world.tx(shop.merchant) as tx:
        await products.shelve(tx, product=shop.ids[GOODS[0][0]], state="off")
    assert isinstance(shop.world.clock, ManualClock)
    shop.world.clock.advance(finding.REMEMBERED)
    one = await shop.get("/search?q=龙井&limit=1")
    assert (one["total"], one["more"], one["items"][0]["title"]) == (1, False, GOODS[1][0])


async def test_goods_of_a_shop_whose_words_look_the_same_are_never_found(shop: Shop) -> None:
    """Lexemes begin with a part of the merchant's id only; whose a row is, the row itself says."""
    stranger = UUID(int=shop.merchant.int ^ (1 << 90))
    assert lexemes.key(stranger) == lexemes.key(shop.merchant)
    async with shop.world.tx(stranger) as tx:
        await merchants.create(tx, name="别家", slug="other")
    other = Shop(shop.world, stranger, shop.browser)
    await other.put("别家的明前龙井", ["春茶"], 1, 5)
    for path in ("/search?q=龙井", "/search?q=", "/search?q=&tag=春茶", "/search?q=龙景", "/search/suggestions?q=龙井"):
        answer = await shop.get(path)
        titles = [one["title"] for key in ("items", "near", "goods") for one in answer.get(key, [])]
        assert titles, path
        assert "别家的明前龙井" not in titles, path
    assert [(await shop.get(f"/search/filters?q={q}"))["total"] for q in ("龙井", "")] == [2, 6]
    status, theirs = await shop.browser("GET", "/api/store/other/search?q=龙井")
    assert (status, [one["title"] for one in theirs["items"]]) == (200, ["别家的明前龙井"])


async def test_who_finds_nothing_is_helped_and_counted(shop: Shop) -> None:
    answer = await shop.get("/search?q=龙景")  # reads the same
    assert (answer["items"], answer["total"]) == ([], 0)
    assert {one["title"] for one in answer["near"]} == {"云上特级明前龙井绿茶礼盒", "西湖龙井 250g 罐装"}
    assert (await shop.get("/search?q=logjing"))["words"] == ["龙井"]  # a letter left out
    nothing = await shop.get("/search?q=飞机")
    assert len(nothing["near"]) == 5  # what sells, and is there
    await shop.get("/search?q=飞机")
    await shop.get("/search?q=13800000001")  # somebody's number is nobody's business
    status, misses = await shop.browser("GET", "/api/console/search/misses")
    assert status == 200
    assert [(one["query"], one["times"]) for one in misses] == [("飞机", 2), ("logjing", 1), ("龙景", 1)]
    for q in ("%F0%9F%94%A5", "%25"):  # what no word is in finds nothing, and filters count nothing
        for path in ("/search", "/search/filters"):
            assert (await shop.get(f"{path}?q={q}"))["total"] == 0


async def test_words_are_suggested_and_mean_what_the_merchant_says(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for q in ("龙", "lo", "lj"):
        answer = await shop.get(f"/search/suggestions?q={q}")
        assert "龙井" in answer["words"], q
    assert {one["title"] for one in answer["goods"]} == {"云上特级明前龙井绿茶礼盒", "西湖龙井 250g 罐装"}
    assert (await shop.get("/search/suggestions?q="))["words"] == []
    # As many as fit, best sellers that say it in their title; where none does, what has it elsewhere.
    monkeypatch.setattr(routes, "SUGGESTED", 1)
    for q in ("龙井", "春茶"):
        assert await shop.suggested(q) == (await shop.found(q, sort="sold"))[:1]
    body = {"synonyms": [["乌龙", "青茶"], ["手机壳", "保护套", ""]], "hot": ["龙井", "春茶", "龙井"]}
    status, kept = await shop.browser("PUT", "/api/console/search/words", body)
    assert (status, kept["hot"], kept["synonyms"][1]) == (200, ["龙井", "春茶"], ["手机壳", "保护套"])
    assert (await shop.get("/search/hot"))["words"] == ["龙井", "春茶"]
    assert set(await shop.found("青茶")) == {"安溪铁观音浓香型", "武夷山大红袍"}
    # What stood apart when it was typed stays apart beside the word that means the same.
    for q in ("iphone保护套", "apple 保护套", "apple iphone15 保护套", "保护套 apple iphone15"):
        assert await shop.found(q) == ["Apple 手机壳 iPhone15"], q
    for wrong in ({"synonyms": [["独"]]}, {"hot": ["长" * 21]}, {"hot": [str(n) for n in range(13)]}):
        status, answer = await shop.browser("PUT", "/api/console/search/words", body | wrong)
        assert (status, answer["code"]) == (400, "invalid")

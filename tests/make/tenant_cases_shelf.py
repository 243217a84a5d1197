"""How the operations of freight, regions and search are asked for."""

from typing import Any

from make.asking import GONE, Case, gone, owns, shopper
from tongshang.catalog.search import upkeep

RATE = {"first": 1, "first_fen": 800, "more": 1, "more_fen": 200}
SHELF: dict[str, Case] = {
    "list_freight_templates": Case(), "list_regions": Case(), "store_regions": shopper(),
    "put_freight_template": owns({"name": "江浙沪", "rest": RATE}, template_id="new_template"),
    "drop_freight_template": gone(template_id="freight_template"),
    "store_freight": shopper(GONE, query="variant=$variant&region=浙江省,杭州市"),
    "search_goods": shopper(query="q=明前"), "count_search_filters": shopper(), "suggest_search": shopper(query="q=lj"),
    "hot_searches": shopper(), "get_search_words": Case(), "list_search_misses": Case(),
    "put_search_words": Case(body={"synonyms": [["龙井", "绿茶"]], "hot": ["龙井"]}),
    "read_address": shopper(body={"text": "小爱 13800000001 浙江省杭州市西湖区龙井路二号"}),
}  # fmt: skip


async def look_for_things(stage: Any) -> None:
    """Have goods looked for, found and not found, so that search has something of everything."""
    await stage.do("PUT", "/search/words", {"synonyms": [["绿茶", "春茶"]], "hot": ["明前"]})
    assert (await stage.shop("GET", "/search?q=飞机"))["total"] == 0
    await upkeep.look_after_all(stage.town.world)

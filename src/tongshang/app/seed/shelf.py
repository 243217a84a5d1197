"""What the demo's shops say of search, and freight templates to look at; no goods follow them, so nothing costs more."""

from tongshang.catalog.search import settings
from tongshang.catalog.search.settings import SearchWords
from tongshang.platform.db import Tx
from tongshang.trade.freights import templates
from tongshang.trade.freights.model import By, Rate, Zone
from tongshang.trade.freights.templates import TemplateAsked

WORDS = {
    "tea": SearchWords(
        [["盖碗", "三才碗"], ["普洱", "熟普", "古树茶"], ["礼盒", "送礼", "礼物"]], ["龙井", "盖碗", "茶礼"]
    ),
    "dining": SearchWords([["抄手", "馄饨"], ["饮料", "喝的"]], ["牛肉面", "热干面"]),
    "beauty": SearchWords([["面膜", "补水"]], ["护理"]),
}
FRAGILE = TemplateAsked(
    name="易碎茶器",
    by=By.WEIGHT,
    zones=[
        Zone(regions=["330000", "310000", "320000"], rate=Rate(first=1000, first_fen=800, more=1000, more_fen=200)),
        Zone(regions=["540000", "650000"]),
    ],
    rest=Rate(first=1000, first_fen=1500, more=1000, more_fen=500, free_over_fen=39_900),
)


async def say(tx: Tx, *, slug: str) -> None:
    """Say it for one shop."""
    if slug in WORDS:
        await settings.put(tx, asked=WORDS[slug])
    if slug == "tea":
        await templates.put(tx, template=tx.new_id(), asked=FRAGILE)

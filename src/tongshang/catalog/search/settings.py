"""What the merchant says of search: words that mean the same, and words to show before anybody types."""

from collections.abc import Sequence

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid

MOST_GROUPS = 50
MOST_IN_GROUP = 8
MOST_HOT = 12
LONGEST_WORD = 20
GET = "select synonyms, hot from search_setting where merchant_id = $1"
PUT = """insert into search_setting (merchant_id, synonyms, hot) values ($1, $2, $3)
on conflict (merchant_id) do update set synonyms = $2, hot = $3"""


class SearchWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Groups of words that mean the same, and hot words in the order they are shown."""

    synonyms: list[list[str]] = []
    hot: list[str] = []


async def get(tx: Tx) -> SearchWords:
    """Give what the merchant said."""
    return await tx.first(SearchWords, GET, tx.merchant) or SearchWords()


async def put(tx: Tx, *, asked: SearchWords) -> SearchWords:
    """Keep what the merchant says; empty words are left out, a group of one word says nothing."""
    groups = [words for group in asked.synonyms if (words := _tidy(group, "synonyms", MOST_IN_GROUP))]
    if len(groups) > MOST_GROUPS:
        raise Invalid(field="synonyms", problem=f"≤ {MOST_GROUPS}")
    if any(len(group) < 2 for group in groups):
        raise Invalid(field="synonyms", problem="≥ 2")
    kept = SearchWords(groups, _tidy(asked.hot, "hot", MOST_HOT))
    await tx.run(PUT, tx.merchant, kept.synonyms, kept.hot)
    return kept


def _tidy(words: Sequence[str], field: str, most: int) -> list[str]:
    found = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(found) > most:
        raise Invalid(field=field, problem=f"≤ {most}")
    if any(len(word) > LONGEST_WORD for word in found):
        raise Invalid(field=field, problem=f"each 1-{LONGEST_WORD}")
    return found

"""The words of a shop: what is suggested while somebody types, and what a query that found nothing may have meant.

No dictionary: a word is a category, a tag, a hot word, or a run of characters that titles share and that belongs
together, which shows in that its characters are seldom seen without each other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tongshang.catalog.search import lexemes, settings
from tongshang.platform.db import Tx

MOST_TITLES = 2_000
MOST_WORDS = 3_000
LONGEST_GRAM = 5
LONGEST_WORD = 20
TITLES = """select coalesce(array_agg(title), '{}') from (select p.title from product p
  where p.merchant_id = $1 and p.state = 'on' order by p.sold desc, p.id desc limit $2) x"""
NAMES = """select coalesce(jsonb_object_agg(name, n), '{}'::jsonb) from (
  select name, count(*)::integer as n from (
    select unnest(s.tags) as name from product_search s where s.merchant_id = $1
    union all select c.name from category c join product_search s
      on s.merchant_id = c.merchant_id and s.category_id = c.id where c.merchant_id = $1) x
  where length(name) between 1 and 20 group by name) y"""
CLEAR = "delete from search_word where merchant_id = $1"
ADD = "insert into search_word (merchant_id, word, spoken, initials, goods) values ($1, $2, $3, $4, $5)"
BEGIN = """select word, spoken, goods from search_word where merchant_id = $1
  and (starts_with(word, $2) or ($3 and (starts_with(spoken, $2) or starts_with(initials, $2))))
order by goods desc, length(word), word limit $4"""
ALIKE = """select word, spoken, goods from search_word where merchant_id = $1
  and length(spoken) between $3 and $4 and left(spoken, 1) = left($2, 1) order by goods desc, word limit 400"""


class Word(msgspec.Struct, frozen=True):
    """A word of the shop: how it is read, and how many goods have it."""

    word: str
    spoken: str
    goods: int


def common(titles: Iterable[str]) -> Mapping[str, int]:
    """Find the words that titles have in common: how many titles have each."""
    seen: Counter[str] = Counter()
    for title in titles:
        found: set[str] = set()
        for run in lexemes.runs(title):
            if not run.chinese:
                if run.text.isalpha() and len(run.text) > 1:
                    found.add(run.text)
                continue
            text = run.text
            found.update(text[n : n + size] for size in range(1, LONGEST_GRAM + 1) for n in range(len(text) - size + 1))
        seen.update(found)
    words = {gram: times for gram, times in seen.items() if times > 1 and len(gram) > 1 and _together(gram, seen)}
    inside = {
        part
        for word, times in words.items()
        if word > "\u3000" and len(word) > 2
        for part in (word[:-1], word[1:])
        if times >= 0.9 * seen[part]
    }
    return {word: times for word, times in words.items() if word not in inside}


def _together(gram: str, seen: Mapping[str, int]) -> bool:
    """Say whether characters belong together: what they are made of is seldom seen without the rest."""
    if gram < "\u3000":
        return True
    if len(gram) == 2:
        return seen[gram] >= 0.7 * min(seen[gram[0]], seen[gram[1]])
    return seen[gram] >= 0.7 * max(seen[gram[:-1]], seen[gram[1:]])


async def make(tx: Tx) -> None:
    """Make a shop's words anew from its best sellers' titles, its categories, tags and hot words."""
    titles: list[str] = await tx.value(TITLES, tx.merchant, MOST_TITLES)
    names: dict[str, int] = await tx.value(NAMES, tx.merchant)
    words = Counter(dict(common(titles)))
    for name, times in names.items():
        words[name] = max(words[name], times)
    for hot in (await settings.get(tx)).hot:
        words[hot] += 1
    rows = [
        (tx.merchant, word, *lexemes.spoken(word), times)
        for word, times in words.most_common(MOST_WORDS)
        if len(word) <= LONGEST_WORD
    ]
    await tx.run(CLEAR, tx.merchant)
    await tx.run_many(ADD, rows)


async def beginning(tx: Tx, *, text: str, limit: int) -> list[Word]:
    """List words that begin as somebody types, in characters, as they are read, or by initials."""
    typed = "".join(run.text for run in lexemes.runs(text))
    if not typed:
        return []
    return await tx.all(Word, BEGIN, tx.merchant, typed, typed.isascii(), limit)


async def meant(tx: Tx, *, text: str, limit: int) -> list[str]:
    """List words that sound nearly as what was typed: at most one letter in four is another."""
    spoken, _ = lexemes.spoken(text)
    if len(spoken) < 3:
        return []
    slack = max(1, len(spoken) // 4)
    near = await tx.all(Word, ALIKE, tx.merchant, spoken, len(spoken) - slack, len(spoken) + slack)
    # One letter changed makes two letters differ at most: most words need no closer look.
    letters = set(spoken)
    near = [one for one in near if len(letters.symmetric_difference(one.spoken)) <= 2 * slack]
    ranked = sorted((distance(spoken, one.spoken), -one.goods, one.word) for one in near)
    return [word for far, _, word in ranked if far <= slack][:limit]


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the letters to add, drop, exchange or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        before = last
    return row[-1]

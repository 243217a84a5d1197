"""From rows to goods: which rows are one product, what their cells say, and what is wrong with them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.sheets import columns, workbooks
from tongshang.catalog.sheets.columns import BY_KEY, Column, Wrong
from tongshang.catalog.sheets.workbooks import Unreadable


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a cell: the row as the spreadsheet counts, the field, and a sentence in both languages."""

    row: int
    field: str
    zh: str
    en: str


@dataclass
class Line:
    """One row: what its cells say, by column; a column that is there but empty says None."""

    row: int
    values: dict[str, Any]


@dataclass
class Goods:
    """One product's rows, and what is wrong with them so far."""

    lines: list[Line]
    problems: list[Problem] = field(default_factory=list)

    @property
    def first(self) -> dict[str, Any]:
        """Give what the first row says: it speaks for the product."""
        return self.lines[0].values

    @property
    def product(self) -> UUID | None:
        """Give the id that the rows name, if they do."""
        return next((one.values["product_id"] for one in self.lines if one.values.get("product_id")), None)


def goods(data: bytes) -> tuple[list[Goods], set[str], int]:
    """Read a file into products; give them, which columns there are, and how many rows. Raises Unreadable."""
    found = workbooks.rows(data)
    named, present = _head(found)
    gathered: list[Goods] = []
    by_id: dict[UUID, Goods] = {}
    count = 0
    for number, cells in found:
        count += 1
        line, problems = _line(number, cells, named)
        whose = _whose(line, gathered, by_id)
        if whose is None:
            whose = Goods([])
            gathered.append(whose)
            if product := line.values.get("product_id"):
                by_id[product] = whose
        whose.lines.append(line)
        whose.problems += problems
    if not gathered:
        raise Unreadable("empty")
    return gathered, present, count


def _head(found: Iterator[workbooks.Row]) -> tuple[dict[int, Column], set[str]]:
    first = next(found, None)
    if first is None:
        raise Unreadable("empty")
    named, _ = columns.heads(first[1])
    present = {column.key for column in named.values()}
    if "title" not in present and "product_id" not in present:
        raise Unreadable("no_columns")
    return named, present


def _line(number: int, cells: dict[int, str], named: dict[int, Column]) -> tuple[Line, list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for at, column in named.items():
        text = cells.get(at, "")
        try:
            values[column.key] = column.read(text) if text else None
        except Wrong as wrong:
            problems.append(problem(number, column.key, wrong.zh, wrong.en))
            values[column.key] = None
    return Line(number, values), problems


def problem(row: int, key: str, zh: str, en: str) -> Problem:
    """Say what is wrong, with the column's own name before it."""
    column = BY_KEY.get(key)
    if column is None:
        return Problem(row, key, zh, en)
    return Problem(row, key, f"{column.zh}：{zh}", f"{column.en}: {en}")


def _whose(line: Line, gathered: list[Goods], by_id: dict[UUID, Goods]) -> Goods | None:
    """Find whose row this is: the product it names, or the one of the row above of the same name, or of none."""
    product, title = line.values.get("product_id"), line.values.get("title")
    if product is not None:
        return by_id.get(product)
    if not gathered:
        return None
    above = gathered[-1]
    if title is None:
        return above
    return above if above.product is None and title == above.first.get("title") else None

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
    def whole(self) -> dict[str, Any]:
        """Give what is said of the product: by the first row that says it, for rows may have been sorted."""
        return {
            key: next((line.values[key] for line in self.lines if line.values[key] is not None), None)
            for key in self.lines[0].values
            if not BY_KEY[key].of_variant
        }

    @property
    def title(self) -> str | None:
        """Give the name that the rows say, if they do."""
        return next((title for line in self.lines if (title := line.values.get("title"))), None)

    @property
    def product(self) -> UUID | None:
        """Give the id that the rows name, if they do."""
        return next((one.values["product_id"] for one in self.lines if one.values.get("product_id")), None)


def goods(data: bytes) -> tuple[list[Goods], list[str], int]:
    """Read a file into products; give them, columns that nobody knows, and how many rows. Raises Unreadable."""
    found = workbooks.rows(data)
    named, unknown = _head(found)
    gathered: list[Goods] = []
    by_id: dict[UUID, Goods] = {}
    count = 0
    for number, cells in found:
        count += 1
        line, problems = _line(number, cells, named)
        # Whose a row is that does not say it rightly is not guessed: other rows are not to suffer from it.
        spoiled = any(one.field in ("title", "product_id") for one in problems)
        whose = None if spoiled else _whose(line, gathered, by_id)
        if whose is None:
            whose = Goods([])
            gathered.append(whose)
            if product := line.values.get("product_id"):
                by_id[product] = whose
        whose.lines.append(line)
        whose.problems += problems
    if not gathered:
        raise Unreadable("empty")
    for one in gathered:
        one.problems += _contradictions(one)
    _tell_codes_said_twice(gathered)
    return gathered, unknown, count


def _head(found: Iterator[workbooks.Row]) -> tuple[dict[int, Column], list[str]]:
    first = next(found, None)
    if first is None:
        raise Unreadable("empty")
    named, unknown = columns.heads(first[1])
    present = {column.key for column in named.values()}
    if "title" not in present and "product_id" not in present:
        raise Unreadable("no_columns")
    if len(present) < len(named):
        raise Unreadable("columns_twice")  # which of the two is meant, nobody can say
    return named, unknown


def _line(number: int, cells: dict[int, str], named: dict[int, Column]) -> tuple[Line, list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for at, column in named.items():
        text = cells.get(at, "")
        try:
            values[column.key] = column.read(_sound(text)) if text else None
        except Wrong as wrong:
            problems.append(problem(number, column.key, wrong.zh, wrong.en))
            values[column.key] = None
    return Line(number, values), problems


def _sound(text: str) -> str:
    """Refuse what a formula says that came to nothing, and what no database keeps."""
    if text in workbooks.BROKEN:
        raise Wrong(f"公式没有结果（{text}），请填写值", f"the formula has no result ({text}); write the value")
    if "\x00" in text:
        raise Wrong("有无法识别的字符", "there is a character that cannot be kept")
    return text


def _contradictions(one: Goods) -> list[Problem]:
    """Say which rows of a product say otherwise than another row of it."""
    said: dict[str, Line] = {}
    found = []
    for line in one.lines:
        for key, value in line.values.items():
            if value is None or BY_KEY[key].of_variant:
                continue
            before = said.setdefault(key, line)
            if before.values[key] != value:
                found.append(problem(line.row, key, f"与第 {before.row} 行不一致", f"row {before.row} says otherwise"))
    return found


def _tell_codes_said_twice(gathered: list[Goods]) -> None:
    """Say which code is that of other goods further up, where no id says what is meant."""
    owners: dict[str, tuple[Goods, int]] = {}
    for one in gathered:
        for line in one.lines if one.product is None else ():
            if not (code := line.values.get("sku_code")):
                continue
            owner, row = owners.setdefault(code, (one, line.row))
            if owner is not one:
                one.problems.append(problem(line.row, "sku_code", f"与第 {row} 行重复", f"row {row} has it already"))


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
    return above if above.product is None and title == above.title else None

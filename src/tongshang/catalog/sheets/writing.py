"""Spreadsheet files written, row by row: what is held in memory does not grow with them.

Texts are written as texts, so that none becomes a formula; in .csv, which knows no texts, with an apostrophe before.
"""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from typing import IO, Literal
from xml.sax.saxutils import escape

Cell = str | int | float | None
Format = Literal["xlsx", "csv"]
LONGEST_CELL = 32_767
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How workbooks write a character that XML has no room for (ECMA-376, 22.9.2.19); words that look so are escaped."""
CONTENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{}</Types>"""  # noqa: E501
PART = '<Override PartName="/xl/worksheets/sheet{}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'  # noqa: E501
ROOT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""  # noqa: E501
BOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>"""
LINKS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
LINK = '<Relationship Id="rId{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{0}.xml"/>'  # noqa: E501
SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="60" width="16" customWidth="1"/></cols><sheetData>'  # noqa: E501


class Xlsx:
    """A workbook being written, sheet after sheet."""

    def __init__(self, file: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._names: list[str] = []
        self._part: IO[bytes] | None = None
        self._rows = 0

    def sheet(self, name: str) -> None:
        """Begin a sheet, and end the one before."""
        self._end()
        self._names.append(name)
        self._part, self._rows = self._archive.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w"), 0
        self._part.write(SHEET.encode())

    def row(self, cells: Sequence[Cell]) -> None:
        """Write a row of the sheet that was begun."""
        assert self._part is not None
        self._rows += 1
        self._part.write(f'<row r="{self._rows}">{"".join(map(_cell, cells))}</row>'.encode())

    def close(self) -> None:
        """End the workbook."""
        self._end()
        numbers = range(1, len(self._names) + 1)
        named = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, self._names, strict=True)
        )
        self._archive.writestr("[Content_Types].xml", CONTENT.format("".join(PART.format(n) for n in numbers)))
        self._archive.writestr("_rels/.rels", ROOT)
        self._archive.writestr("xl/workbook.xml", BOOK.format(named))
        self._archive.writestr("xl/_rels/workbook.xml.rels", LINKS.format("".join(LINK.format(n) for n in numbers)))
        self._archive.close()

    def _end(self) -> None:
        if self._part is not None:
            self._part.write(b"</sheetData></worksheet>")
            self._part.close()


class Csv:
    """A table being written; it has one sheet only, the first."""

    def __init__(self, file: IO[bytes]) -> None:
        file.write(b"\xef\xbb\xbf")
        self._text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._sheets = 0

    def sheet(self, name: str) -> None:
        """Begin a sheet; those after the first are left out."""
        self._sheets += 1

    def row(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        if self._sheets <= 1:
            self._writer.writerow(["" if cell is None else guarded(cell) for cell in cells])

    def close(self) -> None:
        """End the table; the file stays open."""
        self._text.detach()


def writer(file: IO[bytes], kind: Format) -> Xlsx | Csv:
    """Begin a file of this kind."""
    return Xlsx(file) if kind == "xlsx" else Csv(file)


def _cell(value: Cell) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    text = escape(ESCAPED.sub(r"_x005F\g<0>", CONTROL.sub("", value)[:LONGEST_CELL]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def guarded(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet program would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "'") else cell

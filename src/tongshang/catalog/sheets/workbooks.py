"""Spreadsheet files read: rows of .xlsx and .csv, one by one.

A file is a stranger's: what it would unpack to is looked at first, no entity is resolved, and a cell far out costs
nothing, because only cells that are there are kept.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
OF_DOCUMENT = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Unreadable(Exception):
    """Says why a file cannot be read: too_large, too_many_rows, not_a_sheet, empty."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


Row = tuple[int, dict[int, str]]
"""The number of a row, as Excel counts, and what is in its cells, by column from 0."""


def rows(data: bytes) -> Iterator[Row]:
    """Read a file row by row; raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large")
    found = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    for count, row in enumerate(found):
        if count > MOST_ROWS:
            raise Unreadable("too_many_rows")
        yield row


def _csv(data: bytes) -> Iterator[Row]:
    if b"\x00" in data[:4096]:
        raise Unreadable("not_a_sheet")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what Excel writes on a Chinese Windows
        except UnicodeDecodeError:
            raise Unreadable("not_a_sheet") from None
    head = text[: text.find("\n")]
    delimiter = max(",\t;", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            found = {at: _freed(cell.strip()) for at, cell in enumerate(cells[:MOST_COLUMNS]) if cell.strip()}
            if found:
                yield number, found
    except csv.Error:
        raise Unreadable("not_a_sheet") from None


def _freed(cell: str) -> str:
    """Take the apostrophe away that keeps a cell from being a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r'" else cell


def _xlsx(data: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable("too_large")
            strings = _strings(archive)
            with archive.open(_first_sheet(archive)) as sheet:
                for row in _elements(sheet, "row"):
                    if (found := _cells(row, strings))[1]:
                        yield found
    except (
        zipfile.BadZipFile,
        KeyError,
        etree.XMLSyntaxError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Unreadable("not_a_sheet") from None


def _elements(stream: IO[bytes], tag: str) -> Iterator[Any]:
    """Give elements as they end, and forget each when the next is asked for."""
    for _, element in etree.iterparse(
        stream, tag=f"{{*}}{tag}", resolve_entities=False, no_network=True, load_dtd=False
    ):
        if element.getroottree().docinfo.doctype:
            raise Unreadable("not_a_sheet")
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    with archive.open("xl/sharedStrings.xml") as stream:
        return [_text(one) for one in _elements(stream, "si")]


def _text(element: Any) -> str:
    """Join the words of a string, without those that only tell how to read it aloud."""
    return "".join(
        part.text or "" for part in element.iterfind(".//{*}t") if etree.QName(part.getparent()).localname != "rPh"
    )[:LONGEST_CELL]


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """Find the first sheet that is not hidden, by the workbook's own order."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    }
    for sheet in book.iterfind(".//{*}sheet"):
        if sheet.get("state", "visible") == "visible":
            target = targets[sheet.get(OF_DOCUMENT) or sheet.get(STRICT_ID)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise Unreadable("empty")


def _cells(row: Any, strings: list[str]) -> Row:
    found: dict[int, str] = {}
    number = int(row.get("r") or 0)
    for place, cell in enumerate(row.iterfind("{*}c")):
        at = place
        if ref := REF.fullmatch(cell.get("r") or ""):
            at = _column(ref[1])
        if at < MOST_COLUMNS and (text := _value(cell, strings).strip()):
            found[at] = text
    return number, found


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _value(cell: Any, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = cell.find("{*}v")
    raw = (value.text or "") if value is not None else ""
    if kind == "s":
        return strings[int(raw)] if raw else ""
    if kind == "n" and raw:
        return format(float(raw), ".15g")  # what a person sees: 9.9, not 9.9000000000000004
    return str(raw[:LONGEST_CELL])

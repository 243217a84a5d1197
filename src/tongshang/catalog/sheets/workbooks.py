"""Spreadsheet files read: rows of .xlsx and .csv, one by one.

A file is a stranger's: what it would unpack to is looked at first, no entity is resolved, and a cell far out costs
nothing, because only cells that are there are kept.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from lxml import etree

from tongshang.catalog.sheets.writing import CONTROL, ESCAPED

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_STRINGS = 1_000_000
# Elements that one row, or whatever stands between two, may have: the rest of the memory is not a stranger's to take.
MOST_ELEMENTS = 200_000
MOST_BOOK = 5 * 2**20
LONGEST_CELL = 32_767
REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
NUMBER = re.compile(r"[1-9][0-9]{0,6}")
BROKEN = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"})
"""What a cell says whose formula came to nothing."""
OF_DOCUMENT = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


WHY = {
    "too_large": ("文件过大，请控制在 10 MB 以内", "the file is too large; 10 MB at most"),
    "too_many_rows": ("行数过多，请拆成每份 20000 行以内", "too many rows; 20000 at most in one file"),
    "not_a_sheet": (
        "不是可读的 xlsx 或 csv 文件，请另存为 xlsx 后重试",
        "no xlsx or csv that can be read; save it as xlsx",
    ),
    "empty": ("表格里没有内容", "there is nothing in the sheet"),
}


class Unreadable(Exception):
    """Says why a file cannot be read, as WHY has it, or why it has no goods."""

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
    lines = io.StringIO(text, newline="")
    try:  # strictly: a quote that is never closed would swallow the rows below it
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
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
            strings, number = _strings(archive), 0
            with archive.open(_first_sheet(archive)) as sheet:
                for row in _elements(sheet, "row"):
                    number = int(said) if NUMBER.fullmatch(said := row.get("r") or "") else number + 1
                    if found := _cells(row, strings):
                        yield number, found
    except (
        zipfile.BadZipFile,
        zlib.error,
        LookupError,
        etree.XMLSyntaxError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Unreadable("not_a_sheet") from None


def _elements(stream: IO[bytes], tag: str) -> Iterator[Any]:
    """Give elements as they end, and forget each when the next is asked for."""
    since = 0
    for _, element in etree.iterparse(stream, resolve_entities=False, no_network=True, load_dtd=False):
        since += 1
        if since > MOST_ELEMENTS:
            raise Unreadable("too_large")
        if element.tag.rpartition("}")[2] != tag:
            continue
        since = 0
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
        found = [_text(one) for one in islice(_elements(stream, "si"), MOST_STRINGS + 1)]
    if len(found) > MOST_STRINGS:
        raise Unreadable("too_large")
    return found


def _text(element: Any) -> str:
    """Join the words of a string, without those that only tell how to read it aloud."""
    words = "".join(
        part.text or "" for part in element.iterfind(".//{*}t") if etree.QName(part.getparent()).localname != "rPh"
    )
    return ESCAPED.sub(lambda one: CONTROL.sub("", chr(int(one[1], 16))), words)[:LONGEST_CELL]


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """Find the first sheet that is not hidden, by the workbook's own order."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    names = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if any(archive.getinfo(name).file_size > MOST_BOOK for name in names):
        raise Unreadable("too_large")
    book, links = (etree.fromstring(archive.read(name), parser) for name in names)
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    for sheet in book.iterfind(".//{*}sheet"):
        if sheet.get("state", "visible") == "visible":
            target = targets[sheet.get(OF_DOCUMENT) or sheet.get(STRICT_ID)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise Unreadable("empty")


def _cells(row: Any, strings: list[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(row.iterfind("{*}c")):
        at = place
        if ref := REF.fullmatch(cell.get("r") or ""):
            at = _column(ref[1])
        if at < MOST_COLUMNS and (text := _value(cell, strings).strip()):
            found[at] = text
    return found


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
    if not raw and cell.find("{*}f") is not None and kind != "str":
        return "#N/A"  # a formula that nobody has worked out is not an empty cell
    if kind == "s":
        return strings[int(raw)] if raw else ""
    if kind == "n" and raw:
        return format(float(raw), ".15g")  # what a person sees: 9.9, not 9.9000000000000004
    return str(raw[:LONGEST_CELL])

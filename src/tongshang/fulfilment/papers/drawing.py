"""Drawing papers as PDF, with a Chinese font of which only the signs that are used are embedded.

Text is drawn as it is: nothing a customer writes is read as markup. Takes a tenth of a second for the font and a
millisecond for each page, and is therefore run beside the loop.
"""

import io
import logging
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

from tongshang.fulfilment.papers.model import Paper, Size

FONT = "sc"
# Signs that the font has not (emoji) are drawn as boxes; that is no news.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)
SIZES: dict[Size, tuple[float, float]] = {"a4": (210, 297), "label": (100, 150)}
MARGINS: dict[Size, float] = {"a4": 16, "label": 5}
POINTS: dict[Size, float] = {"a4": 10.5, "label": 8}


class _Sheets(FPDF):
    """A document of one size, with the measures that follow from it."""

    def __init__(self, size: Size, at: datetime) -> None:
        super().__init__(unit="mm", format=SIZES[size])
        self.points, self.edge = POINTS[size], MARGINS[size]
        self.step = self.points * 0.56
        self.add_font(FONT, "", str(sans_path()))
        self.set_margins(self.edge, self.edge)
        self.set_auto_page_break(True, self.edge + self.step)
        self.set_creation_date(at)
        self.set_draw_color(190)
        self.foot = ""

    def footer(self) -> None:
        """Say on each page whose it is."""
        self.set_y(-self.edge - self.step * 0.4)
        self.write_one(self.foot, self.points * 0.75, align="C")

    def write_one(self, text: str, points: float, *, align: str = "L", width: float = 0, last: bool = True) -> None:
        """Write one line."""
        self.set_font(FONT, size=points)
        right, below = (XPos.LMARGIN, YPos.NEXT) if last else (XPos.RIGHT, YPos.TOP)
        self.cell(width, points * 0.56, plain(text), align=align, new_x=right, new_y=below)

    def write_many(self, text: str, width: float, *, align: str = "L") -> None:
        """Write as many lines as a text needs; the pen ends below them, at the left."""
        self.set_font(FONT, size=self.points)
        lines = "\n".join(plain(line) for line in text.split("\n"))
        self.multi_cell(
            width, self.step, lines, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR
        )

    def rule(self) -> None:
        """Draw a line across."""
        self.ln(self.step * 0.3)
        self.line(self.edge, self.get_y(), self.w - self.edge, self.get_y())
        self.ln(self.step * 0.3)


def draw(papers: Sequence[Paper], *, size: Size, at: datetime) -> bytes:
    """Draw papers one after the other, each beginning on a page of its own."""
    sheets = _Sheets(size, at)
    for paper in papers:
        sheets.foot = f"{paper.shop} · {paper.code}"
        sheets.add_page()
        _head(sheets, paper)
        _table(sheets, paper)
        _sums(sheets, paper)
    return bytes(sheets.output())


def plain(text: str) -> str:
    """Leave out what is no sign of its own: control characters, and marks that change the direction of writing."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs", "Cn"))


def _head(sheets: _Sheets, paper: Paper) -> None:
    square = sheets.step * 4
    sheets.image(_code(paper.code), x=sheets.w - sheets.edge - square, y=sheets.edge, w=square, h=square)
    sheets.write_one(paper.heading, sheets.points * 1.7)
    sheets.write_one(paper.shop, sheets.points * 1.1)
    sheets.set_y(max(sheets.get_y(), sheets.edge + square))
    sheets.rule()
    label = sheets.epw * 0.2
    for name, value in paper.facts:
        top = sheets.get_y()
        sheets.write_one(name, sheets.points, width=label)
        sheets.set_xy(sheets.edge + label, top)
        sheets.write_many(value, sheets.epw - label)
    sheets.rule()


def _table(sheets: _Sheets, paper: Paper) -> None:
    numbers = len(paper.columns) - 1
    width = sheets.epw * (0.17 if numbers > 1 else 0.15)
    wide = sheets.epw - width * numbers
    _row(sheets, paper.columns, wide, width)
    sheets.rule()
    for row in paper.rows:
        count = str(row.quantity)
        _row(sheets, [row.title, row.price, count, row.paid] if numbers > 1 else [row.title, count], wide, width)
    sheets.rule()


def _row(sheets: _Sheets, cells: Sequence[str], wide: float, width: float) -> None:
    if sheets.will_page_break(sheets.step * 2):
        sheets.add_page()
    page, top = sheets.page, sheets.get_y()
    sheets.write_many(cells[0], wide)
    below = sheets.get_y()
    if sheets.page != page:  # a title that went over the edge of the page
        top = sheets.edge
    for nth, cell in enumerate(cells[1:]):
        sheets.set_xy(sheets.edge + wide + width * nth, top)
        sheets.write_one(cell, sheets.points, align="R", width=width)
    sheets.set_y(below)


def _sums(sheets: _Sheets, paper: Paper) -> None:
    for name, value in paper.sums:
        text = f"{name}  {value}".rstrip()
        sheets.write_one(text, sheets.points * 1.15, align="R")
    if paper.note:
        sheets.ln(sheets.step)
        sheets.write_many(paper.note, sheets.epw)


def _code(text: str) -> io.BytesIO:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=4, border=1)
    out.seek(0)
    return out

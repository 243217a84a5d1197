"""HTML that merchants write: kept by a list of what is allowed, every element closed.

Whatever is not on the list is dropped; scripts with all they hold. Which pictures may stay, each use says for itself.
"""

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from uuid import UUID

from tongshang.media.pictures import address

KEPT = frozenset(
    [
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "del",
        "sub",
        "sup",
        "span",
        "section",
        "div",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "img",
        "figure",
        "figcaption",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
        "code",
    ]
)
VOID = frozenset(("br", "hr", "img"))
SILENT = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "form",
        "textarea",
        "select",
        "svg",
        "math",
        "template",
        "noscript",
        "title",
    ]
)
STYLES = frozenset(
    [
        "color",
        "background-color",
        "text-align",
        "font-size",
        "font-weight",
        "font-style",
        "text-decoration",
        "line-height",
        "letter-spacing",
        "margin",
        "margin-top",
        "margin-bottom",
        "padding",
        "border",
        "border-radius",
        "width",
        "max-width",
        "text-indent",
    ]
)
STYLE_VALUE = re.compile(r"[\w\s.,%#()\-!]{1,80}")
LINK = re.compile(r"https?://[^\s\"'<>]{1,1000}")
OWN_PICTURE = re.compile(r"/media/([0-9a-f]{32})/([0-9a-f]{32})/(?:320|750|1500)\.webp")


class Cleaner(HTMLParser):
    """Reads HTML of any quality and writes what is allowed of it, every element closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.found: list[UUID] = []
        self._open: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element that is allowed."""
        if tag in SILENT:
            self._silent += 1
        if self._silent or tag not in KEPT:
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.out.append(self.image(given))
            return
        self.out.append(f"<{tag}{style(given)}{_href(given) if tag == 'a' else ''}>")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open within it."""
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        if self._silent or tag not in self._open:
            return
        while self._open:
            last = self._open.pop()
            self.out.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        """Write words."""
        if not self._silent:
            self.out.append(escape(data, quote=False))

    def finished(self) -> str:
        """Give what was written, everything closed."""
        self.close()
        return "".join(self.out) + "".join(f"</{tag}>" for tag in reversed(self._open))

    def image(self, given: dict[str, str]) -> str:
        """Write a picture, or nothing where it may not stay."""
        return ""


class _Own(Cleaner):
    """Keeps pictures that the merchant uploaded, and no others."""

    def __init__(self, merchant: UUID) -> None:
        super().__init__()
        self._merchant = merchant

    def image(self, given: dict[str, str]) -> str:
        """Write a picture of the merchant's own, in the width that phones show."""
        found = OWN_PICTURE.fullmatch(given.get("src", ""))
        if found is None or found[1] != self._merchant.hex:
            return ""
        picture = UUID(found[2])
        self.found.append(picture)
        alt = f' alt="{escape(given["alt"][:100])}"' if given.get("alt") else ""
        return f'<img src="{address(self._merchant, picture, 750)}"{alt}>'


def clean(body: str, *, merchant: UUID) -> str:
    """Give HTML as it is kept: only what is allowed, with pictures of this merchant's own."""
    cleaner = _Own(merchant)
    cleaner.feed(body)
    return cleaner.finished()


def style(given: Mapping[str, str]) -> str:
    """Write the style attribute of what is allowed of it."""
    kept = []
    for rule in given.get("style", "").split(";"):
        name, _, value = (part.strip() for part in rule.partition(":"))
        if name.lower() in STYLES and STYLE_VALUE.fullmatch(value) and "url" not in value.lower():
            kept.append(f"{name.lower()}: {value}")
    return f' style="{escape("; ".join(kept))}"' if kept else ""


def _href(given: Mapping[str, str]) -> str:
    href = given.get("href", "")
    return f' href="{escape(href)}"' if LINK.fullmatch(href) else ""

"""The body of an article: what WeChat keeps of HTML, by a list of what is allowed; and its pictures.

Whatever is not on the list is dropped; scripts with all they hold. Pictures are ours (`data-material`, an id of the
library), or lie at WeChat already; any other address is dropped, as WeChat would do.
"""

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from uuid import UUID

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
WECHAT_PICTURE = re.compile(r"https?://(mmbiz\.qpic\.cn|mmbiz\.qlogo\.cn)/")
LINK = re.compile(r"https?://[^\s\"'<>]{1,1000}")


class _Cleaner(HTMLParser):
    """Reads HTML of any quality and writes what is allowed of it, every element closed."""

    def __init__(self, pictures: Mapping[UUID, str] | None, picture_hosts: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.found: list[UUID] = []
        self._open: list[str] = []
        self._silent = 0
        self._pictures, self._hosts = pictures, picture_hosts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element that is allowed."""
        if tag in SILENT:
            self._silent += 1
        if self._silent or tag not in KEPT:
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.out.append(self._image(given))
            return
        self.out.append(f"<{tag}{_style(given)}{_href(given) if tag == 'a' else ''}>")
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

    def _image(self, given: dict[str, str]) -> str:
        alt = f' alt="{escape(given["alt"][:100])}"' if "alt" in given else ""
        try:
            material = UUID(given.get("data-material", ""))
        except ValueError:
            source = given.get("data-src") or given.get("src", "")
            ours = any(source.startswith(host) for host in self._hosts)
            return f'<img src="{escape(source)}"{_style(given)}{alt}>' if ours or WECHAT_PICTURE.match(source) else ""
        self.found.append(material)
        if self._pictures is None:
            return f'<img data-material="{material}"{_style(given)}{alt}>'
        url = self._pictures.get(material)
        return f'<img src="{escape(url)}"{_style(given)}{alt}>' if url else ""


def clean(body: str) -> str:
    """Give the body as it is kept: only what is allowed, pictures of ours by their id."""
    cleaner = _Cleaner(None, ())
    cleaner.feed(body)
    return cleaner.finished()


def pictures(body: str) -> list[UUID]:
    """List the materials that a body shows, each once."""
    cleaner = _Cleaner(None, ())
    cleaner.feed(body)
    cleaner.finished()
    return list(dict.fromkeys(cleaner.found))


def wire(body: str, urls: Mapping[UUID, str]) -> str:
    """Write the body the way WeChat wants it: pictures by the addresses it gave them."""
    cleaner = _Cleaner(urls, tuple(urls.values()))
    cleaner.feed(body)
    return cleaner.finished()


def _style(given: Mapping[str, str]) -> str:
    kept = []
    for rule in given.get("style", "").split(";"):
        name, _, value = (part.strip() for part in rule.partition(":"))
        if name.lower() in STYLES and STYLE_VALUE.fullmatch(value) and "url" not in value.lower():
            kept.append(f"{name.lower()}: {value}")
    return f' style="{escape("; ".join(kept))}"' if kept else ""


def _href(given: Mapping[str, str]) -> str:
    href = given.get("href", "")
    return f' href="{escape(href)}"' if LINK.fullmatch(href) else ""

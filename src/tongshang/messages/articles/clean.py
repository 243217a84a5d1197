"""The body of an article: what WeChat keeps of HTML, by a list of what is allowed; and its pictures.

Whatever is not on the list is dropped; scripts with all they hold. Pictures are ours (`data-material`, an id of the
library), or lie at WeChat already; any other address is dropped, as WeChat would do.
"""

import re
from collections.abc import Mapping
from html import escape
from uuid import UUID

from tongshang.media.markup import Cleaner, style

WECHAT_PICTURE = re.compile(r"https?://(mmbiz\.qpic\.cn|mmbiz\.qlogo\.cn)/")


class _Cleaner(Cleaner):
    """Keeps pictures of the library, and those that lie at WeChat."""

    def __init__(self, pictures: Mapping[UUID, str] | None, picture_hosts: tuple[str, ...]) -> None:
        super().__init__()
        self._pictures, self._hosts = pictures, picture_hosts

    def image(self, given: dict[str, str]) -> str:
        """Write a picture by its id in the library, by the address it got, or as it lies at WeChat."""
        alt = f' alt="{escape(given["alt"][:100])}"' if "alt" in given else ""
        try:
            material = UUID(given.get("data-material", ""))
        except ValueError:
            source = given.get("data-src") or given.get("src", "")
            ours = any(source.startswith(host) for host in self._hosts)
            return f'<img src="{escape(source)}"{style(given)}{alt}>' if ours or WECHAT_PICTURE.match(source) else ""
        self.found.append(material)
        if self._pictures is None:
            return f'<img data-material="{material}"{style(given)}{alt}>'
        url = self._pictures.get(material)
        return f'<img src="{escape(url)}"{style(given)}{alt}>' if url else ""


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

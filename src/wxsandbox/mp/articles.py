"""Articles: checked and cleaned as WeChat does, pages that phones read, and copies found out.

Official page: developers.weixin.qq.com/doc/offiaccount/Draft_Box/Add_draft.html, 2026-09.
"""

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import PAGES
from wxsandbox.mp.uploads import PICTURES, address, find, needed
from wxsandbox.people import Fan
from wxsandbox.validate import convert

if TYPE_CHECKING:
    from wxsandbox.box import Box

HOST = "mp.weixin.qq.com"
PAGE = f"{PAGES}/Draft_Box/Add_draft.html"
TITLE, AUTHOR, DIGEST, CONTENT, CONTENT_BYTES, URL_BYTES = 32, 16, 128, 20_000, 1024 * 1024, 1024
AUTO_DIGEST = 54
MOST = 8
LEAST_ORIGINAL = 200  # characters from which on two equal texts are no accident
UNWANTED = "script|style|iframe|object|embed|form|input|button"
DROPPED = re.compile(rf"(?is)<({UNWANTED})\b[^>]*>.*?</\1\s*>|</?(?:{UNWANTED})\b[^>]*>")
HANDLERS = re.compile(r"""(?is)\s(on\w+|srcset|id)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""")
IMAGES = re.compile(r"""(?is)<img\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]*)[^>]*>""")
TAGS = re.compile(r"(?s)<[^>]*>")


class News(msgspec.Struct):
    """An article of text and pictures."""

    title: str
    content: str
    thumb_media_id: str
    article_type: str = "news"
    author: str = ""
    digest: str = ""
    content_source_url: str = ""
    need_open_comment: int = 0
    only_fans_can_comment: int = 0
    pic_crop_235_1: str = ""
    pic_crop_1_1: str = ""
    show_cover_pic: int = 0


class Image(msgspec.Struct):
    """One picture of a picture message."""

    image_media_id: str


class Images(msgspec.Struct):
    """The pictures of a picture message."""

    image_list: list[Image]


class NewsPic(msgspec.Struct):
    """A message of pictures."""

    title: str
    content: str
    image_info: Images
    article_type: str = "newspic"
    need_open_comment: int = 0
    only_fans_can_comment: int = 0


class ArticlePage(msgspec.Struct, kw_only=True):
    """An article at its address. `state`: draft, published, sent; `day` counts reads."""

    id: str  # the key in the address
    seq: int
    appid: str
    state: str
    msgid: str  # msg_data_id + _ + place
    article: dict[str, Any]
    at: int
    deleted: bool = False
    reads: int = 0
    likeness: str = ""


CODES = {"title": 45003, "content": 44004, "thumb_media_id": 40007, "image_info": 40007, "image_media_id": 40007}


def checked(call: Call, appid: str, wanted: Any) -> dict[str, Any]:
    """Check one article field by field, and give it as it is kept; raises WeChat's code for the wrong field."""
    kind = wanted.get("article_type", "news") if isinstance(wanted, dict) else ""
    if kind not in ("news", "newspic"):
        raise WxError(47001)
    one = convert(wanted, News, CODES) if kind == "news" else convert(wanted, NewsPic, CODES)
    if not one.title or len(one.title) > TITLE:
        raise WxError(45003)
    if len(one.content) >= CONTENT or len(one.content.encode()) >= CONTENT_BYTES:
        raise WxError(45002)
    kept: dict[str, Any] = msgspec.to_builtins(one)
    if isinstance(one, NewsPic):
        if not 1 <= len(one.image_info.image_list) <= 20:
            raise WxError(40007)
        files = [
            needed(call.box, appid, image.image_media_id, "image", "permanent") for image in one.image_info.image_list
        ]
        return kept | {"thumb_url": address(call, files[0])}
    if not one.content:
        raise WxError(44004)
    if len(one.author) > AUTHOR:
        raise WxError(45110)
    if len(one.digest) > DIGEST:
        raise WxError(45004)
    if len(one.content_source_url.encode()) > URL_BYTES:
        raise WxError(45005)
    cover = find(call.box, appid, one.thumb_media_id, "permanent")
    if cover is None or cover.kind not in ("image", "thumb"):
        raise WxError(40007)
    kept["content"] = cleaned(one.content)
    kept["thumb_url"] = address(call, cover)
    return kept


def all_checked(call: Call, appid: str, wanted: Any) -> list[dict[str, Any]]:
    """Check the articles of a draft: one to eight."""
    if not isinstance(wanted, list) or not wanted:
        raise WxError(44003)
    if len(wanted) > MOST:
        raise WxError(45008)
    found = [checked(call, appid, one) for one in wanted]
    # Only a single article gets its digest from its text.
    if len(found) == 1 and not found[0].get("digest") and found[0]["article_type"] == "news":
        found[0]["digest"] = plain(found[0]["content"])[:AUTO_DIGEST]
    return found


def cleaned(content: str) -> str:
    """Take out what WeChat takes out: scripts, forms, handlers, and pictures that lie elsewhere."""
    content = HANDLERS.sub("", DROPPED.sub("", content))
    content = re.sub(r"(?i)javascript:", "", content)
    return IMAGES.sub(lambda found: found[0] if PICTURES in found[1] else "", content)


def plain(content: str) -> str:
    """Give the words of an article."""
    return " ".join(unescape(TAGS.sub(" ", content)).split())


def open_pages(call_box: "Box", appid: str, articles: list[dict[str, Any]], *, state: str, msgid: str) -> list[str]:
    """Give articles their pages; return the keys of their addresses."""
    keys = []
    for place, article in enumerate(articles, 1):
        page = ArticlePage(
            id=call_box.dice.text(22), seq=call_box.state.next("article"), appid=appid, state=state,
            msgid=f"{msgid}_{place}", article=article, at=call_box.clock.seconds(),
            likeness="" if state == "draft" else likeness(article),
        )  # fmt: skip
        keys.append(call_box.state.table(ArticlePage).put(page).id)
    return keys


def link(call: Call, key: str) -> str:
    """Write the address of an article's page."""
    return call.url(HOST, f"/s/{key}")


def likeness(article: dict[str, Any]) -> str:
    """Reduce an article to what copies have in common; empty for what is too short to be a copy."""
    words = re.sub(r"\W", "", plain(str(article.get("content", ""))))
    return words if len(words) >= LEAST_ORIGINAL else ""


def originals(box: "Box", appid: str, articles: list[dict[str, Any]]) -> list[tuple[int, ArticlePage]]:
    """Find which articles are copies of what another account brought out before: place and original."""
    found = []
    for place, article in enumerate(articles, 1):
        if not (mark := likeness(article)):
            continue
        for page in box.state.table(ArticlePage).by("likeness", mark):
            if page.appid != appid and not page.deleted:
                found.append((place, page))
                break
    return found


def helper(appid: str) -> Fan:
    """Give whoever sends an account what nobody did: the results of its own jobs."""
    return Fan(id=f"{appid}:", appid=appid, person="", openid="o-mphelper-0000000000000000")

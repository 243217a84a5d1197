"""Articles and publications as they stand, and WeChat's limits, refused here before WeChat does (2026-11).

https://developers.weixin.qq.com/doc/offiaccount/Draft_Box/Add_draft.html. An older page says 64 bytes for a title.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.machine import Machine

READ_ON = date(2026, 11, 22)
PICTURES_MOST = 20
TITLE, AUTHOR, DIGEST, CONTENT, CONTENT_BYTES, URL_BYTES, MOST = 32, 16, 128, 20_000, 1024 * 1024, 1024, 8


class BadArticle(Refused):
    """Article {number}: {problem} ({errcode})."""

    code, status, zh = "article.invalid", 400, "第 {number} 篇：{problem_zh}（{errcode}）。"


class Crop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a cover that is shown, in parts of its width and height (0 to 1)."""

    x1: float
    y1: float
    x2: float
    y2: float

    def wire(self) -> str:
        """Write it the way WeChat wants it."""
        return "_".join(f"{value:.6f}".rstrip("0").rstrip(".") or "0" for value in (self.x1, self.y1, self.x2, self.y2))


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article; `body` is HTML whose pictures are ours (`data-material`), `cover_id` a picture of the library.

    A `newspic` is a message of pictures, alone in its set: its `body` is plain words, its first picture the cover.
    """

    title: str
    body: str = ""
    cover_id: UUID | None = None
    author: str = ""
    digest: str = ""
    source_url: str = ""
    comments: bool = False
    fans_only: bool = False
    crop_wide: Crop | None = None
    crop_square: Crop | None = None
    kind: Literal["news", "newspic"] = "news"
    pictures: list[UUID] = []


@dataclass(frozen=True)
class ArticleSet:
    """Articles that belong together, and what WeChat has of them as a draft."""

    id: UUID
    articles: list[Article]
    rev: int
    title: str
    created_at: datetime
    updated_at: datetime
    draft_appid: str | None = None
    draft_media_id: str | None = None
    draft_rev: int | None = None
    draft_size: int | None = None
    draft_at: datetime | None = None


class PublicationState(StrEnum):
    """Where a publication stands."""

    ASKED = "asked"
    SENDING = "sending"
    WAITING = "waiting"
    PUBLISHED = "published"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DELETED = "deleted"


P = PublicationState
PUBLICATION = Machine(
    start=P.ASKED,
    moves={
        "send": {P.ASKED: P.SENDING},
        # WeChat surely did nothing: it comes again.
        "hold": {P.SENDING: P.ASKED},
        "wait": {P.SENDING: P.WAITING},
        # The answer to our own call was lost, and WeChat keeps no number of ours.
        "lose": {P.SENDING: P.UNKNOWN},
        # The result may overtake the answer, and come twice.
        "publish": {P.SENDING: P.PUBLISHED, P.WAITING: P.PUBLISHED, P.UNKNOWN: P.PUBLISHED},
        "fail": {P.ASKED: P.FAILED, P.SENDING: P.FAILED, P.WAITING: P.FAILED, P.UNKNOWN: P.FAILED},
        "delete": {P.PUBLISHED: P.DELETED},
    },
)


@dataclass(frozen=True)
class Publication:
    """One attempt to publish a set; `deleted` counts articles from 1."""

    id: UUID
    article_set_id: UUID
    rev: int
    appid: str
    state: PublicationState
    media_id: str | None
    publish_id: str | None
    wechat_article_id: str | None
    status: int | None
    errcode: int | None
    asked_at: datetime
    ended_at: datetime | None
    urls: list[str] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    msg_data_id: str | None = None


def check(articles: list[Article], *, strict: bool = False) -> None:
    """Refuse articles that WeChat would refuse, saying which and why; `strict`: also what may still be missing."""
    if not 1 <= len(articles) <= MOST:
        raise BadArticle(number=MOST + 1, problem="1 to 8 together", problem_zh="一次 1 至 8 篇", errcode=45008)
    for number, one in enumerate(articles, 1):
        _check(number, one)
        if one.kind == "newspic":
            _check_pictures(number, one, alone=len(articles) == 1, strict=strict)
            continue
        if strict and one.cover_id is None:
            raise BadArticle(number=number, problem="a cover is needed", problem_zh="需要封面图", errcode=40007)
        if strict and not one.body.strip():
            raise BadArticle(number=number, problem="there is no text", problem_zh="正文为空", errcode=44004)


def _check_pictures(number: int, one: Article, *, alone: bool, strict: bool) -> None:
    if not alone:
        raise BadArticle(number=number, problem="a message of pictures stands alone", problem_zh="图片消息须单独一篇",
                         errcode=45008)  # fmt: skip
    if len(one.pictures) > PICTURES_MOST or (strict and not one.pictures):
        raise BadArticle(number=number, problem="1 to 20 pictures", problem_zh="需要 1 至 20 张图片", errcode=40007)


def _check(number: int, one: Article) -> None:
    faults: list[tuple[bool, str, str, int]] = [
        (not 1 <= len(one.title.strip()) <= TITLE, "the title has 1 to 32 characters", "标题 1 至 32 字", 45003),
        (len(one.author) > AUTHOR, "the author has at most 16 characters", "作者最多 16 字", 45110),
        (len(one.digest) > DIGEST, "the digest has at most 128 characters", "摘要最多 128 字", 45004),
        (len(one.body) >= CONTENT, "the text is below 20,000 characters", "正文须少于 2 万字符", 45002),
        (len(one.body.encode()) >= CONTENT_BYTES, "the text is below 1 MB", "正文须小于 1 MB", 45002),
        (not _link(one.source_url), "the original's link is a web address of at most 1 KB",
         "原文链接应为网址，最多 1 KB", 45005),
    ]  # fmt: skip
    for wrong, problem, problem_zh, errcode in faults:
        if wrong:
            raise BadArticle(number=number, problem=problem, problem_zh=problem_zh, errcode=errcode)
    for crop, ratio in ((one.crop_wide, 2.35), (one.crop_square, 1.0)):
        if crop and not (0 <= crop.x1 < crop.x2 <= 1 and 0 <= crop.y1 < crop.y2 <= 1):
            raise BadArticle(number=number, problem=f"the {ratio}:1 crop is outside the picture",
                             problem_zh=f"{ratio}:1 裁剪超出图片", errcode=45166)  # fmt: skip


def _link(url: str) -> bool:
    if not url:
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url.encode()) <= URL_BYTES


Wire = dict[str, Any]

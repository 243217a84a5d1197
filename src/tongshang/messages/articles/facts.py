"""What becomes of articles; it is on the set's timeline."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class SetFact(Fact, frozen=True):
    """Something that happened to a set of articles."""

    article_set_id: UUID
    publication_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.article_set_id,)


class PublicationAsked(SetFact, frozen=True):
    """Somebody wants a set published."""

    kind: ClassVar[str] = "article.publication_asked"
    zh: ClassVar[str] = "提交发布"
    en: ClassVar[str] = "Publication asked for"


class PublicationSubmitted(SetFact, frozen=True):
    """WeChat took a publication on."""

    kind: ClassVar[str] = "article.publication_submitted"
    zh: ClassVar[str] = "微信已受理发布"
    en: ClassVar[str] = "WeChat took the publication on"


class ArticlesPublished(SetFact, frozen=True):
    """A set is out, under addresses for ever."""

    kind: ClassVar[str] = "article.published"
    zh: ClassVar[str] = "已发布"
    en: ClassVar[str] = "Published"
    urls: list[str] = []


class PublicationFailed(SetFact, frozen=True):
    """A set was not published."""

    kind: ClassVar[str] = "article.publication_failed"
    zh: ClassVar[str] = "发布失败：{why_zh}"
    en: ClassVar[str] = "Not published: {why}"
    why: str = ""
    why_zh: str = ""


class PublicationDeleted(SetFact, frozen=True):
    """Published articles were taken from their addresses; `article` counts from 1, 0 is all."""

    kind: ClassVar[str] = "article.publication_deleted"
    zh: ClassVar[str] = "已删除发布的图文"
    en: ClassVar[str] = "Taken back"
    article: int = 0

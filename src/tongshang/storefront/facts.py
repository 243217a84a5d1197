"""What the storefront publishes."""

from typing import ClassVar

from tongshang.platform.facts import Fact


class PagePublished(Fact, frozen=True):
    """A page has a new revision."""

    kind: ClassVar[str] = "page.published"
    zh: ClassVar[str] = "页面已发布（第 {rev} 版）"
    en: ClassVar[str] = "Page published, revision {rev}"
    page: str
    rev: int

"""What insights tell themselves."""

from typing import ClassVar

from tongshang.platform.facts import Fact


class FiguresDue(Fact, frozen=True):
    """Yesterday's figures of an account can be fetched."""

    kind: ClassVar[str] = "insights.figures_due"
    appid: str

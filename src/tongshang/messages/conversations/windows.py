"""Windows: after which acts of a person how many customer-service messages may follow, and for how long.

The numbers are WeChat's, dated; they have changed before (until 2021-06: 20 in 48 hours after a message), and WeChat's
own pages disagree. Two acts of one kind open one window, anew; of several windows the one that ends first is used up
first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PAGE = "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html"
READ_ON = "2026-11"
CLOSED, USED_UP = 45015, 45047


@dataclass(frozen=True)
class Limit:
    """How many messages (None: any number) may follow an act, within which time."""

    kind: str
    most: int | None
    lasts: timedelta
    zh: str
    en: str
    source: str = PAGE
    read_on: str = READ_ON


LIMITS = {
    limit.kind: limit
    for limit in (
        Limit("message", 5, timedelta(hours=48), "对方发来消息", "a message"),
        Limit("menu", 3, timedelta(minutes=1), "点击菜单", "a tap on the menu"),
        Limit("follow", 3, timedelta(minutes=1), "关注", "a follow"),
        Limit("scan", 3, timedelta(minutes=1), "扫码", "a scan"),
        Limit("pay", None, timedelta(hours=48), "支付成功", "a payment"),
    )
}
LONGEST = max(limit.lasts for limit in LIMITS.values())


@dataclass(frozen=True)
class Window:
    """An open window: the act, its end, and what may still be sent (None: any number)."""

    kind: str
    until: datetime
    left: int | None


@dataclass(frozen=True)
class Windows:
    """All open windows of a person."""

    open: Sequence[Window]

    @property
    def left(self) -> int | None:
        """Count what may still be sent; None for any number."""
        if any(one.left is None for one in self.open):
            return None
        return sum(one.left or 0 for one in self.open)

    @property
    def until(self) -> datetime | None:
        """Say when the last window closes in which something may still be sent."""
        return max((one.until for one in self.open if one.left != 0), default=None)

    @property
    def refusal(self) -> int:
        """Give the errcode with which WeChat would refuse a message now; 0 when it would not."""
        if not self.open:
            return CLOSED
        return USED_UP if self.left == 0 else 0


def look(contacts: Mapping[str, datetime], sent: Sequence[datetime], now: datetime) -> Windows:
    """Work out the windows that are open now, from the last act of each kind and what was sent since."""
    ends = {kind: at + LIMITS[kind].lasts for kind, at in contacts.items()}
    left = {kind: LIMITS[kind].most for kind in contacts}
    for moment in sorted(sent):
        usable = [kind for kind, at in contacts.items() if at <= moment < ends[kind] and left[kind] != 0]
        if usable:
            first = min(usable, key=lambda kind: ends[kind])
            most = left[first]
            left[first] = None if most is None else most - 1
    return Windows([Window(kind, ends[kind], left[kind]) for kind in contacts if contacts[kind] <= now < ends[kind]])

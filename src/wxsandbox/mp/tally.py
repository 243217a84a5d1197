"""What happened, counted per account and day as it happens: the figures of `datacube` are read from here."""

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from typing import Any

    from wxsandbox.box import Box

CHINA = timezone(timedelta(hours=8))
MSG_TYPES = {"text": 1, "image": 2, "voice": 3, "video": 4, "shortvideo": 4, "link": 6}
# Contract C14; what has no number of its own is 0, "others".
SOURCES = {
    "ADD_SCENE_SEARCH": 1, "ADD_SCENE_PROFILE_CARD": 17, "ADD_SCENE_QR_CODE": 30, "ADD_SCENE_PROFILE_LINK": 57,
    "ADD_SCENE_WECHAT_ADVERTISEMENT": 100, "ADD_SCENE_WXA": 149, "ADD_SCENE_REPRINT": 161,
    "ADD_SCENE_CHANNELS": 200, "ADD_SCENE_LIVESTREAM": 201,
}  # fmt: skip


class Growth(msgspec.Struct, kw_only=True):
    """Who came and went through one source on one day."""

    id: str  # appid:day:source
    appid: str
    place: str  # appid:day
    source: int
    new: int = 0
    cancelled: int = 0


class Heard(msgspec.Struct, kw_only=True):
    """What one person sent on one day, by "type:hour"."""

    id: str  # appid:day:openid
    place: str
    counts: dict[str, int] = {}


class Interface(msgspec.Struct, kw_only=True):
    """Callbacks of one hour."""

    id: str  # appid:day:hour
    place: str
    hour: int
    count: int = 0
    failed: int = 0
    total_ms: int = 0
    most_ms: int = 0


class Reading(msgspec.Struct, kw_only=True):
    """One person did something with one article: read it, shared it, kept it."""

    id: str
    seq: int
    place: str
    day: str
    appid: str
    msgid: str
    title: str
    openid: str
    act: str  # read, original, share, keep
    source: int
    hour: int


class Article(msgspec.Struct, kw_only=True):
    """An article that has been read or sent, and the day it was first seen."""

    id: str  # appid:msgid
    place: str
    msgid: str
    title: str
    target: int = 0


def day_of(moment: float) -> tuple[str, int]:
    """Say on which day and in which hour of Shanghai a moment is."""
    local = datetime.fromtimestamp(moment, UTC).astimezone(CHINA)
    return local.date().isoformat(), local.hour


def grew(box: "Box", appid: str, scene: str, *, new: int = 0, cancelled: int = 0, at: float | None = None) -> None:
    """Count followers who came or went."""
    day, _ = day_of(box.clock.now() if at is None else at)
    source = SOURCES.get(scene, 0)
    table, id = box.state.table(Growth), f"{appid}:{day}:{source}"
    row = table.get(id) or Growth(id=id, appid=appid, place=f"{appid}:{day}", source=source)
    row.new, row.cancelled = row.new + new, row.cancelled + cancelled
    table.put(row)


def pushed(box: "Box", appid: str, openid: str, scene: str, kind: str, fields: "dict[str, Any]") -> None:
    """Count a message or an event on its way to the account."""
    if kind == "event":
        if fields["Event"] == "subscribe":
            grew(box, appid, scene, new=1)
        elif fields["Event"] == "unsubscribe":
            grew(box, appid, scene, cancelled=1)
    elif kind in MSG_TYPES:
        day, hour = day_of(box.clock.now())
        table, id = box.state.table(Heard), f"{appid}:{day}:{openid}"
        row = table.get(id) or Heard(id=id, place=f"{appid}:{day}")
        key = f"{MSG_TYPES[kind]}:{hour}"
        row.counts = {**row.counts, key: row.counts.get(key, 0) + 1}
        table.put(row)


def called_back(box: "Box", appid: str, *, ms: float, failed: bool) -> None:
    """Count one attempt to hand something to the account's server."""
    day, hour = day_of(box.clock.now())
    table, id = box.state.table(Interface), f"{appid}:{day}:{hour}"
    row = table.get(id) or Interface(id=id, place=f"{appid}:{day}", hour=hour)
    row.count, row.failed = row.count + 1, row.failed + failed
    row.total_ms, row.most_ms = row.total_ms + round(ms), max(row.most_ms, round(ms))
    table.put(row)


def published(box: "Box", appid: str, msgid: str, title: str, *, target: int = 0) -> None:
    """Note an article (`msgid` is msg_data_id + `_` + place) on the day it was sent, and to how many."""
    table, id = box.state.table(Article), f"{appid}:{msgid}"
    if table.get(id) is None:
        place = f"{appid}:{day_of(box.clock.now())[0]}"
        table.put(Article(id=id, place=place, msgid=msgid, title=title, target=target))


def looked(box: "Box", appid: str, openid: str, msgid: str, title: str, act: str, source: int) -> None:
    """Count what somebody did with an article."""
    published(box, appid, msgid, title)
    day, hour = day_of(box.clock.now())
    seq = box.state.next("reading")
    row = Reading(
        id=str(seq), seq=seq, place=f"{appid}:{day}", day=day, appid=appid, msgid=msgid, title=title, openid=openid,
        act=act, source=source, hour=hour,
    )  # fmt: skip
    box.state.table(Reading).put(row)

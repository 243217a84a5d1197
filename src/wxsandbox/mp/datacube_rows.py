"""The rows of each report, made of the tally of one day (contract C14)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wxsandbox.mp.tally import Article, Growth, Heard, Interface, Reading
from wxsandbox.people import Fan

if TYPE_CHECKING:
    from wxsandbox.box import Box

ALL_SOURCES = 99999999
ACTS = {"read": "int_page_read", "original": "ori_page_read", "share": "share", "keep": "add_to_fav"}
FROM = {0: "session", 4: "hist_msg", 2: "feed", 1: "friends"}
LABELS = {
    ALL_SOURCES: "全部", 0: "公众号消息", 4: "公众号主页", 1: "聊天会话", 2: "朋友圈", 6: "推荐", 7: "搜一搜",
}  # fmt: skip
FEWEST = 3
TOTAL_DAYS, DETAIL_DAYS = 7, 30
# Which of a row's numbers tell people, which cannot be added up over days without counting somebody twice.
KEYS = ("ref_date", "ref_hour", "msg_type", "count_interval")


def user_summary(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell who came and went, by source."""
    found = sorted(box.state.table(Growth).by("place", f"{appid}:{day}"), key=lambda row: row.source)
    return [
        {"ref_date": day, "user_source": row.source, "new_user": row.new, "cancel_user": row.cancelled} for row in found
    ]


def user_cumulate(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell how many follow at the end of the day: those of today, less what came after."""
    now = sum(one.subscribed for one in box.state.table(Fan).by("appid", appid))
    after = [row for row in box.state.table(Growth).by("appid", appid) if row.place.rpartition(":")[2] > day]
    count = now - sum(row.new - row.cancelled for row in after)
    return [{"ref_date": day, "user_source": 0, "cumulate_user": max(0, count)}]


def _counts(found: Iterable[Reading], acts: Iterable[str] = tuple(ACTS)) -> dict[str, int]:
    told: dict[str, int] = {}
    listed = list(found)
    for act in acts:
        mine = [one.openid for one in listed if one.act == act]
        told |= {f"{ACTS[act]}_user": len(set(mine)), f"{ACTS[act]}_count": len(mine)}
    return told


def _readings(box: "Box", appid: str, day: str) -> list[Reading]:
    return box.state.table(Reading).by("place", f"{appid}:{day}")


def article_summary(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell of each article what was done with it that day; those with less than three of everything are left out."""
    told = []
    for msgid in dict.fromkeys(one.msgid for one in _readings(box, appid, day)):
        mine = [one for one in _readings(box, appid, day) if one.msgid == msgid]
        counts = _counts(mine)
        if max(counts.values()) >= FEWEST:
            told.append({"ref_date": day, "msgid": msgid, "title": mine[0].title, **counts})
    return told


def _later(box: "Box", appid: str, day: str, msgid: str, days: int) -> Iterable[tuple[str, list[Reading]]]:
    """Go through the days from that of an article on: each with all that was done up to its end."""
    seen: list[Reading] = []
    for n in range(days):
        stat = (date.fromisoformat(day) + timedelta(days=n)).isoformat()
        new = [one for one in _readings(box, appid, stat) if one.msgid == msgid]
        seen += new
        if new or n == 0:
            yield stat, list(seen)


def article_total(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell of each article sent that day what was done with it up to each of seven days."""
    told = []
    for article in box.state.table(Article).by("place", f"{appid}:{day}"):
        details = []
        for stat, seen in _later(box, appid, day, article.msgid, TOTAL_DAYS):
            places = {
                f"int_page_from_{name}_read_{what}": value
                for source, name in [*FROM.items(), (5, "other")]
                for what, value in _of([one for one in seen if one.act == "read" and one.source == source]).items()
            }
            details.append({"stat_date": stat, "target_user": article.target, **_counts(seen), **places})
        told.append(
            {"ref_date": day, "msgid": article.msgid, "title": article.title, "user_source": 0, "details": details}
        )
    return told


def _of(found: list[Reading]) -> dict[str, int]:
    return {"user": len({one.openid for one in found}), "count": len(found)}


def user_read(box: "Box", appid: str, day: str, *, hourly: bool = False) -> list[dict[str, Any]]:
    """Tell how much was read, by where it was found, and in all."""
    told = []
    for hour, found in _hours(_readings(box, appid, day), hourly):
        head = {"ref_date": day, "ref_hour": hour} if hourly else {"ref_date": day}
        for source in sorted({one.source for one in found}):
            mine = [one for one in found if one.source == source]
            told.append({**head, "user_source": source, **_counts(mine)})
        told.append({**head, "user_source": ALL_SOURCES, **_counts(found)})
    return told


def user_share(box: "Box", appid: str, day: str, *, hourly: bool = False) -> list[dict[str, Any]]:
    """Tell how often something was shared, by where to."""
    told = []
    shares = [one for one in _readings(box, appid, day) if one.act == "share"]
    for hour, found in _hours(shares, hourly):
        head = {"ref_date": day, "ref_hour": hour} if hourly else {"ref_date": day}
        for source in sorted({one.source for one in found}):
            mine = [one for one in found if one.source == source]
            scene = source if source in (1, 2) else 255
            told.append({**head, "share_scene": scene, **_counts(mine, ("share",))})
    return told


def _hours(found: list[Reading], hourly: bool) -> list[tuple[int, list[Reading]]]:
    if not found:
        return []
    if not hourly:
        return [(0, found)]
    return [(hour * 100, [one for one in found if one.hour == hour]) for hour in sorted({o.hour for o in found})]


def _sources(found: list[Reading]) -> list[dict[str, Any]]:
    reads = [one for one in found if one.act == "read"]
    places = sorted({one.source if one.source in LABELS else 5 for one in reads})
    told = [{"user_count": _of(reads)["user"], "scene_desc": "全部"}]
    for place in places:
        mine = [one for one in reads if (one.source if one.source in LABELS else 5) == place]
        told.append({"user_count": _of(mine)["user"], "scene_desc": LABELS.get(place, "其他")})
    return told


def _detail(found: list[Reading]) -> dict[str, Any]:
    counts = _counts(found)
    return {
        "read_user": counts["int_page_read_user"], "read_user_source": _sources(found),
        "share_user": counts["share_user"], "collection_user": counts["add_to_fav_user"], "zaikan_user": 0,
        "like_user": 0, "comment_count": 0,
    }  # fmt: skip


def article_read(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell of each article who read it that day, and where they found it."""
    return _each(box, appid, day, ("read_user", "read_user_source"))


def article_share(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell of each article how many shared it that day."""
    return _each(box, appid, day, ("share_user",))


def _each(box: "Box", appid: str, day: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    told = []
    for msgid in dict.fromkeys(one.msgid for one in _readings(box, appid, day)):
        detail = _detail([one for one in _readings(box, appid, day) if one.msgid == msgid])
        told.append({"ref_date": day, "msgid": msgid, "detail": {name: detail[name] for name in fields}})
    return told


def biz_summary(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell of all articles together what was done with them that day."""
    found = _readings(box, appid, day)
    return [{"ref_date": day, "detail": _detail(found)}] if found else []


def article_total_detail(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell of each article sent that day what was done with it up to each of thirty days."""
    told = []
    for article in box.state.table(Article).by("place", f"{appid}:{day}"):
        later = _later(box, appid, day, article.msgid, DETAIL_DAYS)
        details = [{"stat_date": stat, **_detail(seen)} for stat, seen in later]
        kind = 0 if article.target else 1
        told.append({"ref_date": day, "msgid": article.msgid, "publish_type": kind, "detail_list": details})
    return told


def messages(box: "Box", appid: str, day: str, *, hourly: bool = False) -> list[dict[str, Any]]:
    """Tell how many people sent how many messages, by their kind."""
    sums: dict[tuple[int, int], list[int]] = {}
    for row in box.state.table(Heard).by("place", f"{appid}:{day}"):
        mine: dict[tuple[int, int], int] = {}
        for key, count in row.counts.items():
            kind, hour = map(int, key.split(":"))
            place = (hour * 100 if hourly else 0, kind)
            mine[place] = mine.get(place, 0) + count
        for place, count in mine.items():
            known = sums.setdefault(place, [0, 0])
            known[0], known[1] = known[0] + 1, known[1] + count
    return [
        {"ref_date": day, **({"ref_hour": hour} if hourly else {}), "msg_type": kind, "msg_user": n, "msg_count": c}
        for (hour, kind), (n, c) in sorted(sums.items())
    ]


def message_spread(box: "Box", appid: str, day: str) -> list[dict[str, Any]]:
    """Tell how many people sent 1 to 5, 6 to 10, or more messages."""
    spread: dict[int, int] = {}
    for row in box.state.table(Heard).by("place", f"{appid}:{day}"):
        total = sum(row.counts.values())
        interval = 1 if total <= 5 else 2 if total <= 10 else 3
        spread[interval] = spread.get(interval, 0) + 1
    return [{"ref_date": day, "count_interval": key, "msg_user": n} for key, n in sorted(spread.items())]


def interface(box: "Box", appid: str, day: str, *, hourly: bool = False) -> list[dict[str, Any]]:
    """Tell how the account's server answered."""
    found = sorted(box.state.table(Interface).by("place", f"{appid}:{day}"), key=lambda row: row.hour)
    told: list[dict[str, Any]] = [
        {
            "ref_date": day, "ref_hour": row.hour * 100, "callback_count": row.count, "fail_count": row.failed,
            "total_time_cost": row.total_ms, "max_time_cost": row.most_ms,
        }
        for row in found
    ]  # fmt: skip
    if hourly or not told:
        return told
    adds = {name: sum(row[name] for row in told) for name in ("callback_count", "fail_count", "total_time_cost")}
    return [{"ref_date": day, **adds, "max_time_cost": max(row["max_time_cost"] for row in told)}]


def summed(told: list[dict[str, Any]], first: str) -> list[dict[str, Any]]:
    """Add days up to the week or month that begins with `first`."""
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in told:
        head = {name: first if name == "ref_date" else row[name] for name in KEYS if name in row}
        known = sums.setdefault(tuple(head.values()), {**head, **{n: 0 for n in row if n not in head}})
        for name in row:
            if name not in head:
                known[name] += row[name]
    return list(sums.values())

"""Quotas: how often an account may call an API on a day and in a minute, counted as WeChat does (contract D4, A7).

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/API_Call_Limits.html, 2026-11. The numbers
are those of a new account; a control-plane call sets others for one account.
"""

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec

from wxsandbox.errors import WxError

if TYPE_CHECKING:
    from wxsandbox.box import Box

SHANGHAI = timezone(timedelta(hours=8))
CLEARS_PER_MONTH = 10
DAILY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/menu/addconditional": 2_000,
    "/cgi-bin/menu/delconditional": 2_000,
    "/cgi-bin/menu/trymatch": 20_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/delete": 10,
    "/cgi-bin/message/mass/preview": 100,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
    "/cgi-bin/draft/add": 1_000,
    "/cgi-bin/draft/get": 500,
    "/cgi-bin/draft/delete": 1_000,
    "/cgi-bin/draft/update": 1_000,
    "/cgi-bin/draft/count": 1_000,
    "/cgi-bin/draft/batchget": 1_000,
    "/cgi-bin/freepublish/submit": 100,
    "/cgi-bin/freepublish/get": 100,
    "/cgi-bin/freepublish/delete": 10,
    "/cgi-bin/freepublish/getarticle": 100,
    "/cgi-bin/freepublish/batchget": 100,
}
FREE = ("/cgi-bin/clear_quota", "/cgi-bin/openapi/")


class Quota(msgspec.Struct, kw_only=True):
    """What one account is allowed of one API instead of the usual; None leaves it as it is."""

    id: str  # appid:path
    daily: int | None = None
    per_minute: int | None = None


class Used(msgspec.Struct, kw_only=True):
    """How often an account called an API today and in this minute."""

    id: str  # appid:path
    appid: str
    day: str
    count: int = 0
    minute: int = 0
    minute_count: int = 0


class Clears(msgspec.Struct, kw_only=True):
    """How often an account's quotas were cleared in a month."""

    id: str  # appid:month
    count: int = 0


def allowed(box: "Box", appid: str, path: str) -> tuple[int | None, int | None]:
    """Return the quota of a day and of a minute; None is no limit."""
    own = box.table(Quota).get(f"{appid}:{path}")
    daily = DAILY.get(path)
    if own is None:
        return daily, None
    return own.daily if own.daily is not None else daily, own.per_minute


def used(box: "Box", appid: str, path: str) -> Used:
    """Return today's count, begun anew when the day or the minute is over."""
    now = box.clock.now()
    day = datetime.fromtimestamp(now, SHANGHAI).date().isoformat()
    row = box.table(Used).get(f"{appid}:{path}")
    if row is None or row.day != day:
        row = Used(id=f"{appid}:{path}", appid=appid, day=day)
    if row.minute != int(now // 60):
        row.minute, row.minute_count = int(now // 60), 0
    return row


def count(box: "Box", appid: str, path: str) -> None:
    """Count a call; raises 45009 when the day's quota is used up, 45011 when the minute's is."""
    if path.startswith(FREE):
        return
    daily, per_minute = allowed(box, appid, path)
    if daily is None and per_minute is None:
        return
    row = used(box, appid, path)
    if daily is not None and row.count >= daily:
        raise WxError(45009)
    if per_minute is not None and row.minute_count >= per_minute:
        raise WxError(45011)
    row.count += 1
    row.minute_count += 1
    box.table(Used).put(row)


def clear(box: "Box", appid: str, path: str = "") -> None:
    """Begin to count anew, for all APIs of an account or for one; raises 48006 after ten times in a month."""
    month = datetime.fromtimestamp(box.clock.now(), SHANGHAI).strftime("%Y-%m")
    clears = box.table(Clears).get(f"{appid}:{month}") or Clears(id=f"{appid}:{month}")
    if clears.count >= CLEARS_PER_MONTH:
        raise WxError(48006)
    clears.count += 1
    box.table(Clears).put(clears)
    for row in box.table(Used).by("appid", appid):
        if not path or row.id == f"{appid}:{path}":
            box.table(Used).delete(row.id)

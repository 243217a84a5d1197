"""What happens to parcels, and telling whoever watches: by itself in a day and a half, or by the control plane."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import md5
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from wxsandbox import deliveries
from wxsandbox.deliveries import Answer, Courier, Delivery, Parcel
from wxsandbox.kuaidi.rows import KuaidiParcel, KuaidiStep, KuaidiWatch

if TYPE_CHECKING:
    from wxsandbox.box import Box

COURIER, STEP = "kuaidi", "kuaidi.step"
CHINA = timezone(timedelta(hours=8))
# Three more times, 35 minutes apart (kuaidi100-api/java-demo, Subscribe.java).
PAUSES = (35 * 60.0,) * 3
SIGNED = "3"
NAMES = {"0": "在途", "1": "揽收", "2": "疑难", "3": "签收", "4": "退签", "5": "派件", "6": "退回", "14": "拒签"}
HOUR = 3600.0
COURSE = (
    (1 * HOUR, "1", "【杭州市】快件已被收件，快递员已揽收"),
    (9 * HOUR, "0", "【杭州市】快件离开杭州转运中心，发往下一站"),
    (28 * HOUR, "5", "快件正在派送中，请保持电话畅通"),
    (34 * HOUR, "3", "快件已签收，感谢使用"),
)


def happen(box: "Box", parcel: KuaidiParcel, *, state: str, context: str, at: float) -> None:
    """Let something happen to a parcel, and tell whoever watches it."""
    parcel.steps.append(KuaidiStep(at, context, state))
    parcel.steps.sort(key=lambda one: one.at)
    box.table(KuaidiParcel).put(parcel)
    tell(box, parcel)


def tell(box: "Box", parcel: KuaidiParcel, *, status: str = "", message: str = "") -> None:
    """Push how a parcel stands to whoever watches it; with its receipt, or an abort, the watch is over."""
    for watch in box.table(KuaidiWatch).by("parcel", parcel.id):
        if watch.status != "polling":
            continue
        over = status == "abort" or state_of(parcel) == SIGNED
        said = {
            "status": status or ("shutdown" if over else "polling"), "billstatus": "", "message": message,
            "autoCheck": "0", "comOld": "", "comNew": "", "lastResult": result(parcel),
        }  # fmt: skip
        if over:
            watch.status = said["status"]
            box.table(KuaidiWatch).put(watch)
        plain = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        data = {"salt": watch.salt}
        deliveries.send(box, courier=COURIER, kind="kuaidi.push", url=watch.url, plain=plain, appid="", data=data)


def result(parcel: KuaidiParcel) -> dict[str, Any]:
    """Write a parcel as kuaidi100 does, newest first."""
    return {
        "message": "ok", "state": state_of(parcel), "status": "200", "condition": "F00",
        "ischeck": "1" if state_of(parcel) == SIGNED else "0", "com": parcel.com, "nu": parcel.num,
        "data": [
            {"context": one.context, "time": local(one.at), "ftime": local(one.at), "areaCode": None,
             "areaName": None, "status": NAMES.get(one.state, "在途")}
            for one in reversed(parcel.steps)
        ],
    }  # fmt: skip


def state_of(parcel: KuaidiParcel) -> str:
    """Say where a parcel stands."""
    return parcel.steps[-1].state if parcel.steps else "0"


def local(moment: float) -> str:
    """Write a moment as a clock in China shows it."""
    return f"{datetime.fromtimestamp(moment, UTC).astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def set_out(box: "Box", parcel: KuaidiParcel) -> None:
    """Let a parcel go its course."""
    for nth, (after, _, _) in enumerate(COURSE):
        box.scheduler.at(box.clock.now() + after, STEP, parcel=parcel.id, nth=nth)


async def step_due(box: "Box", args: dict[str, Any]) -> None:
    """Take the next step of a course, unless somebody moves the parcel by hand."""
    parcel = box.table(KuaidiParcel).get(args["parcel"])
    if parcel is not None and not parcel.by_hand:
        _, state, context = COURSE[args["nth"]]
        happen(box, parcel, state=state, context=context, at=box.clock.now())


def sign(*parts: str) -> str:
    """Sign: MD5 over the parts, in capitals."""
    return md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


def seal(box: "Box", delivery: Delivery, forged: bool) -> Parcel:
    """Write one push as a form; a forged one is signed with another salt."""
    salt = "somebody else's" if forged else delivery.data["salt"]
    form = urlencode({"sign": sign(delivery.plain, salt), "param": delivery.plain})
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    return Parcel(delivery.url, headers, form.encode())


async def done(box: "Box", delivery: Delivery, answer: Answer) -> bool:
    """Only `result: true` counts as taken."""
    try:
        return answer.status == 200 and json.loads(answer.body).get("result") is True
    except (ValueError, AttributeError):
        return False


courier = Courier(seal=seal, done=done, pauses=PAUSES, deadline_seconds=5.0, in_order=False)

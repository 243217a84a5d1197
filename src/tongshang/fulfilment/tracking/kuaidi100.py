"""kuaidi100's protocol: subscribing to a number, what is pushed, and asking at once. Pure but for the two calls.

Subscription and push: https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c, query:
https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc (both 2026-11). Forms with a JSON text in `param`.
"""

import hmac
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import md5
from urllib.parse import urlencode

import msgspec

from tongshang.platform.clock import SHANGHAI
from weixin.errors import Unreachable
from weixin.transport import Transport

NEEDS_PHONE = frozenset({"shunfeng", "zhongtong"})
"""Carriers of whom nothing is told without the sender's or the receiver's phone number."""

STAGES = {
    "0": "moving", "1": "collected", "2": "trouble", "3": "signed", "4": "returned", "5": "out", "6": "returning",
    "7": "forwarded", "8": "customs", "10": "customs", "11": "customs", "12": "customs", "13": "trouble",
    "14": "rejected",
}  # fmt: skip
"""kuaidi100's numbers of where a parcel stands."""

NAMES = {
    "揽收": "collected", "在途": "moving", "派件": "out", "签收": "signed", "疑难": "trouble", "退签": "returned",
    "退回": "returning", "转投": "forwarded", "转单": "forwarded", "清关": "customs", "拒签": "rejected",
}  # fmt: skip
MOST_EVENTS = 200
LONGEST = 300


class Event(msgspec.Struct, frozen=True):
    """Something that happened to a parcel."""

    at: datetime
    text: str
    stage: str = ""


class Told(msgspec.Struct, frozen=True):
    """What kuaidi100 says of a parcel: where it stands and all that happened, newest first."""

    stage: str
    events: list[Event]
    ended: bool = False
    anew: bool = False
    problem: str = ""


class _Step(msgspec.Struct):
    context: str = ""
    time: str = ""
    ftime: str = ""
    status: str | None = None


class _Result(msgspec.Struct):
    state: str | int = ""
    data: list[_Step] | None = None
    nu: str = ""


class _Push(msgspec.Struct, rename="camel"):
    status: str = ""
    message: str = ""
    com_new: str | None = None
    last_result: _Result | None = None


class _Reply(msgspec.Struct, rename="camel"):
    result: bool | None = None
    return_code: str | int = ""
    message: str = ""
    state: str | int = ""
    data: list[_Step] | None = None


class Refusal(Exception):
    """kuaidi100 will not: its code, and its words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message[:LONGEST]


def signature(*parts: str) -> str:
    """Sign as kuaidi100 does: MD5 over the parts one after the other, in capitals."""
    return md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


def genuine(param: str, salt: str, sign: str) -> bool:
    """Say whether a push is signed with our salt; takes the same time for any wrong one."""
    return hmac.compare_digest(signature(param, salt).encode(), sign.upper().encode())


def pushed(param: str) -> Told:
    """Read a push; raises msgspec.DecodeError for what is none."""
    push = msgspec.json.decode(param, type=_Push, strict=False)
    last = push.last_result or _Result()
    # An abort that names another carrier goes on under that one, by itself.
    ended = push.status == "shutdown" or (push.status == "abort" and not push.com_new)
    return Told(
        stage=STAGES.get(str(last.state), "moving") if last.data else "",
        events=events(last.data or []),
        ended=ended,
        anew=push.status == "updateall",
        problem=push.message[:LONGEST] if push.status == "abort" else "",
    )


def events(steps: Sequence[_Step]) -> list[Event]:
    """Read what happened, newest first; what has no time is left out."""
    found = []
    for step in steps:
        try:
            moment = datetime.strptime(step.ftime or step.time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
        found.append(Event(moment.astimezone(UTC), step.context.strip()[:LONGEST], NAMES.get(step.status or "", "")))
    return in_order(found)


def in_order(found: Iterable[Event]) -> list[Event]:
    """Put events in order, newest first, each once, and of too many the newest."""
    return sorted(set(found), key=lambda one: (one.at, one.text, one.stage), reverse=True)[:MOST_EVENTS]


async def subscribe(
    transport: Transport, base: str, *, key: str, carrier: str, number: str, callback: str, salt: str, phone: str = ""
) -> None:
    """Ask to be told of a parcel; again is as good as once (501). Raises Refusal, Unreachable."""
    parameters = {"callbackurl": callback, "salt": salt, "resultv2": "1"} | ({"phone": phone} if phone else {})
    param = {"company": carrier, "number": number, "key": key, "parameters": parameters}
    reply = await _ask(transport, f"{base}/poll", {"schema": "json", "param": msgspec.json.encode(param).decode()})
    code = str(reply.return_code)
    if code == "500":
        raise Unreachable("kuaidi100 is busy")
    if code not in ("200", "501"):
        raise Refusal(code, reply.message)


async def query(
    transport: Transport, base: str, *, customer: str, key: str, carrier: str, number: str, phone: str = ""
) -> Told:
    """Ask where a parcel is now. Raises Refusal (500: nothing is known yet), Unreachable."""
    asked = {"com": carrier, "num": number, "resultv2": "1"} | ({"phone": phone} if phone else {})
    param = msgspec.json.encode(asked).decode()
    form = {"customer": customer, "sign": signature(param, key, customer), "param": param}
    reply = await _ask(transport, f"{base}/poll/query.do", form)
    if reply.result is False or reply.data is None:
        raise Refusal(str(reply.return_code), reply.message)
    return Told(STAGES.get(str(reply.state), "moving"), events(reply.data))


async def _ask(transport: Transport, url: str, form: dict[str, str]) -> _Reply:
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    answer = await transport.request("POST", url, content=urlencode(form).encode(), headers=headers)
    if answer.status != 200:
        raise Unreachable("kuaidi100 does not answer", status=answer.status)
    try:
        return msgspec.json.decode(answer.body, type=_Reply, strict=False)
    except msgspec.DecodeError:
        raise Unreachable("kuaidi100's answer cannot be read") from None

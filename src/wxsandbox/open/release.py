"""WeChat's full-network release test, played as WeChat plays it, with the result of every case.

Official page: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/
Pre_release_testing.html, read 2026-09. One of five pairs of accounts asks; the event case left the page in 2018 and
counts only when it is asked for.
"""

from typing import TYPE_CHECKING

import msgspec

from wxsandbox.accounts import Account, Component
from wxsandbox.deliveries import Answer, Courier, Delivery, Parcel, send
from wxsandbox.mp import messages
from wxsandbox.mp.replies import BadReply, read_reply
from wxsandbox.open import grants, tickets
from wxsandbox.people import Chat, Fan, fan, open_window
from wxsandbox.xml import write

if TYPE_CHECKING:
    from wxsandbox.box import Box

GROUPS = (
    (("wx570bc396a51b8ff8", "gh_3c884a361561"), ("wxd101a85aa106f53e", "gh_8dad206e9538")),
    (("wx9252c5e0bb1836fc", "gh_c0f28a78b318"), ("wxc39235c15087f6f3", "gh_905ae9d01059")),
    (("wx8e1097c5bc82cde9", "gh_3f222ed8d140"), ("wx7720d01d4b2a4500", "gh_393666f1fdf4")),
    (("wx14550af28c71a144", "gh_26128078e9ab"), ("wx05d483572dcd5d8b", "gh_39abb5d4e1b7")),
    (("wxa35b9c23cfe664eb", "gh_2b3713f184a6"), ("wx5910277cae6fd970", "gh_7818dcb60240")),
)
NAMES = dict(pair for group in GROUPS for pair in group)
APPIDS = frozenset(NAMES)
TESTER = "release-tester"
TEXT = "TESTCOMPONENT_MSG_TYPE_TEXT"
API_SECONDS = 60
MESSAGES, MINI_MESSAGES = 1, 19


class Case(msgspec.Struct, kw_only=True):
    """One case: `state` is waiting, passed or failed."""

    name: str
    appid: str
    expected: str = ""
    state: str = "waiting"
    detail: str = ""
    asked_at: float = 0.0


class Run(msgspec.Struct, kw_only=True):
    """The last test of a platform."""

    id: str  # component appid
    group: int
    at: float
    cases: list[Case]

    @property
    def state(self) -> str:
        """Sum the cases up."""
        states = {case.state for case in self.cases}
        return "failed" if "failed" in states else "waiting" if "waiting" in states else "passed"


def begin(box: "Box", component: Component, *, group: int, events: bool = True) -> Run:
    """Ask every question of the test; the answers are judged as they come."""
    (official, official_name), (mini, mini_name) = GROUPS[group - 1]
    run = Run(id=component.id, group=group, at=box.clock.now(), cases=[])
    _ask(box, run, component, Case(name="ticket", appid=component.id), "")
    if MESSAGES in component.func_ids:
        code = _authorize(box, component, official, official_name, "official", MESSAGES)
        asked = Case(name="text", appid=official, expected=f"{TEXT}_callback")
        _ask(box, run, component, asked, _message(box, official, "text", Content=TEXT))
        _ask_api(box, run, component, "api", official, code)
        if events:
            asked = Case(name="event", appid=official, expected="LOCATIONfrom_callback")
            place = {"Latitude": "23.137466", "Longitude": "113.352425", "Precision": "119.385040"}
            _ask(box, run, component, asked, _message(box, official, "event", Event="LOCATION", **place))
    if MINI_MESSAGES in component.func_ids:
        code = _authorize(box, component, mini, mini_name, "mini", MINI_MESSAGES)
        _ask_api(box, run, component, "mini_api", mini, code)
    return box.table(Run).put(run)  # type: ignore[no-any-return]


def _authorize(box: "Box", component: Component, appid: str, user_name: str, kind: str, set_id: int) -> str:
    """Authorize a test account to the platform, as WeChat does first; gives the code it will ask about."""
    account = box.table(Account).get(appid) or box.table(Account).put(
        Account(
            id=appid, user_name=user_name, nick_name="全网发布检测", secret=box.dice.hex(32), kind=kind,
            seq=box.state.next("account"),
        )
    )  # fmt: skip
    grants.withdraw(box, component, appid, quiet=True)
    one = fan(box, TESTER, appid)
    one.subscribed = True
    box.table(Fan).put(one)
    return grants.grant(box, component, account, [set_id], pre_auth_code="").id


def _message(box: "Box", appid: str, kind: str, **fields: str) -> str:
    head = {
        "ToUserName": NAMES[appid],
        "FromUserName": fan(box, TESTER, appid).openid,
        "CreateTime": box.clock.seconds(),
        "MsgType": kind,
        **fields,
    }
    extra = {} if kind == "event" else {"MsgId": 24_000_000_000_000_000 + box.state.next("msgid")}
    return write(head | extra)


def _ask_api(box: "Box", run: Run, component: Component, name: str, appid: str, code: str) -> None:
    open_window(box, fan(box, TESTER, appid), "message")
    asked = Case(name=name, appid=appid, expected=f"{code}_from_api")
    _ask(box, run, component, asked, _message(box, appid, "text", Content=f"QUERY_AUTH_CODE:{code}"))


def _ask(box: "Box", run: Run, component: Component, case: Case, plain: str) -> None:
    run.cases.append(case)
    case.asked_at = box.clock.now()
    if case.name == "ticket":
        tickets.renew(box, component)
        box.table(Component).put(component)
        kind = "component_verify_ticket"
        head = {"AppId": component.id, "CreateTime": box.clock.seconds(), "InfoType": kind}
        plain, url = write({**head, "ComponentVerifyTicket": component.ticket}), component.event_url
    else:
        url = component.message_url.replace("$APPID$", case.appid)
    openid = "" if case.name == "ticket" else fan(box, TESTER, case.appid).openid
    data = {"component": component.id, "openid": openid, "case": len(run.cases) - 1}
    send(
        box, courier="release", kind=f"release.{case.name}", url=url, plain=plain, appid=case.appid, person=TESTER,
        data=data,
    )  # fmt: skip


def seal(box: "Box", delivery: Delivery, forged: bool) -> Parcel:
    """Seal a question as any other push."""
    sealed = tickets.seal if delivery.kind == "release.ticket" else messages.seal
    return sealed(box, delivery, forged)


async def done(box: "Box", delivery: Delivery, answer: Answer) -> bool:
    """Judge the answer to a question; there is no second attempt."""
    run = box.table(Run).get(delivery.data["component"])
    if run is None:
        return True
    case = run.cases[delivery.data["case"]]
    case.state, case.detail = _verdict(box, case, delivery, answer)
    box.table(Run).put(run)
    return True


def _verdict(box: "Box", case: Case, delivery: Delivery, answer: Answer) -> tuple[str, str]:
    if answer.status != 200:
        return "failed", answer.note or f"HTTP {answer.status}"
    said = answer.body.strip()
    if case.name == "ticket":
        return ("passed", "") if said == b"success" else ("failed", "the answer must be the plain word success")
    if case.name in ("api", "mini_api"):
        return ("waiting", "") if said == b"" else ("failed", "the answer must be an empty string")
    try:
        reply = read_reply(answer.body, messages.keys_of(box, delivery), openid=delivery.data["openid"])
    except BadReply as wrong:
        return "failed", f"bad passive reply: {wrong}"
    words = reply.content.get("text") if reply is not None else None
    return ("passed", "") if words == case.expected else ("failed", f"expected {case.expected}, heard {words}")


def look(box: "Box", component: Component) -> Run | None:
    """Give the last test as it stands now: what was to come by the API has come, or is too late."""
    run: Run | None = box.table(Run).get(component.id)
    for case in run.cases if run else []:
        if case.state != "waiting" or not case.name.endswith("api"):
            continue
        heard = box.table(Chat).by("thread", f"{case.appid}:{TESTER}")
        if any(chat.via == "custom" and chat.content.get("text") == case.expected for chat in heard):
            case.state = "passed"
        elif box.clock.now() > case.asked_at + API_SECONDS:
            case.state, case.detail = "failed", "no customer-service message came"
    return run


COURIER = Courier(seal=seal, done=done, pauses=())

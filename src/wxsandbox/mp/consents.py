"""What people answer when they are asked for notices: each accept is good for one, or for as long as it stands.

Official pages: developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/intro.html (prompts and their events),
Message_Management/One-time_subscription_info.html (the page of one-time subscriptions), 2026-09.
"""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from wxsandbox.errors import Wrong
from wxsandbox.http import Call
from wxsandbox.mp.messages import push
from wxsandbox.people import Fan, account_of, fan, person_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

if TYPE_CHECKING:
    from wxsandbox.box import Box

HOST = "_sandbox"
Answer = Literal["accept", "reject", "ban", "always"]


class NoticeConsent(msgspec.Struct, kw_only=True):
    """What a person said to notices of one template, and how many more may come."""

    id: str  # appid:person:template
    appid: str
    person: str
    template: str
    answer: str
    left: int = 0


class Refusal(msgspec.Struct, kw_only=True):
    """A person who takes no template messages of an account."""

    id: str  # appid:person


class Answered(msgspec.Struct):
    """Answer a prompt for notices, template by template; `always` ticks the box below the choice."""

    appid: str
    answers: dict[str, Answer]
    scene: str = "0"


class Changed(msgspec.Struct):
    """Change one's mind in the account's settings."""

    appid: str
    template_id: str
    answer: Literal["accept", "reject"]


class Templates(msgspec.Struct):
    """Take template messages of an account, or none."""

    appid: str
    on: bool


def of(box: "Box", one: Fan, template: str) -> NoticeConsent:
    """Give what a person said about a template; a new row when nothing was."""
    key = f"{one.appid}:{one.person}:{template}"
    known = box.state.table(NoticeConsent).get(key)
    return known or NoticeConsent(id=key, appid=one.appid, person=one.person, template=template, answer="")


def answer(box: "Box", one: Fan, template: str, said: str) -> None:
    """Note an answer; an accept allows one more notice."""
    consent = of(box, one, template)
    consent.answer = said
    consent.left = consent.left + 1 if said in ("accept", "always") else 0
    box.state.table(NoticeConsent).put(consent)


def use(box: "Box", one: Fan, template: str, *, long: bool) -> bool:
    """Use a consent up, unless it is a long one; say whether there was one."""
    consent = of(box, one, template)
    if consent.answer not in ("accept", "always") or (not long and consent.left < 1):
        return False
    if not long:
        consent.left -= 1
        box.state.table(NoticeConsent).put(consent)
    return True


def forget(box: "Box", appid: str, template: str) -> None:
    """Forget what people said about a template that is gone."""
    for one in box.state.table(NoticeConsent).by("template", template):
        if one.appid == appid:
            box.state.table(NoticeConsent).delete(one.id)


def refuses_templates(box: "Box", one: Fan) -> bool:
    """Say whether a person takes no template messages of the account."""
    return box.state.table(Refusal).get(one.id) is not None


async def answered(call: Call) -> Any:
    """Answer a prompt; the account hears of it."""
    asked = control(call.body, Answered)
    one = _one(call, asked.appid)
    if not 1 <= len(asked.answers) <= 3:
        raise Wrong("a prompt asks for one to three templates")
    for template, said in asked.answers.items():
        answer(call.box, one, template, said)
    rows = tuple(
        {"TemplateId": template, "SubscribeStatusString": "accept" if said == "always" else said,
         "PopupScene": asked.scene}
        for template, said in asked.answers.items()
    )  # fmt: skip
    event = {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": rows}}
    push(call.box, account_of(call.box, asked.appid), one, "event", event)
    return {"left": {template: of(call.box, one, template).left for template in asked.answers}}


async def changed(call: Call) -> Any:
    """Allow or forbid a template in the account's settings."""
    asked = control(call.body, Changed)
    one = _one(call, asked.appid)
    consent = of(call.box, one, asked.template_id)
    consent.answer = asked.answer
    call.box.state.table(NoticeConsent).put(consent)
    row = {"TemplateId": asked.template_id, "SubscribeStatusString": asked.answer}
    event = {"Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": {"List": row}}
    push(call.box, account_of(call.box, asked.appid), one, "event", event)
    return {"left": consent.left}


async def templates(call: Call) -> Any:
    """Take template messages of an account, or none; the account learns it when it sends one."""
    asked = control(call.body, Templates)
    one, table = _one(call, asked.appid), call.box.state.table(Refusal)
    if asked.on:
        table.delete(one.id)
    else:
        table.put(Refusal(id=one.id))
    return {"on": asked.on}


def _one(call: Call, appid: str) -> Fan:
    person = person_of(call.box, call.params["name"])
    account_of(call.box, appid)
    return fan(call.box, person.id, appid)


ROUTES = (
    Route(HOST, "POST", "/people/{name}/notices/answer", answered, body=Answered),
    Route(HOST, "POST", "/people/{name}/notices/change", changed, body=Changed),
    Route(HOST, "POST", "/people/{name}/notices/templates", templates, body=Templates),
)

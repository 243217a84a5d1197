"""What people answer when they are asked for notices: each accept is good for one, or for as long as it stands.

Official pages: developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/intro.html (prompts and their events),
Message_Management/One-time_subscription_info.html (the page of one-time subscriptions), 2026-09. PopupScene: the page
of events (doc/service/guide/product/subscription_messages/push.html, 2026-11) says 1 for web pages and 2 for articles;
reports of 0 for web pages are older, so 1 is the default and a caller may say another.
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
    kept: bool = False  # the box "always keep this choice" was ticked: no prompt asks again


class Refusal(msgspec.Struct, kw_only=True):
    """A person who takes no template messages of an account."""

    id: str  # appid:person


class Answered(msgspec.Struct):
    """Answer a prompt for notices, template by template; `always`, or `keep` for all, ticks the box below."""

    appid: str
    answers: dict[str, Answer]
    keep: bool = False
    scene: str = "1"


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


def answer(box: "Box", one: Fan, template: str, said: str, *, keep: bool = False) -> None:
    """Note an answer; an accept allows one more notice, and a kept one is not asked again."""
    consent = of(box, one, template)
    consent.answer, consent.kept = said, keep or said == "always"
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
    one = person_fan(call, asked.appid)
    if not 1 <= len(asked.answers) <= 3:
        raise Wrong("a prompt asks for one to three templates")
    take(call.box, one, asked.answers, keep=asked.keep, scene=asked.scene)
    return {"left": {template: of(call.box, one, template).left for template in asked.answers}}


def take(box: "Box", one: Fan, answers: dict[str, Answer], *, keep: bool, scene: str) -> None:
    """Note what was answered to a prompt, and tell the account."""
    for template, said in answers.items():
        answer(box, one, template, said, keep=keep)
    rows = tuple(
        {"TemplateId": template, "SubscribeStatusString": "accept" if said == "always" else said, "PopupScene": scene}
        for template, said in answers.items()
    )
    event = {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": rows}}
    push(box, account_of(box, one.appid), one, "event", event)


async def changed(call: Call) -> Any:
    """Allow or forbid a template in the account's settings."""
    asked = control(call.body, Changed)
    one = person_fan(call, asked.appid)
    consent = of(call.box, one, asked.template_id)
    consent.answer, consent.kept = asked.answer, False
    call.box.state.table(NoticeConsent).put(consent)
    row = {"TemplateId": asked.template_id, "SubscribeStatusString": asked.answer}
    event = {"Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": {"List": row}}
    push(call.box, account_of(call.box, asked.appid), one, "event", event)
    return {"left": consent.left}


async def templates(call: Call) -> Any:
    """Take template messages of an account, or none; the account learns it when it sends one."""
    asked = control(call.body, Templates)
    one, table = person_fan(call, asked.appid), call.box.state.table(Refusal)
    if asked.on:
        table.delete(one.id)
    else:
        table.put(Refusal(id=one.id))
    return {"on": asked.on}


def person_fan(call: Call, appid: str) -> Fan:
    """Find who a control call is about, as the account knows them. Raises Wrong, NotFound."""
    person = person_of(call.box, call.params["name"])
    account_of(call.box, appid)
    return fan(call.box, person.id, appid)


ROUTES = (
    Route(HOST, "POST", "/people/{name}/notices/answer", answered, body=Answered),
    Route(HOST, "POST", "/people/{name}/notices/change", changed, body=Changed),
    Route(HOST, "POST", "/people/{name}/notices/templates", templates, body=Templates),
)

"""The prompt of `<wx-open-subscribe>`: what a page may ask a person to agree to, and what its button hears.

Official pages: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_Open_Tag.html (the tag, its `success` and
`error`), doc/offiaccount/Subscription_Messages/intro.html, 2026-11. Where reports differ: a tap on 取消 is "reject" in
the event and in most pages' experience; "cancel" is listed too, and is not produced here.
"""

import json
from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.http import Call
from wxsandbox.mp import consents
from wxsandbox.mp.consents import HOST, Answer
from wxsandbox.mp.subscriptions import NoticeTemplate
from wxsandbox.people import Fan, account_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

if TYPE_CHECKING:
    from wxsandbox.box import Box

MOST = 3
FROM_PAGE = "1"
# What `error` says, by its errCode.
SAYS = {
    10001: "template is empty", 20001: "no template data", 20002: "one-time and long-term templates are mixed",
    20003: "too many templates", 20004: "main switch is off",
}  # fmt: skip


class Asked(msgspec.Struct):
    """The tag's `template`, as the page wrote it."""

    appid: str
    template: str


class Decided(msgspec.Struct):
    """What the person left ticked, whether they allowed it, and whether to keep that."""

    appid: str
    template: str
    accepted: list[str]
    keep: bool = False


async def prompt(call: Call) -> Any:
    """Say what the sheet shows; `detail` instead where nothing is asked: a fault, or a choice that is kept."""
    asked = control(call.body, Asked)
    one = consents.person_fan(call, asked.appid)
    ids, fault = checked(call.box, one, asked.template)
    if fault:
        detail = {"errCode": str(fault), "errMsg": f"subscribe:fail_{SAYS[fault]}"}
        return {"event": "error", "detail": detail}
    said = {template: consents.of(call.box, one, template) for template in ids}
    if all(consent.kept for consent in said.values()):
        kept: dict[str, Answer] = {
            template: "accept" if consent.answer in ("accept", "always") else "reject"
            for template, consent in said.items()
        }
        return {"event": "success", "detail": decide(call.box, one, kept, keep=True)}
    table = call.box.state.table(NoticeTemplate)
    rows = [table.get(template) for template in ids]
    account = account_of(call.box, asked.appid)
    return {
        "nick_name": account.nick_name, "head_img": account.head_img,
        "templates": [{"id": row.id, "title": row.title, "example": row.example, "long": row.type == 3}
                      for row in rows if row],
    }  # fmt: skip


async def decided(call: Call) -> Any:
    """Take the person's choice; give what the button hears."""
    asked = control(call.body, Decided)
    one = consents.person_fan(call, asked.appid)
    ids, fault = checked(call.box, one, asked.template)
    if fault:
        return {"event": "error", "detail": {"errCode": str(fault), "errMsg": f"subscribe:fail_{SAYS[fault]}"}}
    answers: dict[str, Answer] = {one: "accept" if one in asked.accepted else "reject" for one in ids}
    return {"event": "success", "detail": decide(call.box, one, answers, keep=asked.keep)}


def decide(box: "Box", one: Fan, answers: dict[str, Answer], *, keep: bool) -> dict[str, str]:
    """Note the answers, tell the account, and write the detail as WeChat does: texts within a text."""
    consents.take(box, one, answers, keep=keep, scene=FROM_PAGE)
    rows = {template: json.dumps({"status": said}, separators=(",", ":")) for template, said in answers.items()}
    return {"errMsg": "subscribe:ok", "subscribeDetails": json.dumps(rows, separators=(",", ":"))}


def checked(box: "Box", one: Fan, template: str) -> tuple[list[str], int]:
    """Read the tag's templates; the second is the errCode that bars them, or 0."""
    ids = list(dict.fromkeys(part.strip() for part in template.split(",") if part.strip()))
    table = box.state.table(NoticeTemplate)
    rows = [row for row in map(table.get, ids) if row is not None and row.appid == one.appid]
    if not ids:
        return ids, 10001
    if len(ids) > MOST:
        return ids, 20003
    if len(rows) < len(ids):
        return ids, 20001
    if len({row.type for row in rows}) > 1:
        return ids, 20002
    return ids, 20004 if consents.refuses_templates(box, one) else 0


ROUTES = (
    Route(HOST, "POST", "/people/{name}/notices/prompt", prompt, body=Asked),
    Route(HOST, "POST", "/people/{name}/notices/decision", decided, body=Decided),
)

"""What people change in WeChat's own settings: their name, what an account may know of them, their account itself.

Official page: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html, read 2026-09.
The events go to the accounts that were let know somebody (user_info_modified, user_authorization_revoke), or that know
them at all (user_authorization_cancellation).
"""

from typing import Any

import msgspec

from wxsandbox.control.actors import act, actor
from wxsandbox.http import Call
from wxsandbox.mp.messages import push
from wxsandbox.mp.oauth import WebToken
from wxsandbox.people import Fan, account_of, add_person, person_of
from wxsandbox.validate import control

EVERYTHING = "301"


class Revoke(msgspec.Struct):
    """Which account, and what it shall no longer know: WeChat's number, by default everything."""

    appid: str
    what: str = EVERYTHING


class Rename(msgspec.Struct):
    """A new name or picture."""

    nickname: str = ""
    avatar: str = ""


class Nothing(msgspec.Struct):
    """No field."""


async def revoke(call: Call) -> Any:
    """Take back what an account was let know."""
    asked = control(call.body, Revoke)
    one = actor(call, asked.appid)
    _void_tokens(call, one)
    _tell(call, one, "user_authorization_revoke", RevokeInfo=asked.what)
    return {"ok": True}


async def rename(call: Call) -> Any:
    """Change name or picture, and tell the accounts that were let know them."""
    asked = control(call.body or b"{}", Rename)
    person = add_person(call.box, person_of(call.box, call.params["name"]).id, asked.nickname, asked.avatar)
    for one in _known_to(call):
        if _tokens(call, one):
            _tell(call, one, "user_info_modified")
    return person


async def close(call: Call) -> Any:
    """Close the WeChat account: nobody follows any more, and every account is told."""
    control(call.body or b"{}", Nothing)
    person_of(call.box, call.params["name"])
    for one in _known_to(call):
        _void_tokens(call, one)
        _tell(call, one, "user_authorization_cancellation")
        one.subscribed, one.windows = False, {}
        call.box.state.table(Fan).put(one)
    return {"ok": True}


def _known_to(call: Call) -> list[Fan]:
    return [one for one in call.box.state.table(Fan) if one.person == call.params["name"]]


def _tokens(call: Call, one: Fan) -> list[WebToken]:
    return list(call.box.state.table(WebToken).by("owner", one.id))


def _void_tokens(call: Call, one: Fan) -> None:
    for token in _tokens(call, one):
        call.box.state.table(WebToken).delete(token.id)


def _tell(call: Call, one: Fan, event: str, **more: str) -> None:
    fields = {"Event": event, "OpenID": one.openid, "AppID": one.appid, **more}
    push(call.box, account_of(call.box, one.appid), one, "event", fields)


ROUTES = (act("revoke", revoke, Revoke), act("rename", rename, Rename), act("close", close, Nothing))

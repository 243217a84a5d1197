"""An account's verification, decided by WeChat's clerks: it passes, fails, is due again, or is over.

Official page: developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html, read
2026-09.
"""

from typing import Any

import msgspec

from wxsandbox.accounts import Account
from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call
from wxsandbox.mp.articles import helper
from wxsandbox.mp.messages import push
from wxsandbox.open import backoffice as back
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"
UNTIL = ("qualification_verify_success", "naming_verify_success", "annual_renew", "verify_expired")
FAILED = ("qualification_verify_fail", "naming_verify_fail")
DAY = 86400


class Verdict(msgspec.Struct):
    """The event; in how many days it ends (before zero: it has ended), or why it failed."""

    event: str
    days: int = 365
    reason: str = "by time"


WORDS = {
    "naming_verify_success": "名称认证成功", "naming_verify_fail": "名称认证失败",
    "qualification_verify_success": "资质认证成功", "qualification_verify_fail": "资质认证失败",
    "annual_renew": "通知年审", "verify_expired": "认证过期",
}  # fmt: skip


def card(action: str) -> str:
    """Write the back office's card on which WeChat's clerk decides."""
    options = "".join(f'<option value="{event}">{words}</option>' for event, words in WORDS.items())
    chosen = f'<label class="field"><span>审核结果</span><select name="event">{options}</select></label>'
    return back.card("帐号认证", back.form(action, chosen + back.button("通知帐号", id="verification")))


async def decide(call: Call) -> Any:
    """Tell an account what became of its verification."""
    tell(call, control(call.body, Verdict))
    return {"ok": True}


def tell(call: Call, asked: Verdict) -> None:
    """Push a verdict to the account of the path; raises NotFound, Wrong."""
    found = call.box.table(Account).get(call.params["appid"])
    if found is None:
        raise NotFound("no such account")
    now, fields = call.box.clock.seconds(), dict[str, Any](Event=asked.event)
    if asked.event in UNTIL:
        fields["ExpiredTime"] = now + asked.days * DAY
    elif asked.event in FAILED:
        fields |= {"FailTime": now, "FailReason": asked.reason}
    else:
        raise Wrong(f"event must be one of {sorted(UNTIL + FAILED)}")
    call.appid = found.appid
    push(call.box, found, helper(found.appid), "event", fields)


ROUTES = (Route(HOST, "POST", "/accounts/{appid}/verification", decide, body=Verdict),)

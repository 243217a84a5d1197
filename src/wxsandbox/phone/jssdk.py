"""wx.config as WeChat checks it: the signature of the page's address under the account's jsapi ticket, and its domain.

Official page: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html (step 3, appendix 1 and 5), 2026-09.
"""

import hashlib
from typing import Any

import msgspec

from wxsandbox import crypto
from wxsandbox.accounts import Account, Component
from wxsandbox.http import Call, host_of, is_loopback
from wxsandbox.mp.base import JsTicket
from wxsandbox.open import grants
from wxsandbox.people import person_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"
OK = "preVerifyJSAPI:ok"


class Config(msgspec.Struct):
    """What the JS-SDK file hands over for wx.config, and the address of the page that asked."""

    appid: str
    url: str
    timestamp: str = ""
    nonce: str = ""
    signature: str = ""


async def verify(call: Call) -> Any:
    """Check a page's wx.config; `err_msg` is what its callback hears, `hint` what helps its developer."""
    person_of(call.box, call.params["name"])
    asked = control(call.body, Config)
    call.appid = asked.appid
    wrong = fault_of(call, asked)
    return {"err_msg": f"preVerifyJSAPI:fail_{wrong[0]}" if wrong else OK, "hint": wrong[1] if wrong else ""}


def fault_of(call: Call, asked: Config) -> tuple[str, str] | None:
    """Return what is wrong with a config, in WeChat's words, and a hint; None when all is well."""
    box = call.box
    account = box.table(Account).get(asked.appid)
    if account is None:
        return "invalid appid", f"no account {asked.appid}"
    url = asked.url.partition("#")[0]
    if not domain_allowed(call, account, host_of(url)):
        return "invalid url domain", f"{host_of(url)} is not among the account's JS domains"
    ticket = box.table(JsTicket).get(f"jsapi:{account.appid}")
    if ticket is None or ticket.expires_at <= box.clock.now():
        return "invalid signature", "the account has no jsapi ticket in force"
    words = f"jsapi_ticket={ticket.value}&noncestr={asked.nonce}&timestamp={asked.timestamp}&url={url}"
    if not crypto.same(hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest(), asked.signature):
        return "invalid signature", f"signed must be: jsapi_ticket=…&noncestr={asked.nonce}&timestamp=…&url={url}"
    return None


def domain_allowed(call: Call, account: Account, host: str) -> bool:
    """Tell whether pages of a host may use the SDK: loopback, the account's JS domains, or its platform's domain."""
    if is_loopback(host) or host in [domain.lower() for domain in account.js_domains]:
        return True
    for component in call.box.table(Component):
        if grants.active(call.box, component.id, account.appid):
            domains = component.dev_domain.replace("$APPID$", account.appid).lower().split(";")
            if host in [domain.strip() for domain in domains]:
                return True
    return False


ROUTES = (Route(HOST, "POST", "/people/{name}/jsapi", verify, body=Config),)

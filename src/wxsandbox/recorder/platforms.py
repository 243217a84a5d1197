"""Third-party platforms of a recording: what a person's hand did at WeChat is done again in the simulator.

A recording holds no push and no tap: neither the ticket that WeChat sent, nor the authorization somebody gave. When a
question was answered well, whatever it names must have been there; so it is made before the question is asked again.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wxsandbox.accounts import Account, Component
from wxsandbox.client import Sandbox
from wxsandbox.open import grants, tickets
from wxsandbox.recorder.bindings import Bindings
from wxsandbox.recorder.exchange import Exchange

if TYPE_CHECKING:
    from wxsandbox.box import Box

CALLS = "/cgi-bin/component/"
SECRETS = ("component_appsecret", "component_secret")


def of(exchanges: Iterable[Exchange]) -> dict[str, str]:
    """Map the AppIDs of the platforms of a recording to the secrets that WeChat took for them."""
    found: dict[str, str] = {}
    for one in asked_well(exchanges):
        secret = next((one.body[name] for name in SECRETS if name in one.body), "")
        found[one.body["component_appid"]] = secret or found.get(one.body["component_appid"], "")
    return found


def authorizers(exchanges: Iterable[Exchange]) -> list[str]:
    """List the accounts that had authorized a platform when it asked."""
    return list(dict.fromkeys(appid for one in asked_well(exchanges) for appid in named(one)))


def asked_well(exchanges: Iterable[Exchange]) -> Iterable[Exchange]:
    """Give the component calls that WeChat did not refuse."""
    for one in exchanges:
        fine = isinstance(one.answer, dict) and one.answer.get("errcode", 0) == 0
        if one.path.startswith(CALLS) and fine and isinstance(one.body, dict) and "component_appid" in one.body:
            yield one


def named(one: Exchange) -> list[str]:
    """List the accounts that a call is about."""
    info = one.answer.get("authorization_info") or {}
    listed = [row.get("authorizer_appid") for row in one.answer.get("list") or []]
    found = [one.body.get("authorizer_appid"), info.get("authorizer_appid"), *listed]
    return [appid for appid in found if isinstance(appid, str) and appid]


async def prepare(sandbox: Sandbox, exchanges: list[Exchange]) -> None:
    """Set up the platforms of a recording, and the accounts that authorized them."""
    for appid, secret in of(exchanges).items():
        await sandbox.component(appid, **({"secret": secret} if secret else {}))
    for appid in authorizers(exchanges):
        await sandbox.account(appid)


def before(box: "Box", one: Exchange, known: Bindings) -> None:
    """Make what a question names, if WeChat answered it well."""
    if not list(asked_well([one])):
        return
    component = box.state.table(Component).get(one.body["component_appid"])
    assert component is not None, "every platform of a recording was set up"
    if ticket := one.body.get("component_verify_ticket"):
        if not component.ticket:
            tickets.renew(box, component)
            box.state.table(Component).put(component)
        known.bind(ticket, component.ticket)
    for appid in named(one):
        _authorize(box, component, appid, one, known)


def _authorize(box: "Box", component: Component, appid: str, one: Exchange, known: Bindings) -> None:
    account = box.state.table(Account).get(appid)
    assert account is not None, "every account of a recording was set up"
    code = one.body.get("authorization_code")
    if code or grants.active(box, component.id, appid) is None:
        made = grants.grant(box, component, account, _sets(one) or component.func_ids, pre_auth_code="", quiet=True)
        if code:
            known.bind(code, made.id)
    grant = grants.active(box, component.id, appid)
    if grant is not None and (token := one.body.get("authorizer_refresh_token")):
        known.bind(token, grant.refresh_token)


def _sets(one: Exchange) -> list[int]:
    rows: list[Any] = (one.answer.get("authorization_info") or {}).get("func_info") or []
    found = [(row.get("funcscope_category") or {}).get("id") for row in rows if isinstance(row, dict)]
    return [id for id in found if isinstance(id, int)]

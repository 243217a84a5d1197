"""Asking for the registration of a mini program; how it ends is pushed (`registrations`), within 24 hours.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Register_Mini_Programs/
Fast_Registration_Interface_document.html, fastregisterpersonalweapp.html (2026-11). `token` is the component's.
"""

from dataclasses import dataclass, field

from weixin.client import COMPONENT, Client
from weixin.tokens import text

# The same one is under way already: asked twice, or asked before our own crash.
RUNNING = 89249
# What a search answers while the legal person has not confirmed.
CHECKING = frozenset({89249, 89251, 89252})
# Something went wrong within WeChat: worth another attempt while the person still has time.
INNER = frozenset({89247, 89250})
CODE_LENGTHS = {1: 18, 2: 9, 3: 15}


@dataclass(frozen=True, slots=True)
class Company:
    """Who registers; `code_type` 1: unified social credit code, 2: organization code, 3: business licence."""

    name: str
    code: str
    code_type: int
    persona_wechat: str = field(repr=False)
    persona_name: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    """A person's registration, and the page on which they confirm it."""

    id: str
    url: str = field(repr=False)


async def for_company(client: Client, company: Company, *, token: str) -> None:
    """Ask for a company's mini program; its legal person is asked on the phone. Raises 86004, 892xx, 61070."""
    body = {
        "name": company.name,
        "code": company.code,
        "code_type": company.code_type,
        "legal_persona_wechat": company.persona_wechat,
        "legal_persona_name": company.persona_name,
        "component_phone": company.phone,
    }
    await client.post("/cgi-bin/component/fastregisterweapp", body, token=token, token_name=COMPONENT, params=CREATE)


async def state_of_company(client: Client, company: Company, *, token: str) -> None:
    """Look how a company's registration goes: returns when it is done, raises CHECKING or why it failed."""
    body = {
        "name": company.name,
        "legal_persona_wechat": company.persona_wechat,
        "legal_persona_name": company.persona_name,
    }
    path = "/cgi-bin/component/fastregisterweapp"
    await client.post(path, body, token=token, token_name=COMPONENT, params={"action": "search"})


async def for_person(client: Client, *, token: str, name: str, wechat: str, phone: str) -> Task:
    """Ask for a person's mini program; they confirm on the page that is given. Raises 86004, 892xx."""
    body = {"idname": name, "wxuser": wechat, "component_phone": phone}
    path = "/wxa/component/fastregisterpersonalweapp"
    answer = await client.post(path, body, token=token, token_name=COMPONENT, params=CREATE)
    return Task(text(answer, "taskid"), text(answer, "authorize_url"))


CREATE = {"action": "create"}

"""The domains that mini programs of a platform may speak to (servers) or open (web views), and the proof of owning one.

Official pages: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/domain/
modify_server_domain.html and siblings, read 2026-09. Several domains are written in one text, `;` between them. What is
added goes to the testing list; with is_modify_published_together, to the published one, too.
"""

import re
from typing import Annotated, Any, Literal

import msgspec

from wxsandbox import crypto, tokens
from wxsandbox.accounts import Component
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.routes import Route
from wxsandbox.validate import read

API, DATE = "api.weixin.qq.com", "2026-09"
PAGES = "https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/domain"
MOST = 1000
DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
Action = Literal["add", "delete", "set", "get"]
CODES = {"action": 40097}


class Domains(msgspec.Struct, kw_only=True):
    """A platform's domains of one kind."""

    id: str  # component:kind
    testing: list[str] = []
    published: list[str] = []


class ServerDomain(msgspec.Struct):
    """Body of modify_wxa_server_domain."""

    action: Action
    wxa_server_domain: str = ""
    is_modify_published_together: bool = False


class JumpDomain(msgspec.Struct):
    """Body of modify_wxa_jump_domain."""

    action: Action
    wxa_jump_h5_domain: str = ""
    is_modify_published_together: bool = False


class Nothing(msgspec.Struct):
    """Body of get_domain_confirmfile: an empty object."""


def change(call: Call, component: Component, kind: str, action: str, text: str, together: bool) -> dict[str, str]:
    """Carry a change out; gives what is published, being tested, and was not understood, as texts."""
    table = call.box.table(Domains)
    now = table.get(f"{component.id}:{kind}") or Domains(id=f"{component.id}:{kind}")
    named = [one.strip().lower() for one in text.split(";") if one.strip()]
    bad = [one for one in named if not DOMAIN.fullmatch(one)] if action != "get" else []
    good = list(dict.fromkeys(one for one in named if one not in bad))
    if action in ("add", "set", "delete") and not named:
        raise WxError(85017, "no domain to modify after filtered")
    if action != "get":
        now.testing = _changed(now.testing, action, good)
        if together:
            now.published = _changed(now.published, action, good)
        if max(len(now.testing), len(now.published)) > MOST:
            raise WxError(85016, "exceed valid domain count")
        table.put(now)
    return {
        f"published_{kind}": ";".join(now.published),
        f"testing_{kind}": ";".join(now.testing),
        f"invalid_{kind}": ";".join(bad),
    }


def _changed(known: list[str], action: str, named: list[str]) -> list[str]:
    if action == "set":
        return named
    if action == "delete":
        return [one for one in known if one not in named]
    return list(dict.fromkeys([*known, *named]))


async def server(call: Call) -> Any:
    """Change or read the server domains."""
    component = tokens.component_call(call)
    asked = read(call.body, ServerDomain, CODES)
    said = change(call, component, "wxa_server_domain", asked.action, asked.wxa_server_domain,
                  asked.is_modify_published_together)  # fmt: skip
    return {"errcode": 0, "errmsg": "ok", **said}


async def jump(call: Call) -> Any:
    """Change or read the domains of web views."""
    component = tokens.component_call(call)
    asked = read(call.body, JumpDomain, CODES)
    said = change(call, component, "wxa_jump_h5_domain", asked.action, asked.wxa_jump_h5_domain,
                  asked.is_modify_published_together)  # fmt: skip
    return {"errcode": 0, "errmsg": "ok", **said}


async def confirm_file(call: Call) -> Any:
    """Name the file that shows, at the root of a domain, whose it is."""
    component = tokens.component_call(call)
    read(call.body, Nothing, {})
    text = crypto.signature(component.id, "confirmfile")
    return {"errcode": 0, "errmsg": "ok", "file_name": f"{text[:10]}.txt", "file_content": text[:32]}


def route(path: str, handler: Any, body: Any, page: Annotated[str, "file"], *errors: int) -> Route:
    """Declare one call."""
    known = (40001, 41001, 42001, 44002, 47001, 61014, *errors)
    return Route(API, "POST", f"/cgi-bin/component/{path}", handler, f"{PAGES}/{page}.html", DATE, body, known)


ROUTES = (
    route("modify_wxa_server_domain", server, ServerDomain, "modify_server_domain", 40097, 85016, 85017),
    route("modify_wxa_jump_domain", jump, JumpDomain, "modify_jump_domain", 40097, 85016, 85017),
    route("get_domain_confirmfile", confirm_file, Nothing, "get_domain_confirmfile"),
)

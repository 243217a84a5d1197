"""A platform's domains for its mini programs: servers they speak to, pages they open, and the proof of owning one.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/domain/modify_server_domain.html
and siblings (2026-11). `token` is the component's. Changes hold for testing; `published` changes what is in use, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from weixin.client import COMPONENT, Client
from weixin.tokens import text


class Kind(StrEnum):
    """Which list."""

    SERVER = "server"
    JUMP = "jump"


@dataclass(frozen=True, slots=True)
class Domains:
    """What is in use, what is being tested, and what WeChat did not understand of a change."""

    published: tuple[str, ...]
    testing: tuple[str, ...]
    invalid: tuple[str, ...]


CALLS = {
    Kind.SERVER: ("/cgi-bin/component/modify_wxa_server_domain", "wxa_server_domain"),
    Kind.JUMP: ("/cgi-bin/component/modify_wxa_jump_domain", "wxa_jump_h5_domain"),
}


async def read(client: Client, kind: Kind, *, token: str) -> Domains:
    """Read a list."""
    return await _modify(client, kind, token, {"action": "get"})


async def put(client: Client, kind: Kind, *, token: str, domains: Sequence[str], published: bool) -> Domains:
    """Replace a list; 85016 too many, 85017 none that is right."""
    name = CALLS[kind][1]
    body = {"action": "set", name: ";".join(domains), "is_modify_published_together": published}
    return await _modify(client, kind, token, body)


async def drop(client: Client, kind: Kind, *, token: str, domains: Sequence[str], published: bool) -> Domains:
    """Take domains off a list."""
    name = CALLS[kind][1]
    body = {"action": "delete", name: ";".join(domains), "is_modify_published_together": published}
    return await _modify(client, kind, token, body)


async def confirm_file(client: Client, *, token: str) -> tuple[str, str]:
    """Read the name and the words of the file that must lie at the root of a domain of web views."""
    answer = await client.post("/cgi-bin/component/get_domain_confirmfile", {}, token=token, token_name=COMPONENT)
    return text(answer, "file_name"), text(answer, "file_content")


async def _modify(client: Client, kind: Kind, token: str, body: dict[str, object]) -> Domains:
    path, name = CALLS[kind]
    answer = await client.post(path, body, token=token, token_name=COMPONENT)
    lists = (str(answer.get(f"{state}_{name}") or "") for state in ("published", "testing", "invalid"))
    return Domains(*(tuple(one for one in words.split(";") if one) for words in lists))

"""Template messages of service accounts: the industry, the account's templates, and sending.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html (2026-11).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weixin.client import Client
from weixin.errors import Unreachable
from weixin.tokens import text

MOST = 25


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account; `content` names its fields as `{{keyword1.DATA}}`."""

    template_id: str
    title: str
    content: str
    example: str
    industry: str


@dataclass(frozen=True, slots=True)
class Mini:
    """The page of a mini program that a message leads to, before its address."""

    appid: str
    page_path: str


@dataclass(frozen=True, slots=True)
class Industry:
    """The account's two industries, each as first and second class; empty when none is set."""

    primary: tuple[str, str]
    secondary: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """What a template is filled with; `mini` goes before `url` on phones that can."""

    template_id: str
    data: Mapping[str, str]
    url: str = ""
    mini: Mini | None = None
    colors: Mapping[str, str] = field(default_factory=dict)

    def body(self, openid: str) -> dict[str, Any]:
        """Write the message in WeChat's words."""
        values = {
            name: {"value": value, **({"color": self.colors[name]} if name in self.colors else {})}
            for name, value in self.data.items()
        }
        body: dict[str, Any] = {"touser": openid, "template_id": self.template_id, "data": values}
        if self.url:
            body["url"] = self.url
        if self.mini:
            body["miniprogram"] = {"appid": self.mini.appid, "pagepath": self.mini.page_path}
        return body


async def set_industry(client: Client, *, token: str, first: str, second: str) -> None:
    """Set the industries by WeChat's numbers, once a month; 43100 too often, 40102 and 40103 unknown."""
    body = {"industry_id1": first, "industry_id2": second}
    await client.post("/cgi-bin/template/api_set_industry", body, token=token)


async def industry(client: Client, *, token: str) -> Industry:
    """Read the account's industries."""
    answer = await client.get("/cgi-bin/template/get_industry", token=token)
    return Industry(_classes(answer.get("primary_industry")), _classes(answer.get("secondary_industry")))


async def add(client: Client, *, token: str, short_id: str, keywords: list[str] | None = None) -> str:
    """Take a template of WeChat's library; give its id. 45026: 25 already, 45027: not for this industry."""
    body: dict[str, Any] = {"template_id_short": short_id}
    if keywords:
        body["keyword_name_list"] = keywords
    return text(await client.post("/cgi-bin/template/api_add_template", body, token=token), "template_id")


async def listed(client: Client, *, token: str) -> list[Template]:
    """List the account's templates."""
    answer = await client.get("/cgi-bin/template/get_all_private_template", token=token)
    return [
        Template(
            text(one, "template_id"), str(one.get("title") or ""), str(one.get("content") or ""),
            str(one.get("example") or ""), str(one.get("deputy_industry") or one.get("primary_industry") or ""),
        )
        for one in answer.get("template_list") or []
    ]  # fmt: skip


async def delete(client: Client, *, token: str, template_id: str) -> None:
    """Drop a template; 40037 when there is none."""
    await client.post("/cgi-bin/template/del_private_template", {"template_id": template_id}, token=token)


async def send(client: Client, *, token: str, openid: str, message: Message, key: str) -> str:
    """Send a filled template; give WeChat's number, under which TEMPLATESENDJOBFINISH tells what became of it.

    `key` (at most 32 characters) makes a repeat within ten minutes harmless. 40037 no such template, 43004 the person
    does not follow, 43019 they are on the blacklist, 47003 a value is missing, 40165 the mini program's page.
    """
    body = {**message.body(openid), "client_msg_id": key}
    answer = await client.post("/cgi-bin/message/template/send", body, token=token)
    if not answer.get("msgid"):
        raise Unreachable("the answer names no msgid")
    return str(answer["msgid"])


def _classes(part: Any) -> tuple[str, str]:
    part = part if isinstance(part, dict) else {}
    return str(part.get("first_class") or ""), str(part.get("second_class") or "")

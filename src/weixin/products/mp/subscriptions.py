"""Subscription notices: to whom a person has said yes beforehand, once for each time or for long.

https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html and
.../Message_Management/One-time_subscription_info.html (2026-11).
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from weixin.client import Client
from weixin.products.mp.templates import Message
from weixin.tokens import text

# Kinds of templates: an accept is good for one notice, or for as long as it is not taken back.
ONCE, LONG = 2, 3
MOST, PAGE = 25, 30


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the account, whose templates it may take."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Title:
    """A template of WeChat's library."""

    tid: int
    title: str
    type: int
    category_id: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """A field that a template may have; `rule` is the kind of value, such as `thing`."""

    kid: int
    name: str
    example: str
    rule: str


@dataclass(frozen=True, slots=True)
class Own:
    """A template the account has taken; `content` names its fields as `{{thing1.DATA}}`."""

    template_id: str
    title: str
    content: str
    example: str
    type: int


async def categories(client: Client, *, token: str) -> list[Category]:
    """List the account's categories."""
    answer = await client.get("/wxaapi/newtmpl/getcategory", token=token)
    return [Category(int(one["id"]), str(one["name"])) for one in answer.get("data") or []]


async def titles(client: Client, *, token: str, categories: list[int], start: int = 0) -> tuple[list[Title], int]:
    """List the library's templates of some categories, 30 at a time, and count them all."""
    params = {"ids": ",".join(map(str, categories)), "start": str(start), "limit": str(PAGE)}
    answer = await client.get("/wxaapi/newtmpl/getpubtemplatetitles", token=token, params=params)
    rows = [
        Title(int(one["tid"]), str(one["title"]), int(one.get("type") or ONCE), str(one.get("categoryId") or ""))
        for one in answer.get("data") or []
    ]
    return rows, int(answer.get("count") or 0)


async def keywords(client: Client, *, token: str, tid: int) -> list[Keyword]:
    """List the fields a template of the library may have; 200014 when there is no such template."""
    answer = await client.get("/wxaapi/newtmpl/getpubtemplatekeywords", token=token, params={"tid": str(tid)})
    return [
        Keyword(int(one["kid"]), str(one["name"]), str(one.get("example") or ""), str(one.get("rule") or ""))
        for one in answer.get("data") or []
    ]


async def add(client: Client, *, token: str, tid: int, kids: list[int], scene: str) -> str:
    """Take a template with 2 to 5 fields in their order, saying (15 characters) what for; give its id.

    200012: 25 already, 200014 no such template, 200020 the fields, 200021 the words.
    """
    body = {"tid": str(tid), "kidList": kids, "sceneDesc": scene}
    return text(await client.post("/wxaapi/newtmpl/addtemplate", body, token=token), "priTmplId")


async def listed(client: Client, *, token: str) -> list[Own]:
    """List the templates the account has taken."""
    answer = await client.get("/wxaapi/newtmpl/gettemplate", token=token)
    return [
        Own(
            text(one, "priTmplId"), str(one.get("title") or ""), str(one.get("content") or ""),
            str(one.get("example") or ""), int(one.get("type") or ONCE),
        )
        for one in answer.get("data") or []
    ]  # fmt: skip


async def delete(client: Client, *, token: str, template_id: str) -> None:
    """Drop a template; consents to it are void."""
    await client.post("/wxaapi/newtmpl/deltemplate", {"priTmplId": template_id}, token=token)


async def send(client: Client, *, token: str, openid: str, message: Message) -> None:
    """Send a notice (POST /cgi-bin/message/subscribe/bizsend); 43101 without the person's consent, 47003 a value."""
    body: dict[str, Any] = message.body(openid)
    if "url" in body:
        body["page"] = body.pop("url")
    await client.post("/cgi-bin/message/subscribe/bizsend", body, token=token)


def once_url(mp_base: str, *, appid: str, scene: int, template_id: str, redirect_url: str, reserved: str) -> str:
    """Make the page on which a person says yes to one notice; `scene` is 0 to 10000, `reserved` comes back."""
    pairs = [
        ("action", "get_confirm"), ("appid", appid), ("scene", str(scene)), ("template_id", template_id),
        ("redirect_url", redirect_url), ("reserved", reserved),
    ]  # fmt: skip
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    return f"{mp_base.rstrip('/')}/mp/subscribemsg?{query}#wechat_redirect"


async def send_once(
    client: Client, *, token: str, openid: str, template_id: str, scene: int, title: str, text: str, url: str = ""
) -> None:
    """Send the one notice that a person said yes to on that page; `title` 15 characters, `text` 200."""
    body: dict[str, Any] = {
        "touser": openid, "template_id": template_id, "scene": str(scene), "title": title,
        "data": {"content": {"value": text}},
    }  # fmt: skip
    if url:
        body["url"] = url
    await client.post("/cgi-bin/message/template/subscribe", body, token=token)

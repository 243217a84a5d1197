"""Customer-service messages within the windows WeChat opens.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html, 2026-09.
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp import custom_checks
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.kf import found
from wxsandbox.mp.publishing import cards_of
from wxsandbox.people import Chat, fan_by_openid, show, take_window
from wxsandbox.routes import Route
from wxsandbox.validate import convert, read

MESSAGE_SET = 1
MINI_SET = 19  # customer messages of mini programs
PAGE = f"{PAGES}/Message_Management/Service_Center_messages.html"


class Words(msgspec.Struct):
    """text"""

    content: Annotated[str, msgspec.Meta(min_length=1)]


class Media(msgspec.Struct):
    """image, voice, mpnews"""

    media_id: Text


class Video(msgspec.Struct):
    """video"""

    media_id: Text
    thumb_media_id: str = ""
    title: str = ""
    description: str = ""


class Music(msgspec.Struct):
    """music"""

    musicurl: Text
    hqmusicurl: Text
    thumb_media_id: Text
    title: str = ""
    description: str = ""


class Article(msgspec.Struct):
    """The one article of news"""

    title: Annotated[str, msgspec.Meta(max_length=128)] = ""
    description: Annotated[str, msgspec.Meta(max_length=512)] = ""
    url: Annotated[str, msgspec.Meta(max_length=2048)] = ""
    picurl: str = ""


class News(msgspec.Struct):
    """news"""

    articles: Annotated[list[Article], msgspec.Meta(min_length=1, max_length=1)]


class Choice(msgspec.Struct):
    """One item of msgmenu"""

    id: str
    content: str


class MsgMenu(msgspec.Struct):
    """msgmenu"""

    list: list[Choice]
    head_content: str = ""
    tail_content: str = ""


class MiniPage(msgspec.Struct):
    """miniprogrampage"""

    title: str
    appid: Text
    pagepath: str
    thumb_media_id: Text


class ArticleId(msgspec.Struct):
    """mpnewsarticle"""

    article_id: Text


class Card(msgspec.Struct):
    """wxcard"""

    card_id: Text


KINDS: dict[str, type[msgspec.Struct]] = {
    "text": Words, "image": Media, "voice": Media, "mpnews": Media, "video": Video, "music": Music, "news": News,
    "msgmenu": MsgMenu, "miniprogrampage": MiniPage, "mpnewsarticle": ArticleId, "wxcard": Card,
}  # fmt: skip
CODES = {
    "kf_account": 65401, "touser": 40003, "msgtype": 40008, "content": 44004, "articles": 45008, "media_id": 40007,
    "title": 45003, "description": 45004, "url": 45005, "appid": 40166, "pagepath": 40166,
    "thumb_media_id": 40007,
}  # fmt: skip
MAX_TEXT_BYTES = 2048
TYPING_SECONDS = 30  # after a person's message
SHOWN_SECONDS = 15


class Desk(msgspec.Struct):
    """Under whose name a message comes."""

    kf_account: Text


class Send(msgspec.Struct):
    """Body of message/custom/send, without the part named by msgtype."""

    touser: Text
    msgtype: Text
    customservice: Desk | None = None


class TypingShown(msgspec.Struct, kw_only=True):
    """Until when a phone shows that somebody is typing."""

    id: str  # appid:openid
    until: float


class Typing(msgspec.Struct):
    """Body of message/custom/typing."""

    touser: Text
    command: str


async def send(call: Call) -> Any:
    """Send a message into a person's chat, within a window."""
    account = tokens.account_call(call, MESSAGE_SET, MINI_SET)
    box = call.box
    # WeChat keeps \\uXXXX as the six characters it is.
    whole = read(call.body.replace(b"\\u", b"\\\\u"), dict[str, Any], {})
    body = convert(whole, Send, CODES)
    if body.msgtype not in KINDS:
        raise WxError(40008)
    part = convert(whole.get(body.msgtype, {}), KINDS[body.msgtype], CODES)
    content: dict[str, Any] = {"text": part.content} if isinstance(part, Words) else msgspec.to_builtins(part)
    if isinstance(part, Words) and len(part.content.encode()) > MAX_TEXT_BYTES:
        raise WxError(45002)
    custom_checks.check(box, account, body.msgtype, content)
    if body.msgtype in ("mpnews", "mpnewsarticle"):
        named = content["article_id" if body.msgtype == "mpnewsarticle" else "media_id"]
        content |= {"articles": cards_of(call, account.appid, body.msgtype, named)}
    one = fan_by_openid(box, account.appid, body.touser)
    if one is None:
        raise WxError(40003)
    if body.customservice:
        found(box, account, body.customservice.kf_account)
    if one.blocked:
        raise WxError(48002)
    if not one.subscribed:
        raise WxError(45015)
    if code := take_window(box, one):
        raise WxError(code)
    show(box, appid=account.appid, person=one.person, who="account", kind=body.msgtype, content=content, via="custom")
    return OK


async def typing(call: Call) -> Any:
    """Show or hide that somebody is typing."""
    account = tokens.account_call(call, MESSAGE_SET, MINI_SET)
    body = read(call.body, Typing, CODES)
    if body.command not in ("Typing", "CancelTyping"):
        raise WxError(45072, "invalid command")
    one = fan_by_openid(call.box, account.appid, body.touser)
    if one is None:
        raise WxError(40003)
    told, key, now = call.box.state.table(TypingShown), f"{account.appid}:{one.openid}", call.box.clock.now()
    if body.command == "Typing":
        spoken = [chat.at for chat in call.box.state.table(Chat).by("thread", one.id) if chat.who == "person"]
        if not spoken or now - spoken[-1] > TYPING_SECONDS:
            raise WxError(45080)
        known = told.get(key)
        if known is not None and known.until > now:
            raise WxError(45081)
        told.put(TypingShown(id=key, until=now + SHOWN_SECONDS))
    else:
        told.delete(key)
    call.box.publish(one.person, {"kind": "typing", "appid": account.appid, "on": body.command == "Typing"})
    return OK


# The whole body, for those who read what is checked: each kind of message under its own name.
Whole = msgspec.defstruct("Whole", [(name, kind | None, None) for name, kind in KINDS.items()], bases=(Send,))
ERRORS = (40001, 40003, 41001, 42001, 47001, 61007)
ROUTES = (
    Route(
        API, "POST", "/cgi-bin/message/custom/send", send, PAGE, DATE, Whole,
        (*ERRORS, 40007, 40008, 44004, 53600, 45002, 45008, 40166, 45015, 45047, 45064, 48002, 65401),
    ),
    *custom_checks.ROUTES,
    Route(API, "POST", "/cgi-bin/message/custom/typing", typing, PAGE, DATE, Typing, (*ERRORS, 45072, 45080, 45081)),
)  # fmt: skip

"""What may be answered to a message within its five seconds, as XML.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html (2026-11)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weixin.crypto import MessageCrypt
from weixin.messages import Said
from weixin.safexml import cdata

# The answer that says "received, nothing to say": in clear, never encrypted.
SUCCESS = b"success"


@dataclass(frozen=True, slots=True)
class Article:
    """One card of a news reply."""

    title: str
    description: str
    pic_url: str
    url: str


def passive_text(said: Said, content: str, *, now: int) -> bytes:
    """Answer with words (newlines and <a href> allowed, about 2048 bytes)."""
    return _reply(said, "text", f"<Content>{cdata(content)}</Content>", now)


def passive_news(said: Said, articles: Sequence[Article], *, now: int) -> bytes:
    """Answer with cards: one to a message, up to eight to an event."""
    if not 1 <= len(articles) <= 8:
        raise ValueError("a news reply has one to eight articles")
    items = "".join(
        f"<item><Title>{cdata(a.title)}</Title><Description>{cdata(a.description)}</Description>"
        f"<PicUrl>{cdata(a.pic_url)}</PicUrl><Url>{cdata(a.url)}</Url></item>"
        for a in articles
    )
    body = f"<ArticleCount>{len(articles)}</ArticleCount><Articles>{items}</Articles>"
    return _reply(said, "news", body, now)


def seal_reply(
    crypt: MessageCrypt, reply: bytes, *, timestamp: int, nonce: str, random16: bytes, previous: bool = False
) -> bytes:
    """Encrypt a reply into its envelope; `nonce` echoes the question's, `previous` is `Push.previous_key`."""
    sealed = crypt.seal(reply, timestamp, nonce, random16, previous=previous)
    return (
        f"<xml><Encrypt>{cdata(sealed.encrypt)}</Encrypt><MsgSignature>{cdata(sealed.msg_signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
    ).encode()


def _reply(said: Said, kind: str, body: str, now: int) -> bytes:
    # Sender and receiver change places.
    return (
        f"<xml><ToUserName>{cdata(said.openid)}</ToUserName><FromUserName>{cdata(said.account)}</FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType>{cdata(kind)}</MsgType>{body}</xml>"
    ).encode()

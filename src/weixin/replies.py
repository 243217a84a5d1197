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


@dataclass(frozen=True, slots=True)
class Music:
    """A piece of music; the picture is not optional."""

    title: str
    description: str
    url: str
    hq_url: str
    thumb_media_id: str


def passive_media(said: Said, kind: str, media_id: str, *, now: int) -> bytes:
    """Answer with an uploaded `image` or `voice`."""
    if kind not in ("image", "voice"):
        raise ValueError("only images and voices are answered by their id alone")
    name = kind.capitalize()
    return _reply(said, kind, f"<{name}><MediaId>{cdata(media_id)}</MediaId></{name}>", now)


def passive_video(said: Said, media_id: str, *, title: str, description: str, now: int) -> bytes:
    """Answer with an uploaded video."""
    caption = f"<Title>{cdata(title)}</Title><Description>{cdata(description)}</Description>"
    return _reply(said, "video", f"<Video><MediaId>{cdata(media_id)}</MediaId>{caption}</Video>", now)


def passive_music(said: Said, music: Music, *, now: int) -> bytes:
    """Answer with music."""
    body = (
        f"<Title>{cdata(music.title)}</Title><Description>{cdata(music.description)}</Description>"
        f"<MusicUrl>{cdata(music.url)}</MusicUrl><HQMusicUrl>{cdata(music.hq_url)}</HQMusicUrl>"
        f"<ThumbMediaId>{cdata(music.thumb_media_id)}</ThumbMediaId>"
    )
    return _reply(said, "music", f"<Music>{body}</Music>", now)


def passive_transfer(said: Said, kf_account: str | None, *, now: int) -> bytes:
    """Hand the person over to customer service, to somebody in particular or to whoever is free."""
    to = f"<TransInfo><KfAccount>{cdata(kf_account)}</KfAccount></TransInfo>" if kf_account else ""
    return _reply(said, "transfer_customer_service", to, now)


def seal_reply(
    crypt: MessageCrypt,
    reply: bytes,
    *,
    timestamp: int,
    nonce: str,
    random16: bytes,
    previous: bool = False,
    previous_token: bool = False,
) -> bytes:
    """Encrypt a reply into its envelope; `nonce` echoes the question's, as do `Push.previous_key` and `_token`."""
    sealed = crypt.seal(reply, timestamp, nonce, random16, previous=previous, previous_token=previous_token)
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

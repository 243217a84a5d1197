"""Customer-service messages: what may be said within the windows that a person's acts open.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html (2026-11).
"""

from collections.abc import Mapping
from typing import Any

from weixin.client import Client

KINDS = (
    "text", "image", "voice", "video", "music", "news", "mpnews", "mpnewsarticle", "msgmenu", "wxcard",
    "miniprogrampage",
)  # fmt: skip


async def send(
    client: Client, *, token: str, openid: str, kind: str, content: Mapping[str, Any], kf_account: str = ""
) -> None:
    """Send a message of one of KINDS, under the name of a kf account when one is given.

    45015: outside the window after the person's last act; 45047: its count is used up; 48002: they take none;
    40166: the mini program is not linked; 65401: no such kf account.
    """
    body: dict[str, Any] = {"touser": openid, "msgtype": kind, kind: dict(content)}
    if kf_account:
        body["customservice"] = {"kf_account": kf_account}
    await client.post("/cgi-bin/message/custom/send", body, token=token)


async def typing(client: Client, *, token: str, openid: str, on: bool = True) -> None:
    """Show, or hide, that somebody is typing; 45080: no message in the last 30 s, 45081: it is shown already."""
    body = {"touser": openid, "command": "Typing" if on else "CancelTyping"}
    await client.post("/cgi-bin/message/custom/typing", body, token=token)

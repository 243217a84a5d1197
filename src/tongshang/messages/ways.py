"""The ways a message can go: customer service, a template, a subscription notice."""

from typing import Any
from uuid import UUID

from tongshang.messages.replies.model import Ready
from weixin.client import Client
from weixin.products.mp import custom, subscriptions, templates
from weixin.products.mp.templates import Message

TEMPLATE, SUBSCRIPTION, ONCE = "template", "subscription", "once"


async def send(
    client: Client, token: str, *, openid: str, message_id: UUID, text: str, ready: Ready | None
) -> str | None:
    """Hand a message to WeChat; give its number where WeChat tells the outcome under one."""
    if ready is None:
        await custom.send(client, token=token, openid=openid, kind="text", content={"content": text})
        return None
    if ready.msgtype == TEMPLATE:
        message = filled(ready.content)
        return await templates.send(client, token=token, openid=openid, message=message, key=message_id.hex)
    if ready.msgtype == SUBSCRIPTION:
        await subscriptions.send(client, token=token, openid=openid, message=filled(ready.content))
        return None
    if ready.msgtype == ONCE:
        said: dict[str, Any] = dict(ready.content)
        await subscriptions.send_once(client, token=token, openid=openid, **said)
        return None
    await custom.send(client, token=token, openid=openid, kind=ready.msgtype, content=ready.content)
    return None


def filled(content: dict[str, Any]) -> Message:
    """Read a filled template back from a promise."""
    return Message(str(content["template_id"]), content["data"], str(content.get("url") or ""))

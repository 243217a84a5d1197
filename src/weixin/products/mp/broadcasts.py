"""One message to many: to all followers, to a tag, to a list of people.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html (2026-11).
`clientmsgid` makes a repeat harmless: for a day WeChat answers it with 45065 and the number of the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weixin.client import Client
from weixin.errors import Unreachable, WeixinError

SENT_BEFORE = 45065
LEAST_PEOPLE, MOST_PEOPLE = 2, 10_000
# Levels of speed: how many ten thousand people a minute.
SPEEDS = (80, 60, 45, 30, 10)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job WeChat took on; what became of it comes as MASSSENDJOBFINISH. `again`: it had taken it on before."""

    msg_id: str
    msg_data_id: str | None
    again: bool = False


async def send_all(
    client: Client,
    *,
    token: str,
    message: Mapping[str, Any],
    key: str,
    tag: int | None = None,
    ignore_reprint: bool = False,
) -> Accepted:
    """Send `message` ({"msgtype", ...}) to all followers, or to those of a tag.

    `key` (at most 64 bytes) names the promise. Raises 45028 no quota left, 40008, 48003 and others.
    """
    filter_ = {"is_to_all": True} if tag is None else {"is_to_all": False, "tag_id": tag}
    return await _send(
        client, token, "/cgi-bin/message/mass/sendall", {"filter": filter_}, message, key, ignore_reprint
    )


async def send_to(
    client: Client,
    *,
    token: str,
    openids: Sequence[str],
    message: Mapping[str, Any],
    key: str,
    ignore_reprint: bool = False,
) -> Accepted:
    """Send to 2 to 10,000 people by openid; raises as `send_all`, and 40130 for fewer."""
    to = {"touser": list(openids)}
    return await _send(client, token, "/cgi-bin/message/mass/send", to, message, key, ignore_reprint)


async def preview(client: Client, *, token: str, message: Mapping[str, Any], openid: str = "", name: str = "") -> None:
    """Show the message to one follower, by openid or by WeChat name (100 a day); 40132 for an unknown name."""
    to = {"towxname": name} if name else {"touser": openid}
    await client.post("/cgi-bin/message/mass/preview", {**to, **message}, token=token)


async def state(client: Client, *, token: str, msg_id: str) -> str:
    """Ask how a job is doing: SENDING, SEND_SUCCESS, SEND_FAIL or DELETE."""
    answer = await client.post("/cgi-bin/message/mass/get", {"msg_id": msg_id}, token=token)
    return str(answer.get("msg_status", ""))


async def delete(client: Client, *, token: str, msg_id: str, index: int = 0) -> None:
    """Delete sent articles or videos from everybody's phone: one (counted from 1) or all (0)."""
    body = {"msg_id": int(msg_id), "article_idx": index}
    await client.post("/cgi-bin/message/mass/delete", body, token=token)


async def speed(client: Client, *, token: str) -> tuple[int, int]:
    """Read the level of speed (0 to 4, see SPEEDS) and the speed itself, in 10,000 people a minute."""
    answer = await client.post("/cgi-bin/message/mass/speed/get", {}, token=token)
    return int(answer.get("speed", 0)), int(answer.get("realspeed", 0))


async def set_speed(client: Client, *, token: str, level: int) -> None:
    """Set the level of speed, 0 (fastest) to 4; 45083 outside, 45084 not allowed."""
    await client.post("/cgi-bin/message/mass/speed/set", {"speed": level}, token=token)


async def _send(
    client: Client,
    token: str,
    path: str,
    to: Mapping[str, Any],
    message: Mapping[str, Any],
    key: str,
    ignore_reprint: bool,
) -> Accepted:
    body = {**to, **message, "clientmsgid": key, "send_ignore_reprint": int(ignore_reprint)}
    try:
        return _accepted(await client.post(path, body, token=token), again=False)
    except WeixinError as error:
        if error.errcode != SENT_BEFORE:
            raise
        return _accepted(error.answer, again=True)


def _accepted(answer: Mapping[str, Any], *, again: bool) -> Accepted:
    if not answer.get("msg_id"):
        raise Unreachable("the answer names no msg_id")
    data = answer.get("msg_data_id")
    return Accepted(str(answer["msg_id"]), str(data) if data else None, again)

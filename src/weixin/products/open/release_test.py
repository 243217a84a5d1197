"""WeChat's automatic test before a third-party platform is released to the whole network.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/
Pre_release_testing.html (2026-11): five pairs of accounts, one pair chosen at random, questions sent as encrypted
messages like anybody's. The event question left the page in 2018 and is still asked by some; answering is harmless.
"""

from dataclasses import dataclass
from typing import Any

from weixin.client import Client
from weixin.messages import Message, Said, Text
from weixin.safexml import Fields

OFFICIAL = {
    "wx570bc396a51b8ff8": "gh_3c884a361561",
    "wx9252c5e0bb1836fc": "gh_c0f28a78b318",
    "wx8e1097c5bc82cde9": "gh_3f222ed8d140",
    "wx14550af28c71a144": "gh_26128078e9ab",
    "wxa35b9c23cfe664eb": "gh_2b3713f184a6",
}
MINI = {
    "wxd101a85aa106f53e": "gh_8dad206e9538",
    "wxc39235c15087f6f3": "gh_905ae9d01059",
    "wx7720d01d4b2a4500": "gh_393666f1fdf4",
    "wx05d483572dcd5d8b": "gh_39abb5d4e1b7",
    "wx5910277cae6fd970": "gh_7818dcb60240",
}
ACCOUNTS = OFFICIAL | MINI
TEXT = "TESTCOMPONENT_MSG_TYPE_TEXT"
AUTH_CODE = "QUERY_AUTH_CODE:"


@dataclass(frozen=True, slots=True)
class Question:
    """What the test asks: answer with `text` at once, or ("api") send it as a customer-service message."""

    kind: str
    text: str
    # The authorization code to exchange first, which is a secret until used.
    code: str = ""

    def __repr__(self) -> str:
        """Leave the words out: they may hold the code."""
        return f"Question(kind={self.kind!r})"


def question(appid: str, message: Message, fields: Fields) -> Question | None:
    """Read a push as a question of the test; None when it is not for a test account, or asks nothing."""
    if not isinstance(message, Said) or ACCOUNTS.get(appid) != message.account:
        return None
    if isinstance(message, Text):
        if message.content == TEXT:
            return Question("text", f"{TEXT}_callback")
        if message.content.startswith(AUTH_CODE) and (code := message.content.removeprefix(AUTH_CODE)):
            return Question("api", f"{code}_from_api", code)
        return None
    event: Any = fields.get("Event") if fields.get("MsgType") == "event" else None
    return Question("event", f"{event}from_callback") if isinstance(event, str) and event else None


async def answer_by_api(client: Client, *, token: str, openid: str, text: str) -> None:
    """Send the words of an "api" question as a customer-service message of the test account."""
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    await client.post("/cgi-bin/message/custom/send", body, token=token)

"""Why a message was not sent: a code to look for, and a sentence for the merchant in both languages."""

import msgspec

from tongshang.platform.errors import Refused
from weixin import errors_table
from weixin.errors import WeixinError


class Why(msgspec.Struct, frozen=True):
    """WeChat's errcode, a refusal's own code, or `no_answer`; and what that means."""

    code: str
    zh: str
    en: str


NO_ANSWER = Why(
    "no_answer",
    "微信没有应答，消息可能已经送达，因此没有重发。",
    "WeChat did not answer; it may have arrived, so it was not sent again.",
)


def of(error: WeixinError | Refused) -> Why:
    """Explain what stood in the way; never with WeChat's raw words, which nobody understands."""
    if isinstance(error, Refused):
        return Why(error.code, error.sentence("zh"), error.sentence("en"))
    meaning = errors_table.meaning(error.errcode)
    return Why(str(error.errcode), meaning.zh, meaning.en)

"""Pushes as WeChat seals them, and as `weixin` reads them."""

import json
from typing import Any

from weixin.callbacks import Push, read_push
from weixin.crypto import MessageCrypt

KEY = "kVJk9sZ0uQe3Yb7TnW5xLr2HcM8pDgFa4oEiXvB1StG"
CRYPT = MessageCrypt("token", KEY, "wxcomponent")
NOW = 1_790_000_000
HEAD = "<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oPerson]]></FromUserName>"
HEAD += "<CreateTime>1790000000</CreateTime>"


def arrive(plain: str, *, at: int = NOW, json_envelope: bool = False, **how: Any) -> Push:
    """Seal a document and read it as the platform does."""
    sealed = CRYPT.seal(plain.encode(), at, "n", b"0123456789abcdef")
    query = {"timestamp": str(at), "nonce": "n", "msg_signature": sealed.msg_signature, "encrypt_type": "aes"}
    body = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
    if json_envelope:
        body = json.dumps({"ToUserName": "gh_1", "Encrypt": sealed.encrypt})
    return read_push(query, body.encode(), CRYPT, now=NOW, **how)


def message(kind: str, rest: str) -> Push:
    """Read a message."""
    return arrive(f"<xml>{HEAD}<MsgType><![CDATA[{kind}]]></MsgType>{rest}</xml>")


def event(name: str, rest: str = "") -> Push:
    """Read an event."""
    return message("event", f"<Event><![CDATA[{name}]]></Event>{rest}")


WHO = ("gh_1", "oPerson", NOW)

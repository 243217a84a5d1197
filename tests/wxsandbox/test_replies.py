"""Passive replies of every kind, and what is no reply."""

from typing import Any

import pytest

from wxsandbox import crypto, xml
from wxsandbox.mp.replies import BadReply, Keys, Reply, read_reply

PLAIN = Keys("t0k", "", "wx1", "plain", "xml")
SAFE = Keys("t0k", "A" * 43, "wx1", "safe", "xml")
HEAD: dict[str, Any] = {"ToUserName": "o1", "FromUserName": "gh_1", "CreateTime": 7}


def read(fields: dict[str, Any], keys: Keys = PLAIN) -> Reply | None:
    return read_reply(xml.write({**HEAD, **fields}).encode(), keys, openid="o1")


@pytest.mark.parametrize(
    ("fields", "kind", "shown"),
    [
        ({"MsgType": "text", "Content": "好"}, "text", {"text": "好"}),
        ({"MsgType": "image", "Image": {"MediaId": "m"}}, "image", {"media_id": "m"}),
        ({"MsgType": "voice", "Voice": {"MediaId": "m"}}, "voice", {"media_id": "m"}),
        (
            {"MsgType": "video", "Video": {"MediaId": "m", "Title": "t"}},
            "video",
            {"media_id": "m", "title": "t", "description": ""},
        ),
        (
            {"MsgType": "music", "Music": {"Title": "t", "MusicUrl": "http://m", "ThumbMediaId": "x"}},
            "music",
            {"title": "t", "url": "http://m"},
        ),
    ],
)
def test_kinds(fields: dict[str, Any], kind: str, shown: dict[str, Any]) -> None:
    assert read(fields) == Reply(kind, shown)


def test_handing_over_to_customer_service_says_to_whom() -> None:
    assert read({"MsgType": "transfer_customer_service"}) == Reply("transfer", {"kf_account": ""})
    named = {"MsgType": "transfer_customer_service", "TransInfo": {"KfAccount": "anna@tea"}}
    assert read(named) == Reply("transfer", {"kf_account": "anna@tea"})


def test_two_articles() -> None:
    items = [{"Title": "a", "Description": "", "PicUrl": "", "Url": ""}] * 2
    reply = read({"MsgType": "news", "ArticleCount": 2, "Articles": items})
    assert reply
    assert len(reply.content["articles"]) == 2


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"MsgType": "shout"}, "unknown"),
        ({"MsgType": "text"}, "Content"),
        ({"MsgType": "text", "Content": "字" * 700}, "2048"),
        ({"MsgType": "image", "Image": "m"}, "Image"),
        ({"MsgType": "music", "Music": {"Title": "t"}}, "ThumbMediaId"),
        ({"MsgType": "news", "ArticleCount": 2, "Articles": {"item": {"Title": "a"}}}, "ArticleCount"),
        ({"MsgType": "text", "Content": "x", "ToUserName": "o2"}, "ToUserName"),
        ({"MsgType": "text", "Content": "x", "CreateTime": "now"}, "CreateTime"),
    ],
)
def test_what_is_no_reply(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(BadReply, match=why):
        read(fields)


BOMB = b'<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'


@pytest.mark.parametrize("body", [b"", b"<xml>", b"<a></a>", BOMB, b'{"MsgType":"text"}'])
def test_what_is_no_xml(body: bytes) -> None:
    with pytest.raises(BadReply):
        read_reply(body, PLAIN, openid="o1")


def test_safe_mode_wants_a_sealed_reply() -> None:
    with pytest.raises(BadReply, match="not encrypted"):
        read({"MsgType": "text", "Content": "x"}, SAFE)
    sealed = crypto.encrypt(b"<xml></xml>", aes_key=SAFE.aes_key, appid="wxother", random16=b"0" * 16)
    outer = {"Encrypt": sealed, "MsgSignature": crypto.signature("t0k", "7", "n", sealed), "TimeStamp": 7, "Nonce": "n"}
    with pytest.raises(BadReply, match="appid"):
        read_reply(xml.write(outer).encode(), SAFE, openid="o1")


def test_a_json_account_may_answer_json() -> None:
    keys = Keys("t0k", "", "wx1", "plain", "json")
    body = b'{"ToUserName":"o1","FromUserName":"gh_1","CreateTime":7,"MsgType":"text","Content":"hi"}'
    assert read_reply(body, keys, openid="o1") == Reply("text", {"text": "hi"})

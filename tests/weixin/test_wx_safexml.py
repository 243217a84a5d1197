"""XML from strangers: what is refused, and how little it costs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weixin.errors import BadMessage
from weixin.safexml import cdata, parse

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;"> ]><xml><Content>&lol3;</Content></xml>"""


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        LAUGHS.decode().encode("utf-16"),
        b'<!DOCTYPE xml [<!ENTITY a "' + b"A" * 50_000 + b'">]><xml>' + b"&a;" * 1_000 + b"</xml>",
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><xml><Content>1</Content></xml>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><xml/>',
        b"\xef\xbb\xbf<!doctype x><xml/>",
        b"<!-- hidden --><!DOCTYPE x><xml/>",
        b"<?pi?><!DOCTYPE x><xml/>",
        b"<xml><!DOCTYPE x><Content>1</Content></xml>",
        b"<xml>&undefined;</xml>",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" * 20_000,
        b"<xml><Content>\x00</Content></xml>",
        b"<xml><Content>\xff</Content></xml>",
        b"<xml><a></b></xml>",
        b"<xml/><xml/>",
        b"<xml>",
        b"",
        b"success",
        b"<xml>" + b" " * 300_000 + b"</xml>",
    ],
)
def test_bombs_entities_and_rubbish_are_refused_at_once(body: bytes) -> None:
    started = time.process_time()
    with pytest.raises(BadMessage):
        parse(body)
    assert time.process_time() - started < 0.2


def test_people_may_write_about_documents() -> None:
    body = b"<xml><Content><![CDATA[<!DOCTYPE html> &amp; <!ENTITY x>]]></Content></xml>"
    assert parse(body) == {"Content": "<!DOCTYPE html> &amp; <!ENTITY x>"}


def test_elements_become_text_fields_and_lists() -> None:
    body = b"""<?xml version="1.0" encoding="UTF-8"?>
    <xml><!-- note --><A>1</A><B><![CDATA[]]></B><C><item><N>1</N></item><item><N>2</N></item><item><N>3</N></item></C>
    <fail_idx>1</fail_idx><fail_idx>2</fail_idx></xml>"""
    assert parse(body) == {
        "A": "1",
        "B": "",
        "C": {"item": [{"N": "1"}, {"N": "2"}, {"N": "3"}]},
        "fail_idx": ["1", "2"],
    }
    assert parse(b"<xml></xml>") == {}


def test_the_limit_is_the_callers() -> None:
    with pytest.raises(BadMessage, match="too long"):
        parse(b"<xml></xml>", max_bytes=10)


@given(st.text(max_size=80))
def test_cdata_carries_any_words_and_drops_what_xml_cannot(words: str) -> None:
    kept = "".join(
        c for c in words if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )
    parsed = parse(f"<xml><Content>{cdata(words)}</Content></xml>".encode())
    # XML reads every kind of line end as one line feed.
    assert parsed["Content"] == kept.replace("\r\n", "\n").replace("\r", "\n")

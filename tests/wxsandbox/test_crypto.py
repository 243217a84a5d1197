"""The simulator's own crypto against the numbers printed in WeChat's documentation."""

import pytest

from wxsandbox import crypto

# developers.weixin.qq.com message-push page and the 2014 WXBizMsgCrypt sample, read 2026-09.
SAMPLE_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OFFICIAL = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8X"
    "GT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIj"
    "df8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


def test_a_callback_of_the_official_page() -> None:
    signed = crypto.signature("AAAAA", "1714112445", "415670741", OFFICIAL)
    assert signed == "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    plain = crypto.decrypt(OFFICIAL, aes_key="A" * 43, appid="wxba5fad812f8e6fb9")
    assert b'"debug_str":"hello world"' in plain


def test_the_reply_of_the_official_page() -> None:
    sealed = crypto.encrypt(
        b'{"demo_resp":"good luck"}', aes_key="A" * 43, appid="wxba5fad812f8e6fb9", random16=b"707722b803182950"
    )
    assert sealed == ("ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==")
    assert crypto.signature("AAAAA", "1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_a_key_whose_last_character_carries_unused_bits() -> None:
    sealed = crypto.encrypt(
        "我是中文abcd123".encode(), aes_key=SAMPLE_KEY, appid="wxb11529c136998cb6", random16=b"aaaabbbbccccdddd"
    )
    assert sealed == "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


@pytest.mark.parametrize("sealed", ["", "!!", "AAAA", OFFICIAL[:-8] + "AAAAAAA="])
def test_what_does_not_open(sealed: str) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(sealed, aes_key="A" * 43, appid="wxba5fad812f8e6fb9")


def test_another_appid_is_refused() -> None:
    with pytest.raises(crypto.Unreadable, match="appid"):
        crypto.decrypt(OFFICIAL, aes_key="A" * 43, appid="wxother")

"""The body of an article: only what WeChat keeps, whatever was pasted; what is clean stays as it is."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.messages.articles.clean import clean, pictures, wire

ONE = UUID(int=7)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("<p>春茶</p>", "<p>春茶</p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()" id="y">a</p>', "<p>a</p>"),
        ("<p>a", "<p>a</p>"),
        ("a</p></div>", "a"),
        ("<b><i>a</b>b", "<b><i>a</i></b>b"),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href="https://x.cn/?a=1&amp;b=2">a</a>', '<a href="https://x.cn/?a=1&amp;b=2">a</a>'),
        ('<img src="http://elsewhere.cn/1.png">', ""),
        ('<img src="https://mmbiz.qpic.cn/a/b/0">', '<img src="https://mmbiz.qpic.cn/a/b/0">'),
        ('<span style="color: red; position: fixed; background-color: url(x)">a</span>',
         '<span style="color: red">a</span>'),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("<svg><p>a</p></svg>b", "b"),
        (f'<img data-material="{ONE}" src="/x">', f'<img data-material="{ONE}">'),
    ],
)  # fmt: skip
def test_what_is_kept(given_: str, kept: str) -> None:
    assert clean(given_) == kept


def test_pictures_go_out_under_wechats_addresses() -> None:
    body = clean(f'<p><img data-material="{ONE}" alt="茶"></p><img data-material="{ONE}">')
    assert pictures(body) == [ONE]
    url = "http://mmbiz.qpic.cn/x/1/0?wx_fmt=png&a=1"
    assert wire(body, {ONE: url}).count("wx_fmt=png&amp;a=1") == 2
    assert "img" not in wire(body, {})


@given(st.text(alphabet=st.sampled_from("<>/ap\"'= &;scriptonimg!-x"), max_size=80))
def test_cleaning_twice_is_cleaning_once_and_nothing_runs(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "<script" not in once
    assert "<img" not in once

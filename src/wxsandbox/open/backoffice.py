"""The frame of WeChat's back-office pages: a head with the place, cards, tables and small forms."""

from html import escape

from wxsandbox import looks
from wxsandbox.http import Reply

STYLE = """<style>body{background:#f2f2f2}.wide main{max-width:960px;padding:0 24px 48px}
.top{display:flex;gap:12px;align-items:center;margin:0 -24px 24px;padding:14px 24px;background:#fff;
border-bottom:1px solid #e7e7eb}.top b{font-weight:500}.top .dot{width:26px;height:26px;border-radius:50%;
background:#07c160;flex:none}.card h2{font-size:17px;font-weight:500;margin:0 0 12px;padding-bottom:12px;
border-bottom:1px solid #f0f0f0}.lines{display:grid;grid-template-columns:minmax(110px,max-content) 1fr;gap:8px 24px;
margin:0;font-size:14px}.lines dt{color:#666}.lines dd{margin:0;overflow-wrap:anywhere}table{width:100%;
border-collapse:collapse;font-size:14px}td,th{text-align:left;padding:10px 8px;border-bottom:1px solid #f0f0f0;
vertical-align:top;overflow-wrap:anywhere}th{color:#666;font-weight:400;white-space:nowrap}
td:first-child{min-width:6em}.field{display:block;border:0;padding:0 0 14px}
.field span{display:block;font-size:14px;color:#555;margin-bottom:4px}.field input,.field select,.field textarea{
width:100%;padding:8px 10px;font:inherit;font-size:14px;border:1px solid #d9d9d9;border-radius:4px}
.small{display:inline-block;width:auto;margin:0 8px 0 0;padding:6px 18px;border-radius:4px;font-size:14px;border:0;
cursor:pointer;font-family:inherit}.plain{background:#f2f2f2;color:#1a1a1b}.risk{background:#fff;color:#fa5151;
border:1px solid #fa5151}.say{padding:10px 14px;border-radius:6px;margin:0 0 16px;font-size:14px}
.say.fine{background:#e8f8ee;color:#06843f}.say.wrong{background:#fdecec;color:#c5221f}
.st{display:inline-block;padding:1px 10px;border-radius:10px;font-size:13px;white-space:nowrap}
.st.passed{background:#e8f8ee;color:#06843f}.st.failed{background:#fdecec;color:#c5221f}
.st.waiting{background:#fff4e0;color:#a15c00}@media(max-width:520px){.lines{grid-template-columns:1fr;gap:2px}
.lines dd{margin-bottom:10px}}</style>"""


def page(title: str, where: str, body: str, *, say: str = "", wrong: bool = False) -> Reply:
    """Put a back-office page together; `say` is what the last act did."""
    told = f'<p class="say {"wrong" if wrong else "fine"}" role="status">{escape(say)}</p>' if say else ""
    words = f'<b>{escape(where)}</b><span class="dim">{escape(title)}</span>'
    head = f'<div class="top"><span class="dot"></span>{words}</div>'
    return looks.page(title, f"{STYLE}{head}{told}{body}", wide=True)


def card(title: str, body: str) -> str:
    """Put a part of a page on a card."""
    return f'<section class="card"><h2>{escape(title)}</h2>{body}</section>'


def lines(*pairs: tuple[str, str]) -> str:
    """Write names and values."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value) or '—'}</dd>" for name, value in pairs)
    return f'<dl class="lines">{rows}</dl>'


def field(label: str, name: str, value: str, *, more: str = "") -> str:
    """Write one field of a form."""
    return (
        f'<label class="field"><span>{escape(label)}</span>'
        f'<input name="{escape(name)}" value="{escape(value)}" {more}></label>'
    )


def button(words: str, *, id: str = "", kind: str = "go") -> str:
    """Write the button of a form."""
    return f'<button class="small {kind}"{f" id={chr(34)}{id}{chr(34)}" if id else ""}>{escape(words)}</button>'


def form(action: str, body: str) -> str:
    """Write a form."""
    return f'<form method="post" action="{escape(action)}">{body}</form>'

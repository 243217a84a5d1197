"""The coverage page for people: by host and topic, with a box to search in."""

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Any

from wxsandbox.control.checks import Check
from wxsandbox.errors import TEXTS

STYLE = """body{font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:0;color:#1f2329}
main{padding:24px 32px 64px;max-width:1440px}header{position:sticky;top:0;background:#fff;padding:16px 0 12px;
border-bottom:1px solid #e5e6eb;display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center}h1{font-size:20px;margin:0}
input{font:inherit;padding:6px 10px;border:1px solid #c9cdd4;border-radius:4px;flex:1 1 240px;max-width:420px}
table{border-collapse:collapse;width:100%;table-layout:fixed}td,th{border-bottom:1px solid #e5e6eb;padding:6px 10px;
text-align:left;vertical-align:top;overflow-wrap:anywhere}th{color:#646a73;font-weight:500}
code{font:13px ui-monospace,monospace}h2{margin:32px 0 4px;font-size:17px}h3{margin:20px 0 4px;font-size:14px}
small,.no{color:#646a73}b{font-weight:600}a{color:#2b5cd9}[hidden]{display:none}
@media(max-width:720px){main{padding:12px}thead{display:none}tr{display:block;border-bottom:1px solid #e5e6eb;
padding:8px 0}td{display:block;border:0;padding:2px 0}}"""
HEAD = (
    "<thead><tr><th style=width:30%>接口 Endpoint<th style=width:32%>校验字段 Fields checked"
    "<th style=width:22%>错误码 Codes<th style=width:16%>官方文档 Official page</thead>"
)
SCRIPT = """const box=document.querySelector('input'),none=document.querySelector('.no');
function search(){const words=box.value.toLowerCase().split(/\\s+/).filter(Boolean);let found=0;
for(const row of document.querySelectorAll('tbody tr')){const text=row.textContent.toLowerCase()+row.dataset.more;
row.hidden=!words.every(word=>text.includes(word));if(!row.hidden)found++}
for(const part of document.querySelectorAll('section'))part.hidden=!part.querySelector('tbody tr:not([hidden])');
none.hidden=found>0;document.querySelector('#found').textContent=found}
box.value=new URLSearchParams(location.search).get('q')||'';box.addEventListener('input',search);search()"""


def write(rows: list[dict[str, Any]]) -> str:
    """Write the page."""
    fields = sum(len(row["fields"]) for row in rows)
    codes = len({code for row in rows for code in row["errors"]})
    parts = [
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content=width=device-width>"
        f"<title>覆盖范围 Coverage</title><style>{STYLE}</style><main><header><h1>覆盖范围 Coverage</h1>"
        "<input type=search aria-label='搜索 Search' placeholder='接口、字段、错误码 endpoint, field, code' autofocus>"
        f"<small><span id=found>{len(rows)}</span> / {len(rows)} 个接口 endpoints · {fields} 个字段 fields · "
        f"{codes} 种错误码 codes · <a href=/_sandbox/coverage.json>JSON</a></small></header>"
        "<p class=no hidden>没有符合的接口。 Nothing fits.</p>"
    ]
    for host, of_host in groupby(sorted(rows, key=lambda row: str(row["host"])), key=lambda row: row["host"]):
        parts.append(f"<section><h2>{escape(host)}</h2>")
        for topic, found in topics(of_host).items():
            parts.append(f"<section><h3>{escape(topic)}</h3><table>{HEAD}<tbody>{''.join(found)}</table></section>")
        parts.append("</section>")
    parts.append(f"</main><script>{SCRIPT}</script>")
    return "".join(parts)


def topics(rows: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """Gather the lines of each topic, in the order in which they come."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["topic"], []).append(line(row))
    return found


def line(row: dict[str, Any]) -> str:
    """Write one endpoint as a table row; what its codes mean can be searched for, too."""
    codes = " · ".join(f'<span title="{escape(meaning(code))}">{escape(str(code))}</span>' for code in row["errors"])
    more = escape(" ".join(meaning(code) for code in row["errors"]).lower())
    name = escape(row["page"].rpartition("/")[2] or "page")
    return (
        f'<tr data-more="{more}"><td><code>{row["method"]} {escape(row["path"])}</code><br>{escape(row["what"])}'
        f"<td><small>{', '.join(field(check) for check in row['checks'])}</small><td><small>{codes}</small>"
        f'<td><a href="{escape(row["page"])}" rel=noreferrer>{name}</a> <small>{row["date"]}</small>'
    )


def field(check: Check) -> str:
    """Write a field; one that must be is bold."""
    name = f'<span title="{escape(check.kind)}">{escape(check.field)}</span>'
    return f"<b>{name}</b>" if check.required else name


def meaning(code: int | str) -> str:
    """Give WeChat's own text of a code."""
    return TEXTS.get(code, "") if isinstance(code, int) else code

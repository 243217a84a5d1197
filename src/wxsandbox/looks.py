"""The look of WeChat's own pages: one small frame for consent, authorization, chooser and error pages."""

from html import escape

from wxsandbox.http import Reply, html

STYLE = """*{box-sizing:border-box}body{margin:0;background:#f7f7f7;color:#191919;font:16px/1.6 -apple-system,
"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}main{max-width:440px;margin:0 auto;padding:32px 24px}
.wide main{max-width:820px}.wide .card{padding:28px 32px}h1{font-size:20px;font-weight:500;margin:0 0 8px}
p{margin:0 0 16px}.dim{color:#666;
font-size:14px}.card{background:#fff;border-radius:12px;padding:16px 20px;margin:0 0 16px}
.go,.no{display:block;width:100%;
max-width:280px;margin:12px auto 0;padding:10px;border:0;border-radius:8px;font:inherit;font-weight:500;
text-align:center;text-decoration:none;cursor:pointer}.go{background:#07c160;color:#fff}.go:hover{background:#06ad56}
.no{background:#ededed;color:#06ae56}label{display:flex;gap:12px;align-items:center;padding:10px 0;
border-bottom:1px solid #f0f0f0;cursor:pointer}label:last-of-type{border:0}.pic{width:44px;height:44px;flex:none;
border-radius:8px;background:#07c160;color:#fff;display:flex;align-items:center;justify-content:center;font-size:20px;
overflow:hidden}.pic img{width:100%;height:100%}.row{display:flex;gap:24px;flex-wrap:wrap}.row>*{flex:1 1 260px}
.sets{display:grid;grid-template-columns:repeat(auto-fill,minmax(160px,1fr));gap:0 12px;font-size:14px}.sets
label{padding:4px 0;border:0;gap:6px}.qr svg{display:block;width:220px;height:220px;margin:16px auto 12px}
.center{text-align:center}.mark{width:72px;height:72px;margin:32px auto 20px;border-radius:50%;color:#fff;
font:500 40px/72px system-ui,sans-serif}
.ok{background:#07c160}.bad{background:#fa5151}.warn{color:#fa5151}
a{color:#576b95}hr{border:0;border-top:1px solid #eee;margin:16px 0}"""


def page(title: str, body: str, *, wide: bool = False, status: int = 200) -> Reply:
    """Put a body into the frame."""
    return html(
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width,initial-scale=1,viewport-fit=cover">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f'<body class="{"wide" if wide else ""}"><main>{body}</main></body></html>',
        status=status,
    )


def problem(words: str, *, code: int | str = "", hint: str = "") -> Reply:
    """Show WeChat's error page: what is wrong, its code, and a hint for the developer."""
    number = f"<p class='dim'>错误码：{escape(str(code))}</p>" if code != "" else ""
    help_text = f"<p class='dim'>{escape(hint)}</p>" if hint else ""
    return page(
        "微信", f"<div class='center'><div class='mark bad'>!</div><h1>{escape(words)}</h1>{number}{help_text}</div>"
    )


def picture(url: str, name: str) -> str:
    """Show a head image, or the first character of the name."""
    inner = f'<img src="{escape(url)}" alt="">' if url else escape(name[:1])
    return f'<span class="pic">{inner}</span>'


def hidden(fields: dict[str, str]) -> str:
    """Write hidden form fields."""
    return "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in fields.items())

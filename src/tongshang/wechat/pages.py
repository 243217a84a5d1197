"""Small pages of ours that people see on their way back from WeChat, in both languages."""

from html import escape

from litestar import Response
from litestar.enums import MediaType

from tongshang.platform.world import World
from tongshang.wechat.authorization.promises import Links

# outcome of an authorization: status, title, Chinese, English
WORDS = {
    "done": (200, "授权成功", "公众号已接入，可以关闭此页。", "Authorized. You can close this page."),
    "later": (200, "已收到授权", "正在处理，请稍后在后台查看结果。", "Received. See the console in a moment."),
    "cancelled": (200, "未授权", "您没有同意授权。", "You did not agree; nothing was changed."),
    "refused": (
        409,
        "无法接入",
        "该公众号已属于其他商家，或本店已接入另一个公众号。",
        "This account belongs to another merchant, or this shop has another account.",
    ),
    "lost": (
        410,
        "授权已失效",
        "请在后台重新发起授权。",
        "This code is spent. Please authorize again from the console.",
    ),
    "unknown": (
        403,
        "链接无效",
        "请在后台重新发起授权。",
        "This link is not valid. Please start again in the console.",
    ),
}
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>
<style>body{{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f7f9;color:#1d2129;
font:16px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC",sans-serif}}main{{text-align:center;padding:32px}}
h1{{font-size:24px;margin:0 0 8px}}p{{margin:4px 0;color:#4e5969}}a{{color:#07883f}}</style>
<main><h1>{title}</h1><p>{zh}</p><p lang="en">{en}</p>{more}</main>
</html>"""
GO = """.go{display:inline-block;margin:16px 0;padding:10px 28px;border-radius:8px;background:#07883f;color:#fff;
text-decoration:none;font-weight:500}.qr svg{width:176px;height:176px;background:#fff;border-radius:8px}"""
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}


def page(status: int, title: str, zh: str, en: str, more: str = "") -> Response[str]:
    """Make a page of fixed words; nothing a stranger wrote may go in."""
    text = PAGE.format(title=title, zh=zh, en=en, more=more)
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=HEADERS)


def launch(links: Links) -> Response[str]:
    """Lead on to WeChat's page; it looks where the browser comes from, so this page tells its origin."""
    href = escape(links.pc_url)
    more = f'''<p><a class="go" id="go" href="{href}">前往微信授权 Continue to WeChat</a></p>
<div class="qr">{links.phone_qr_svg}</div>
<p>或请管理员用微信扫码，在手机上授权</p>
<p lang="en">Or the administrator scans this with WeChat and agrees there.</p>'''
    zh, en = "请由公众号管理员操作，约一分钟。", "For the account’s administrator; it takes a minute."
    text = PAGE.format(title="授权公众号", zh=zh, en=en, more=more).replace("</style>", f"{GO}</style>")
    headers = HEADERS | {"referrer-policy": "strict-origin-when-cross-origin"}
    return Response(text, status_code=200, media_type=MediaType.HTML, headers=headers)


def outcome(world: World, name: str) -> Response[str]:
    """Say what became of an authorization, with the way back to the console."""
    link = f'<p><a href="{world.settings.console_url}/console/wechat">返回后台 Console</a></p>'
    return page(*WORDS[name], more=link)

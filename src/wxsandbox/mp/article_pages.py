"""The pages at which phones read articles: the account's own HTML, without anything that could run.

Official page: developers.weixin.qq.com/doc/offiaccount/Draft_Box/Add_draft.html, 2026-09. What WeChat takes out when an
article is written is taken out there; besides, nothing on these pages may load or run a script, whatever was let by.
"""

from html import escape

from wxsandbox import looks
from wxsandbox.accounts import Account
from wxsandbox.http import Call, Reply
from wxsandbox.mp import comments, tally
from wxsandbox.mp.articles import HOST, PAGE, ArticlePage
from wxsandbox.mp.base import DATE
from wxsandbox.mp.uploads import StoredFile, address
from wxsandbox.people import fan
from wxsandbox.routes import Route

POLICY = b"default-src 'none'; img-src * data:; media-src *; style-src 'unsafe-inline'; base-uri 'none'"


async def show(call: Call) -> Reply:
    """Show an article, and count the read of whoever opened it on their phone."""
    box = call.box
    page = box.state.table(ArticlePage).get(call.params["key"])
    if page is None:
        return looks.problem("该内容不存在")
    if page.deleted:
        return looks.problem("该内容已被发布者删除")
    if (who := call.person()) and page.state != "draft":
        page.reads += 1
        box.state.table(ArticlePage).put(page)
        tally.looked(box, page.appid, fan(box, who, page.appid).openid, page.msgid, page.article["title"], "read", 0)
    reply = looks.page(page.article["title"], f"{_article(call, page)}{comments.below(call, page)}")
    reply.headers.append((b"content-security-policy", POLICY))
    return reply


def _article(call: Call, page: ArticlePage) -> str:
    one, account = page.article, call.box.state.table(Account).get(page.appid)
    name = escape(account.nick_name if account else "")
    pictures = "".join(
        f'<img src="{escape(address(call, file))}" alt="" style="width:100%">'
        for image in (one.get("image_info") or {}).get("image_list", [])
        if (file := call.box.state.table(StoredFile).get(image["image_media_id"]))
    )
    words = one["content"] if one.get("article_type") != "newspic" else escape(one["content"]).replace("\n", "<br>")
    source = one.get("content_source_url", "")
    more = f'<p><a href="{escape(source)}">阅读原文</a></p>' if source.startswith(("http://", "https://")) else ""
    return (
        f"<article><h1>{escape(one['title'])}</h1><p class='dim'>{escape(one.get('author', ''))} {name}</p>"
        f"{pictures}<div style='overflow-wrap:anywhere'>{words}</div>"
        f"<style>article img{{max-width:100%;height:auto}}</style>{more}<p class='dim'>阅读 {page.reads}</p></article>"
    )


ROUTES = (Route(HOST, "GET", "/s/{key}", show, PAGE, DATE, journal=False),)

"""The QR codes there are to scan: each account's own, and those made with a scene; and pictures of any words."""

from typing import Any

from wxsandbox.accounts import Account
from wxsandbox.errors import Wrong
from wxsandbox.http import Call, Reply
from wxsandbox.mp.qrcodes import QrTicket, account_url
from wxsandbox.pay.wallets import SERVICE
from wxsandbox.people import person_of
from wxsandbox.pictures import qr_svg
from wxsandbox.routes import Route

HOST = "_sandbox"
MOST_CODES = 60
LONGEST = 800


async def codes(call: Call) -> Any:
    """List what a person could point the camera at, newest scenes first, then the accounts' own codes."""
    person_of(call.box, call.params["name"])
    accounts = call.box.table(Account)
    now = call.box.clock.now()
    tickets: list[QrTicket] = [t for t in call.box.table(QrTicket) if not t.expires_at or t.expires_at > now]
    tickets.sort(key=lambda ticket: -ticket.seq)
    items = [
        describe(account, ticket.url, ticket.scene_str or str(ticket.scene_id), ticket.id)
        for ticket in tickets[:MOST_CODES]
        if (account := accounts.get(ticket.appid))
    ]
    own = [describe(a, account_url(a.appid), "", "") for a in accounts if a.kind == "official" and a.appid != SERVICE]
    return {"items": items + own}


def describe(account: Account, text: str, scene: str, ticket: str) -> dict[str, Any]:
    """Describe one code."""
    return {
        "text": text,
        "ticket": ticket,
        "scene": scene,
        "appid": account.appid,
        "nick_name": account.nick_name,
        "head_img": account.head_img,
    }


async def picture(call: Call) -> Reply:
    """Draw any words as a QR code; raises Wrong when they are too long."""
    words = call.query.get("text", "")
    if not 0 < len(words.encode()) <= LONGEST:
        raise Wrong(f"text must have 1 to {LONGEST} bytes")
    headers = [(b"content-type", b"image/svg+xml"), (b"cache-control", b"max-age=3600")]
    return Reply(200, standalone(qr_svg(words)).encode(), headers)


def standalone(svg: str) -> str:
    """Make inline SVG a file of its own: name its namespace."""
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


ROUTES = (
    Route(HOST, "GET", "/people/{name}/codes", codes, journal=False),
    Route(HOST, "GET", "/qr.svg", picture, journal=False),
)

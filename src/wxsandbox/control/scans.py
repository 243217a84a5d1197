"""Scanning QR codes and following: what a phone makes of a code's text."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from wxsandbox.accounts import Account
from wxsandbox.errors import Wrong
from wxsandbox.http import at_person
from wxsandbox.mp.messages import push
from wxsandbox.mp.qrcodes import QrTicket, account_url
from wxsandbox.people import Fan, Person, account_of, fan, open_window

if TYPE_CHECKING:
    from wxsandbox.box import Box


def follow_by(box: "Box", one: Fan, ticket: QrTicket | None, *, scene: str = "ADD_SCENE_SEARCH") -> None:
    """Follow an account, by a QR code's ticket or without; a follower who scans sends SCAN instead."""
    account = account_of(box, one.appid)
    key = (str(ticket.scene_id) if ticket.scene_id else ticket.scene_str) if ticket else ""
    if one.subscribed:
        if ticket:
            open_window(box, one, "scan")
            push(box, account, one, "event", {"Event": "SCAN", "EventKey": key, "Ticket": ticket.id})
        return
    one.subscribed, one.subscribe_time = True, box.clock.seconds()
    one.scene = "ADD_SCENE_QR_CODE" if ticket else scene
    one.qr_scene = ticket.scene_id if ticket else 0
    one.qr_scene_str = ticket.scene_str if ticket else ""
    box.state.table(Fan).put(one)
    open_window(box, one, "follow")
    fields: dict[str, Any] = {"Event": "subscribe", "EventKey": f"qrscene_{key}" if ticket else ""}
    if ticket:
        fields["Ticket"] = ticket.id
    box.publish(one.person, {"kind": "follow", "appid": one.appid})
    push(box, account, one, "event", fields)


def read_code(box: "Box", person: Person, *, text: str, ticket: str, follow: bool) -> dict[str, Any]:
    """Do what a phone does with a scanned code; `kind` is account, pay, url or text."""
    found = find_ticket(box, text, ticket)
    if found is not None:
        if found.expires_at and found.expires_at <= box.clock.now():
            raise Wrong("二维码已过期")
        return meet(box, person, account_of(box, found.appid), found, follow=follow)
    for account in box.state.table(Account):
        if text == account_url(account.appid):
            return meet(box, person, account, None, follow=follow)
    if text.startswith("weixin://wxpay/"):
        return {"kind": "pay", "text": text}
    if text.startswith(("http://", "https://")):
        url = at_person(text, person.id)
        box.publish(person.id, {"kind": "open", "url": url})
        return {"kind": "url", "url": url}
    return {"kind": "text", "text": text}


def meet(box: "Box", person: Person, account: Account, ticket: QrTicket | None, *, follow: bool) -> dict[str, Any]:
    """Come to an account through a code: follow it, or see its card first."""
    one = fan(box, person.id, account.appid)
    followed = one.subscribed
    if follow or followed:
        follow_by(box, one, ticket, scene="ADD_SCENE_QR_CODE")
    return {
        "kind": "account",
        "appid": account.appid,
        "ticket": ticket.id if ticket else "",
        "subscribed": one.subscribed,
        "new": one.subscribed and not followed,
    }


def find_ticket(box: "Box", text: str, ticket: str) -> QrTicket | None:
    """Find a QR ticket by itself, by the code's text, or by the address of its picture."""
    tickets = box.state.table(QrTicket)
    if ticket:
        known = tickets.get(ticket)
        if known is None:
            raise Wrong("unknown ticket")
        return known
    if "/cgi-bin/showqrcode" in text:
        return tickets.get(parse_qs(urlsplit(text).query).get("ticket", [""])[0])
    return next(iter(tickets.by("url", text)), None)

"""Messages and events on their way to an account's server, and what it answers at once.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html, 2026-09.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from wxsandbox import crypto, xml
from wxsandbox.accounts import Account, Authorization, Component
from wxsandbox.deliveries import Answer, Courier, Delivery, Parcel, send
from wxsandbox.mp import kf as desk
from wxsandbox.mp import tally
from wxsandbox.mp.replies import BadReply, Keys, read_reply
from wxsandbox.people import Fan, account_of, fan, show

if TYPE_CHECKING:
    from wxsandbox.box import Box

MESSAGE_SET = 1
DOWN = "该公众号暂时无法提供服务，请稍后再试"
SILENT = (
    "unsubscribe", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "PUBLISHJOBFINISH", "user_info_modified",
    "user_authorization_revoke", "user_authorization_cancellation", "qualification_verify_success",
    "qualification_verify_fail", "naming_verify_success", "naming_verify_fail", "annual_renew", "verify_expired",
)  # fmt: skip


def push(box: "Box", account: Account, one: Fan, kind: str, fields: dict[str, Any]) -> list[Delivery]:
    """Send a message ("text", ...) or an event ("event", with Event in the fields) of a person to the account.

    Every third-party platform that holds permission set 1 gets it; without one, the account's own server does.
    """
    tally.pushed(box, account.appid, one.openid, one.scene, kind, fields)
    if one.blocked and fields.get("Event") not in SILENT:
        return []  # what people on the blacklist do does not arrive
    message = {
        "ToUserName": account.user_name,
        "FromUserName": one.openid,
        "CreateTime": box.clock.seconds(),
        "MsgType": kind,
        **fields,
    }
    if kind != "event":
        message["MsgId"] = 24_000_000_000_000_000 + box.state.next("msgid")
    name = f"message.event.{fields['Event']}" if kind == "event" else f"message.{kind}"
    grants = box.state.table(Authorization).by("appid", account.appid)
    platforms = [g.component for g in grants if g.active and MESSAGE_SET in g.func_ids]
    plain = xml.write(message)
    sent = []
    for component in platforms:
        if (platform := box.state.table(Component).get(component)) and platform.message_url:
            url = platform.message_url.replace("$APPID$", account.appid)
            data = {"component": component}
            sent.append(_send(box, account, one, name, url, plain, data))
    if not sent and account.push:
        if account.push.format == "json":
            plain = msgspec.json.encode(message).decode()
        sent.append(_send(box, account, one, name, account.push.url, plain, {}))
    return sent


def _send(box: "Box", account: Account, one: Fan, name: str, url: str, plain: str, data: dict[str, Any]) -> Delivery:
    data["openid"] = one.openid
    return send(
        box, courier="message", kind=name, url=url, plain=plain, appid=account.appid, person=one.person, data=data
    )


def keys_of(box: "Box", delivery: Delivery) -> Keys:
    """Return token, key, tail appid and mode under which this delivery is sealed."""
    component = box.state.table(Component).get(delivery.data.get("component", ""))
    if component is not None:
        return Keys(component.token, component.aes_key, component.id, "safe", "xml")
    push = account_of(box, delivery.appid).push
    assert push is not None
    return Keys(push.token, push.aes_key, delivery.appid, push.mode, push.format)


def seal(box: "Box", delivery: Delivery, forged: bool) -> Parcel:
    """Seal one attempt: plain, compatible or safe mode; forged ones are signed with a wrong token."""
    keys = keys_of(box, delivery)
    token = "forged" if forged else keys.token
    timestamp, nonce = str(box.clock.seconds()), str(100_000_000 + box.dice.below(1_900_000_000))
    query = {
        "signature": crypto.signature(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": delivery.data["openid"],
    }
    body = delivery.plain
    if keys.mode != "plain":
        sealed = crypto.encrypt(
            delivery.plain.encode(), aes_key=keys.aes_key, appid=keys.appid, random16=box.dice.hex(16).encode()
        )
        query |= {"encrypt_type": "aes", "msg_signature": crypto.signature(token, timestamp, nonce, sealed)}
        outer: dict[str, Any] = {"ToUserName": account_of(box, delivery.appid).user_name, "Encrypt": sealed}
        if keys.format == "json":
            plain = msgspec.json.decode(delivery.plain) if keys.mode == "compatible" else {}
            body = msgspec.json.encode(plain | outer).decode()
        elif keys.mode == "compatible":
            body = delivery.plain.replace("</xml>", f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")
        else:
            body = xml.write(outer)
    joint = "&" if "?" in delivery.url else "?"
    kind = "application/json" if keys.format == "json" else "text/xml"
    return Parcel(f"{delivery.url}{joint}{urlencode(query)}", {"content-type": kind}, body.encode())


async def done(box: "Box", delivery: Delivery, answer: Answer) -> bool:
    """Take the answer: nothing and `success` are fine, a reply goes into the chat, nonsense shows the notice."""
    tally.called_back(box, delivery.appid, ms=answer.ms, failed=answer.status != 200)
    if answer.status != 200:
        return False
    if answer.body.strip() in (b"", b"success"):
        return True
    event = delivery.kind.rpartition(".")[2]
    if event in SILENT:
        return True
    try:
        reply = read_reply(answer.body, keys_of(box, delivery), openid=delivery.data["openid"])
    except BadReply as wrong:
        box.journal.add(
            box.clock.now(), "callback", "POST", delivery.url, delivery.kind, appid=delivery.appid,
            person=delivery.person, delivery=delivery.id, note=f"bad passive reply: {wrong}",
        )  # fmt: skip
        await gave_up(box, delivery)
        return True
    if reply is not None and not delivery.data.get("answered"):
        delivery.data["answered"] = True
        if reply.kind == "transfer":
            hand_over(box, delivery, reply.content["kf_account"])
            return True
        show(
            box, appid=delivery.appid, person=delivery.person, who="account", kind=reply.kind,
            content=reply.content, via="passive",
        )  # fmt: skip
    return True


def hand_over(box: "Box", delivery: Delivery, wanted: str) -> None:
    """Hand a person to WeChat's customer-service desk: to the one named or free, else into the line."""
    openid = delivery.data["openid"]
    if kf := desk.queue(box, delivery.appid, openid, wanted):
        one = fan(box, delivery.person, delivery.appid)
        fields = {"Event": "kf_create_session", "KfAccount": kf}
        push(box, account_of(box, delivery.appid), one, "event", fields)


async def gave_up(box: "Box", delivery: Delivery) -> None:
    """Show the person WeChat's notice that the account does not answer."""
    if delivery.kind.rpartition(".")[2] in SILENT:
        return
    show(
        box, appid=delivery.appid, person=delivery.person, who="system", kind="notice", content={"text": DOWN},
        via="notice",
    )  # fmt: skip


COURIER = Courier(seal=seal, done=done, pauses=(5.0, 5.0), gave_up=gave_up)

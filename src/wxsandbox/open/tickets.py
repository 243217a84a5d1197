"""component_verify_ticket and the other events on a third-party platform's authorization-event URL.

Official page: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/
component_verify_ticket.html, read 2026-09.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from wxsandbox import crypto, xml
from wxsandbox.accounts import Component
from wxsandbox.deliveries import Answer, Courier, Delivery, Parcel, send
from wxsandbox.people import settings
from wxsandbox.scheduler import Timer

if TYPE_CHECKING:
    from wxsandbox.box import Box

TICKET_SECONDS = 12 * 3600


def push_event(
    box: "Box", component: Component, info: str, fields: dict[str, Any], *, delay_seconds: float = 0.0
) -> Delivery:
    """Send an event (InfoType `info`) to the platform's authorization-event URL."""
    message = {"AppId": component.id, "CreateTime": box.clock.seconds(), "InfoType": info, **fields}
    return send(
        box, courier="component", kind=f"component.{info}", url=component.event_url, plain=xml.write(message),
        appid=str(fields.get("AuthorizerAppid", component.id)), delay_seconds=delay_seconds,
        data={"component": component.id},
    )  # fmt: skip


def renew(box: "Box", component: Component) -> None:
    """Give a platform a new ticket."""
    component.last_ticket, component.last_ticket_at = component.ticket, component.ticket_at
    component.ticket, component.ticket_at = "ticket@@@" + box.dice.text(86), box.clock.now()


def push_ticket(box: "Box", component: Component) -> None:
    """Make a new ticket, push it, and plan the next one in 10 minutes."""
    renew(box, component)
    component.ticket_on = True
    box.state.table(Component).put(component)
    push_event(box, component, "component_verify_ticket", {"ComponentVerifyTicket": component.ticket})
    _plan(box, component)


def _plan(box: "Box", component: Component) -> None:
    timers = box.state.table(Timer)
    for timer in timers.by("kind", "ticket"):
        if timer.args["component"] == component.id:
            box.scheduler.cancel(timer.id)
    beat_seconds = settings(box).ticket_seconds
    following = box.clock.now() + beat_seconds
    # A clock that is turned by days needs the last ticket, not each of the hundreds before it.
    skipped = max(0, int((box.clock.horizon() - following) // beat_seconds))
    box.scheduler.at(following + skipped * beat_seconds, "ticket", component=component.id)


async def beat(box: "Box", args: dict[str, Any]) -> None:
    """Push the ticket that is due."""
    component = box.state.table(Component).get(args["component"])
    if component is not None and component.ticket_on and component.event_url:
        push_ticket(box, component)


async def start(box: "Box") -> None:
    """Push a ticket to every platform when the simulator starts."""
    for component in box.state.table(Component):
        await beat(box, {"component": component.id})


def seal(box: "Box", delivery: Delivery, forged: bool) -> Parcel:
    """Seal one attempt with the platform's token and key."""
    component = box.state.table(Component).get(delivery.data["component"])
    assert component is not None
    token = "forged" if forged else component.token
    timestamp, nonce = str(box.clock.seconds()), str(100_000_000 + box.dice.below(1_900_000_000))
    sealed = crypto.encrypt(
        delivery.plain.encode(), aes_key=component.aes_key, appid=component.id,
        random16=box.dice.hex(16).encode(),
    )  # fmt: skip
    query = {
        "signature": crypto.signature(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": crypto.signature(token, timestamp, nonce, sealed),
    }
    joint = "&" if "?" in delivery.url else "?"
    body = xml.write({"AppId": component.id, "Encrypt": sealed})
    return Parcel(f"{delivery.url}{joint}{urlencode(query)}", {"content-type": "text/xml"}, body.encode())


async def done(box: "Box", delivery: Delivery, answer: Answer) -> bool:
    """Only the plain word `success` is an answer."""
    return answer.status == 200 and answer.body.strip() == b"success"


# Longer than for messages (the page says nothing): a platform that starts later than WeChat still gets its ticket.
COURIER = Courier(seal=seal, done=done, pauses=(5.0, 5.0, 10.0, 20.0, 40.0, 80.0))

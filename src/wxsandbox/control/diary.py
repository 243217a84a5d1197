"""The journal's window: search it, and do an entry again."""

from typing import TYPE_CHECKING, Any

from wxsandbox.deliveries import Answer, Courier, Delivery, Parcel, send
from wxsandbox.errors import NotFound
from wxsandbox.http import Call
from wxsandbox.routes import Route

if TYPE_CHECKING:
    from wxsandbox.box import Box

HOST = "_sandbox"
FIELDS = ("kind", "name", "appid", "person", "method", "delivery")
NOT_REPLAYED = ("host", "content-length", "connection", "accept-encoding", "transfer-encoding")


async def journal(call: Call) -> Any:
    """Search the journal: kind, name, appid, person, method, delivery (equal), words, limit, after."""
    query = call.query
    limit, after = int(query.get("limit", "100")), int(query.get("after", "0"))
    equal = {field: query[field] for field in FIELDS if field in query}
    found = call.box.journal.search(limit=limit, after=after, words=query.get("words", ""), **equal)
    return {"items": found}


async def replay(call: Call) -> Any:
    """Do an entry again: a callback goes out with the same bytes, a call is made with the same request."""
    number = call.params["id"]
    entry = call.box.journal.get(int(number)) if number.isdigit() else None
    if entry is None or entry.kind == "control":
        raise NotFound("no such call or callback")
    headers = {k: v for k, v in entry.request_headers.items() if k not in NOT_REPLAYED}
    if entry.kind == "callback":
        data = {"headers": headers, "body": entry.request}
        sent = send(
            call.box, courier="replay", kind=entry.name, url=entry.url, appid=entry.appid, person=entry.person,
            data=data,
        )  # fmt: skip
        return {"delivery": sent.id}
    url = f"{call.box.url}{entry.url}"
    async with call.box.http.request(entry.method, url, data=entry.request.encode(), headers=headers) as again:
        return {"status": again.status, "body": await again.text()}


def seal(box: "Box", delivery: Delivery, forged: bool) -> Parcel:
    """Send the old bytes again."""
    return Parcel(delivery.url, dict(delivery.data["headers"]), str(delivery.data["body"]).encode())


async def done(box: "Box", delivery: Delivery, answer: Answer) -> bool:
    """Any answer ends a replay."""
    return True


COURIER = Courier(seal=seal, done=done, pauses=())
ROUTES = (
    Route(HOST, "GET", "/journal", journal, journal=False),
    Route(HOST, "POST", "/journal/{id}/replay", replay),
)

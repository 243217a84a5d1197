"""What a person sees: chats as they stand, and everything new as it happens (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from wxsandbox.accounts import Account
from wxsandbox.box import END
from wxsandbox.http import Call, Reply
from wxsandbox.mp.personal_menus import menu_of
from wxsandbox.people import Chat, Fan, person_of
from wxsandbox.routes import Route

HOST = "_sandbox"
HEARTBEAT_SECONDS = 15.0


async def person(call: Call) -> Any:
    """Show a person: who they are and every chat, newest first."""
    box = call.box
    who = person_of(box, call.params["name"])
    chats = [chat(call, one, limit=20) for one in box.state.table(Fan).by("person", who.id)]
    chats.sort(key=lambda item: -item["at"])
    return {**msgspec.to_builtins(who), "name": who.id, "chats": [c for c in chats if c["subscribed"] or c["messages"]]}


def chat(call: Call, one: Fan, *, limit: int) -> dict[str, Any]:
    """Show one chat: the account, whether it is followed, and the last bubbles."""
    account = call.box.state.table(Account).get(one.appid)
    bubbles = call.box.state.table(Chat).by("thread", one.id)
    shown = bubbles[-limit:]
    return {
        "appid": one.appid,
        "openid": one.openid,
        "nick_name": account.nick_name if account else one.appid,
        "head_img": account.head_img if account else "",
        "user_name": account.user_name if account else "",
        "signature": account.signature if account else "",
        "subscribed": one.subscribed,
        "menu": menu_of(call.box, account, one) if account else None,
        "at": shown[-1].at if shown else float(one.subscribe_time),
        "messages": msgspec.to_builtins(shown),
    }


async def one_chat(call: Call) -> Any:
    """Show one chat with up to `limit` (200) bubbles."""
    who = person_of(call.box, call.params["name"])
    one = call.box.state.table(Fan).get(f"{call.params['appid']}:{who.id}")
    if one is None:
        return {"appid": call.params["appid"], "subscribed": False, "messages": [], "menu": None}
    return chat(call, one, limit=int(call.query.get("limit", "200")))


async def events(call: Call) -> Reply:
    """Stream what happens on a person's phone ("*": on everybody's)."""
    name = call.params["name"]
    if name != "*":
        person_of(call.box, name)
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
    return Reply(200, b"", headers, stream(call, name))


async def stream(call: Call, name: str) -> AsyncIterator[bytes]:
    """Yield events as they come, and a comment now and then to keep the line open."""
    feed = call.box.subscribe(name)
    try:
        yield b": hello\n\n"
        while True:
            try:
                event = await asyncio.wait_for(feed.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if event is END:
                return
            yield b"data: " + msgspec.json.encode(event) + b"\n\n"
    finally:
        call.box.unsubscribe(name, feed)


ROUTES = (
    Route(HOST, "GET", "/people/{name}", person, journal=False),
    Route(HOST, "GET", "/people/{name}/chats/{appid}", one_chat, journal=False),
    Route(HOST, "GET", "/people/{name}/events", events, journal=False),
)

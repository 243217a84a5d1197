"""Who acts: the person of the path, and what they are to an account."""

from typing import Any

from wxsandbox.http import Call
from wxsandbox.people import Fan, account_of, fan, person_of
from wxsandbox.routes import Route

HOST = "_sandbox"
IN_CHAT_SECONDS = 600


def actor(call: Call, appid: str) -> Fan:
    """Return what the person of the path is to an account; raises NotFound."""
    person = person_of(call.box, call.params["name"])
    account_of(call.box, appid)
    return fan(call.box, person.id, appid)


def enter(call: Call, one: Fan) -> None:
    """Note that the person goes to a page from the account's own chat."""
    one.in_chat_until = call.box.clock.now() + IN_CHAT_SECONDS
    call.box.state.table(Fan).put(one)


def act(path: str, handler: Any, body: Any) -> Route:
    """Declare one act of a person."""
    return Route(HOST, "POST", f"/people/{{name}}/{path}", handler, body=body)

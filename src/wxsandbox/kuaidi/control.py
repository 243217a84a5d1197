"""The hand on kuaidi100: accounts, and what happens to parcels."""

from typing import Any, Literal

import msgspec

from wxsandbox.http import Call
from wxsandbox.kuaidi import api, life
from wxsandbox.kuaidi.rows import KuaidiAccount, KuaidiParcel, KuaidiWatch
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"


class NewAccount(msgspec.Struct):
    """An account to be made, or made anew."""

    customer: str
    key: str
    expired: bool = False


class Happening(msgspec.Struct):
    """What happens to a parcel; `ago_seconds` when it is told late. An abort ends every watch."""

    state: Literal["0", "1", "2", "3", "4", "5", "6", "14", "abort"]
    text: str
    ago_seconds: float = 0.0


async def put_account(call: Call) -> Any:
    """Make an account."""
    asked = control(call.body, NewAccount)
    row = call.box.table(KuaidiAccount).put(KuaidiAccount(asked.customer, asked.key, asked.expired))
    return {"customer": row.id}


async def list_parcels(call: Call) -> Any:
    """List the parcels that were ever spoken of, with who watches them."""
    watches = call.box.table(KuaidiWatch)
    return {
        "items": [
            {"com": one.com, "num": one.num, "state": life.state_of(one), "steps": one.steps,
             "watches": [{"url": w.url, "status": w.status} for w in watches.by("parcel", one.id)]}
            for one in call.box.table(KuaidiParcel)
        ]
    }  # fmt: skip


async def move(call: Call) -> Any:
    """Let something happen to a parcel, which from now on is moved by hand."""
    asked = control(call.body, Happening)
    parcel = api.found(call, call.params["com"], call.params["num"])
    parcel.by_hand = True
    if asked.state == "abort":
        life.tell(call.box, parcel, status="abort", message=asked.text)
    else:
        at = call.box.clock.now() - asked.ago_seconds
        life.happen(call.box, parcel, state=asked.state, context=asked.text, at=at)
    return life.result(parcel)


ROUTES = (
    Route(HOST, "POST", "/kuaidi/accounts", put_account, body=NewAccount),
    Route(HOST, "GET", "/kuaidi/parcels", list_parcels, journal=False),
    Route(HOST, "POST", "/kuaidi/parcels/{com}/{num}", move, body=Happening),
)

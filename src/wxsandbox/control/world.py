"""Clock, faults, journal, reset and snapshots."""

from typing import Any

import msgspec

from wxsandbox import clock as clocks
from wxsandbox.deliveries import Delivery
from wxsandbox.errors import NotFound
from wxsandbox.faults import Fault
from wxsandbox.http import Call
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"


class ClockTurn(msgspec.Struct):
    """`now` sets the clock (forward: what becomes due is run); `frozen` stops it or lets it run."""

    now: str | float | None = None
    frozen: bool | None = None


class Advance(msgspec.Struct):
    """Seconds of world time to let pass."""

    seconds: float


class NewFault(msgspec.Struct):
    """A fault rule; see wxsandbox.faults.Fault."""

    on: str
    effect: str
    appid: str = ""
    person: str = ""
    chance: float = 1.0
    times: int | None = None
    after: int = 0
    seconds: float = 0.0
    count: int = 2
    errcode: int = -1
    status: int = 500
    code: str = ""
    data: dict[str, Any] = {}


class Name(msgspec.Struct):
    """The name of a snapshot."""

    name: str


def describe_clock(call: Call) -> dict[str, Any]:
    """Describe the clock."""
    moment = call.box.clock.now()
    return {"now": clocks.iso(moment), "unix": moment, "frozen": call.box.clock.frozen}


async def health(call: Call) -> Any:
    """Say that the simulator is up."""
    return {"ok": True, "url": call.box.url, "parts": [part.name for part in call.box.parts]}


async def get_clock(call: Call) -> Any:
    """Read the clock."""
    return describe_clock(call)


async def set_clock(call: Call) -> Any:
    """Turn, stop or start the clock."""
    turn = control(call.body, ClockTurn)
    box = call.box
    if turn.frozen is True:
        box.clock.freeze()
    if turn.now is not None:
        target = turn.now if isinstance(turn.now, float | int) else clocks.parse(turn.now)
        if target >= box.clock.now():
            await box.scheduler.advance_to(target)
        else:
            box.clock.set(target)
    if turn.frozen is False:
        box.clock.run()
    box.keep_clock()
    box.scheduler.poke()
    return describe_clock(call)


async def advance(call: Call) -> Any:
    """Let world time pass, doing on the way what becomes due."""
    seconds = control(call.body, Advance).seconds
    await call.box.scheduler.advance_to(call.box.clock.now() + seconds)
    call.box.keep_clock()
    return describe_clock(call)


async def settle(call: Call) -> Any:
    """Wait until nothing is due now and no callback is under way."""
    settled = await call.box.scheduler.settle()
    return {"settled": settled, "waiting": len(call.box.table(Delivery))}


async def list_faults(call: Call) -> Any:
    """List the fault rules."""
    return {"items": list(call.box.faults.rules)}


async def add_fault(call: Call) -> Any:
    """Put a fault rule in force."""
    asked = control(call.body, NewFault)
    seq = call.box.state.next("fault")
    return call.box.faults.rules.put(Fault(id=str(seq), seq=seq, **msgspec.structs.asdict(asked)))


async def clear_faults(call: Call) -> Any:
    """Drop every fault rule."""
    for rule in call.box.faults.rules:
        call.box.faults.rules.delete(rule.id)
    return {"ok": True}


async def drop_fault(call: Call) -> Any:
    """Drop one fault rule."""
    call.box.faults.rules.delete(call.params["id"])
    return {"ok": True}


async def reset(call: Call) -> Any:
    """Forget everything but the clock."""
    call.box.state.replace(None)
    call.box.journal.clear()
    refresh(call)
    for part in call.box.parts:
        if part.start:
            await part.start(call.box)
    return {"ok": True}


async def list_snapshots(call: Call) -> Any:
    """Name the snapshots."""
    return {"items": call.box.state.snapshots()}


async def save_snapshot(call: Call) -> Any:
    """Keep the present state under a name."""
    name = control(call.body, Name).name
    call.box.keep_clock()
    call.box.state.save_snapshot(name)
    return {"name": name}


async def restore_snapshot(call: Call) -> Any:
    """Go back to a snapshot, clock included."""
    body = call.box.state.snapshot(call.params["name"])
    if body is None:
        raise NotFound("no such snapshot")
    call.box.state.replace(body)
    call.box.clock.load(call.box.state.meta["clock"])
    refresh(call)
    return {"ok": True, **describe_clock(call)}


def refresh(call: Call) -> None:
    """Take up a replaced state: its timers, and the clock as it stands."""
    call.box.scheduler.rebuild()
    call.box.keep_clock()


ROUTES = (
    Route(HOST, "GET", "/health", health, journal=False),
    Route(HOST, "GET", "/clock", get_clock, journal=False),
    Route(HOST, "POST", "/clock", set_clock, body=ClockTurn),
    Route(HOST, "POST", "/clock/advance", advance, body=Advance),
    Route(HOST, "POST", "/settle", settle, journal=False),
    Route(HOST, "GET", "/faults", list_faults, journal=False),
    Route(HOST, "POST", "/faults", add_fault, body=NewFault),
    Route(HOST, "DELETE", "/faults", clear_faults),
    Route(HOST, "DELETE", "/faults/{id}", drop_fault),
    Route(HOST, "POST", "/reset", reset),
    Route(HOST, "GET", "/snapshots", list_snapshots, journal=False),
    Route(HOST, "POST", "/snapshots", save_snapshot, body=Name),
    Route(HOST, "POST", "/snapshots/{name}/restoration", restore_snapshot),
)

"""Callbacks on their way out: prepared afresh for every attempt, retried on WeChat's own timetable."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from wxsandbox.clock import STOPWATCH
from wxsandbox.journal import cut
from wxsandbox.people import settings

if TYPE_CHECKING:
    from wxsandbox.box import Box

HELD_SECONDS = 30.0


class Delivery(msgspec.Struct, kw_only=True):
    """One callback that has not arrived yet. `data` is the courier's own."""

    id: str
    seq: int
    courier: str
    kind: str
    url: str
    plain: str = ""
    appid: str = ""
    person: str = ""
    data: dict[str, Any] = {}
    attempt: int = 0
    held: bool = False


class Parcel(msgspec.Struct):
    """One attempt, sealed."""

    url: str
    headers: dict[str, str]
    body: bytes


class Answer(msgspec.Struct):
    """What the receiver said; status 0 means no answer in time."""

    status: int
    body: bytes
    note: str = ""
    ms: float = 0.0


class Courier(msgspec.Struct, frozen=True):
    """How one family of callbacks is sealed, judged and repeated.

    `seal(box, delivery, forged)` makes an attempt; `done(box, delivery, answer)` says whether it arrived;
    `pauses` are the seconds before the second, third, ... attempt; `gave_up` hears of the last failure.
    """

    seal: "Callable[[Box, Delivery, bool], Parcel]"
    done: "Callable[[Box, Delivery, Answer], Awaitable[bool]]"
    pauses: tuple[float, ...]
    deadline_seconds: float = 5.0
    gave_up: "Callable[[Box, Delivery], Awaitable[None]] | None" = None
    # Messages come in the order in which a person did things; notices of money come as they may.
    in_order: bool = True


def send(
    box: "Box",
    *,
    courier: str,
    kind: str,
    url: str,
    plain: str = "",
    appid: str = "",
    person: str = "",
    delay_seconds: float = 0.0,
    data: dict[str, Any] | None = None,
) -> Delivery:
    """Put a callback on its way; the first attempt is due after `delay_seconds` of world time."""
    seq = box.state.next("delivery")
    delivery = Delivery(
        id=str(seq), seq=seq, courier=courier, kind=kind, url=url, plain=plain, appid=appid, person=person,
        data=data or {},
    )  # fmt: skip
    box.state.table(Delivery).put(delivery)
    box.scheduler.at(box.clock.now() + delay_seconds, "deliver", id=delivery.id)
    return delivery


async def deliver(box: "Box", args: dict[str, Any]) -> None:
    """Make one attempt; what one person does reaches one account in the order in which it was done."""
    delivery = box.state.table(Delivery).get(args["id"])
    if delivery is not None:
        who = f"{delivery.appid}:{delivery.person}" if box.couriers[delivery.courier].in_order else delivery.id
        async with box.lane(f"{delivery.courier}:{who}"):
            await attempt(box, delivery)


async def attempt(box: "Box", delivery: Delivery) -> None:
    """Ask the faults, send, judge the answer, and plan what follows."""
    deliveries = box.state.table(Delivery)
    if not await _pass_faults(box, delivery):
        return
    courier = box.couriers[delivery.courier]
    delivery.attempt += 1
    deliveries.put(delivery)
    on = f"callback:{delivery.kind}"
    forged = _hit(box, delivery, on, "forge") is not None
    copies = fault.count if (fault := _hit(box, delivery, on, "repeat")) else 1
    arrived = False
    for _ in range(copies):
        answer = await post(box, delivery, courier, forged=forged)
        # A forged one is a stranger's: its answer means nothing, the real one still has to come.
        arrived = (not forged and await courier.done(box, delivery, answer)) or arrived
    release(box, delivery)
    if arrived:
        deliveries.delete(delivery.id)
    else:
        await retry(box, delivery, courier)
    box.state.commit()


async def retry(box: "Box", delivery: Delivery, courier: Courier) -> None:
    """Plan the next attempt, or give up when the timetable is at its end."""
    pauses = settings(box).pauses.get(delivery.courier, courier.pauses)
    if delivery.attempt <= len(pauses):
        pause = pauses[delivery.attempt - 1]
        box.scheduler.at(box.clock.now() + pause, "deliver", id=delivery.id)
        return
    box.state.table(Delivery).delete(delivery.id)
    if courier.gave_up:
        await courier.gave_up(box, delivery)


async def post(box: "Box", delivery: Delivery, courier: Courier, *, forged: bool) -> Answer:
    """Send one attempt over HTTP and write it into the journal."""
    parcel = courier.seal(box, delivery, forged)
    box.state.commit()
    begun = STOPWATCH()
    deadline = settings(box).deadline_seconds.get(delivery.courier, courier.deadline_seconds)
    timeout = aiohttp.ClientTimeout(total=deadline)
    try:
        async with box.http.post(
            parcel.url, data=parcel.body, headers=parcel.headers, timeout=timeout, allow_redirects=False
        ) as response:
            answer = Answer(response.status, await response.content.read(1 << 20))
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as failure:
        answer = Answer(0, b"", f"{type(failure).__name__}: {failure}")
    answer.ms = (STOPWATCH() - begun) * 1000
    note = f"attempt {delivery.attempt}" + (" forged" if forged else "")
    box.journal.add(
        box.clock.now(), "callback", "POST", parcel.url, delivery.kind, status=answer.status,
        ms=answer.ms, appid=delivery.appid, person=delivery.person, delivery=delivery.id,
        request_headers=parcel.headers, request=cut(parcel.body), response=cut(answer.body),
        note=f"{note} {answer.note}".strip() + (f"\n{delivery.plain}" if delivery.plain else ""),
    )  # fmt: skip
    return answer


def release(box: "Box", passed: Delivery) -> None:
    """Let go of callbacks held back by `reorder`: a younger one has overtaken them."""
    for held in box.state.table(Delivery):
        if held.held and held.id != passed.id and held.courier == passed.courier:
            box.scheduler.at(box.clock.now(), "deliver", id=held.id)


async def _pass_faults(box: "Box", delivery: Delivery) -> bool:
    on = f"callback:{delivery.kind}"
    deliveries = box.state.table(Delivery)
    if delivery.held:
        delivery.held = False
        deliveries.put(delivery)
        return True
    if delivery.attempt == 0 and _hit(box, delivery, on, "lose"):
        deliveries.delete(delivery.id)
        box.journal.add(
            box.clock.now(), "callback", "POST", delivery.url, delivery.kind, appid=delivery.appid,
            person=delivery.person, delivery=delivery.id, note=f"lost on purpose\n{delivery.plain}",
        )  # fmt: skip
        return False
    if _hit(box, delivery, on, "drop"):
        delivery.attempt += 1
        deliveries.put(delivery)
        await retry(box, delivery, box.couriers[delivery.courier])
        return False
    if fault := _hit(box, delivery, on, "delay", "reorder"):
        delivery.held = True
        deliveries.put(delivery)
        wait = fault.seconds or (HELD_SECONDS if fault.effect == "reorder" else 5.0)
        box.scheduler.at(box.clock.now() + wait, "deliver", id=delivery.id)
        return False
    return True


def _hit(box: "Box", delivery: Delivery, on: str, *effects: str) -> Any:
    return box.faults.hit(on, *effects, appid=delivery.appid, person=delivery.person)

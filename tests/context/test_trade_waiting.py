"""Waiting one's turn: fair, honest, sealed, and nothing at all while there is no line."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from tongshang.platform.batch import Batcher
from tongshang.platform.clock import ManualClock
from tongshang.platform.world import World
from tongshang.trade import place, quotes
from tongshang.trade.asked import Asked, Placed
from tongshang.trade.model import Delivery
from tongshang.trade.prices.tokens import Tampered
from tongshang.trade.quotes import SoldOut, Wanted
from tongshang.trade.waiting import door
from tongshang.trade.waiting.door import Door, Queued
from tongshang.trade.waiting.tickets import NoTicket

FANS = 200
MOST = 4


async def wishes(world: World, merchant: UUID, *, fans: int, stock: int) -> list[Asked]:
    """Let many people look at one thing, each with a quote of his own."""
    _, (variant,) = await shops.make_product(world, merchant, stock=stock)
    wanted = Wanted(variant_id=variant, delivery=Delivery.PICKUP)
    made = []
    for n in range(fans):
        fan = await shops.make_fan(world, merchant, name=f"buyer{n}")
        if not made:
            async with world.tx(merchant) as tx:
                token = (await quotes.make(tx, fan=fan, wanted=wanted)).quote_token
        made.append(Asked(order_id=uuid4(), fan_id=fan, wanted=wanted, quote_token=token))
    return made


def narrow(world: World, most: int = MOST) -> Door:
    """Let only so many orders be under way at once."""
    world.shelf[door.SHELF] = Door(most=most)
    return door.of(world)


async def queued(world: World, merchant: UUID, asked: Asked, ticket: str = "") -> dict[str, Any]:
    """Ask, be told to wait, and give what was told."""
    with pytest.raises(Queued) as told:
        await door.placed(world, merchant, asked, ticket=ticket)
    return place_of(told.value)


def place_of(told: Queued) -> dict[str, Any]:
    """Read where somebody stands."""
    assert told.more is not None
    found: dict[str, Any] = told.more["queue"]
    assert 0 <= found["ahead"] < found["waiting"] <= FANS
    return found


async def test_two_hundred_are_let_through_as_they_came_and_nobody_twice(world: World, merchant: UUID) -> None:
    everybody = await wishes(world, merchant, fans=FANS, stock=FANS)
    gate, through = narrow(world), list[int]()

    async def buy(nth: int, asked: Asked) -> Placed:
        ticket = ""
        while True:
            try:
                done = await door.placed(world, merchant, asked, ticket=ticket)
            except Queued as told:
                ticket = place_of(told)["ticket"]
                await asyncio.sleep(0.001 * (nth % 7))  # they do not ask in the order in which they came
                continue
            through.append(nth)
            return done

    answers = await asyncio.gather(*(buy(*one) for one in enumerate(everybody)))
    assert len({answer.order.number for answer in answers}) == FANS
    overtaken = [sum(later > nth for later in through[:at]) for at, nth in enumerate(through)]
    assert max(overtaken) <= 2 * MOST, "somebody was overtaken by more than travel together"
    async with world.tx(merchant) as tx:
        twice = await tx.value("select count(*) - count(distinct fan_id) from orders where merchant_id = $1", merchant)
    assert twice == 0
    assert len(gate.lines[merchant]) == 0


async def test_a_ticket_is_nobody_elses_and_good_for_one_order(world: World, merchant: UUID) -> None:
    first, second, third = await wishes(world, merchant, fans=3, stock=9)
    narrow(world, most=0)
    told = await queued(world, merchant, first)
    assert (told["ahead"], told["seconds"] >= 1, told["again_seconds"] >= 1) == (0, True, True)
    other = Asked(order_id=uuid4(), fan_id=first.fan_id, wanted=first.wanted, quote_token=first.quote_token)
    body, _, seal = told["ticket"].partition(".")
    for asked, ticket in (
        (second, told["ticket"]),
        (other, told["ticket"]),
        (first, f"{body[:-2]}AA.{seal}"),
        (first, "1.2"),
    ):
        with pytest.raises(NoTicket):
            await door.placed(world, merchant, asked, ticket=ticket)
    with pytest.raises(Tampered):
        await door.placed(world, merchant, Asked(
            order_id=uuid4(), fan_id=third.fan_id, wanted=third.wanted, quote_token="made.up.token",
        ))  # fmt: skip
    assert (await queued(world, merchant, other))["ahead"] == 0  # ten orders of one person are one place
    assert (await queued(world, merchant, second))["ahead"] == 1


async def test_a_place_outlives_the_process_but_not_who_leaves(world: World, merchant: UUID) -> None:
    first, second, third = await wishes(world, merchant, fans=3, stock=9)
    narrow(world, most=0)
    mine = await queued(world, merchant, first)
    await queued(world, merchant, second)
    narrow(world, most=0)  # another process: it knows nobody
    assert (await queued(world, merchant, third))["ahead"] == 0
    assert (await queued(world, merchant, first, mine["ticket"]))["ahead"] == 0
    assert (await queued(world, merchant, third))["ahead"] == 1
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(timedelta(seconds=40))
    assert (await queued(world, merchant, third))["ahead"] == 0  # both have left; one of them is back
    assert (await queued(world, merchant, first, mine["ticket"]))["ahead"] == 1


async def test_what_is_gone_is_said_to_all_who_wait(world: World, merchant: UUID) -> None:
    everybody = await wishes(world, merchant, fans=6, stock=1)
    gate = narrow(world, most=0)
    tickets = [(await queued(world, merchant, asked))["ticket"] for asked in everybody]
    gate.most = 1
    await door.placed(world, merchant, everybody[0], ticket=tickets[0])
    with pytest.raises(SoldOut):
        await door.placed(world, merchant, everybody[1], ticket=tickets[1])
    gate.most = 0
    for asked, ticket in zip(everybody[2:], tickets[2:], strict=True):
        with pytest.raises(SoldOut) as told:
            await door.placed(world, merchant, asked, ticket=ticket)
        assert "明前龙井" in told.value.sentence("zh")
    again = await door.placed(world, merchant, everybody[0], ticket=tickets[0])
    assert again.lines is None  # whoever has his order hears of it again without waiting


async def test_whoever_has_his_order_stands_in_line_for_the_next(world: World, merchant: UUID) -> None:
    first, second = await wishes(world, merchant, fans=2, stock=9)
    gate = narrow(world, most=0)
    ticket = (await queued(world, merchant, first))["ticket"]
    await queued(world, merchant, second)
    gate.most = 1
    await door.placed(world, merchant, first, ticket=ticket)
    other = Asked(order_id=uuid4(), fan_id=first.fan_id, wanted=first.wanted, quote_token=first.quote_token)
    assert (await queued(world, merchant, other))["ahead"] == 1


async def test_a_batch_measures_what_it_can_answer() -> None:
    async def run(key: str, questions: list[int]) -> list[int | Exception]:
        await asyncio.sleep(0.01 * len(questions))
        return list(questions)

    batcher = Batcher[int, int](run, most=10)  # type: ignore[arg-type]
    assert batcher.room("a", seconds=0.5) > 40  # nothing is known of it, and nothing waits
    await asyncio.gather(*(batcher.ask("a", n) for n in range(40)))
    pace = batcher.pace("a")
    assert pace is not None
    assert pace >= 0.01
    crowd = [asyncio.create_task(batcher.ask("a", n)) for n in range(45)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert batcher.backlog("a") == 45
    assert batcher.room("a", seconds=0.2) <= 20 - 45
    assert batcher.room("a", seconds=60 * 60) > 1_000
    await asyncio.gather(*crowd)
    assert batcher.backlog("a") == 0


async def test_nobody_waits_while_all_can_be_answered(world: World, merchant: UUID) -> None:
    everybody = await wishes(world, merchant, fans=150, stock=150)
    done = await asyncio.gather(*(door.placed(world, merchant, asked) for asked in everybody))
    assert place.gathering(world).backlog(merchant) == 0
    assert len({one.order.number for one in done}) == 150
    assert not door.of(world).lines

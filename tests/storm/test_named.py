"""What storms have taught, as small stories of their own: a failing seed becomes a named test here."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from storm import conftest
from storm.people import Customer
from storm.scene import Scene, opened
from storm.shelter import Shelter
from storm.test_storm import seeds
from tongshang.platform.errors import Refused
from tongshang.platform.work import Worker
from tongshang.trade import orders, place, quotes
from tongshang.trade.model import Delivery, S
from tongshang.trade.quotes import Wanted


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(Shelter(database_url), tmp_path, seed=1) as made:
        yield made


async def customer(scene: Scene, name: str = "ann") -> Customer:
    """Let somebody in who has ordered."""
    one = Customer(scene, name)
    await one.arrive()
    for _ in range(30):
        if one.orders:
            return one
        try:
            await one.order()
        except Refused:
            continue  # sold out; something else, then
    raise AssertionError("thirty wishes and no order")


async def stock(scene: Scene) -> tuple[int, int]:
    """Sum what is on hand, and what of it is held."""
    rows = await scene.shop.all("select on_hand, reserved from stock where merchant_id = $1")
    return sum(row["on_hand"] for row in rows), sum(row["reserved"] for row in rows)


async def state(scene: Scene, order: UUID) -> S:
    async with scene.shop.world.tx(scene.shop.merchant) as tx:
        return (await orders.get(tx, order=order)).state


async def test_goods_are_held_until_wechat_has_closed(scene: Scene) -> None:
    ann = await customer(scene)
    _, held = await stock(scene)
    await ann._bill(ann.orders[0])
    away = await scene.shop.sandbox.fault("* /v3/pay/*", "status", status=502)
    async with scene.shop.world.tx(scene.shop.merchant) as tx:
        await orders.close(tx, order=ann.orders[0], reason="customer")
    await scene.shop.settle()
    assert await state(scene, ann.orders[0]) is S.CLOSING
    assert (await stock(scene))[1] == held > 0
    await scene.shop.sandbox.heal(away)
    await scene.shop.wait(3_700, steps=4)
    assert await state(scene, ann.orders[0]) is S.CLOSED
    assert (await stock(scene))[1] == 0


async def test_told_twice_an_order_is_paid_once(scene: Scene) -> None:
    ann = await customer(scene)
    bill = await ann._bill(ann.orders[0])
    assert (await ann.call("pay", **bill, password="123456"))["result"] == "ok"
    await scene.shop.settle()
    async with scene.shop.world.tx(scene.shop.merchant) as tx:
        await orders.mark_paid(tx, order=ann.orders[0])  # as the page does that asks WeChat itself
    await scene.shop.settle()
    assert len(await scene.shop.facts("order.paid")) == 1


async def test_a_batch_of_closings_gives_way_to_people(scene: Scene) -> None:
    people = [await customer(scene, f"p{n}") for n in range(6)]
    await scene.shop.box.scheduler.advance_to(scene.shop.box.clock.now() + 901)

    async def cancel(one: Customer) -> None:
        async with scene.shop.world.tx(scene.shop.merchant) as tx:
            await orders.close(tx, order=one.orders[0], reason="customer")

    workers = [Worker(scene.shop.world, name=f"worker {n}") for n in range(2)]
    await asyncio.gather(*(worker.sweep() for worker in workers), *(cancel(one) for one in reversed(people)))
    await scene.shop.settle()
    assert {await state(scene, one.orders[0]) for one in people} == {S.CLOSED}
    assert (await stock(scene))[1] == 0


@pytest.mark.parametrize(("nth", "quantity"), [(0, 2), (2, 4)], ids=["with promotions", "the last pieces"])
async def test_a_double_click_at_two_processes_is_one_order(scene: Scene, nth: int, quantity: int) -> None:
    ann = Customer(scene, "ann")
    await ann.arrive()
    wanted = Wanted(variant_id=scene.variants[nth], quantity=quantity, delivery=Delivery.PICKUP)
    async with ann.world.tx(ann.merchant) as tx:
        quote = await quotes.make(tx, fan=ann.fan, wanted=wanted)
    asked = place.Asked(order_id=scene.shop.id(), fan_id=ann.fan, wanted=wanted, quote_token=quote.quote_token)
    clicks = [place.place(node.world, ann.merchant, asked) for node in scene.nodes.all]
    made = await asyncio.gather(*clicks, return_exceptions=True)
    # Whoever came second may have been refused while the first was not done yet; now it is, and asking again tells.
    assert {one.id for one in made if not isinstance(one, BaseException)} == {asked.order_id}
    assert all(isinstance(one, Refused) for one in made if isinstance(one, BaseException))
    assert {(await place.place(node.world, ann.merchant, asked)).id for node in scene.nodes.all} == {asked.order_id}
    assert len(await scene.shop.all("select id from orders where merchant_id = $1")) == 1


def test_a_seed_that_fails_is_written_down_as_a_short_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "FOUND", tmp_path / "found")
    what = "stock of 01a1f6ae-9900-75eb-976d-434631c64f1c: 8 != 9; held of x: 1 != 0"
    text = conftest.write(17, what).read_text()
    compile(text, "test_seed_17.py", "exec")
    assert "async def test_stock_of_seed_17(" in text
    assert "await weathered(17, request, tmp_path)" in text
    assert conftest.spans([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
    assert conftest.seed_of("tests/storm/test_storm.py::test_the_books_agree_after_the_storm[21]") == 21
    assert seeds("3,7-9") == [3, 7, 8, 9]

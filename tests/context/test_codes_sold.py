"""Codes that are goods: sealed, counted as stock, given once when paid, and taken back only unseen."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from make import customers, kinds
from make.customers import Till, open_till
from tongshang.catalog import stock
from tongshang.catalog.kinds import codes


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def test_codes_are_stock_and_go_to_their_buyer_alone(till: Till) -> None:
    product, variant = await kinds.goods(till, "virtual", stock=None, title="腾讯视频月卡")
    assert await kinds.left(till, product) == 0
    pasted = ["CODE-0001", " CODE-0002 ", "", "CODE-0001", "CODE-0003"]
    assert await till.do("POST", f"/variants/{variant}/codes", {"codes": pasted}) == {"added": 3, "known": 1}
    assert await till.do("POST", f"/variants/{variant}/codes", {"codes": ["CODE-0003"]}) == {"added": 0, "known": 1}
    assert await kinds.left(till, product) == 3
    counted = {"variants": [{"id": str(variant), "stock": 9}]}
    status, answer = await till.console("PUT", f"/products/{product}/stock", counted)
    assert (status, answer["code"]) == (409, "stock.counted_elsewhere")
    order = await till.sold(variant, 2)
    assert (order["state"], order["delivery"]) == ("completed", "none")
    assert await kinds.left(till, product) == 1
    path = f"/orders/{order['id']}/codes"
    assert [one["hint"] for one in order["codes"]] == ["0001", "0002"]
    assert await till.lily.do("GET", path) == []  # nothing before one looks
    stranger = await customers.enter(till.shop.world, till.shop.merchant, till.owner, name="eve")
    for method in ("GET", "PUT"):
        assert (await stranger(method, path))[0] == 404
    for _ in range(2):
        assert [one["code"] for one in await till.lily.do("PUT", path)] == ["CODE-0001", "CODE-0002"]
    assert len(await till.lily.do("GET", path)) == 2
    assert len(await till.shop.facts("codes.seen")) == len(await till.shop.facts("codes.given")) == 1
    assert "CODE-0001" not in str(await till.look(order["id"]))  # not even the merchant's people
    rows = await till.shop.all("select code_sealed, hash from goods_code where merchant_id = $1")
    assert not any(b"CODE-000" in row["code_sealed"] for row in rows)
    listed = await till.do("GET", f"/variants/{variant}/codes?section=given")
    assert {one["order_id"] for one in listed["items"]} == {order["id"]}
    counted = await till.do("GET", f"/products/{product}/codes")
    assert [(one["free"], one["given"]) for one in counted] == [(1, 2)]


async def test_codes_are_not_made_by_counting_them(till: Till) -> None:
    _, card = await kinds.goods(till, "virtual", title="茶话会员", stock=None)
    await till.do("POST", f"/variants/{card}/codes", {"codes": ["TEA-0001"]})
    count = uuid4()
    await till.do("PUT", f"/stock/counts/{count}", {})
    for path, body in (
        (f"/stock/{card}/adjustment", {"quantity": 5, "note": "补货"}),
        (f"/stock/counts/{count}/lines/{card}", {"counted": 6}),
    ):
        status, answer = await till.console("PUT", path, body)
        assert (status, answer["code"]) == (409, "stock.counted_elsewhere")
    assert await till.stock(card) == (1, 0)


async def test_goods_that_become_codes_are_as_many_as_the_codes(till: Till) -> None:
    product, card = await kinds.goods(till, "physical", title="茶话会员", stock=100)
    asked = await till.do("GET", f"/products/{product}")
    body = {name: asked[name] for name in ("title", "state")} | {"pictures": [asked["pictures"][0]["id"]]}
    one = {"id": str(card), "price_fen": 9_900, "stock": 100}
    await till.do("PUT", f"/products/{product}", body | {"kind": "virtual", "variants": [one]})
    assert await till.stock(card) == (0, 0)  # what lay on the shelf was no code
    await till.do("POST", f"/variants/{card}/codes", {"codes": ["TEA-0001"]})
    await till.do("PUT", f"/products/{product}", body | {"kind": "virtual", "variants": [one | {"price_fen": 8_800}]})
    assert await till.stock(card) == (1, 0)


async def test_only_what_nobody_saw_comes_back(till: Till) -> None:
    product, variant = await kinds.goods(till, "virtual", stock=None)
    await till.do("POST", f"/variants/{variant}/codes", {"codes": [f"X{n:05}" for n in range(3)]})
    unseen = await till.sold(variant)
    assert (await kinds.refund(till, unseen))[0] == 202
    assert await kinds.left(till, product) == 3
    seen = await till.sold(variant)
    await till.lily.do("PUT", f"/orders/{seen['id']}/codes")
    status, answer = await kinds.refund(till, seen)
    assert (status, answer["code"]) == (409, "refund.not_returnable")
    assert (await till.look(seen["id"]))["refund"] == "none"
    assert (await kinds.refund(till, seen, anyway=True))[0] == 202
    assert await kinds.left(till, product) == 2


async def test_a_wrong_code_is_withdrawn_while_nobody_has_it(till: Till) -> None:
    product, variant = await kinds.goods(till, "virtual", stock=None)
    await till.do("POST", f"/variants/{variant}/codes", {"codes": ["WRONG-01", "RIGHT-02"]})
    codes = {one["hint"]: one["id"] for one in (await till.do("GET", f"/variants/{variant}/codes"))["items"]}
    await till.do("DELETE", f"/codes/{codes['G-01']}")
    assert await kinds.left(till, product) == 1
    held = await till.lily.buy(variant)  # the last one is spoken for
    status, answer = await till.console("DELETE", f"/codes/{codes['T-02']}")
    assert (status, answer["code"]) == (409, "stock.reserved")
    await till.pay(held["id"])
    for code in codes.values():
        status, answer = await till.console("DELETE", f"/codes/{code}")
        assert (status, answer["code"]) == (409, "code.not_free")


async def test_who_paid_for_what_is_not_there_waits_for_it(till: Till) -> None:
    product, variant = await kinds.goods(till, "virtual", stock=None)
    await till.do("POST", f"/variants/{variant}/codes", {"codes": ["ONLY-ONE"]})
    async with till.shop.world.tx(till.shop.merchant) as tx:
        await stock.set_on_hand(tx, counts={variant: 2})  # somebody counted one too many
    order = await till.sold(variant, 2)
    assert (order["state"], order["parts"][0]["state"], len(order["codes"])) == ("paid", "waiting", 1)
    await till.do("POST", f"/variants/{variant}/codes", {"codes": ["THE-OTHER"]})
    await till.shop.settle()
    seen = await till.look(order["id"])
    assert (seen["state"], len(seen["codes"])) == ("completed", 2)
    assert await till.do("GET", f"/products/{product}/codes") == [
        {"variant_id": str(variant), "options": [], "free": 0, "given": 2}
    ]


async def test_one_that_is_sold_takes_one_whatever_the_plan(till: Till) -> None:
    _, variant = await kinds.goods(till, "virtual", stock=None, title="腾讯视频年卡")
    await till.do("POST", f"/variants/{variant}/codes", {"codes": [f"YEAR-{n:04}" for n in range(9)]})
    async with till.shop.world.tx(till.shop.merchant) as tx:
        for other in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            await tx.run(f"set local enable_{other} = off")
        assert await codes.give(tx, variant=variant, order=uuid4(), line=uuid4(), count=1) == 1

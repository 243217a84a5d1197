"""Stored value: recharged, spent beside WeChat, given back as it was taken, returned by law; and the books agree."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from make.customers import Till, open_till
from make.tills import balances
from make.wallets import agrees, offer, purse, recharge


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def back(till: Till, order: dict[str, Any], quantity: int, amount: int | None = None, **more: Any) -> Any:
    lines = [{"line_id": order["lines"][0]["id"], "quantity": quantity, "amount_fen": amount}]
    body = {"lines": lines, "reason": "茶叶受潮", **more}
    status, answer = await till.console("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)
    assert status == 202, answer
    return answer


async def test_a_recharge_is_in_the_wallet_once_however_often_it_is_told(till: Till) -> None:
    deal = await offer(till, 10_000, 2_000)
    id = str(uuid4())
    for _ in range(2):
        await till.lily.do("PUT", f"/recharges/{id}", {"offer_id": deal})
    bill = await till.lily.do("POST", f"/recharges/{id}/payment")
    assert await purse(till.lily) == (0, 0)
    await till.shop.pay(bill)
    confirmed = await till.lily.do("GET", f"/recharges/{id}?confirm=true")  # before any notice
    assert (confirmed["state"], confirmed["principal_left_fen"]) == ("paid", 10_000)
    await till.shop.settle()
    assert await purse(till.lily) == (10_000, 2_000)
    other = await offer(till, 5_000, 0)
    assert (await till.lily("PUT", f"/recharges/{id}", {"offer_id": other}))[1]["code"] == "idempotency.mismatch"
    (move,) = (await till.lily.do("GET", "/wallet/moves"))["items"]
    assert (move["kind"], move["principal_fen"], move["bonus_after_fen"]) == ("recharge", 10_000, 2_000)
    report = await till.do("GET", "/wallets/report")
    assert (report["principal_fen"], report["bonus_fen"], report["people"], report["agrees"]) == (
        10_000, 2_000, 1, True,
    )  # fmt: skip
    await agrees(till)


async def test_balance_and_wechat_pay_an_order_together_and_a_refund_unwinds_both(till: Till) -> None:
    await recharge(till, await offer(till, 5_000, 1_000))
    one = await till.goods(prices=(3_333,), stock=10)
    wanted = {"from": {"variant_id": str(one), "quantity": 3}, "delivery": "pickup"}
    quote = await till.lily.do("POST", "/quote", {**wanted, "use_balance": True})
    assert quote["balance"] == {"principal_fen": 5_000, "bonus_fen": 1_000, "use_fen": 6_000, "due_fen": 3_999}
    order = await till.lily.order(**wanted, balance_fen=6_000)
    assert (order["state"], order["tendered_fen"], await purse(till.lily)) == ("unpaid", 6_000, (0, 0))
    await agrees(till)
    await till.pay(order["id"])
    shown = await till.look(order["id"])
    assert shown["state"] == "paid"
    assert [(m["kind"], m["fen"]) for m in shown["money"]][-2:] == [("tender", -6_000), ("due", 3_999)]
    await agrees(till)
    first = await back(till, order, 1)
    parts = {part["kind"]: part["amount_fen"] for part in first["parts"]}
    assert parts == {"wechat": 1_333, "stored_principal": 1_667, "stored_bonus": 333}
    assert {p["kind"]: p["state"] for p in first["parts"]}["stored_bonus"] == "settled"
    assert first["state"] == "asked"  # WeChat's part is not there yet
    assert await purse(till.lily) == (1_667, 333)
    await back(till, order, 0, 17)
    await back(till, order, 2)
    await till.shop.wait(240, steps=10)
    shown = await till.look(order["id"])
    assert {r["state"] for r in shown["refunds"]} == {"settled"}
    sums = Counter[str]()
    for refund in shown["refunds"]:
        assert sum(part["amount_fen"] for part in refund["parts"]) == refund["amount_fen"]
        assert sum(step["fen"] for step in refund["explanation"]) == refund["amount_fen"]
        sums.update({part["kind"]: part["amount_fen"] for part in refund["parts"]})
    assert sums == {"wechat": 3_999, "stored_principal": 5_000, "stored_bonus": 1_000}
    assert await purse(till.lily) == (5_000, 1_000)
    await agrees(till)


async def test_an_order_paid_whole_by_the_balance_needs_no_charge(till: Till) -> None:
    await recharge(till, await offer(till, 5_000, 1_000))
    one = await till.goods(prices=(2_400,), stock=10)
    order = await till.lily.buy(one, balance_fen=2_400)
    assert (order["state"], await purse(till.lily), await till.stock(one)) == ("paid", (3_000, 600), (9, 0))
    assert (await till.lily("POST", f"/orders/{order['id']}/payment"))[1]["code"] == "order.already_paid"
    await till.shop.settle()
    done = await back(till, order, 1)
    assert (done["state"], [p["kind"] for p in done["parts"]]) == ("settled", ["stored_principal", "stored_bonus"])
    assert await purse(till.lily) == (5_000, 1_000)
    told = {line["kind"] for line in (await till.look(order["id"]))["timeline"]}
    assert {"order.paid", "order.refunded"} <= told
    await agrees(till)


async def test_what_was_set_aside_comes_back_when_the_order_comes_to_nothing(till: Till) -> None:
    await recharge(till, await offer(till, 5_000, 1_000))
    one = await till.goods(prices=(9_000,), stock=10)
    for asked_to_pay in (False, True):
        order = await till.lily.buy(one, balance_fen=1_200)
        assert await purse(till.lily) == (4_000, 800)
        if asked_to_pay:
            await till.lily.do("POST", f"/orders/{order['id']}/payment")
        await till.lily.do("PUT", f"/orders/{order['id']}/cancellation")
        await till.shop.wait(60, steps=3)
        assert (await till.look(order["id"]))["state"] == "closed"
        assert await purse(till.lily) == (5_000, 1_000)
    order = await till.lily.buy(one, balance_fen=6_000)
    await till.shop.wait(16 * 60, steps=2)
    assert ((await till.look(order["id"]))["state"], await purse(till.lily)) == ("closed", (5_000, 1_000))
    await agrees(till)


async def test_twenty_orders_at_once_never_spend_a_fen_twice(till: Till) -> None:
    await recharge(till, await offer(till, 10_000, 2_000))
    one = await till.goods(prices=(1_500,), stock=50)
    wanted = {"from": {"variant_id": str(one), "quantity": 1}, "delivery": "pickup"}
    quote = await till.lily.do("POST", "/quote", wanted)
    asked = wanted | {
        "quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"], "balance_fen": 1_500,
    }  # fmt: skip
    answers = await asyncio.gather(*(till.lily("PUT", f"/orders/{uuid4()}", asked) for _ in range(20)))
    told = Counter(answer.get("code", answer.get("state")) for _, answer in answers)
    assert told == {"paid": 8, "balance.not_enough": 12}
    assert (await purse(till.lily), await till.stock(one)) == ((0, 0), (42, 0))
    await agrees(till)


async def test_more_than_there_is_or_nonsense_is_refused_and_nothing_is_kept(till: Till) -> None:
    await recharge(till, await offer(till, 1_000, 0))
    one = await till.goods(prices=(1_500,), stock=5)
    wanted = {"from": {"variant_id": str(one), "quantity": 1}, "delivery": "pickup"}
    quote = await till.lily.do("POST", "/quote", wanted)
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    for fen, code in ((1_001, "balance.not_enough"), (1_501, "invalid"), (-1, "invalid")):
        _, answer = await till.lily("PUT", f"/orders/{uuid4()}", asked | {"balance_fen": fen})
        assert answer["code"].endswith(code), (fen, answer)
    assert (await purse(till.lily), await till.stock(one)) == ((1_000, 0), (5, 0))
    with pytest.raises(asyncpg.CheckViolationError):
        async with till.shop.world.tx(till.shop.merchant) as tx:
            await tx.run("update wallet set principal_fen = -1 where merchant_id = $1", tx.merchant)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with till.shop.world.tx(till.shop.merchant) as tx:
            await tx.run("delete from wallet_move where merchant_id = $1", tx.merchant)


async def test_within_seven_days_a_recharge_is_taken_back_by_who_paid_it(till: Till) -> None:
    first = await recharge(till, await offer(till, 10_000, 2_000))
    one = await till.goods(prices=(3_000,), stock=10)
    order = await till.lily.buy(one, balance_fen=3_000)
    path = f"/recharges/{first['id']}/returns/{uuid4()}"
    for _ in range(2):  # the double click
        made = await till.lily.do("PUT", path)
        assert (made["amount_fen"], made["voided_fen"], made["state"]) == (7_500, 1_500, "asked")
    assert await purse(till.lily) == (0, 0)
    assert (await till.lily("PUT", f"/recharges/{first['id']}/returns/{uuid4()}"))[1]["code"] == "recharge.nothing_left"
    await till.shop.wait(120, steps=6)
    assert [r["state"] for r in (await till.lily.do("GET", "/wallet"))["returns"]] == ["settled"]
    (listed,) = (await till.do("GET", "/refunds"))["items"]  # no order's, so that nothing leads to one
    assert (listed["origin"], listed["order_id"], listed["order_number"]) == ("recharge", None, "")
    await back(till, order, 1)  # what had been spent comes back to the balance, as it was
    assert await purse(till.lily) == (2_500, 500)
    await agrees(till)
    await till.shop.wait(8 * 24 * 3600, steps=2)
    path = f"/recharges/{first['id']}/returns/{uuid4()}"
    assert (await till.lily("PUT", path))[1]["code"] == "recharge.time_over"
    await till.owner.log_in("owner@tea")
    assert (await till.console("PUT", path, {"reason": " "}))[0] == 400
    assert (await till.console("PUT", path, {"reason": "顾客要求"}))[0] == 202
    await till.shop.wait(120, steps=6)
    assert await purse(till.lily) == (0, 0)
    await agrees(till)


async def test_after_a_year_what_is_left_goes_back_by_hand_and_is_booked(till: Till) -> None:
    first = await recharge(till, await offer(till, 10_000, 2_000))
    await till.shop.box.scheduler.advance_to(till.shop.box.clock.now() + 366 * 86_400)
    await till.shop.settle()
    await till.owner.log_in("owner@tea")
    path, said = f"/recharges/{first['id']}/returns/{uuid4()}", {"reason": "停用储值，转账退回"}
    assert (await till.console("PUT", path, said))[1]["code"] == "refund.too_late"
    assert (await till.console("PUT", path, said | {"method": "cheque"}))[0] == 400
    for _ in range(2):
        status, made = await till.console("PUT", path, said | {"method": "transfer"})
        assert (status, made["state"], made["amount_fen"], made["voided_fen"]) == (202, "settled", 10_000, 2_000)
    assert await balances(till.shop) == {"cash_at_wechat": 10_000, "offline": -10_000}
    (given,) = await till.shop.all("select direction, method, note from offline_money where merchant_id = $1")
    assert (given["direction"], given["method"], given["note"]) == ("out", "transfer", "停用储值，转账退回")
    await agrees(till)


async def test_an_account_holds_no_more_than_the_law_lets_it(till: Till) -> None:
    small, large = await offer(till, 90_000, 10_000), await offer(till, 330_000, 0)
    await recharge(till, small)
    status, answer = await till.lily("PUT", f"/recharges/{uuid4()}", {"offer_id": small})
    assert (status, answer["code"]) == (409, "recharge.needs_name")
    await till.lily.agree()
    named = await till.lily.do("PUT", "/wallet/holder", {"name": "小爱", "phone": "13800000001"})
    assert (named["named"], named["most_fen"]) == (True, 500_000)
    await till.lily.do("PUT", f"/recharges/{uuid4()}", {"offer_id": small})  # not paid yet, but it counts
    status, answer = await till.lily("PUT", f"/recharges/{uuid4()}", {"offer_id": large})
    assert (status, answer["code"]) == (409, "recharge.too_much_held")
    assert (await till.console("PUT", f"/recharge-offers/{uuid4()}", {"pay_fen": 500_001}))[0] == 400
    assert "小爱" not in str(await till.shop.all("select holder_sealed from wallet where merchant_id = $1"))

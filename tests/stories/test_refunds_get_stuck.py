"""Refunds that do not go straight through: stuck, closed, unheard of, too large, or without money to pay them."""

import asyncio
from typing import Any
from uuid import uuid4

from make.townsfolk import Customer
from make.townshop import TEA_FEN, Shop
from wxsandbox.pay.rows import PayRefund


async def ask_back(shop: Shop, order: dict[str, Any], refund: str = "") -> str:
    """Promise the first line of an order back; gives the refund's id."""
    refund = refund or str(uuid4())
    line = (await shop.town.order(order["id"]))["lines"][0]["id"]
    asked = {"lines": [{"line_id": line, "quantity": 1}], "reason": "不想要了"}
    await shop.town.owner("PUT", f"/orders/{order['id']}/refunds/{refund}", asked)
    return refund


def at_wechat(shop: Shop) -> list[PayRefund]:
    """List the refunds that WeChat knows, in the order they came."""
    return list(shop.town.box.table(PayRefund))


async def the_refund(shop: Shop) -> dict[str, Any]:
    """Read the only refund as the console shows it."""
    (refund,) = (await shop.town.owner("GET", "/refunds"))["items"]
    return dict(refund)


async def test_a_stuck_refund_that_wechat_closes_goes_out_again_under_a_new_number(shop: Shop, lily: Customer) -> None:
    town, order = shop.town, await shop.sold(lily)
    before = await lily.money()
    await town.sandbox.set_merchant(town.mchid, refund_outcome="ABNORMAL")
    refund = await ask_back(shop, order)
    await town.advance(minutes=5)
    assert (await the_refund(shop))["state"] == "abnormal"
    assert (await town.owner("GET", "/overview"))["todo"]["refunds_stuck"] == 1
    # The payer's card is gone; WeChat gives up, and the money is free again.
    (first,) = at_wechat(shop)
    await town.sandbox.end_refund(first.out_refund_no, "CLOSED")
    await town.settle()
    assert (await the_refund(shop))["state"] == "closed"
    assert await town.balances() == {"cash_at_wechat": TEA_FEN, "sales": -TEA_FEN}
    # The merchant promises once more.
    await town.sandbox.set_merchant(town.mchid, refund_outcome="SUCCESS")
    await town.owner("PUT", f"/refunds/{refund}/repetition")
    await town.advance(minutes=5)
    first, second = at_wechat(shop)
    assert (first.status, second.status) == ("CLOSED", "SUCCESS")
    assert first.out_refund_no != second.out_refund_no
    shown = await the_refund(shop)
    assert (shown["id"], shown["state"], shown["tries"]) == (refund, "settled", 2)
    assert await lily.money() - before == TEA_FEN
    assert await town.balances() == {"sales": -TEA_FEN, "refunds": TEA_FEN}


async def test_a_refund_whose_notice_is_lost_is_found_by_asking(shop: Shop, lily: Customer) -> None:
    town, order = shop.town, await shop.sold(lily)
    await town.sandbox.fault("callback:pay.REFUND.SUCCESS", "lose")
    await ask_back(shop, order)
    await town.advance(minutes=3)
    assert (await the_refund(shop))["state"] == "settled"
    assert (await lily.see(order))["refund"] == "all"


async def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_number(shop: Shop, lily: Customer) -> None:
    town, order = shop.town, await shop.sold(lily)
    before = await lily.money()
    await town.sandbox.fault("POST /v3/refund/domestic/refunds", "lost", times=1)
    await ask_back(shop, order)
    await town.advance(minutes=10)
    assert len(at_wechat(shop)) == 1
    assert await lily.money() - before == TEA_FEN
    assert (await the_refund(shop))["state"] == "settled"


async def test_a_refund_waits_until_there_is_money_to_pay_it(shop: Shop, lily: Customer) -> None:
    town, order = shop.town, await shop.sold(lily)
    left = (await town.sandbox.merchant_now(town.mchid))["balance_fen"]
    await town.sandbox.take_out(town.mchid, left)
    await ask_back(shop, order)
    await town.advance(minutes=3)
    stuck = await the_refund(shop)
    assert (stuck["state"], "NOT_ENOUGH" in stuck["problem"]) == ("abnormal", True)
    ann = await shop.stranger("ann")
    await shop.sold(ann)
    await town.advance(hours=2)
    assert (await the_refund(shop))["state"] == "settled"


async def test_a_double_click_and_two_clerks_give_back_no_more_than_was_paid(shop: Shop, lily: Customer) -> None:
    town, order = shop.town, await shop.sold(lily)
    before, line = await lily.money(), (await town.order(order["id"]))["lines"][0]["id"]
    same = str(uuid4())
    asked = {"lines": [{"line_id": line, "quantity": 1}], "reason": "不想要了"}
    answers = await asyncio.gather(
        *(town.owner.ask("PUT", f"/orders/{order['id']}/refunds/{one}", asked) for one in (same, same, str(uuid4())))
    )
    codes = sorted(answer.get("code", "") for _, answer in answers)
    assert codes in (["", "", "refund.too_much"], ["", "refund.too_much", "refund.too_much"])
    await town.advance(minutes=5)
    assert await lily.money() - before == TEA_FEN
    assert len(at_wechat(shop)) == 1
    assert await shop.stock(shop.tea) == 5  # never handed over, so back on the shelf
    assert await town.balances() == {"sales": -TEA_FEN, "refunds": TEA_FEN}
